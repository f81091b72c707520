"""The document store."""

import json
import sqlite3
import threading
from pathlib import Path

import pytest

from knowledge_base.document import Document, Kind
from knowledge_base.errors import DocumentNotFound, KnowledgeBaseError
from knowledge_base.home import Home
from knowledge_base.record import from_record
from knowledge_base.storage.store import Changes, KnowledgeStore

Files = dict[str, list[Document]]
BEFORE = "2020-01-01T00:00:00+00:00"


def faq(document_id: str, text: str = "답.") -> Document:
    return Document(id=document_id, kind=Kind.FAQ, title=f"{document_id}?", text=text)


def files(*ids: str) -> Files:
    found: Files = {}
    for document_id in ids:
        found.setdefault(document_id.split("#")[0], []).append(faq(document_id))
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "knowledge.db"


@pytest.fixture
def store(path: Path) -> KnowledgeStore:
    return KnowledgeStore(path)


def ids(store: KnowledgeStore) -> list[str]:
    return [document.id for document, _ in store.documents()]


def mirror(store: KnowledgeStore, new: Files, kept: set[str] | None = None, root: str = "/a") -> Changes:
    return store.replace_files(root, new, kept=kept or ())


def test_a_new_store_is_empty(store: KnowledgeStore) -> None:
    assert ids(store) == []


def test_documents_come_back_as_they_were_by_id(store: KnowledgeStore) -> None:
    assert mirror(store, files("b.csv#1", "a.csv#1", "a.csv#2")) == Changes(3, 0, 0, 0)
    assert ids(store) == ["a.csv#1", "a.csv#2", "b.csv#1"]
    assert store.get("a.csv#2").document == faq("a.csv#2")
    assert store.get("a.csv#2").imported_at.endswith("+00:00")


def test_only_what_changed_is_counted_and_written(store: KnowledgeStore, path: Path) -> None:
    mirror(store, files("a.csv#1", "a.csv#2", "b.csv#1"))
    with sqlite3.connect(path) as database:
        database.execute("update documents set imported_at = ?", [BEFORE])
    new = files("a.csv#1", "c.csv#1") | {"b.csv": [faq("b.csv#1", "새 답.")]}
    assert mirror(store, new) == Changes(added=1, changed=1, unchanged=1, removed=1)
    assert ids(store) == ["a.csv#1", "b.csv#1", "c.csv#1"]
    assert [store.get(found).imported_at == BEFORE for found in ids(store)] == [True, False, False]


def test_a_file_replaces_only_itself(store: KnowledgeStore) -> None:
    mirror(store, files("a.csv#1", "a.csv#2", "b.csv#1"))
    assert store.replace_files("/a", files("a.csv#1")) == Changes(0, 0, 1, 1)
    assert ids(store) == ["a.csv#1", "b.csv#1"]


def test_kept_files_and_other_roots_stay(store: KnowledgeStore) -> None:
    mirror(store, files("a.csv#1", "b.csv#1"))
    mirror(store, files("c.csv#1"), root="/c")
    assert mirror(store, {}, kept={"a.csv"}) == Changes(0, 0, 0, 1)
    assert ids(store) == ["a.csv#1", "c.csv#1"]


def test_unchanged_documents_follow_their_folder(store: KnowledgeStore) -> None:
    mirror(store, files("a.csv#1", "b.csv#1"), root="/old")
    assert mirror(store, files("a.csv#1", "b.csv#1"), root="/new") == Changes(0, 0, 2, 0)
    mirror(store, {}, root="/old")
    assert ids(store) == ["a.csv#1", "b.csv#1"]
    assert mirror(store, files("a.csv#1"), root="/new") == Changes(0, 0, 1, 1)


def test_where_a_file_was_imported_from(store: KnowledgeStore) -> None:
    mirror(store, files("sub/a.csv#1"), root="/docs")
    assert store.place_of("/docs/sub/a.csv") == ("/docs", "sub/a.csv")
    assert store.place_of("/docs/a.csv") is None


def test_every_version_and_import_stays_on_record(store: KnowledgeStore, path: Path) -> None:
    first, second = faq("a.csv#1"), faq("a.csv#1", "새 답.")
    for document in (first, second, first):
        store.log_import("/a", mirror(store, {"a.csv": [document]}))
    store.remove("a.csv")
    with sqlite3.connect(path) as database:
        versions = database.execute("select document, version, content from versions").fetchall()
        imports = database.execute(
            "select root, added, changed, unchanged, removed from imports order by id"
        ).fetchall()
    assert {(name, version) for name, version, _ in versions} == {
        ("a.csv#1", first.version),
        ("a.csv#1", second.version),
    }
    assert [from_record(json.loads(content)).version for _, _, content in versions] == [row[1] for row in versions]
    assert imports == [("/a", 1, 0, 0, 0), ("/a", 0, 1, 0, 0), ("/a", 0, 1, 0, 0)]


def test_remove_a_row_or_a_whole_table(store: KnowledgeStore) -> None:
    mirror(store, files("a.csv#1", "a.csv#2", "a.csv#3", "b.csv#1"))
    assert store.remove("a.csv#2") == 1
    assert store.remove("a.csv") == 2
    assert ids(store) == ["b.csv#1"]


@pytest.mark.parametrize("wrong", ["없음.md", "a.csv#9", "", "a", "%"])
def test_what_is_not_there_is_named(store: KnowledgeStore, wrong: str) -> None:
    mirror(store, files("a.csv#1"))
    with pytest.raises(DocumentNotFound, match="onnuri kb list"):
        store.get(wrong)
    with pytest.raises(DocumentNotFound, match="onnuri kb list"):
        store.remove(wrong)
    assert ids(store) == ["a.csv#1"]


def test_a_failed_write_leaves_the_old_state(store: KnowledgeStore) -> None:
    mirror(store, files("a.csv#1"))
    broken = Broken(id="b.csv#2", kind=Kind.FAQ, title="?", text="답.")
    with pytest.raises(ZeroDivisionError):
        mirror(store, {"b.csv": [faq("b.csv#1"), broken]})
    assert ids(store) == ["a.csv#1"]


class Broken(Document):
    """A document that fails while it is stored."""

    __slots__ = ()

    @property
    def version(self) -> str:
        raise ZeroDivisionError


def test_imports_at_the_same_time_wait_for_each_other(store: KnowledgeStore) -> None:
    failures: list[BaseException] = []

    def write(name: str) -> None:
        try:
            for _ in range(5):
                mirror(store, files(*(f"{name}.csv#{row}" for row in range(50))), root=f"/{name}")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=[name]) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(failure, failure.__cause__) for failure in failures] == []
    assert len(ids(store)) == 150


def test_a_store_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "knowledge.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(KnowledgeBaseError, match=r"지식 저장소 .*knowledge\.db를 읽거나 쓸 수 없습니다"):
        KnowledgeStore(tmp_path / "knowledge.db").get("a")


def test_a_store_below_a_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnowledgeBaseError, match="디스크 여유 공간과 권한"):
        list(KnowledgeStore(tmp_path / "file" / "knowledge.db").documents())


def test_a_home_is_made_with_its_parents_and_leaves_nothing_behind(tmp_path: Path) -> None:
    home = Home(tmp_path / "가" / "나")
    home.create()
    home.create()
    assert list(home.root.iterdir()) == []
    assert {home.knowledge, home.snapshots, home.current, home.journal, home.models} == {
        home.root / name for name in ("knowledge.db", "snapshots", "current", "journal.db", "models")
    }


def test_an_unwritable_home_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for root in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/onnuri")):
        with pytest.raises(KnowledgeBaseError, match="ONNURI_HOME에 쓸 수 있는 폴더"):
            Home(root).create()
