"""This program: Kiwi morphemes and multilingual-e5-small on OpenVINO, fused."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from protocol import Task, Vectors, random_vectors, read_task, report

from indexing.building.build import build
from indexing.embedding.embedder import Embedder, Embedding
from indexing.embedding.model import EmbeddingModel
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.search import SearchService
from knowledge_base.home import Home
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore

QUESTION_TOKENS, PASSAGE_TOKENS = 12, 48
"""As many as the welfare services have on average, of passages after those that are alike are joined."""


class RandomVectors:
    """An embedding model that reads nothing."""

    name = "random"

    def __init__(self) -> None:
        self._tokens = random_vectors(PASSAGE_TOKENS)

    def embed_query(self, text: str) -> Vectors:
        return random_vectors(1)[0]

    def embed_query_tokens(self, text: str) -> Embedding:
        return Embedding(self.embed_query(text), random_vectors(QUESTION_TOKENS))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return random_vectors(len(texts))

    def embed_passage_tokens(self, texts: Sequence[str]) -> list[Embedding]:
        return [Embedding(vector, self._tokens) for vector in self.embed_passages(texts)]


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
