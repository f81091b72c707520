"""An import killed at any moment, called off, or out of disk leaves a consistent store, and the next one finishes."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from knowledge_base.document import Document
from knowledge_base.imports import batch
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore

ROOT = Path(__file__).parents[2]
# Forks one child a point: each kills itself before the n-th SQL statement of the import.
KILLED = """
import json, os, shutil, signal, sqlite3, sys
from pathlib import Path
from knowledge_base.imports import batch
from knowledge_base.storage import database
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore

before, folder, aside, step = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
batch.FILES = 2
connect = sqlite3.connect

def killing(point):
    seen = 0
    def count(statement):
        nonlocal seen
        seen += 1
        if seen == point:
            os.kill(os.getpid(), signal.SIGKILL)
    def connected(*arguments, **options):
        made = connect(*arguments, **options)
        made.set_trace_callback(count)
        return made
    return connected

point, ends = 1, []
while not ends or ends[-1] == -signal.SIGKILL:
    home = aside / str(point)
    shutil.copytree(before, home)
    child = os.fork()
    if child == 0:
        database.sqlite3.connect = killing(point)
        import_path(KnowledgeStore(home / "knowledge.db"), folder)
        os._exit(0)
    ends.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    point += step
print(json.dumps(ends))
"""


def contents(store: KnowledgeStore) -> dict[str, Document]:
    return {document.id: document for document, _ in store.documents()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "문서"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.csv").write_text(f"질문,답변\n{number}의 가?,답.\n{number}의 나?,답.\n")
    return folder


def test_killed_at_many_points(tmp_path: Path, folder: Path) -> None:
    """Every file is wholly as before or wholly as after, and the next import ends where an unhindered one does."""
    before = tmp_path / "before"
    before.mkdir()
    store = KnowledgeStore(before / "knowledge.db")
    import_path(store, folder)
    store.withdraw("3.csv#1", "확인 중")
    old = contents(store)
    (folder / "0.csv").write_text("질문,답변\n새 질문?,답.\n0의 가?,다른 답.\n0의 나?,답.\n")
    (folder / "1.csv").write_text("질문,답변,시행일\n1의 가?,새 답.,2999-01-01\n")
    (folder / "2.csv").unlink()
    (folder / "새.md").write_text("# 새\n\n새 글입니다.")

    aside = tmp_path / "aside"
    arguments = [sys.executable, "-c", KILLED, before, folder, aside, "9"]
    ends = json.loads(subprocess.run(arguments, cwd=ROOT, capture_output=True, check=True).stdout)
    assert ends[-1] == 0
    assert set(ends[:-1]) == {-9}
    assert len(ends) > 15

    whole = KnowledgeStore(max(aside.iterdir(), key=lambda home: int(home.name)) / "knowledge.db")
    new = contents(whole)
    for home in aside.iterdir():
        killed = KnowledgeStore(home / "knowledge.db")
        left = contents(killed)
        for file in {name.split("#")[0] for name in old | new}:
            assert part(left, file) in (part(old, file), part(new, file)), (home.name, file)
        import_path(killed, folder)
        assert contents(killed) == new, home.name
        assert "3.csv#1" not in killed.ids()


def part(documents: dict[str, Document], file: str) -> dict[str, Document]:
    return {name: document for name, document in documents.items() if name.split("#")[0] == file}


class Cancelled(Exception):
    """Someone pressed the button."""


def test_called_off_it_keeps_whole_batches_and_goes_on_from_there(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "FILES", 2)
    store = KnowledgeStore(tmp_path / "knowledge.db")

    def cancel_after_five(files: Iterable[Path], total: int) -> Iterator[Path]:
        for number, file in enumerate(files):
            if number == 5:
                raise Cancelled
            yield file

    with pytest.raises(Cancelled):
        import_path(store, folder, progress=cancel_after_five)
    assert len(contents(store)) == 8
    report = import_path(store, folder)
    assert (report.read, report.changes) == (2, (4, 0, 8, 0))


FULL_DISK = """
import resource, sys
from pathlib import Path
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore

resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    import_path(KnowledgeStore(Path(sys.argv[1])), Path(sys.argv[2]))
except KnowledgeBaseError as error:
    print(error)
"""


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "knowledge.db"
    store = KnowledgeStore(path)
    import_path(store, folder)
    old = contents(store)
    (folder / "큰 글.txt").write_text("가나다라마바사. " * 20_000)
    arguments = [sys.executable, "-c", FULL_DISK, path, folder]
    said = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "디스크 여유 공간과 권한을 확인하세요" in said
    assert contents(store) == old
    assert import_path(store, folder).changes.added == 1
