"""Which reader a file gets."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import made_files as made
import pytest
from made_files import Pdf

from knowledge_base import readers
from knowledge_base.document import Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.imports import reading
from knowledge_base.imports.reading import read
from knowledge_base.readers.formats import read_bytes, read_first_sheet

Write = Callable[[str, bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to(name: str, data: bytes) -> Path:
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return to


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "질문,답변\n여권 수수료?,5만원입니다.\n"),
        ("a.CSV", "질문,답변\n여권 수수료?,5만원입니다.\n"),
        ("a.tsv", "질문\t답변\n여권 수수료?\t5만원입니다.\n"),
        ("a.md", "# 여권 수수료?\n\n5만원입니다.\n"),
        ("a.txt", "여권 수수료?\n\n5만원입니다.\n"),
        ("a", "여권 수수료?\n\n5만원입니다.\n"),
        ("a.html", "<h1>여권 수수료?</h1><script>x</script><p>5만원입니다.</p>"),
        (
            "a.txt",
            "\n<!-- 가 --><!DOCTYPE html><html><h1>여권 수수료?</h1><script>x</script><p>5만원입니다.</p></html>",
        ),
    ],
)
def test_every_format_in_every_encoding(write: Write, name: str, text: str, encoding: str) -> None:
    found = read(write(name, text.encode(encoding)), name)
    assert [(document.title, document.text) for document in found.documents] == [("여권 수수료?", "5만원입니다.")]
    assert found.faults == []


def test_a_workbook_by_any_name(write: Write) -> None:
    from openpyxl import Workbook

    book, data = Workbook(), io.BytesIO()
    book.worksheets[0].append(["질문", "답변"])
    book.worksheets[0].append(["가?", "나."])
    book.save(data)
    assert read(write("a.csv", data.getvalue()), "a.csv").documents[0].id == "a.csv#1"


@pytest.mark.parametrize("kind", Kind)
def test_a_given_kind_overrides(write: Write, kind: Kind) -> None:
    path = write("a.md", "---\n종류: 공지\n---\n본문입니다.".encode())
    assert read(path, "a.md", kind).documents[0].kind is kind


def zipped(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "<w:document/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.docx", zipped("word/document.xml"), "손상되었거나"),
        ("a.pptx", zipped("ppt/presentation.xml"), "지원하지 않는 형식"),
        ("a.xlsx", zipped("notes.txt"), "지원하지 않는 형식"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 100, "손상"),
        ("a.xlsx", zipped("xl/workbook.xml"), "손상"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj\n", "손상되어 열 수 없는 PDF"),
        ("a.rtf", b"{\\rtf1\\ansi hello}", "지원하지 않는 형식"),
        ("a.hwp", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "손상되어 열 수 없는 문서"),
        ("a.csv", b"\x89PNG\x00\x00", "그림 파일"),
        ("a.csv", b"\x00\x01\x02", "이진 파일"),
        ("a.xml", b'<?xml version="1.0"?><feed><item>1</item></feed>', "지원하지 않는 형식"),
        ("a.md", b"", "빈 파일"),
        ("a.md", b" \n\t", "빈 파일"),
        ("a.csv", "질문,답변\n".encode(), "읽을 수 있는 행이 없습니다"),
        ("a.csv", "질문,답변\n가?,\n나?,\n".encode(), "1행: 답변 칸이 비어 있습니다 / 2행: 답변"),
        ("a.csv", b"\xef\xbb\xbf", "머리글 행이 없습니다"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(write: Write, name: str, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason) as refusal:
        read(write(name, data), name)
    assert str(refusal.value).endswith(".")


def test_a_text_that_begins_like_a_zip_is_text(write: Write) -> None:
    assert read(write("a.txt", "PK마트 안내\n\n문을 엽니다.".encode()), "a.txt").documents[0].title == "PK마트 안내"


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="파일을 열 수 없습니다"):
        read(tmp_path / "없음.md", "없음.md")


def test_a_file_too_big(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(UnreadableFile, match="너무 큽니다"):
        read(write("a.md", b"x" * 11), "a.md")


def test_a_workbook_whose_parts_together_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kB in the file; the library for it unpacks all parts at once."""
    monkeypatch.setattr(readers.zipped, "MAX_UNPACKED_BYTES", 1_000_000)
    parts = {"xl/workbook.xml": "<workbook/>"} | {f"xl/media/{number}": " " * 600_000 for number in range(2)}
    for read_from in (lambda data: read_bytes(data, ".xlsx", "a.xlsx"), lambda data: read_first_sheet(data, 9)):
        with pytest.raises(UnreadableFile, match="압축을 풀면 너무 큰"):
            read_from(made.zipped(parts))


@pytest.mark.parametrize("name", ["요금.hwp", "요금.doc", "요금.xls", "요금.pdf", "요금"])
@pytest.mark.parametrize(
    ("data", "title", "text"),
    [
        (
            made.hwpml("<P><TEXT><CHAR>요금 안내</CHAR></TEXT></P><P><TEXT><CHAR>무료입니다.</CHAR></TEXT></P>"),
            "요금 안내",
            "무료입니다.",
        ),
        (
            made.hwpx("<hp:p><hp:t>요금 안내</hp:t></hp:p><hp:p><hp:t>무료입니다.</hp:t></hp:p>"),
            "요금 안내",
            "무료입니다.",
        ),
        (
            b'<html xmlns:o="urn:x"><head><meta charset="euc-kr"></head><h1>'
            + "요금 안내</h1><p>무료입니다.</p></html>".encode("cp949"),
            "요금 안내",
            "무료입니다.",
        ),
        (
            "<meta><table><tr><td>구분</td><td>요금</td></tr><tr><td>소형</td><td>무료</td></tr></table>".encode(),
            "요금",
            "| 구분 | 요금 |\n| --- | --- |\n| 소형 | 무료 |",
        ),
        ("질문,답변\n요금?,무료입니다.\n".encode("cp949"), "요금?", "무료입니다."),
        (
            "<table><tr><th>질문</th><th>답변</th></tr><tr><td>요금?</td><td>무료입니다.</td></tr></table>".encode(),
            "요금?",
            "무료입니다.",
        ),
        (Pdf().line("요금 안내", 20).line("무료입니다.").bytes(), "요금 안내", "무료입니다."),
    ],
    ids=["HWPML", "HWPX", "HTML of Word", "HTML of a spreadsheet", "CSV", "FAQ table in HTML", "PDF"],
)
def test_the_content_and_not_the_name_tells_the_format(name: str, data: bytes, title: str, text: str) -> None:
    [document] = read_bytes(data, Path(name).suffix, name).documents
    assert (document.title, document.text) == (title, text)


def test_many_comments_take_no_exponential_time(write: Write) -> None:
    started = time.process_time()
    read(write("a.md", b"<!-- x -->" * 400 + b"\n\ntext"), "a.md")
    assert time.process_time() - started < 1
