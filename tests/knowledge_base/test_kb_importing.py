"""Folders and files into the store."""

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest

from knowledge_base.document import Kind
from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.imports.importing import Fault, files_below, import_path
from knowledge_base.storage.store import Changes, KnowledgeStore

TABLE = "질문,답변\n여권?,5만원.\n등본?,400원.\n인감?,600원.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "문서"
    (folder / "규정").mkdir(parents=True)
    (folder / "faq.csv").write_text(TABLE)
    (folder / "안내.md").write_text("# 안내\n\n문을 엽니다.")
    (folder / "규정" / "주차.txt").write_text("주차장 조례\n\n제1조(목적) 가.\n제2조(정의) 나.")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> KnowledgeStore:
    return KnowledgeStore(tmp_path / "knowledge.db")


def ids(store: KnowledgeStore) -> list[str]:
    return [document.id for document, _ in store.documents()]


ALL = ["faq.csv#1", "faq.csv#2", "faq.csv#3", "규정/주차.txt", "안내.md"]


def test_a_folder(store: KnowledgeStore, folder: Path) -> None:
    report = import_path(store, folder)
    assert (report.files, report.changes, report.faults) == (3, Changes(5, 0, 0, 0), ())
    assert ids(store) == ALL
    assert store.get("규정/주차.txt").document.kind is Kind.REGULATION


def test_again_touches_nothing(store: KnowledgeStore, folder: Path) -> None:
    import_path(store, folder)
    assert import_path(store, folder).changes == Changes(0, 0, 5, 0)


def test_changed_rows_vanished_rows_and_vanished_files(store: KnowledgeStore, folder: Path) -> None:
    import_path(store, folder)
    (folder / "faq.csv").write_text("질문,답변\n여권?,52000원.\n등본?,400원.\n")
    (folder / "안내.md").unlink()
    (folder / "새글.md").write_text("# 새글\n\n새 글입니다.")
    assert import_path(store, folder).changes == Changes(added=1, changed=1, unchanged=2, removed=2)
    assert ids(store) == ["faq.csv#1", "faq.csv#2", "규정/주차.txt", "새글.md"]
    assert store.get("faq.csv#1").document.text == "52000원."


def test_a_broken_row_is_reported_and_the_others_keep_their_ids(store: KnowledgeStore, folder: Path) -> None:
    import_path(store, folder)
    (folder / "faq.csv").write_text(TABLE.replace("400원.", ""))
    report = import_path(store, folder)
    assert report.faults == (Fault("faq.csv", "2행: 답변 칸이 비어 있습니다"),)
    assert report.changes == Changes(0, 0, 4, 1)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", "질문,답변\n여권?,\n".encode(), b"\xff\xff", "제목,날짜\n".encode()]
)
def test_a_file_that_cannot_be_read_keeps_its_documents(store: KnowledgeStore, folder: Path, content: bytes) -> None:
    import_path(store, folder)
    (folder / "faq.csv").write_bytes(content)
    report = import_path(store, folder)
    assert [fault.file for fault in report.faults] == ["faq.csv"]
    assert report.changes == Changes(0, 0, 5, 0)
    assert ids(store) == ALL


def test_a_single_file(store: KnowledgeStore, folder: Path) -> None:
    assert import_path(store, folder / "faq.csv").changes == Changes(3, 0, 0, 0)
    assert import_path(store, folder).changes == Changes(2, 0, 3, 0)
    (folder / "faq.csv").write_text("질문,답변\n여권?,5만원.\n")
    assert import_path(store, folder / "faq.csv").changes == Changes(0, 0, 1, 2)
    assert ids(store) == ["faq.csv#1", "규정/주차.txt", "안내.md"]


def test_a_file_of_an_imported_folder_keeps_its_id(store: KnowledgeStore, folder: Path) -> None:
    import_path(store, folder)
    (folder / "규정" / "주차.txt").write_text("주차장 조례\n\n제1조(목적) 가.\n제2조(정의) 바뀜.")
    assert import_path(store, folder / "규정" / "주차.txt").changes == Changes(0, 1, 0, 0)
    assert ids(store) == ALL
    (folder / "규정" / "주차.txt").unlink()
    assert import_path(store, folder).changes == Changes(0, 0, 4, 1)


def test_an_unreadable_single_file_is_reported(store: KnowledgeStore, folder: Path) -> None:
    (folder / "a.bin").write_bytes(b"\x00")
    report = import_path(store, folder / "a.bin")
    assert (report.files, report.changes, len(report.faults)) == (1, Changes(0, 0, 0, 0), 1)


def test_of_two_files_of_one_name_one_is_read_and_the_other_told_of(store: KnowledgeStore, tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        (tmp_path / "문서").mkdir(exist_ok=True)
        (tmp_path / "문서" / unicodedata.normalize(form, "여권.md")).write_text(f"# 여권\n\n{form}")
    first = import_path(store, tmp_path / "문서")
    assert [(fault.file, "둘 있어" in fault.reason) for fault in first.faults] == [("여권.md", True)]
    assert import_path(store, tmp_path / "문서").changes == Changes(0, 0, 1, 0)


def test_names_that_windows_left_in_cp949_are_read(store: KnowledgeStore, tmp_path: Path) -> None:
    folder = tmp_path / "문서"
    folder.mkdir()
    file = os.open(os.fsencode(folder) + b"/" + "여권 안내.md".encode("cp949"), os.O_CREAT | os.O_WRONLY)
    os.write(file, "# 여권\n\n안내".encode())
    os.close(file)
    import_path(store, folder)
    assert [stored.document.id for stored in store.documents()] == ["여권 안내.md"]


def test_names_in_nfd_give_ids_in_nfc(store: KnowledgeStore, tmp_path: Path) -> None:
    folder = tmp_path / unicodedata.normalize("NFD", "문서")
    below = folder / unicodedata.normalize("NFD", "공지사항")
    below.mkdir(parents=True)
    file = below / unicodedata.normalize("NFD", "여권 안내.md")
    file.write_text("여권을 찾아가세요.")
    import_path(store, folder)
    assert ids(store) == ["공지사항/여권 안내.md"]
    assert store.get("공지사항/여권 안내.md").document.title == "여권 안내"
    assert import_path(store, file).changes == Changes(0, 0, 1, 0)


def test_hidden_files_lock_files_and_links_are_left_out(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "밖"
    outside.mkdir()
    (outside / "비밀.md").write_text("비밀입니다.")
    (folder / ".숨김.md").write_text("x")
    (folder / ".git").mkdir()
    (folder / ".git" / "config.md").write_text("x")
    (folder / "~$faq.xlsx").write_text("x")
    (folder / "비밀.md").symlink_to(outside / "비밀.md")
    (folder / "링크").symlink_to(outside)
    (folder / "끊긴.md").symlink_to(folder / "없음.md")
    assert [file.relative_to(folder).as_posix() for file in files_below(folder)] == [
        "faq.csv",
        "규정/주차.txt",
        "안내.md",
    ]


def test_a_folder_in_a_hidden_one_is_imported_all_the_same(tmp_path: Path) -> None:
    (tmp_path / ".data" / "kb").mkdir(parents=True)
    (tmp_path / ".data" / "kb" / "a.md").write_text("글입니다.")
    assert len(files_below(tmp_path / ".data" / "kb")) == 1


def test_nothing_to_import_is_one_sentence(store: KnowledgeStore, tmp_path: Path) -> None:
    (tmp_path / "빈").mkdir()
    with pytest.raises(KnowledgeBaseError, match=r"'.*빈' 폴더에 가져올 파일이 없습니다"):
        import_path(store, tmp_path / "빈")
    with pytest.raises(KnowledgeBaseError, match=r"'.*없음' 경로가 없습니다"):
        import_path(store, tmp_path / "없음")


def test_a_folder_that_cannot_be_listed_is_no_empty_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    listing = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("규정"):
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(KnowledgeBaseError, match="규정' 폴더를 읽을 수 없습니다"):
        files_below(folder)


def test_a_given_kind_and_progress(store: KnowledgeStore, folder: Path) -> None:
    seen: list[int] = []

    def progress(files: Iterable[Path], total: int) -> Iterable[Path]:
        seen.append(total)
        return files

    import_path(store, folder, Kind.NOTICE, progress)
    assert seen == [3]
    assert {document.kind for document, _ in store.documents()} == {Kind.NOTICE}


def test_a_line_break_in_a_name_is_a_space(tmp_path: Path) -> None:
    (tmp_path / "여권\n안내.md").write_text("# 여권\n\n여권 안내입니다.")
    store = KnowledgeStore(tmp_path.parent / "줄.db")
    import_path(store, tmp_path)
    assert import_path(store, tmp_path).changes.unchanged == 1
    assert [stored.document.id for stored in store.documents()] == ["여권 안내.md"]
