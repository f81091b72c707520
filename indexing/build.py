"""Documents to a new snapshot: built aside, checked, then served by one atomic rename."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
from filelock import FileLock, Timeout
from sqlite_utils import Database

from indexing import life_cycle, manifest
from indexing.embedding import Embedder, Vectors, embed_cached
from indexing.manifest import Manifest
from indexing.tokens import Analyzer, Token, search_terms
from knowledge_base import chunking
from knowledge_base.document import Chunk, Document
from knowledge_base.errors import BrokenSnapshot, IndexingError
from knowledge_base.home import Home
from knowledge_base.record import to_record
from knowledge_base.store import KnowledgeStore

CHUNKING = f"sections-{chunking.MAX_CHARACTERS}"
# Terms may hold punctuation (061-749-3114, 3.5%); FTS5 must not cut them again.
FTS_TOKENIZER = "unicode61 remove_diacritics 0 tokenchars '!#$%&*+,-./:;=?@^_~'"
TOKENISING_BATCH = 512

Progress = Callable[[str, int, int], None]
"""Called with the stage (Korean), how much of it is done, and how much there is."""


class Entry(NamedTuple):
    """A chunk on its way into the index, with the document it belongs to."""

    document: Document
    chunk: Chunk

    @property
    def titles(self) -> str:
        return "\n".join(filter(None, (self.document.title, self.chunk.heading)))

    @property
    def text(self) -> str:
        """What is embedded: titles, then the chunk."""
        return f"{self.titles}\n{self.chunk.text}"


def build(
    home: Home,
    embedder: Embedder,
    analyzer: Analyzer,
    *,
    full: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> Manifest:
    """Index every document and serve the result; returns the manifest of what is served afterwards.

    When nothing changed since the current snapshot it stays, unless ``full``. Raises IndexingError when
    there are no documents or another build is running; the snapshot being served is untouched by any
    failure, also of the process or the disk.
    """
    home.create()
    home.snapshots.mkdir(exist_ok=True)
    try:
        with FileLock(home.root / "build.lock", timeout=0):
            life_cycle.discard_unfinished(home)
            return _build(home, embedder, analyzer, full, progress)
    except Timeout as error:
        raise IndexingError("다른 색인 작업이 진행 중입니다. 끝난 뒤 다시 실행하세요.") from error
    except (OSError, sqlite3.Error) as error:
        raise IndexingError(
            f"색인을 만들지 못했습니다({error}). 디스크 여유 공간을 확인하고 다시 실행하세요. 기존 색인은 그대로 쓰입니다."
        ) from error


def _build(home: Home, embedder: Embedder, analyzer: Analyzer, full: bool, progress: Progress) -> Manifest:
    documents = [stored.document for stored in KnowledgeStore(home.knowledge).documents()]
    if not documents:
        raise IndexingError("색인할 문서가 없습니다. 'onnuri kb import 폴더'로 먼저 문서를 가져오세요.")
    versions = {document.id: document.version for document in documents}
    if not full and (unchanged := _current_if_same(home, versions, embedder, analyzer)):
        return unchanged
    entries = [Entry(document, chunk) for document in documents for chunk in chunking.chunk(document)]
    snapshot = life_cycle.new_id()
    staging = home.snapshots / f"{life_cycle.STAGING_PREFIX}{snapshot}"
    staging.mkdir()
    terms = _tokenise(entries, analyzer, progress)
    vectors = embed_cached(
        embedder,
        [entry.text for entry in entries],
        home.knowledge,
        lambda done: progress("임베딩", done, len(entries)),
    )
    _write_chunks(staging / manifest.CHUNKS, documents, entries, terms)
    _write_vectors(staging / manifest.VECTORS, vectors)
    Manifest(
        id=snapshot,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model=embedder.name,
        dimension=vectors.shape[1],
        tokenizer=analyzer.name,
        chunking=CHUNKING,
        chunks=len(entries),
        documents=versions,
        checksums={name: manifest.checksum(staging / name) for name in (manifest.CHUNKS, manifest.VECTORS)},
    ).write(staging)
    _check_counts(staging, len(entries))
    return life_cycle.publish(home, staging, snapshot)


def _current_if_same(home: Home, versions: dict[str, str], embedder: Embedder, analyzer: Analyzer) -> Manifest | None:
    try:
        current = manifest.verify(home.snapshots / life_cycle.current_id(home))
    except IndexingError:
        return None
    built_from = (current.documents, current.model, current.tokenizer, current.chunking)
    return current if built_from == (versions, embedder.name, analyzer.name, CHUNKING) else None


class Terms(NamedTuple):
    """The tokens of a passage's titles and text."""

    titles: list[Token]
    body: list[Token]


def _tokenise(entries: Sequence[Entry], analyzer: Analyzer, progress: Progress) -> list[Terms]:
    terms: list[Terms] = []
    for start in range(0, len(entries), TOKENISING_BATCH):
        batch = entries[start : start + TOKENISING_BATCH]
        titles = analyzer.token_lists(entry.titles for entry in batch)
        bodies = analyzer.token_lists(entry.chunk.text for entry in batch)
        terms += map(Terms, titles, bodies)
        progress("형태소 분석", len(terms), len(entries))
    return terms


def _write_chunks(path: Path, documents: Sequence[Document], entries: Sequence[Entry], terms: Sequence[Terms]) -> None:
    """chunks.db: documents, chunks (``n`` is the position in vectors.faiss), and FTS5 over their terms."""
    numbers = {document.id: n for n, document in enumerate(documents)}
    with closing(Database(path, execute_plugins=False)) as database:
        database.conn.execute("pragma journal_mode = off")
        database.table("documents").insert_all(
            ({"n": n, **to_record(document)} for n, document in enumerate(documents)), pk="n"
        )
        chunks = database.table("chunks")
        chunks.insert_all(
            (
                {
                    "n": n,
                    "document": numbers[entry.document.id],
                    "number": entry.chunk.number,
                    "heading": entry.chunk.heading,
                    "text": entry.chunk.text,
                    "start": entry.chunk.start,
                    "title": " ".join(search_terms(found.titles)),
                    "body": " ".join(search_terms(found.body)),
                    "offsets": _offsets(found.body),
                }
                for n, (entry, found) in enumerate(zip(entries, terms, strict=True))
            ),
            pk="n",
        )
        chunks.enable_fts(["title", "body"], tokenize=FTS_TOKENIZER)
        database.conn.execute("create virtual table vocabulary using fts5vocab(chunks_fts, 'row')")
        database.conn.commit()


def _offsets(tokens: Sequence[Token]) -> bytes:
    """(start, end) pairs of the body's morphemes, uint16: chunks are short."""
    return np.array([(token.start, token.end) for token in tokens], dtype=np.uint16).tobytes()


def _write_vectors(path: Path, vectors: Vectors) -> None:
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    faiss.write_index(index, str(path))


def _check_counts(staging: Path, expected: int) -> None:
    """Refuse a snapshot that lost chunks on the way."""
    import faiss

    vectors = faiss.read_index(str(staging / manifest.VECTORS)).ntotal
    with closing(Database(staging / manifest.CHUNKS, execute_plugins=False)) as database:
        chunks = database.table("chunks").count
        indexed = database.table("chunks_fts_docsize").count
    if not vectors == chunks == indexed == expected:
        raise BrokenSnapshot(
            f"색인의 조각 수가 맞지 않아 반영하지 않았습니다(문서 {expected}, 벡터 {vectors}, 본문 {chunks}, 검색어 {indexed})."
        )
