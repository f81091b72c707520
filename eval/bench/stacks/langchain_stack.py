"""LangChain as its tutorial shows it: a splitter of 500/50, HuggingFaceEmbeddings, FAISS.

With ``ensemble`` as the second argument, BM25Retriever (words are what spaces part) is mixed in, equally weighted.
"""

import sys
from collections.abc import Sequence

from langchain_community.retrievers import BM25Retriever
from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_huggingface import HuggingFaceEmbeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter
from protocol import Task, random_vectors, read_task, report


class RandomVectors(Embeddings):
    """An embedding model that reads nothing."""

    def embed_query(self, text: str) -> list[float]:
        return random_vectors(1)[0].tolist()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return random_vectors(len(texts)).tolist()


class LangChain:
    """The tutorial's stack."""

    def __init__(self, task: Task, *, is_ensemble: bool) -> None:
        self._task = task
        self._is_ensemble = is_ensemble
        self._embeddings = RandomVectors() if task.random_vectors else _model(task.model)

    def index(self) -> int:
        splitter = RecursiveCharacterTextSplitter(chunk_size=500, chunk_overlap=50)
        texts = [Document(text, metadata={"id": name}) for name, text in self._task.documents().items()]
        chunks = splitter.split_documents(texts)
        self._vectors = FAISS.from_documents(chunks, self._embeddings)
        if self._is_ensemble:
            self._words = BM25Retriever.from_documents(chunks)
        return len(chunks)

    def search(self, question: str, chunks: int) -> Sequence[str]:
        found = self._vectors.similarity_search(question, k=chunks)
        if self._is_ensemble:
            self._words.k = chunks
            found = _fused(found, self._words.invoke(question))
        return [document.metadata["id"] for document in found]


def _model(folder: str) -> Embeddings:
    normalised = {"normalize_embeddings": True}
    return HuggingFaceEmbeddings(
        model_name=folder,
        model_kwargs={"device": "cpu"},
        encode_kwargs={**normalised, "prompt_name": "passage"},
        query_encode_kwargs={**normalised, "prompt_name": "query"},
    )


def _fused(*rankings: Sequence[Document]) -> list[Document]:
    """Reciprocal ranks as in LangChain's EnsembleRetriever: equal weights, c = 60."""
    scores: dict[str, float] = {}
    documents: dict[str, Document] = {}
    for ranking in rankings:
        for place, document in enumerate(ranking, start=1):
            scores[document.page_content] = scores.get(document.page_content, 0.0) + 0.5 / (60 + place)
            documents.setdefault(document.page_content, document)
    return [documents[text] for text in sorted(scores, key=lambda text: -scores[text])]


if __name__ == "__main__":
    task = read_task()
    report(task, LangChain(task, is_ensemble="ensemble" in sys.argv))
