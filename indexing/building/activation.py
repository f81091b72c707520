"""Serving a kept snapshot, once it is known to find what the admin's golden questions ask for."""

from datetime import date

from indexing.embedding.embedder import Embedder
from indexing.golden import questions
from indexing.lexical.tokens import Analyzer
from indexing.snapshots import life_cycle
from indexing.snapshots.manifest import Manifest
from indexing.snapshots.snapshot import open_for
from indexing.snapshots.vector_store import store_of
from knowledge_base.home import Home
from knowledge_base.storage.store import KnowledgeStore


def activate(home: Home, snapshot: str, embedder: Embedder, analyzer: Analyzer, *, accept: bool = False) -> Manifest:
    """Check a kept snapshot and serve it; the model is loaded only when there are golden questions.

    Raises NoSnapshot, BrokenSnapshot, and unless ``accept`` GoldenQuestionsLost, or SnapshotMismatch when the
    questions cannot be put to it.
    """
    if not accept and questions.GoldenQuestions(home).list():
        life_cycle.store(home, snapshot)
        opened = open_for(life_cycle.folder(home, snapshot), embedder, analyzer, store_of(home))
        documents = (stored.document for stored in KnowledgeStore(home.knowledge).documents())
        questions.require(home, opened, embedder, analyzer, documents, date.today())
    return life_cycle.activate(home, snapshot)
