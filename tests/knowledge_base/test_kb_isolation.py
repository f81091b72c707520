"""The reading process: kept from file to file, replaced when a file ends it, and never at the caller's cost."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import made_files as made
import pytest

from knowledge_base.document import Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.readers import isolation
from knowledge_base.readers.isolation import Reader, ReaderFailure

TEXT = "# 여권 수수료\n\n5만원입니다.".encode()
# A form that draws itself five times over, each of which draws itself five times over, …
ENDLESS = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</F 4 0 R>>>>/Contents 5 0 R>>endobj "
    b"4 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 4 0 R>>>>/Length 30>>stream\n"
    b"/F Do /F Do /F Do /F Do /F Do \nendstream endobj 5 0 obj<</Length 5>>stream\n/F Do\nendstream endobj "
    b"trailer<</Root 1 0 R>>"
)


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Has time enough on a busy machine, or the seconds it is given."""
    reader = Reader(seconds=getattr(request, "param", 10), memory=512 * 1024**2)
    yield reader
    reader.close()


def process_of(reader: Reader) -> int:
    assert reader._process is not None
    return reader._process.pid


def test_documents_come_back_whole(reader: Reader) -> None:
    data = "제목: 단수\n시행일: 2026-12-03\n종류: 공지\n\n물이 안 나옵니다.\n줄\u2028둘".encode()
    [document] = reader.read(data, ".txt", "공지/단수.txt").documents
    assert (document.id, document.kind, document.title) == ("공지/단수.txt", Kind.NOTICE, "단수")
    assert (document.text, str(document.effective_from)) == ("물이 안 나옵니다.\n줄\n둘", "2026-12-03")


def test_one_process_reads_one_file_after_another(reader: Reader) -> None:
    reader.read(TEXT, ".md", "a.md")
    first = process_of(reader)
    with pytest.raises(UnreadableFile, match="손상"):
        reader.read(b"PK\x03\x04" + bytes(99), ".hwpx", "b.hwpx")
    reader.read(TEXT, ".md", "c.md")
    assert process_of(reader) == first


@pytest.mark.parametrize(
    ("reader", "data", "reason"),
    [
        (1, ENDLESS, "1초 안에 읽지 못했습니다"),
        (10, made.workbook_with_cells("A1", "XFD1048576"), "손상"),  # the library asks for 400 GB and is ended
        (1, made.hwpx("<hp:p><hp:run><hp:t>가</hp:t></hp:run></hp:p>" * 200_000), "초 안에|기억 장치"),
    ],
    ids=["hangs", "is ended", "fills the memory"],
    indirect=["reader"],
)
def test_after_a_file_that_ends_the_process_another_reads_on(reader: Reader, data: bytes, reason: str) -> None:
    started = time.monotonic()
    with pytest.raises(UnreadableFile, match=reason):
        reader.read(data, "", "나쁜 파일")
    assert time.monotonic() - started < 5
    assert reader.read(TEXT, ".md", "a.md").documents[0].text == "5만원입니다."


def test_a_process_that_has_grown_is_replaced() -> None:
    reader = Reader(memory=100 * 1024**2)
    reader.read(b"<html><p>a", ".html", "a.html")  # the libraries for it take more than a quarter
    assert reader._process is None
    assert reader.read(b"<html><p>a", ".html", "a.html").documents[0].text == "a"


def test_a_process_that_died_between_two_files_costs_neither(reader: Reader) -> None:
    reader.read(TEXT, ".md", "a.md")
    os.kill(process_of(reader), signal.SIGKILL)
    os.waitid(os.P_PID, process_of(reader), os.WEXITED | os.WNOWAIT)
    assert reader.read(TEXT, ".md", "a.md").documents[0].text == "5만원입니다."


def test_the_process_knows_no_secrets(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONNURI_LLM_API_KEY", "비밀1")
    monkeypatch.setenv("CLOVA_API_KEY", "비밀2")
    reader.read(TEXT, ".md", "a.md")
    environment = Path(f"/proc/{process_of(reader)}/environ").read_text()
    assert "PATH" in environment
    assert "비밀" not in environment


def test_an_endless_answer_is_cut_off(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "MAX_ANSWER_BYTES", 100)
    with pytest.raises(UnreadableFile):
        reader.read(b"x" * 300_000, ".md", "a.md")


def test_the_cause_is_kept_for_who_looks_for_it(reader: Reader) -> None:
    with pytest.raises(UnreadableFile, match="손상되었거나") as refusal:
        reader.read(made.zipped({"word/document.xml": "<unclosed"}), ".docx", "a.docx")
    assert isinstance(refusal.value.__cause__, ReaderFailure)
    assert "XMLSyntaxError" in str(refusal.value.__cause__)


def test_threads_take_turns(reader: Reader) -> None:
    found: list[str] = []

    def read(number: int) -> None:
        found.append(reader.read(f"# 제목 {number}\n\n글입니다.".encode(), ".md", f"{number}.md").documents[0].title)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [f"제목 {number}" for number in range(8)]


def test_a_reader_can_be_closed_and_used_again(reader: Reader) -> None:
    reader.close()
    reader.read(TEXT, ".md", "a.md")
    reader.close()
    reader.close()
    assert reader.read(TEXT, ".md", "a.md").faults == []
