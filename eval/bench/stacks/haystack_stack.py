"""Haystack: in-memory BM25 and embeddings joined by reciprocal ranks."""

from collections.abc import Sequence
from dataclasses import replace

from haystack import Document
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from protocol import Task, random_vectors, read_task, report


class Haystack:
    """Its usual hybrid retrieval."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self._words = InMemoryBM25Retriever(self._store)
        self._vectors = InMemoryEmbeddingRetriever(self._store)
        self._joiner = DocumentJoiner(join_mode="reciprocal_rank_fusion")
        if not task.random_vectors:
            self._reads = SentenceTransformersDocumentEmbedder(model=task.model, prefix="passage: ", progress_bar=False)
            self._asks = SentenceTransformersTextEmbedder(model=task.model, prefix="query: ", progress_bar=False)
            self._reads.warm_up()
            self._asks.warm_up()

    def index(self) -> int:
        splitter = DocumentSplitter(split_by="word", split_length=100, split_overlap=10)
        splitter.warm_up()
        texts = [Document(content=text, meta={"id": name}) for name, text in self._task.documents().items()]
        chunks = splitter.run(texts)["documents"]
        self._store.write_documents(self._embedded(chunks))
        return len(chunks)

    def search(self, question: str, chunks: int) -> Sequence[str]:
        vector = random_vectors(1)[0].tolist() if self._task.random_vectors else self._asks.run(question)["embedding"]
        by_words = self._words.run(query=question, top_k=chunks)["documents"]
        by_meaning = self._vectors.run(query_embedding=vector, top_k=chunks)["documents"]
        joined = self._joiner.run(documents=[by_words, by_meaning], top_k=chunks)["documents"]
        return [document.meta["id"] for document in joined]

    def _embedded(self, chunks: list[Document]) -> list[Document]:
        if not self._task.random_vectors:
            return list(self._reads.run(chunks)["documents"])
        vectors = random_vectors(len(chunks)).tolist()
        return [replace(chunk, embedding=vector) for chunk, vector in zip(chunks, vectors, strict=True)]


if __name__ == "__main__":
    task = read_task()
    report(task, Haystack(task))
