"""A search over one chosen snapshot, whichever is being served: the shadow test of a change."""

from indexing.embedding.embedder import Embedder
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle, manifest
from indexing.snapshots.snapshot import Snapshot
from indexing.snapshots.vector_store import store_of
from knowledge_base.errors import SnapshotMismatch
from knowledge_base.home import Home


class PinnedSearch(SearchService):
    """Searches ``snapshot`` alone, without switching what agents get.

    Raises NoSnapshot, BrokenSnapshot, or SnapshotMismatch when it was built with another model or tokeniser.
    """

    def __init__(self, home: Home, embedder: Embedder, analyzer: Analyzer, snapshot: str) -> None:
        super().__init__(home, embedder, analyzer)
        folder = life_cycle.folder(home, snapshot)
        built = manifest.read(folder)
        if (built.model, built.tokenizer) != (embedder.name, analyzer.name):
            raise SnapshotMismatch(
                f"색인 '{snapshot}'은(는) 다른 모델({built.model}, {built.tokenizer})로 만들어졌습니다. "
                "ONNURI_EMBEDDING_MODEL을 그 모델로 바꿔 다시 실행하세요."
            )
        self._pinned = Snapshot(folder, store=store_of(home))

    def snapshot(self) -> Snapshot:
        """The chosen snapshot, whichever is being served."""
        return self._pinned
