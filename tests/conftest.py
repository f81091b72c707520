"""A clean environment for every test, and the sample knowledge base indexed once with the real models."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

from app import Console
from assistant.serving import loading
from indexing.lexical.tokens import Analyzer
from knowledge_base.home import Home
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore

ROOT = Path(__file__).parent.parent
collect_ignore = ["only_loopback"]  # for child processes only
MODELS = ROOT / "var" / "models"
SAMPLE = ROOT / "knowledge_base" / "sample"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What all tests import is loaded as a server does: else it would be gone through for garbage again and again."""
    with loading.kept(), loading.gradio_without_stubs():
        return (yield)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The files that take long begin first: no worker is left with one when the others have ended."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("ONNURI_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def make_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """New data folders that share the installed models, so that none is exported or assembled again."""

    def make() -> Path:
        MODELS.mkdir(parents=True, exist_ok=True)
        home = tmp_path_factory.mktemp("home")
        (home / "models").symlink_to(MODELS)
        return home

    return make


def console_for(home: Path, **settings: str) -> Console:
    """A console over ``home``, as if started with these ONNURI_ variables."""
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("ONNURI_")]:
            environment.delenv(name)
        for name, value in {"home": str(home), **settings}.items():
            environment.setenv(f"ONNURI_{name.upper()}", value)
        console = Console()
        assert console.settings.home == home
    return console


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    """The real Kiwi."""
    loaded = Analyzer()
    loaded.tokens("안녕")  # loads it here, not within some test's time
    return loaded


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[str, Callable[[Path], object]], Path]:
    """``made_once(name, make)``: a folder as ``make`` filled it, a copy of what one worker made for all."""
    folder = tmp_path_factory.getbasetemp()
    kept = folder if worker_id == "master" else folder.parent

    def copy(name: str, make: Callable[[Path], object]) -> Path:
        with FileLock(kept / f"{name}.lock"):
            if not (kept / name).exists():
                making = tmp_path_factory.mktemp(name)
                make(making)
                making.rename(kept / name)
        return Path(shutil.copytree(kept / name, tmp_path_factory.mktemp(name) / "home", symlinks=True))

    return copy


@pytest.fixture(scope="session")
def sample(made_once: Callable[..., Path], analyzer: Analyzer) -> Console:
    """The bundled sample, indexed by the real models, which takes a minute; tests only read it."""
    from indexing.building.build import build

    def over(home: Path) -> Console:
        console = console_for(home, llm="none")
        vars(console)["_analyzer"] = analyzer
        return console

    def make(home: Path) -> None:
        (home / "models").symlink_to(MODELS)
        import_path(KnowledgeStore(home / "knowledge.db"), SAMPLE)
        build(Home(home), over(home).embedder(), analyzer)

    return over(made_once("sample", make))
