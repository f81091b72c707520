"""Unigram segmentation (Kudo 2018), the tokenizer of XLM-R and its kin, from a table kept on disk.

The ``tokenizers`` library gives the same pieces, but takes 0.7 s and 280 MB to load XLM-R's 250,000 of
them; a mapped trie takes 6 MB, and is about as fast on text. What comes before (normalising, splitting
into words) and after (the ends of a text) is still done by ``tokenizers``, from a file without vocabulary.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from math import inf
from pathlib import Path
from typing import Any

from marisa_trie import Trie

SPECIAL = frozenset({"<s>", "</s>", "<pad>", "<unk>", "<mask>"})
"""Pieces that a text never gives, whatever is written in it."""

_FRAME, _TRIE, _IDS, _SCORES = "tokenizer.json", "pieces.marisa", "ids.npy", "scores.npy"
_UNKNOWN_PENALTY = 10.0  # SentencePiece's


class Pieces:
    """A vocabulary: the pieces of ``trie``, and for the number each has there its id and its log probability.

    The last id is that of what the vocabulary lacks.
    """

    def __init__(self, trie: Trie, ids: Sequence[int], scores: Sequence[float]) -> None:
        self._trie, self._ids, self._scores = trie, ids, scores
        self._unknown = ids[-1]
        self._unknown_score = min(scores) - _UNKNOWN_PENALTY
        self.of_word = lru_cache(maxsize=32768)(self._segmented)

    def _segmented(self, word: str) -> tuple[int, ...]:
        """The ids of the likeliest pieces that make up ``word``; a run of unknown characters is one.

        >>> pieces = Pieces(*arranged([("<unk>", 0), ("▁", -2), ("여권", -3), ("▁여", -4), ("권", -4)], unknown=0))
        >>> pieces.of_word("▁여권"), pieces.of_word("▁여권😀😀")
        ((1, 2), (1, 2, 0))
        """
        best = [(0.0, 0, 0)] + [(-inf, 0, 0)] * len(word)  # up to each place: score, start of the last piece, its id
        for start in range(len(word)):
            for score, end, number in self._beginnings(word, start):
                if (total := best[start][0] + score) > best[end][0]:
                    best[end] = (total, start, number)
        found = []
        end = len(word)
        while end:
            _, end, number = best[end]
            found.append(number)
        return tuple(
            number
            for known, run in groupby(reversed(found), key=self._unknown.__ne__)
            for number in (run if known else [self._unknown])
        )

    def _beginnings(self, word: str, start: int) -> Iterator[tuple[float, int, int]]:
        """Each piece that begins at ``start``: its score, where it ends, its id."""
        is_known = False
        for piece, place in self._trie.iter_prefixes_with_ids(word[start:]):
            is_known |= len(piece) == 1
            yield self._scores[place], start + len(piece), self._ids[place]
        if not is_known:
            yield self._unknown_score, start + 1, self._unknown


class UnigramTokenizer:
    """Texts to ids, from the files that :func:`save` wrote into ``folder``."""

    def __init__(self, folder: Path, max_tokens: int) -> None:
        import numpy as np
        from tokenizers import Tokenizer

        frame = Tokenizer.from_file(str(folder / _FRAME))
        self._normalizer, self._splitter = frame.normalizer, frame.pre_tokenizer
        example = frame.encode("a")
        inner = example.special_tokens_mask.index(0)
        self._first, self._last = example.ids[:inner], example.ids[inner + 1 :]
        self._room = max_tokens - len(self._first) - len(self._last)
        ids, scores = array("i", np.load(folder / _IDS)), array("d", np.load(folder / _SCORES))
        self._pieces = Pieces(Trie().mmap(str(folder / _TRIE)), ids, scores)

    def ids(self, texts: Iterable[str]) -> list[list[int]]:
        """The ids of each text, cut to the model's limit."""
        return [[*self._first, *self._inner(text)[: self._room], *self._last] for text in texts]

    def _inner(self, text: str) -> list[int]:
        words = self._splitter.pre_tokenize_str(self._normalizer.normalize_str(text))
        return [number for word, _ in words for number in self._pieces.of_word(word)]


def is_saved(folder: Path) -> bool:
    """True when :func:`save` was done for ``folder``."""
    return (folder / _TRIE).is_file()


def save(tokenizer: Path, folder: Path) -> None:
    """Take the Unigram model in the file ``tokenizer`` apart into ``folder``; nothing for others or none."""
    import numpy as np

    content: dict[str, Any] = json.loads(tokenizer.read_bytes()) if tokenizer.is_file() else {}
    if not content or not _is_plain(content):
        return
    model = content["model"]
    vocabulary, unknown = model["vocab"], model["unk_id"]
    frame = {**content, "added_tokens": [], "truncation": None, "padding": None}
    frame["model"] = {**model, "vocab": [[vocabulary[unknown][0], 0.0]], "unk_id": 0}
    (folder / _FRAME).write_text(json.dumps(frame, ensure_ascii=False), encoding="utf-8")
    trie, ids, scores = arranged(vocabulary, unknown)
    trie.save(str(folder / _TRIE))
    np.save(folder / _IDS, np.array(ids, np.int32))
    np.save(folder / _SCORES, np.array(scores, np.float64))


def arranged(vocabulary: Sequence[tuple[str, float]], unknown: int) -> tuple[Trie, list[int], list[float]]:
    """What :class:`Pieces` is made of, from the pieces by id with their scores."""
    numbers = {piece: number for number, (piece, _) in enumerate(vocabulary) if piece not in SPECIAL}
    trie = Trie(numbers)
    ids = [*(numbers[trie.restore_key(place)] for place in range(len(trie))), unknown]
    return trie, ids, [vocabulary[number][1] for number in ids]


def _is_plain(content: dict[str, Any]) -> bool:
    """Unigram, each word on its own, and no words added beside the special ones."""
    model, parts = content["model"], (content.get("normalizer"), content.get("pre_tokenizer"))
    plain = model.get("type") == "Unigram" and model.get("unk_id") is not None and not model.get("byte_fallback")
    added = {token["content"] for token in content.get("added_tokens", ())}
    return plain and all(parts) and added <= SPECIAL
