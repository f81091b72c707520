"""Texts to vectors with OpenVINO alone: neither torch, transformers nor sentence-transformers is loaded.

:mod:`indexing.embedding.openvino_module` runs the same compiled model behind the interface of sentence-transformers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

import numpy as np

from indexing.embedding import subwords
from indexing.embedding.embedder import Embedding, Vectors
from indexing.embedding.model_folder import Pooling, Recipe
from indexing.embedding.openvino import QUESTION, REQUESTS, CompiledTransformer, Ids, TokenVectors

T = TypeVar("T")

BATCH_TOKENS = 2048
"""At once, filled up: 8 chunks or 64 sentences."""
WIDTH = 16
"""Texts are filled up to a multiple of so many tokens, short ones of half as many: OpenVINO spends 20 ms and keeps 6 MB
for each width."""
SHORT = 96


class Encoder:
    """The convertible model in ``folder``, whose vectors ``recipe`` makes; for any number of threads."""

    def __init__(self, folder: Path, recipe: Recipe) -> None:
        self._recipe = recipe
        self._transformer = CompiledTransformer(folder)
        self._subwords = subwords.load(folder, self._transformer.folder, recipe)
        self._prompt = lru_cache(maxsize=4)(lambda prompt: self._subwords.ids([prompt])[0])

    def encode(self, texts: Sequence[str], prompt: str = "") -> Vectors:
        """Vectors of length 1, shape (len(texts), dimension); ``prompt`` goes before each text."""
        vectors = self._each(texts, prompt, self._vectors)
        return np.array(vectors, dtype=np.float32).reshape(-1, self._transformer.dimension)

    def encode_tokens(self, texts: Sequence[str], prompt: str = "") -> list[Embedding]:
        """The same, with the tokens of each text: its own, without those of the prompt and its ends."""
        return self._each(texts, prompt, partial(self._embeddings, self._prompt(prompt)))

    def _each(self, texts: Sequence[str], prompt: str, read: Callable[[list[list[int]]], Iterable[T]]) -> list[T]:
        ids = self._subwords.ids([prompt + text for text in texts])
        by_length = sorted(range(len(ids)), key=lambda number: len(ids[number]))
        batches = list(_batches(by_length, [len(text) for text in ids]))
        if len(batches) == 1:  # a question: a thread of its own would cost more than it is worth
            return list(read(ids))
        inputs = ([ids[number] for number in batch] for batch in batches)
        with ThreadPoolExecutor(REQUESTS) as threads:  # some look words up and pool while others compute
            found = dict(zip(chain(*batches), chain.from_iterable(threads.map(read, inputs)), strict=True))
        return [found[number] for number in range(len(ids))]

    def _vectors(self, texts: list[list[int]]) -> Vectors:
        ids, mask = _filled(texts, self._recipe.padding)
        with self._transformer.token_vectors(ids, mask) as tokens:
            return _of_length_one(_pooled(tokens, mask, self._recipe.pooling))

    def _embeddings(self, before: list[int], texts: list[list[int]]) -> list[Embedding]:
        ids, mask = _filled(texts, self._recipe.padding)
        with self._transformer.token_vectors(ids, mask) as tokens:
            vectors = _of_length_one(_pooled(tokens, mask, self._recipe.pooling))
            own = [_of_length_one(each[own_tokens(before, text)]) for each, text in zip(tokens, texts, strict=True)]
        return list(map(Embedding, vectors, own))


def own_tokens(prompt: Sequence[int], text: Sequence[int]) -> slice:
    """Which tokens of ``text`` are its own, when both were tokenised with their ends: not the prompt's, nor the ends.

    >>> own_tokens([0, 41, 12, 6, 2], [0, 41, 12, 77, 78, 2])  # the space after a prompt belongs to the next word
    slice(3, 5, None)
    """
    shared = next((at for at, (a, b) in enumerate(zip(prompt, text, strict=False)) if a != b), len(prompt) - 1)
    return slice(shared, len(text) - 1)


def _of_length_one(vectors: Vectors) -> Vectors:
    found: Vectors = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return found


def _batches(by_length: Sequence[int], tokens: Sequence[int]) -> Iterator[list[int]]:
    """The numbers of texts, shortest first, in as many batches as it takes; ``tokens`` are the lengths of all texts.

    >>> [len(batch) for batch in _batches(range(80), [30] * 70 + [256] * 10)]
    [64, 8, 8]
    """
    batch: list[int] = []
    for number in by_length:
        if batch and (len(batch) + 1) * _width(tokens[number]) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def _width(tokens: int) -> int:
    """That of a batch whose longest text has so many tokens.

    >>> [_width(tokens) for tokens in (3, 17, 95, 97, 113)]
    [16, 24, 96, 112, 128]
    """
    return max(WIDTH, _multiple(tokens, WIDTH if tokens > SHORT else WIDTH // 2))


def _multiple(tokens: int, step: int) -> int:
    return -(-tokens // step) * step


def _filled(texts: Sequence[list[int]], padding: int) -> tuple[Ids, Ids]:
    """The ids as one array, and the mask that is 0 where ``padding`` fills it up.

    >>> ids, mask = _filled([[0, 7, 2], [0, 2]], padding=1)
    >>> ids[:, :4].tolist(), mask[:, :4].tolist(), ids.shape
    ([[0, 7, 2, 1], [0, 2, 1, 1]], [[1, 1, 1, 0], [1, 1, 0, 0]], (2, 16))
    """
    longest = max(map(len, texts))
    width = _width(longest) if len(texts) > 1 else max(QUESTION[1], _multiple(longest, WIDTH))
    ids = np.full((len(texts), width), padding, np.int64)
    mask = np.zeros_like(ids)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = text
        mask[row, : len(text)] = 1
    return ids, mask


def _pooled(tokens: TokenVectors, mask: Ids, pooling: Pooling) -> Vectors:
    if pooling is Pooling.CLS:
        return tokens[:, 0].copy()
    sums: Vectors = np.matmul(mask[:, None].astype(np.float32), tokens)[:, 0]
    return sums
