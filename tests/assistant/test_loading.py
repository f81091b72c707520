"""What a server loads and keeps: no stubs written, no Arrow, nothing for the collector, free pages given back."""

import gc
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import gradio
import psutil
import pytest
from waiting import becomes

from assistant.audit.log import AuditLog
from assistant.retention import NightlyForgetting, Retention
from assistant.serving import loading

DIAL = """
from gradio.component_meta import ComponentMeta

class Dial(metaclass=ComponentMeta):
    EVENTS = ["change"]
"""
MEGABYTE = 2**20


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """As before Gradio's first import, as far as its stubs go."""
    monkeypatch.setattr(gradio, "component_meta", sys.modules["gradio.component_meta"], raising=False)
    monkeypatch.delitem(sys.modules, "gradio.component_meta")


@pytest.fixture
def unfrozen() -> Iterator[None]:
    yield
    gc.unfreeze()


def defined(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> type:
    """A component of Gradio's, from a file of its own in ``folder``."""
    (folder / f"{name}.py").write_text(DIAL, "utf-8")
    monkeypatch.syspath_prepend(folder)
    dial: type = importlib.import_module(name).Dial
    return dial


def test_gradio_left_to_itself_writes_stubs(fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    defined(tmp_path, "dial_with_stub", monkeypatch)
    assert (tmp_path / "dial_with_stub.pyi").exists()


def test_gradio_writes_no_stubs(fresh: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finders = list(sys.meta_path)
    with loading.gradio_without_stubs():
        importlib.import_module("gradio.component_meta")
    dial = defined(tmp_path, "dial_without_stub", monkeypatch)  # also of components that are defined later
    assert not (tmp_path / "dial_without_stub.pyi").exists()
    assert callable(vars(dial)["change"])
    assert sys.meta_path == finders


def test_pandas_comes_without_arrow_which_is_there_for_others() -> None:
    script = (
        "import sys; from assistant.serving import loading; loading.pandas_without_arrow(); import pandas; "
        "arrow = 'pyarrow' in sys.modules; import pyarrow; print(arrow, len(pandas.Series(['가', None]).dropna()))"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "1"]


def test_what_is_loaded_is_no_concern_of_the_collector(unfrozen: None) -> None:
    before = gc.get_freeze_count()
    with loading.kept():
        assert not gc.isenabled()
        loaded = [[number] for number in range(1000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() - before >= len(loaded)


@pytest.mark.skipif(sys.platform != "linux", reason="glibc")
def test_what_loading_alone_needed_goes_back_to_the_system(unfrozen: None) -> None:
    with loading.kept():
        needed = [bytes(2000) for _ in range(50_000)]  # 95 MiB, of which every hundredth piece stays in its place
        kept = needed[::100]
        del needed
        before = psutil.Process().memory_info().rss
    assert before - psutil.Process().memory_info().rss > 50 * MEGABYTE
    assert len(kept) == 500


@pytest.mark.skipif(sys.platform != "linux", reason="glibc")
def test_what_the_day_left_free_goes_back_at_night(tmp_path: Path) -> None:
    journal = tmp_path / "journal.db"
    night = NightlyForgetting(Retention(journal, AuditLog(journal)), days=1)
    said = [bytes(2000) for _ in range(50_000)]
    kept = said[::100]
    del said
    before = psutil.Process().memory_info().rss
    night.start()
    assert becomes(lambda: before - psutil.Process().memory_info().rss > 50 * MEGABYTE)
    night.stop()
    assert len(kept) == 500
