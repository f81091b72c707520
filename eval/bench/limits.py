"""What this machine can do at best, to hold what is measured against."""

import io
import time
from collections.abc import Callable
from contextlib import redirect_stdout

ROUNDS = 5


def limits() -> dict[str, str]:
    """The limits by name: how fast int8 numbers are multiplied, and memory read, by all cores."""
    return {
        "이 기계의 한계: int8 곱셈덧셈": f"초당 {multiply_adds() / 1e9:,.0f}G",
        "이 기계의 한계: 메모리 읽기": f"초당 {bytes_read() / 1e9:,.1f}GB",
    }


def multiply_adds() -> float:
    """int8 multiply-adds a second in matrix products alone, by the runtime and quantisation that the encoder uses."""
    import nncf
    import numpy as np
    import openvino as ov
    from openvino import opset13 as ops

    rows, width, layers = 1024, 1536, 8
    numbers = np.random.default_rng(0).standard_normal((layers * width + rows, width), dtype=np.float32)
    *weights, given = np.split(numbers / width**0.5, range(width, layers * width + 1, width))
    result = asked = ops.parameter([rows, width], ov.Type.f32)
    for weight in weights:
        result = ops.matmul(result, ops.constant(weight), transpose_a=False, transpose_b=True)
    with redirect_stdout(io.StringIO()):
        products = nncf.quantize(ov.Model([ops.result(result)], [asked]), nncf.Dataset([given]), subset_size=1)
    request = ov.Core().compile_model(products, "CPU", {"PERFORMANCE_HINT": "LATENCY"}).create_infer_request()
    return layers * rows * width**2 / _fastest(lambda: request.infer([given]))


def bytes_read() -> float:
    """Bytes a second that all cores read from memory together: what a token of an LLM has to wait for."""
    import torch

    numbers = torch.ones(1 << 28)  # 1 GiB, larger than any cache
    return numbers.nbytes / _fastest(numbers.sum)


def _fastest(work: Callable[[], object]) -> float:
    """Seconds."""
    work()
    took = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return min(took)
