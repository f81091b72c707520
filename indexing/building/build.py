"""Documents to a new snapshot: built aside, checked, then served by one atomic rename."""

import hashlib
import inspect
import logging
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from indexing.building import contents
from indexing.building.contents import Contents, Fresh, Takeover, Versions
from indexing.building.embedding_cache import EmbedAll, embed_cached, embed_tokens_cached, prune
from indexing.embedding.embedder import Embedder, Vectors
from indexing.golden import questions
from indexing.lexical.tokens import Analyzer
from indexing.progress import Progress
from indexing.snapshots import life_cycle, manifest
from indexing.snapshots.chunks import Entry, Terms
from indexing.snapshots.engine import Numbers
from indexing.snapshots.manifest import Manifest
from indexing.snapshots.part_vectors import PartVectors
from indexing.snapshots.snapshot import Snapshot
from indexing.snapshots.token_vectors import Codes, TokenVectors
from indexing.snapshots.vector_store import store_of
from knowledge_base.document import Document
from knowledge_base.errors import BrokenSnapshot, BuildCancelled, IndexingError
from knowledge_base.facts import tables
from knowledge_base.home import Home
from knowledge_base.passages import chunking, headings, sentences
from knowledge_base.storage.store import KnowledgeStore

# By their source: a rule that changed without a new name would leave chunks of the old one in the index.
_RULES = "".join(map(inspect.getsource, (chunking, headings, sentences, tables)))
CHUNKING = f"sections-{chunking.MAX_CHARACTERS}-{hashlib.sha256(_RULES.encode()).hexdigest()[:8]}"
TOKENISING_BATCH = 512
_log = logging.getLogger(__name__)
_NONE: Vectors = np.empty((0, 0), dtype=np.float32)
SAMPLED = 20  # chunks taken over, and fresh ones, that must find themselves before a snapshot is served


def build(
    home: Home,
    embedder: Embedder,
    analyzer: Analyzer,
    *,
    full: bool = False,
    accept: bool = False,
    embed_all: EmbedAll | None = None,
    progress: Progress = lambda stage, done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Manifest:
    """Index what changed since the current snapshot, and serve the result; returns the manifest of what is served.

    When nothing changed the snapshot stays; with ``full`` everything but cached vectors is made anew.
    ``embed_all`` embeds new texts elsewhere, with the model of ``embedder``. Raises
    IndexingError when there are no documents or another build is running, GoldenQuestionsLost unless
    ``accept``, and BuildCancelled within a batch of ``cancelled`` saying so. The snapshot being served is
    untouched by any failure, also of the process or the disk.
    """

    def report(stage: str, done: int, total: int) -> None:
        if cancelled():
            raise BuildCancelled("색인 작업을 취소했습니다. 기존 색인은 그대로 쓰입니다.")
        progress(stage, done, total)

    home.create()
    try:
        home.snapshots.mkdir(exist_ok=True)
        with FileLock(home.root / "build.lock", timeout=0):
            life_cycle.discard_unfinished(home)
            return _Build(home, embedder, analyzer, embed_all, report).run(full, accept)
    except Timeout as error:
        raise IndexingError("다른 색인 작업이 진행 중입니다. 끝난 뒤 다시 하세요.") from error
    except (OSError, sqlite3.Error) as error:
        raise IndexingError(
            f"색인을 만들지 못했습니다({error}). 기존 색인은 그대로 쓰입니다. 디스크 여유 공간을 확인하고 다시 하세요."
        ) from error


@dataclass(frozen=True)
class _Build:
    """One build; ``report`` takes the progress, and raises when the build is to stop."""

    home: Home
    embedder: Embedder
    analyzer: Analyzer
    embed_all: EmbedAll | None
    report: Progress

    def run(self, full: bool, accept: bool) -> Manifest:
        documents = [stored.document for stored in KnowledgeStore(self.home.knowledge).documents()]
        wanted = contents.versions(documents)
        takeover = None if full else self._takeover(wanted)
        if takeover and takeover.old.manifest.documents == wanted:
            life_cycle.store(self.home, takeover.old.manifest.id)
            return takeover.old.manifest
        new = Contents(wanted, self._fresh(documents, takeover), takeover)
        if not len(new):
            raise IndexingError("색인할 문서가 없습니다. 'onnuri kb import 폴더'로 먼저 문서를 가져오세요.")
        with self._staging() as staging:
            self.report("색인 쓰기", 0, len(new))
            new.write(staging)
            made = self._manifest(staging, wanted, new)
            made.write(staging)
            self.report("검사", 0, len(new))
            snapshot = Snapshot(staging, made)
            _check(snapshot, new)
            if store := store_of(self.home):
                store.take(snapshot, lambda done: self.report("벡터 저장소에 올리기", done, len(new)))
                snapshot = Snapshot(staging, made, store)
                _check(snapshot, new)
            if not accept:
                questions.require(self.home, snapshot, self.embedder, self.analyzer, documents, date.today())
            self.report("검사", len(new), len(new))
            life_cycle.publish(self.home, staging, snapshot.manifest.id)
        self._forget(snapshot, documents)
        return snapshot.manifest

    def _forget(self, snapshot: Snapshot, documents: Sequence[Document]) -> None:
        """What the cache keeps of texts that are long gone; the index is served already, so that nothing may fail."""

        def texts() -> Iterator[str]:
            for entry in contents.entries(documents):
                yield from (entry.text, *entry.parts)

        needed = len(snapshot) + len(snapshot.parts.rows)
        try:
            prune(self.embedder.name, self.home.knowledge, needed, texts)
        except sqlite3.Error as error:
            _log.warning("vectors of former texts are kept until the next build: %s", error)

    def _takeover(self, wanted: Versions) -> Takeover | None:
        """What the current snapshot has of it; None when it is damaged or was built by other rules."""
        try:
            folder = life_cycle.folder(self.home, life_cycle.current_id(self.home))
            built = manifest.read(folder)
            if (built.model, built.tokenizer, built.chunking) != (self.embedder.name, self.analyzer.name, CHUNKING):
                return None
            if self.embed_all is None and not wanted.items() <= built.documents.items():
                self._load_model_aside()
            return Takeover.of(Snapshot(folder), wanted)
        except IndexingError:
            return None

    def _load_model_aside(self) -> None:
        """While the current snapshot is read and the tokeniser loads; what fails here fails again when it is used."""
        aside = ThreadPoolExecutor(1)
        aside.submit(self.embedder.embed_passages, [])  # a question would have it compiled for questions too
        aside.shutdown(wait=False)

    def _fresh(self, documents: Sequence[Document], takeover: Takeover | None) -> Fresh:
        known = takeover.known() if takeover else frozenset()
        entries = list(contents.entries(document for document in documents if document.id not in known))
        terms = takeover.terms() if takeover else {}
        unknown = list({entry.text: entry for entry in entries if entry.text not in terms}.values())
        terms |= self._terms(unknown)
        parts = [entry.parts for entry in entries]
        vectors, tokens, of_parts = self._read([entry.text for entry in entries], list(chain.from_iterable(parts)))
        return Fresh(
            entries,
            [terms[entry.text] for entry in entries],
            vectors,
            PartVectors.of(of_parts, [len(those) for those in parts]),
            TokenVectors.of(tokens, vectors.shape[1]),
        )

    def _read(self, chunks: Sequence[str], parts: Sequence[str]) -> tuple[Vectors, list[Codes], Vectors]:
        """The vectors of chunks, their tokens, and the vectors of parts, which take about as long to read in all."""
        if not chunks:
            return _NONE, [], _NONE

        def report(read: float) -> None:
            self.report("임베딩", int(read / 2 * len(chunks)), len(chunks))

        cache, embed_all = self.home.knowledge, self.embed_all
        vectors, tokens = embed_tokens_cached(
            self.embedder, chunks, cache, lambda done: report(done / len(chunks)), embed_all
        )
        of_parts = embed_cached(self.embedder, parts, cache, lambda done: report(1 + done / len(parts)), embed_all)
        return vectors, tokens, of_parts

    def _terms(self, entries: Sequence[Entry]) -> dict[str, Terms]:
        """The terms of each text with its titles."""
        terms: dict[str, Terms] = {}
        for start in range(0, len(entries), TOKENISING_BATCH):
            batch = entries[start : start + TOKENISING_BATCH]
            # one call for both: Kiwi starts threads in each
            tokens = self.analyzer.token_lists(text for entry in batch for text in (entry.titles, entry.chunk.text))
            terms |= {entry.text: Terms.of(next(tokens), next(tokens)) for entry in batch}
            self.report("형태소 분석", start + len(batch), len(entries))
        return terms

    @contextmanager
    def _staging(self) -> Iterator[Path]:
        """A folder for the new snapshot; a full disk needs the space back, so it goes unless it was published."""
        snapshot = life_cycle.new_id(max(life_cycle.ids(self.home), default=""))
        staging = self.home.snapshots / f"{life_cycle.STAGING_PREFIX}{snapshot}"
        try:
            staging.mkdir()
            yield staging
        finally:
            if staging.exists():
                life_cycle.discard(self.home, staging)

    def _manifest(self, staging: Path, wanted: Versions, new: Contents) -> Manifest:
        return Manifest(
            id=staging.name.removeprefix(life_cycle.STAGING_PREFIX),
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            model=self.embedder.name,
            dimension=new.dimension,
            tokenizer=self.analyzer.name,
            chunking=CHUNKING,
            chunks=len(new),
            documents=dict(wanted),
            checksums=manifest.checksums(staging),
        )


def _check(snapshot: Snapshot, expected: Contents) -> None:
    """Refuse a snapshot in which chunks are not what they should be, or are not found by word and vector."""
    for numbers in (expected.kept_numbers, expected.fresh_numbers):
        for number in _sample(numbers):
            chunk, vector = expected.expected(number)
            if snapshot.passage(number).chunk != chunk or not snapshot.finds(number, vector):
                raise BrokenSnapshot(
                    f"새 색인에서 조각 {number}을(를) 찾을 수 없어 반영하지 않았습니다. "
                    "'onnuri index build --full'로 다시 만드세요."
                )


def _sample(numbers: Numbers) -> list[int]:
    places = np.linspace(0, len(numbers) - 1, min(SAMPLED, len(numbers)), dtype=np.int64)
    return [int(number) for number in numbers[places]]
