"""Which names and sizes of files are taken, and that nothing half sent is ever there."""

import os
import resource
import unicodedata
from pathlib import Path

import pytest

from knowledge_base.errors import KnowledgeBaseError
from knowledge_base.imports.importing import files_below
from knowledge_base.imports.uploads import Uploads, safe_name


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads", max_bytes=10, max_total_bytes=25)


def send(uploads: Uploads, name: str, *parts: bytes) -> Path:
    with uploads.receiving(name) as incoming:
        for part in parts:
            incoming.write(part)
        return incoming.keep()


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        ".",
        "..",
        "../a.hwp",
        "/etc/passwd",
        "C:\\a.hwp",
        ".숨은.md",
        "~$잠금.xlsx",
        "a.hwp ",
        "a.",
        "a\n.hwp",
        "a\0.hwp",
        "a\u202ehwp.exe",
        "표.csv#1",
        "con.txt",
        "LPT1",
        "가" * 80,
        "\ud800.txt",
    ],
)
def test_names_that_lead_elsewhere_or_hide_are_refused(uploads: Uploads, name: str) -> None:
    with pytest.raises(KnowledgeBaseError, match="다시 올려 주세요") as refused:
        uploads.receiving(name)
    assert str(refused.value).isprintable()
    assert uploads.size() == 0


@pytest.mark.parametrize("name", ["여권 안내.hwp", "2027년 조례(안)_v1.2.pdf", "README", "console.txt"])
def test_ordinary_names_are_kept_as_they_are(name: str) -> None:
    assert safe_name(name) == name


def test_names_are_kept_in_one_form(uploads: Uploads) -> None:
    kept = send(uploads, unicodedata.normalize("NFD", "여권.md"), b"a")
    assert kept.name == "여권.md"
    assert uploads.path(unicodedata.normalize("NFD", "여권.md")) == kept


def test_the_same_name_again_takes_its_place(uploads: Uploads) -> None:
    send(uploads, "a.txt", b"old")
    assert send(uploads, "a.txt", b"n", b"ew").read_bytes() == b"new"
    assert len(list(uploads.folder.iterdir())) == 1


def test_a_file_too_large_leaves_nothing_and_the_old_one_stays(uploads: Uploads) -> None:
    send(uploads, "a.txt", b"old")
    with pytest.raises(KnowledgeBaseError, match="너무 큽니다"):
        send(uploads, "a.txt", b"1234567", b"89ab")
    with pytest.raises(KnowledgeBaseError, match="너무 큽니다"):
        uploads.receiving("a.txt", announced=11)
    assert uploads.path("a.txt").read_bytes() == b"old"
    assert len(list(uploads.folder.iterdir())) == 1


def test_a_full_disk_is_a_sentence_and_leaves_nothing(uploads: Uploads) -> None:
    incoming, limits = uploads.receiving("a.txt"), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4, limits[1]))
    try:
        with pytest.raises(KnowledgeBaseError, match="저장하지 못했습니다"), incoming:
            incoming.write(b"12345678")
            incoming.keep()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(uploads.folder.iterdir()) == []


def test_all_files_together_have_a_limit(uploads: Uploads) -> None:
    send(uploads, "a.txt", b"1" * 10)
    send(uploads, "b.txt", b"1" * 10)
    with pytest.raises(KnowledgeBaseError, match="둘 자리가 없습니다"):
        send(uploads, "c.txt", b"1" * 10)
    assert uploads.size() == 20


def test_what_another_upload_takes_away_meanwhile_does_not_count(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(uploads, "a.txt", b"1")
    with os.scandir(uploads.folder) as entries:
        [entry] = entries
    uploads.remove("a.txt")
    monkeypatch.setattr(os, "scandir", lambda _: iter([entry]))
    assert uploads.size() == 0


def test_an_upload_that_breaks_off_is_not_there_and_never_imported(uploads: Uploads) -> None:
    send(uploads, "a.txt", b"a")
    incoming = uploads.receiving("b.txt")
    incoming.write(b"half")
    assert files_below(uploads.folder) == [uploads.folder / "a.txt"]
    incoming.discard()
    with pytest.raises(KnowledgeBaseError, match="다시 올려"):
        uploads.path("b.txt")


def test_what_a_killed_server_left_goes_but_not_what_is_on_its_way(uploads: Uploads) -> None:
    old, young = uploads.receiving("a.txt"), uploads.receiving("b.txt")
    left = next(uploads.folder.iterdir())
    os.utime(left, (0, 0))
    send(uploads, "c.txt", b"c")
    assert not left.exists()
    assert len(list(uploads.folder.iterdir())) == 2
    old.discard()
    young.discard()
    assert [file.name for file in uploads.folder.iterdir()] == ["c.txt"]


def test_a_link_is_no_upload(uploads: Uploads, tmp_path: Path) -> None:
    send(uploads, "a.txt", b"a")
    (tmp_path / "secret").write_text("비밀")
    (uploads.folder / "link.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(KnowledgeBaseError):
        uploads.path("link.txt")
