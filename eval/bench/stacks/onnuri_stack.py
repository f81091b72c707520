"""This program: Kiwi morphemes and multilingual-e5-small on OpenVINO, fused."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from protocol import Task, Vectors, random_vectors, read_task, report

from indexing.build import build
from indexing.embedding import Embedder
from indexing.embedding_model import EmbeddingModel
from indexing.search import SearchService
from indexing.tokens import Analyzer
from knowledge_base.home import Home
from knowledge_base.importing import import_path
from knowledge_base.store import KnowledgeStore


class RandomVectors:
    """An embedding model that reads nothing."""

    name = "random"

    def embed_query(self, text: str) -> Vectors:
        return random_vectors(1)[0]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return random_vectors(len(texts))


class Onnuri:
    """As the program builds and searches, without its command line."""

    def __init__(self, task: Task) -> None:
        self._folder = Path(task.folder)
        self._home = Home(Path(task.home))
        self._embedder: Embedder = RandomVectors() if task.random_vectors else EmbeddingModel(task.model)
        self._analyzer = Analyzer()

    @cached_property
    def _searcher(self) -> SearchService:
        return SearchService(self._home, self._embedder, self._analyzer)

    def index(self) -> int:
        self._home.create()
        import_path(KnowledgeStore(self._home.knowledge), self._folder)
        return build(self._home, self._embedder, self._analyzer).chunks

    def search(self, question: str, chunks: int) -> Sequence[str]:
        return [hit.document.id for hit in self._searcher.search(question, k=chunks).hits]


if __name__ == "__main__":
    task = read_task()
    report(task, Onnuri(task))
