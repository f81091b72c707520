"""The real model served by a real llama.cpp over HTTP on the loopback interface.

The model is ``$ONNURI_TEST_GGUF`` or ``var/models/`` in the repository; it is assembled there when missing.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.llm.bundled import assemble
from assistant.llm.llama_server import LlamaServer, ServerOptions
from knowledge_base.errors import LLMUnavailable

ROOT = Path(__file__).resolve().parents[2]
GGUF = Path(os.environ.get("ONNURI_TEST_GGUF", ROOT / "var/models/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"))
EVIDENCE = "아래 근거만 쓰세요. 대형폐기물 수수료: 장롱 8,000원, 매트리스 8,000원, 소파 6,000원. 신청은 주민센터."
PARENT = """
import sys, time
from pathlib import Path
from assistant.llm.llama_server import LlamaServer
server = LlamaServer(Path(sys.argv[1]), Path(sys.argv[2])).ensure()
print(server.port, server._process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def gguf() -> Path:
    return assemble(GGUF) if "ONNURI_TEST_GGUF" not in os.environ else GGUF


@pytest.fixture(scope="module")
def server(gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaServer]:
    log = tmp_path_factory.mktemp("llama") / "logs" / "llama.log"
    with LlamaServer(gguf, log, ServerOptions(threads=1, context=2048)) as running:
        yield running


def test_the_model_is_named_after_its_file(server: LlamaServer) -> None:
    with urllib.request.urlopen(f"{server.base_url}/models") as answer:
        (model,) = json.load(answer)["data"]
    assert model["id"] == server.name == server.model.stem


def test_langchain_streams_and_reuses_the_prefix(server: LlamaServer) -> None:
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    chat = ChatOpenAI(
        base_url=server.base_url,
        api_key=SecretStr("none"),
        model=server.name,
        temperature=0,
        max_completion_tokens=4,
        max_retries=0,
        stream_usage=True,
    )
    reused = []
    for question in ("소파 수수료는?", "장롱 수수료는?"):
        chunks = list(chat.stream([("system", EVIDENCE), ("human", question)]))
        assert sum(bool(chunk.content) for chunk in chunks) > 1
        (usage,) = [chunk.usage_metadata for chunk in chunks if chunk.usage_metadata]
        reused.append(usage["input_token_details"]["cache_read"] / usage["input_tokens"])
    assert reused[1] > 0.7


def test_it_writes_two_answers_at_once(server: LlamaServer) -> None:
    with urllib.request.urlopen(f"{server.base_url.removesuffix('/v1')}/slots") as answer:
        assert len(json.load(answer)) == server.options.slots == 2


def test_ensure_keeps_a_living_server_and_replaces_a_dead_one(server: LlamaServer) -> None:
    before = server.base_url
    assert server.ensure().base_url == before
    assert server._process is not None
    os.kill(server._process.pid, signal.SIGKILL)
    server._process.wait(10)
    assert not server.alive
    assert server.port is None
    server.ensure()
    assert server.alive
    with urllib.request.urlopen(f"{server.base_url}/models") as answer:
        assert answer.status == 200


def test_it_ends_with_its_parent(gguf: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(gguf), str(tmp_path / "log")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        port, child = map(int, parent.stdout.readline().split())
        parent.kill()
    assert _within(10, lambda: not _runs(child))
    with pytest.raises(OSError, match=r"refused|reset"):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/health")


def test_close_stops_it_and_may_be_called_twice(server: LlamaServer) -> None:
    assert server._process is not None
    pid = server._process.pid
    server.close()
    server.close()
    assert not server.alive
    assert not _runs(pid)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LLMUnavailable, match="make install"):
        LlamaServer(tmp_path / "none.gguf", tmp_path / "log").ensure()


def test_a_broken_file_is_reported_with_the_log(tmp_path: Path) -> None:
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    server = LlamaServer(broken, tmp_path / "log")
    with pytest.raises(LLMUnavailable, match="log"):
        server.ensure()
    assert not server.alive
    assert (tmp_path / "log").stat().st_size > 0


def test_a_server_that_is_too_slow_is_stopped(gguf: Path, tmp_path: Path) -> None:
    server = LlamaServer(gguf, tmp_path / "log", timeout=0.01)
    with pytest.raises(LLMUnavailable, match="안에 준비되지"):
        server.ensure()
    assert not server.alive


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"  # where nobody reaps orphans, a dead one stays as a zombie


def _within(seconds: float, condition: object) -> bool:
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True
