"""A transformer's table of word vectors, looked up here and not by OpenVINO.

It is four fifths of a multilingual model. OpenVINO would unfold the eight bits of XLM-R's into 384 MB of
float32, and even a mapped file would fill the memory with the neighbours of each word asked for.
"""

from __future__ import annotations

import os
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import openvino as ov

_ROWS, _SCALES = "words.npy", "word_scales.npy"


class Table(NamedTuple):
    """``rows`` (words, dimensions), int8 or float32, which ``scales`` (words, 1), float32, multiply."""

    rows: NDArray[Any]
    scales: NDArray[np.float32]

    def save(self, folder: Path) -> None:
        """Write it into ``folder``."""
        np.save(folder / _ROWS, self.rows)
        np.save(folder / _SCALES, self.scales)


class WordVectors:
    """The table saved in ``folder``, of which the rows asked for are read; for any number of threads."""

    def __init__(self, folder: Path) -> None:
        rows: np.memmap[Any, np.dtype[Any]] = np.load(folder / _ROWS, mmap_mode="r")
        self._dtype, self._width = rows.dtype, rows.shape[1]
        self._begin, self._size = rows.offset, rows.strides[0]
        self._scales = np.load(folder / _SCALES)
        self._file = os.open(folder / _ROWS, os.O_RDONLY)
        weakref.finalize(self, os.close, self._file)

    def of(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors of the words, shape (*ids.shape, dimensions)."""
        words, places = np.unique(ids, return_inverse=True)
        rows = np.frombuffer(b"".join(map(self._row, words.tolist())), self._dtype).reshape(len(words), self._width)
        vectors: NDArray[np.float32] = (rows * self._scales[words])[places]
        return vectors

    def _row(self, word: int) -> bytes:
        return os.pread(self._file, self._size, self._begin + word * self._size)


def cut_out(model: ov.Model) -> tuple[ov.Model, Table]:
    """``model`` (ids, mask → token vectors) with a third input for the vectors of the words, and their table."""
    from openvino import Model, opset13

    words = next(
        node for node in model.get_ops() if node.get_type_name() == "Gather" and _is_given(node.input_value(1))
    )
    table = _read(words.input_value(0).get_node())
    vectors = opset13.parameter([-1, -1, table.rows.shape[1]], np.float32, name="word_vectors")
    words.output(0).replace(vectors.output(0))
    return Model(model.get_results(), [*model.get_parameters(), vectors]), table


def _is_given(ids: ov.Output) -> bool:
    """True for what comes from the caller, and is not computed like the positions."""
    source = ids.get_node()
    if source.get_type_name() == "Convert":
        source = source.input_value(0).get_node()
    given: bool = source.get_type_name() == "Parameter"
    return given


def _read(table: ov.Node) -> Table:
    """A constant, or one of eight bits that NNCF widens and scales."""
    if table.get_type_name() == "Constant":
        rows = table.get_data()
        return Table(rows, np.ones((len(rows), 1), np.float32))
    narrow, scales = table.input_value(0).get_node().input_value(0).get_node(), table.input_value(1).get_node()
    return Table(narrow.get_data(), scales.get_data())
