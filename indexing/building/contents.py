"""What goes into a new snapshot: chunks taken over from the one before, and those of new or changed documents."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np

from indexing.building import chunk_table
from indexing.embedding.embedder import Vectors
from indexing.lexical.postings import Postings
from indexing.snapshots import manifest
from indexing.snapshots.chunks import Entry, Terms
from indexing.snapshots.engine import Numbers
from indexing.snapshots.part_vectors import PartVectors
from indexing.snapshots.ragged import Ragged
from indexing.snapshots.snapshot import Snapshot
from indexing.snapshots.token_vectors import TokenVectors
from knowledge_base.document import Chunk, Document
from knowledge_base.passages import chunking

Versions = Mapping[str, str]
"""Document ids, in order, to the fingerprint of what the knowledge base says of each."""


def versions(documents: Iterable[Document]) -> dict[str, str]:
    """The fingerprints of documents; those of one that is there in several versions are joined by commas."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        found[document.id].append(document.version)
    return {document: ",".join(found[document]) for document in sorted(found)}


def entries(documents: Iterable[Document]) -> Iterator[Entry]:
    """Their chunks; the numbers run on over the versions of one document."""
    numbers: defaultdict[str, Iterator[int]] = defaultdict(count)
    for document in documents:
        for chunk in chunking.chunk(document):
            yield Entry(document, replace(chunk, number=next(numbers[document.id])))


class Takeover(NamedTuple):
    """Chunks of ``old`` that stay as they are, by their numbers in it, ascending; and which documents do not."""

    old: Snapshot
    numbers: Numbers
    gone: tuple[str, ...]

    @classmethod
    def of(cls, old: Snapshot, wanted: Versions) -> "Takeover":
        """All of ``old`` that is still right."""
        known = old.manifest.documents
        gone = tuple(document for document in known if wanted.get(document) != known[document])
        return cls(old, np.flatnonzero(~old.of(set(gone).__contains__)), gone)

    @property
    def documents(self) -> list[str]:
        """The id of each chunk's document."""
        return [self.old.layout.ids[n] for n in self.old.layout.documents[self.numbers]]

    def known(self) -> frozenset[str]:
        """The ids of the documents that need not be read again, also those without any chunk."""
        return frozenset(self.old.manifest.documents).difference(self.gone)

    def terms(self) -> dict[str, Terms]:
        """The terms of the chunks that are not taken over, for those that come back with the same text."""
        return self.old.terms_by_text(self.gone)


class Fresh(NamedTuple):
    """The chunks that are not taken over, each with its terms, its vector, those of its parts and of its tokens."""

    entries: Sequence[Entry]
    terms: Sequence[Terms]
    vectors: Vectors
    parts: PartVectors
    tokens: TokenVectors


class Contents:
    """All chunks of a new snapshot: their documents in the order of ``wanted``."""

    def __init__(self, wanted: Versions, fresh: Fresh, takeover: Takeover | None) -> None:
        self.fresh, self.takeover = fresh, takeover
        place = {document: n for n, document in enumerate(wanted)}
        kept = [place[document] for document in takeover.documents] if takeover else []
        documents = [*kept, *(place[entry.document.id] for entry in fresh.entries)]
        self._kept = len(kept)
        self._order = np.argsort(documents, kind="stable")
        self._numbers = np.argsort(self._order)

    def __len__(self) -> int:
        return len(self._order)

    @property
    def fresh_numbers(self) -> Numbers:
        """The numbers of the fresh chunks in the new snapshot."""
        return self._numbers[self._kept :]

    @property
    def kept_numbers(self) -> Numbers:
        """The same of the chunks taken over."""
        return self._numbers[: self._kept]

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self.takeover.old.manifest.dimension if self.takeover else self.fresh.vectors.shape[1]

    def expected(self, number: int) -> tuple[Chunk, Vectors]:
        """A chunk of the new snapshot and its vector, from where they come from."""
        place = int(self._order[number])
        if self.takeover is None or place >= self._kept:
            return self.fresh.entries[place - self._kept].chunk, self.fresh.vectors[place - self._kept]
        before = self.takeover.numbers[place]
        return self.takeover.old.passage(before).chunk, self.takeover.old.arrays.vectors(np.array([before]))[0]

    def write(self, folder: Path) -> None:
        """Write every file of the snapshot but its manifest."""
        _write_chunks(folder / manifest.CHUNKS, self.fresh, self.takeover)
        self._postings().write(folder / manifest.TERMS)
        _write_vectors(folder / manifest.VECTORS, self._vectors())
        self._ragged(lambda each: each.parts).write(folder / manifest.PARTS)
        self._ragged(lambda each: each.tokens).write(folder / manifest.TOKENS)

    def _postings(self) -> Postings:
        postings = Postings.of(terms.bag for terms in self.fresh.terms)
        if self.takeover is None:
            return postings
        numbers = np.full(len(self.takeover.old), -1)
        numbers[self.takeover.numbers] = self.kept_numbers
        return self.takeover.old.arrays.postings.changed(numbers, postings, self.fresh_numbers)

    def _vectors(self) -> Vectors:
        if self.takeover is None:
            return self.fresh.vectors
        source = np.zeros(len(self), dtype=np.int64)
        source[self.kept_numbers] = self.takeover.numbers
        vectors = self.takeover.old.arrays.all_vectors()[source]
        if self.fresh.entries:
            vectors[self.fresh_numbers] = self.fresh.vectors
        return vectors

    def _ragged(self, of: Callable[[Fresh | Snapshot], Ragged]) -> Ragged:
        if self.takeover is None:
            return of(self.fresh)
        kept = of(self.takeover.old).taken(self.takeover.numbers)
        return (kept.joined(of(self.fresh)) if self.fresh.entries else kept).taken(self._order)


def _write_chunks(path: Path, fresh: Fresh, takeover: Takeover | None) -> None:
    if takeover is None:
        chunk_table.write(path, fresh.entries, fresh.terms)
    else:
        chunk_table.write_changed(
            path, takeover.old.folder / manifest.CHUNKS, takeover.gone, fresh.entries, fresh.terms
        )


def _write_vectors(path: Path, vectors: Vectors) -> None:
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    with path.open("wb") as file:  # not by name: FAISS does not report a disk that fills up while a file is closed
        faiss.write_index(index, faiss.PyCallbackIOWriter(file.write))  # type: ignore[attr-defined]
