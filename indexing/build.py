"""Documents to a new snapshot: built aside, checked, then served by one atomic rename."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from indexing import chunks, life_cycle, manifest
from indexing.chunks import Entry, Tokens
from indexing.embedding import Embedder, Vectors, embed_cached
from indexing.manifest import Manifest
from indexing.snapshot import Snapshot
from indexing.tokens import Analyzer, search_terms
from knowledge_base import chunking
from knowledge_base.errors import BrokenSnapshot, IndexingError
from knowledge_base.home import Home
from knowledge_base.store import KnowledgeStore

CHUNKING = f"sections-{chunking.MAX_CHARACTERS}"
TOKENISING_BATCH = 512
GOLDEN = 20  # chunks that must find themselves before a snapshot is served

Progress = Callable[[str, int, int], None]
"""Called with the stage (Korean), how much of it is done, and how much there is."""


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
    try:
        home.snapshots.mkdir(exist_ok=True)
        with FileLock(home.root / "build.lock", timeout=0):
            life_cycle.discard_unfinished(home)
            return _build(home, embedder, analyzer, full, progress)
    except Timeout as error:
        raise IndexingError("다른 색인 작업이 진행 중입니다. 끝난 뒤 다시 실행하세요.") from error
    except (OSError, sqlite3.Error) as error:
        raise IndexingError(
            f"색인을 만들지 못했습니다({error}). 기존 색인은 그대로 쓰입니다. "
            "디스크 여유 공간을 확인하고 다시 실행하세요."
        ) from error


def _build(home: Home, embedder: Embedder, analyzer: Analyzer, full: bool, progress: Progress) -> Manifest:
    documents = [stored.document for stored in KnowledgeStore(home.knowledge).documents()]
    versions = {document.id: document.version for document in documents}
    if not full and (unchanged := _current_if_same(home, versions, embedder, analyzer)):
        return unchanged
    entries = [Entry(document, chunk) for document in documents for chunk in chunking.chunk(document)]
    if not entries:
        raise IndexingError("색인할 문서가 없습니다. 'onnuri kb import 폴더'로 먼저 문서를 가져오세요.")
    tokens = _tokenise(entries, analyzer, progress)
    vectors = embed_cached(
        embedder,
        [entry.text for entry in entries],
        home.knowledge,
        lambda done: progress("임베딩", done, len(entries)),
    )
    snapshot = life_cycle.new_id(max(life_cycle.ids(home), default=""))
    staging = home.snapshots / f"{life_cycle.STAGING_PREFIX}{snapshot}"
    try:
        staging.mkdir()
        chunks.write(staging / manifest.CHUNKS, entries, tokens)
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
        _check(Snapshot(staging), tokens, vectors)
        return life_cycle.publish(home, staging, snapshot)
    finally:
        shutil.rmtree(staging, ignore_errors=True)  # a full disk needs the space back; gone when published


def _current_if_same(home: Home, versions: dict[str, str], embedder: Embedder, analyzer: Analyzer) -> Manifest | None:
    try:
        current = manifest.verify(life_cycle.folder(home, life_cycle.current_id(home)))
    except IndexingError:
        return None
    built_from = (current.documents, current.model, current.tokenizer, current.chunking)
    return current if built_from == (versions, embedder.name, analyzer.name, CHUNKING) else None


def _tokenise(entries: Sequence[Entry], analyzer: Analyzer, progress: Progress) -> list[Tokens]:
    tokens: list[Tokens] = []
    for start in range(0, len(entries), TOKENISING_BATCH):
        batch = entries[start : start + TOKENISING_BATCH]
        titles = analyzer.token_lists(entry.titles for entry in batch)
        bodies = analyzer.token_lists(entry.chunk.text for entry in batch)
        tokens += map(Tokens, titles, bodies)
        progress("형태소 분석", len(tokens), len(entries))
    return tokens


def _write_vectors(path: Path, vectors: Vectors) -> None:
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    # not faiss.write_index: it does not report a disk that fills up while the file is closed
    path.write_bytes(faiss.serialize_index(index).data)


def _check(snapshot: Snapshot, tokens: Sequence[Tokens], vectors: Vectors) -> None:
    """Refuse a snapshot in which a chunk is not found by its own words and its own vector."""
    for number in np.linspace(0, len(snapshot) - 1, min(GOLDEN, len(snapshot)), dtype=np.int64):
        terms = search_terms(tokens[number].titles + tokens[number].body)
        worded = not terms or snapshot.bm25(terms)[number] > 0
        if not worded or abs(snapshot.cosines(vectors[number], np.array([number]))[0] - 1) > 0.01:
            raise BrokenSnapshot(
                f"새 색인에서 조각 {number}을(를) 찾을 수 없어 반영하지 않았습니다. "
                "'onnuri index build --full'로 다시 만드세요."
            )
