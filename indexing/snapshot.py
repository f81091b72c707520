"""One snapshot, opened for reading: BM25, dense search over FAISS, validity, passages."""

import math
import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexing import manifest
from indexing.chunks import ChunkReader, Passage, Terms
from indexing.embedding import Embedder, Vectors
from indexing.fusion import Scores
from indexing.manifest import Manifest
from indexing.postings import Postings
from indexing.spelling import Spelling
from indexing.tokens import Analyzer
from knowledge_base.errors import BrokenSnapshot, SnapshotMismatch

Numbers = NDArray[np.int64]
"""Chunk numbers within a snapshot: places in its layout, in its postings and in the FAISS index."""
Validity = NDArray[np.bool_]
"""Which chunks may be found, shape (chunks,)."""


class Neighbours(NamedTuple):
    """The chunks nearest to each of n others and their cosines, shape (n, limit); -1 stands for none."""

    numbers: Numbers
    cosines: Vectors


class Snapshot:
    """An immutable index; safe for any number of threads, and usable after its folder was pruned.

    Opening checks every file against its checksum, unless their manifest was ``made`` just now, and raises
    BrokenSnapshot.
    """

    def __init__(self, folder: Path, made: Manifest | None = None) -> None:
        import faiss

        self.folder = folder
        self.manifest = made or manifest.verify(folder)
        try:
            self._vectors = faiss.read_index(str(folder / manifest.VECTORS))
            self.postings = Postings.read(folder / manifest.TERMS)
            self._chunks = ChunkReader(folder / manifest.CHUNKS)
            self.layout = self._chunks.layout()
            arrays = (len(self.layout.rows), len(self.postings.lengths), self._vectors.ntotal)
            found = (*self._chunks.counts(), *arrays)
        except (RuntimeError, ValueError, KeyError, OSError, sqlite3.Error) as error:
            raise BrokenSnapshot(f"색인 '{folder.name}'을(를) 열 수 없습니다({error}).") from error
        if set(found) != {len(self)}:
            raise BrokenSnapshot(f"색인 '{folder.name}'의 조각 수가 맞지 않습니다({len(self)}개여야 하는데 {found}).")

    def __len__(self) -> int:
        return self.manifest.chunks

    def valid_on(self, day: date) -> Validity:
        """The chunks of documents in force on ``day``."""
        starts, ends = self.layout.days.T
        valid: Validity = ((starts <= day.toordinal()) & (day.toordinal() <= ends))[self.layout.documents]
        return valid

    def starting(self, after: date, until: date) -> Validity:
        """The chunks of documents that come into force after one day and not after another."""
        starts = self.layout.days[:, 0]
        coming: Validity = ((after.toordinal() < starts) & (starts <= until.toordinal()))[self.layout.documents]
        return coming

    def of(self, is_wanted: Callable[[str], bool]) -> Validity:
        """The chunks of the documents whose id is wanted."""
        wanted: Validity = np.array([is_wanted(document) for document in self.layout.ids], dtype=np.bool_)
        return wanted[self.layout.documents]

    def bm25(self, terms: Sequence[str]) -> Scores:
        """Each chunk's BM25 score, shape (chunks,); 0 where none of ``terms`` occurs."""
        return self.postings.scores(terms)

    def nearest(self, query: Vectors, valid: Validity, limit: int) -> Numbers:
        """The ``limit`` valid chunks nearest to ``query`` by cosine, best first; fewer when fewer are valid."""
        import faiss

        faiss.omp_set_num_threads(1)  # one question is one thread's work; the others would spin, in the model's way
        parameters = None
        if not valid.all():  # FAISS' type stubs know only the C++ signatures
            selector = faiss.IDSelectorBitmap(np.packbits(valid, bitorder="little"))  # type: ignore[call-arg, arg-type]
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        _, numbers = self._vectors.search(query[None, :], min(limit, len(self)), params=parameters)
        found: Numbers = numbers[0][numbers[0] >= 0]
        return found

    def neighbours(self, numbers: Numbers, among: Validity, limit: int) -> "Neighbours":
        """The ``limit`` chunks nearest to each of ``numbers`` among those marked, itself left out, best first."""
        import faiss

        selector = faiss.IDSelectorBitmap(np.packbits(among, bitorder="little"))  # type: ignore[call-arg, arg-type]
        parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        cosines, found = self._vectors.search(self.vectors(numbers), min(limit + 1, len(self)), params=parameters)
        found[found == numbers[:, None]] = -1
        return Neighbours(found, cosines)

    def vectors(self, numbers: Numbers) -> Vectors:
        """The vectors of these chunks, shape (len(numbers), dimension)."""
        vectors: Vectors = self._vectors.reconstruct_batch(numbers)
        return vectors

    def all_vectors(self) -> Vectors:
        """Those of every chunk, shape (chunks, dimension); not a copy, and not to be written to."""
        import faiss

        shape = (len(self), self.manifest.dimension)
        start = self._vectors.get_xb()  # type: ignore[attr-defined]
        vectors: Vectors = faiss.rev_swig_ptr(start, shape[0] * shape[1]).reshape(shape)
        return vectors

    def cosines(self, query: Vectors, numbers: Numbers) -> Scores:
        """The cosine of ``query`` with each of the chunks, shape (len(numbers),)."""
        cosines: Scores = self.vectors(numbers) @ query
        return cosines

    def spread(self, query: Vectors) -> float:
        """The standard deviation of the cosine of ``query`` over all chunks, without looking at each of them."""
        return math.sqrt(max(0.0, float(query @ self._covariance @ query)))

    @cached_property
    def _covariance(self) -> Vectors:
        """That of the chunks' vectors, shape (dimension, dimension); 0.2 s for 40,000 chunks, once."""
        if not len(self):
            return np.zeros((self.manifest.dimension, self.manifest.dimension), dtype=np.float32)
        vectors = self.all_vectors()
        apart = vectors - vectors.mean(axis=0)
        covariance: Vectors = apart.T @ apart / np.float32(len(vectors))
        return covariance

    def passage(self, number: int) -> Passage:
        """One chunk with what is known of it."""
        return self._chunks.passage(int(self.layout.rows[number]))

    def frequency(self, term: str) -> int:
        """In how many chunks a term occurs."""
        return self.postings.frequency(term)

    @cached_property
    def spelling(self) -> Spelling:
        """The words that occur, to mend others by; 0.1 s for 40,000 chunks, once."""
        return Spelling(self.postings.frequencies())

    def terms_by_text(self, document_ids: Sequence[str]) -> dict[str, Terms]:
        """The terms of every chunk of these documents, by the text that is embedded."""
        return self._chunks.terms_by_text(document_ids)

    def finds(self, number: int) -> bool:
        """Whether the rarest word of a chunk finds it, by the arrays and by SQLite's full-text index alike.

        Words of Hangul: SQLite has its own idea of upper case and of invisible characters.
        """
        passage = self.passage(number)
        words = [term for term in passage.title_terms.union(passage.body_terms) if _HANGUL.fullmatch(term)]
        if not words:
            return True
        rarest = min(words, key=self.frequency)
        numbers = self.postings.chunks_of(rarest)
        return number in numbers and sorted(self.layout.rows[numbers]) == self._chunks.matching(rarest)


def open_for(folder: Path, embedder: Embedder, analyzer: Analyzer) -> Snapshot:
    """Open a snapshot to ask it with this model and tokeniser; raises SnapshotMismatch when it had others."""
    built = manifest.read(folder)
    if (built.model, built.tokenizer) != (embedder.name, analyzer.name):
        raise SnapshotMismatch(
            f"색인 '{folder.name}'은(는) 다른 모델({built.model}, {built.tokenizer})로 만들어졌습니다. "
            f"지금 모델은 {embedder.name}, {analyzer.name}입니다. "
            "'onnuri index build'로 다시 만들거나 ONNURI_EMBEDDING_MODEL을 되돌리세요."
        )
    return Snapshot(folder)


_HANGUL = re.compile("[가-힣]+")
