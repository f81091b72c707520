"""Who a question that is not answered is put through to: pure functions over made passages."""

import pytest

from assistant.answering.confidence import Candidate, likely_department
from assistant.events import Transfer
from indexing.retrieval.hit import Hit
from knowledge_base.document import Chunk, Document, Kind

JOBS = Transfer(department="일자리경제과 청년정책팀", phone="055-330-2425")


def near(text: str, department: str = "", coverage: float = 1.0) -> Candidate:
    document = Document(id="a.md", kind=Kind.NOTICE, title="안내", text=text, department=department)
    chunk = Chunk(document="a.md", number=0, heading="", text=text, start=0)
    hit = Hit(document=document, chunk=chunk, score=1.0, bm25=1.0, dense=0.9, coverage=coverage, highlights=())
    return Candidate(hit, 0.1)


@pytest.mark.parametrize(
    "text",
    [
        "○ 문의 : 일자리경제과 청년정책팀 055-330-2425",
        "모집합니다.\n8. 문의처: 일자리경제과 청년정책팀(☎ 055-330-2425)",
        "문의전화\n일자리경제과  청년정책팀 055-330-2425",
    ],
)
def test_a_notice_without_metadata_says_itself_whom_to_call(text: str) -> None:
    assert likely_department([near(text)]) == JOBS


def test_metadata_comes_first() -> None:
    named = near("문의: 일자리경제과 청년정책팀 055-330-2425", department="세정과")
    assert likely_department([named]) == Transfer(department="세정과", phone="")


@pytest.mark.parametrize("text", ["문의는 민원과에 하세요.", "일자리경제과 055-330-2425", "문의: 055-330-2425"])
def test_what_names_no_department_with_its_phone_is_no_contact(text: str) -> None:
    assert likely_department([near(text)]) is None


def test_one_document_that_is_half_about_it_is_a_guess() -> None:
    text = "문의: 일자리경제과 청년정책팀 055-330-2425"
    assert likely_department([near(text, coverage=0.3)]) is None
    assert likely_department([near(text, coverage=0.3), near(text, coverage=0.3)]) == JOBS
