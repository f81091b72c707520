"""Only files that changed are read again."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge_base import file_times
from knowledge_base.document import Kind
from knowledge_base.imports import freshness, importing
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.files import Fault
from knowledge_base.storage.store import KnowledgeStore


@pytest.fixture
def store(tmp_path: Path) -> KnowledgeStore:
    return KnowledgeStore(tmp_path / "knowledge.db")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three files old enough to be told by their times."""
    monkeypatch.setattr(file_times, "SETTLED_NS", -1)
    folder = tmp_path / "문서"
    folder.mkdir()
    (folder / "faq.csv").write_text("질문,답변\n여권?,5만원.\n등본?,\n")
    (folder / "안내.md").write_text("# 안내\n\n문을 엽니다.")
    (folder / "빈.md").write_text("")
    return folder


FAULTS = (Fault("faq.csv", "2행: 답변 칸이 비어 있습니다"), Fault("빈.md", "빈 파일입니다. 내용을 확인해 주세요."))


def test_nothing_changed_nothing_read_and_faults_are_still_known(store: KnowledgeStore, folder: Path) -> None:
    first = import_path(store, folder)
    assert (first.files, first.read, first.faults) == (3, 3, FAULTS)
    again = import_path(store, folder)
    assert (again.files, again.read, again.faults) == (3, 0, FAULTS)
    assert again.changes == (0, 0, 2, 0)
    assert store.faults() == list(FAULTS)


def test_an_unchanged_file_is_not_even_opened(
    store: KnowledgeStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_path(store, folder)
    monkeypatch.setattr(freshness, "_digest", lambda file: pytest.fail(f"{file} was opened"))
    assert import_path(store, folder).read == 0


def test_only_what_changed_is_read(store: KnowledgeStore, folder: Path) -> None:
    import_path(store, folder)
    (folder / "안내.md").write_text("# 안내\n\n문을 닫습니다.")
    report = import_path(store, folder)
    assert (report.read, report.changes) == (1, (0, 1, 1, 0))


def test_a_file_touched_or_copied_is_known_by_its_content(store: KnowledgeStore, folder: Path) -> None:
    import_path(store, folder)
    os.utime(folder / "안내.md", (1, 1))
    assert import_path(store, folder).read == 0


def test_a_change_that_keeps_size_and_time_is_seen(store: KnowledgeStore, folder: Path) -> None:
    import_path(store, folder)
    file = folder / "안내.md"
    before = file.stat()
    file.write_text("# 안내\n\n문을 닫니다.")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert import_path(store, folder).changes.changed == 1


def test_a_file_too_young_is_compared_by_content(
    store: KnowledgeStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_times, "SETTLED_NS", 3600 * 10**9)
    import_path(store, folder)
    assert {reading.stamp for reading in store.readings(str(folder)).values()} == {""}
    assert import_path(store, folder).read == 0


def test_another_kind_or_other_readers_read_everything_again(
    store: KnowledgeStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_path(store, folder)
    assert import_path(store, folder, Kind.REGULATION).read == 3
    assert import_path(store, folder).read == 3
    monkeypatch.setattr(freshness, "reading_version", lambda: "changed")
    report = import_path(store, folder)
    assert (report.read, report.changes) == (3, (0, 0, 2, 0))


def test_the_reading_version_is_of_every_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = tmp_path / "room"
    (room / "readers").mkdir(parents=True)
    for name in freshness._READING:
        assert (freshness._ROOM / name).exists()
        (room / name).parent.mkdir(exist_ok=True)
        (room / name).write_text("")
    monkeypatch.setattr(freshness, "_ROOM", room)
    version = freshness.reading_version.__wrapped__
    before = version()
    (room / "readers" / "new.py").write_text("x")
    assert version() != before


def test_the_reading_version_is_of_everything_that_readers_use() -> None:
    found, waiting = set[str](), {"readers/formats", "imports/reading", "validity/stated"}
    while waiting:
        found.add(name := waiting.pop())
        waiting |= set(_imported((freshness._ROOM / f"{name}.py").read_text())) - found
    told_nothing = {"errors.py", "labelled.py", "record.py", "passages/sentences.py"}  # of what a document says
    assert {f"{name}.py" for name in found if not name.startswith("readers/")} - told_nothing == set(freshness._READING)


def _imported(source: str) -> Iterator[str]:
    """Modules of the room."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("knowledge_base"):
            folder, *module = (node.module or "").split(".")[1:] or [""]
            names = module or [name.name for name in node.names]
            is_folder = (freshness._ROOM / folder).is_dir()
            yield from (f"{folder}/{name}".strip("/") for name in names) if is_folder else (folder,)


def test_removed_documents_come_back_with_the_next_import(store: KnowledgeStore, folder: Path) -> None:
    import_path(store, folder)
    store.remove("faq.csv#1")
    store.remove("안내.md")
    report = import_path(store, folder)
    assert (report.read, report.changes.added) == (2, 2)


def test_what_failed_in_passing_is_tried_again(
    store: KnowledgeStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "안내.md":
            raise PermissionError(13, "Permission denied", str(path))
        return reading(path)

    with monkeypatch.context() as locked:
        locked.setattr(Path, "read_bytes", refuse)
        assert "권한을 확인" in import_path(store, folder).faults[-1].reason
    assert import_path(store, folder).changes.added == 1


def test_a_file_that_changes_while_it_is_read_is_read_again(
    store: KnowledgeStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = importing.read

    def read_slowly(file: Path, name: str, kind: Kind | None) -> object:
        found = read(file, name, kind)
        if name == "안내.md":
            file.write_text("# 안내\n\n그사이 바뀌었습니다.")
        return found

    with monkeypatch.context() as slow:
        slow.setattr(importing, "read", read_slowly)
        import_path(store, folder)
    assert import_path(store, folder).changes.changed == 1
    assert store.get("안내.md").document.text == "그사이 바뀌었습니다."


def test_the_same_name_in_another_folder_takes_it_over(store: KnowledgeStore, folder: Path, tmp_path: Path) -> None:
    import_path(store, folder)
    other = tmp_path / "다른"
    other.mkdir()
    (other / "안내.md").write_text("# 안내\n\n다른 폴더입니다.")
    import_path(store, other)
    assert store.get("안내.md").document.text == "다른 폴더입니다."
    assert import_path(store, folder).changes.changed == 1
    assert store.get("안내.md").document.text == "문을 엽니다."


def test_faults_go_with_their_file(store: KnowledgeStore, folder: Path) -> None:
    import_path(store, folder)
    (folder / "빈.md").unlink()
    import_path(store, folder)
    assert store.faults() == [FAULTS[0]]


def test_one_broken_file_among_many(store: KnowledgeStore, tmp_path: Path) -> None:
    folder = tmp_path / "많은 문서"
    folder.mkdir()
    for number in range(150):
        (folder / f"{number}.txt").write_text(f"글 {number}입니다.")
    (folder / "75.txt").write_bytes(b"\x00\xff")
    report = import_path(store, folder)
    assert (report.changes.added, [fault.file for fault in report.faults]) == (149, ["75.txt"])
