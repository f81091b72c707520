"""One snapshot, opened for reading: its engine, validity, words, parts, tokens and passages."""

import re
import sqlite3
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from indexing.embedding.embedder import Embedder, Vectors
from indexing.lexical.postings import Words
from indexing.lexical.spelling import Spelling
from indexing.lexical.tokens import Analyzer
from indexing.snapshots import manifest
from indexing.snapshots.arrays import Arrays
from indexing.snapshots.chunks import ChunkReader, Passage, Terms
from indexing.snapshots.engine import Engine, Scope, Validity, Wanted
from indexing.snapshots.manifest import Manifest
from indexing.snapshots.part_vectors import PartVectors
from indexing.snapshots.token_vectors import TokenVectors
from knowledge_base.errors import BrokenSnapshot, SnapshotMismatch

ROUNDING = 0.01  # a vector and itself may differ by so much in their cosine


class Store(Protocol):
    """Where snapshots answer from that are not read into this process."""

    def engine(self, snapshot: Manifest, words: Words) -> Engine:
        """The one of a snapshot; raises BrokenSnapshot when the store does not hold it."""
        ...


class Snapshot:
    """An immutable index; safe for any number of threads, and usable after its folder was pruned.

    Its chunks are found by its own arrays, or by the ``store`` that holds them. Opening checks the files that
    are read against their checksums, unless their manifest was ``made`` just now, and raises BrokenSnapshot.
    """

    def __init__(self, folder: Path, made: Manifest | None = None, store: Store | None = None) -> None:
        self.folder = folder
        self.manifest = made or manifest.verify(folder, manifest.STORED if store else manifest.FILES)
        try:
            self._chunks = ChunkReader(folder / manifest.CHUNKS)
            self.layout = self._chunks.layout()
            self.parts = PartVectors.read(folder / manifest.PARTS)
            self.tokens = TokenVectors.read(folder / manifest.TOKENS)
            self.words = Words.read(folder / manifest.TERMS) if store else self.arrays.postings.words()
            counts = (*self._chunks.counts(), len(self.layout.rows), len(self.parts), len(self.tokens))
            found = (*counts, *(() if store else self.arrays.counts()))
        except (ValueError, KeyError, OSError, sqlite3.Error) as error:
            raise BrokenSnapshot(f"색인 '{folder.name}'을(를) 열 수 없습니다({error}).") from error
        if set(found) != {len(self)}:
            raise BrokenSnapshot(f"색인 '{folder.name}'의 조각 수가 맞지 않습니다({len(self)}개여야 하는데 {found}).")
        self.engine: Engine = store.engine(self.manifest, self.words) if store else self.arrays

    @cached_property
    def arrays(self) -> Arrays:
        """What the folder holds; with a store read only for work on all chunks, which no question waits for."""
        return Arrays(self.folder, self.layout)

    def __len__(self) -> int:
        return self.manifest.chunks

    def valid_on(self, day: date) -> Validity:
        """The chunks of documents in force on ``day``."""
        valid: Validity = Scope.in_force(day).documents(self.layout)[self.layout.documents]
        return valid

    def of(self, is_wanted: Callable[[str], bool]) -> Validity:
        """The chunks of the documents whose id is wanted."""
        wanted: Validity = np.array([is_wanted(document) for document in self.layout.ids], dtype=np.bool_)
        return wanted[self.layout.documents]

    def absent(self, is_there: Callable[[str], bool]) -> frozenset[int]:
        """The places in the layout of the documents whose id is not there."""
        return frozenset(place for place, document in enumerate(self.layout.ids) if not is_there(document))

    def passage(self, number: int) -> Passage:
        """One chunk with what is known of it."""
        return self._chunks.passage(int(self.layout.rows[number]))

    def frequency(self, term: str) -> int:
        """In how many chunks a term occurs."""
        return self.words.frequency(term)

    @cached_property
    def spelling(self) -> Spelling:
        """The words that occur, to mend others by; 0.1 s for 40,000 chunks, once."""
        return Spelling(self.words.frequencies())

    def terms_by_text(self, document_ids: Sequence[str]) -> dict[str, Terms]:
        """The terms of every chunk of these documents, by the text that is embedded."""
        return self._chunks.terms_by_text(document_ids)

    def finds(self, number: int, vector: Vectors) -> bool:
        """Whether a chunk has this vector, and its rarest word finds it: in the engine, in the arrays and in
        SQLite's full-text index alike.

        Words of Hangul: SQLite has its own idea of upper case and of invisible characters.
        """
        passage = self.passage(number)
        words = [term for term in passage.title_terms.union(passage.body_terms) if _HANGUL.fullmatch(term)]
        rarest = min(words, key=self.frequency, default=None)
        wanted = Wanted([] if rarest is None else [rarest], (), vector)
        _, (bm25,), (cosine,) = self.engine.scores(wanted, np.array([number]))
        if abs(cosine - 1) >= ROUNDING:
            return False
        if rarest is None:
            return True
        numbers = self.arrays.postings.chunks_of(rarest)
        return bm25 > 0 and number in numbers and sorted(self.layout.rows[numbers]) == self._chunks.matching(rarest)


def open_for(folder: Path, embedder: Embedder, analyzer: Analyzer, store: Store | None = None) -> Snapshot:
    """Open a snapshot to ask it with this model and tokeniser; raises SnapshotMismatch when it had others."""
    built = manifest.read(folder)
    if (built.model, built.tokenizer) != (embedder.name, analyzer.name):
        raise SnapshotMismatch(
            f"색인 '{folder.name}'은(는) 다른 모델({built.model}, {built.tokenizer})로 만들어졌습니다. "
            f"지금 모델은 {embedder.name}, {analyzer.name}입니다. "
            "'onnuri index build'로 다시 만들거나 ONNURI_EMBEDDING_MODEL을 되돌리세요."
        )
    return Snapshot(folder, store=store)


_HANGUL = re.compile("[가-힣]+")
