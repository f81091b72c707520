"""The fakes, and homes with documents in them."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer

import knowledge_base
from indexing.building.build import build
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.search import SearchService
from indexing.snapshots.manifest import Manifest
from knowledge_base.document import Document, Kind
from knowledge_base.home import Home
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore

Store = Callable[..., None]
SAMPLE = Path(knowledge_base.__file__).parent / "sample"


@pytest.fixture
def words() -> WordAnalyzer:
    return WordAnalyzer()


@pytest.fixture
def embedder() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.create()
    return made


@pytest.fixture
def store(home: Home) -> Store:
    """Makes documents, given as id=text or as Document, all there is in the knowledge base."""

    def stored(*documents: Document, **texts: str) -> None:
        made = [*documents, *(notice(name, text) for name, text in texts.items())]
        files = {document.id: [document] for document in made}
        KnowledgeStore(home.knowledge).replace_files("tests", files, kept=())

    return stored


@pytest.fixture
def indexed(home: Home, store: Store, embedder: HashingEmbedder, words: WordAnalyzer) -> Callable[..., Manifest]:
    """Makes documents all there is in the knowledge base, as ``store`` does, and builds an index of them."""

    def built(*documents: Document, **texts: str) -> Manifest:
        store(*documents, **texts)
        return build(home, embedder, words)

    return built


def notice(name: str, text: str, starts: date | None = None, ends: date | None = None) -> Document:
    return Document(id=name, kind=Kind.NOTICE, title=name, text=text, effective_from=starts, effective_to=ends)


@pytest.fixture(name="notice")
def make_notice() -> Callable[..., Document]:
    return notice


@pytest.fixture
def service(home: Home, embedder: HashingEmbedder, words: WordAnalyzer) -> SearchService:
    return SearchService(home, embedder, words)


@pytest.fixture(scope="session")
def sample(made_once: Callable[..., Path], analyzer: Analyzer) -> Home:
    """The bundled sample, built with Kiwi and hashed letters; not to be written to."""

    def make(folder: Path) -> None:
        import_path(KnowledgeStore(folder / "knowledge.db"), SAMPLE)
        build(Home(folder), HashingEmbedder(), analyzer)

    return Home(made_once("hashed_sample", make))


@pytest.fixture(scope="session")
def sample_service(sample: Home, analyzer: Analyzer) -> SearchService:
    return SearchService(sample, HashingEmbedder(), analyzer)
