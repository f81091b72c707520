"""Fees of several cases, of which the question names none: made FAQs, real rules."""

import pytest

from assistant.answering.cases import cases, general_first, unsettled
from assistant.events import CautionKind
from assistant.extraction.extract import asked_in
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit
from knowledge_base.document import Chunk, Document, Kind

ROAD = ("불법 주정차 과태료는 얼마인가요?", "승용차 4만 원이고, 2시간을 넘기면 1만 원이 더해집니다.")
SCHOOL = ("어린이보호구역에 주차하면 과태료가 얼마인가요?", "승용차 12만 원이고, 2시간을 넘기면 1만 원이 더해집니다.")
APPEAL = ("주차 과태료에 이의신청은 어떻게 하나요?", "4만 원을 내시기 전에 교통과로 내 주세요.")
OPEN = ("도서관은 언제 쉬나요?", "매주 월요일과 12월 25일에 쉽니다.")
LENDS = ("도서관 책은 며칠 동안 빌려주나요?", "14일 동안 빌려 드립니다.")


def hit(title: str, text: str, *, kind: Kind = Kind.FAQ, left_out: float = 0.0) -> Hit:
    document = Document(id=title, kind=kind, title=title, text=text)
    chunk = Chunk(document=title, number=0, heading="", text=text, start=0)
    standing = {"bm25": 5.0, "dense": 0.9, "coverage": 1.0, "highlights": (), "left_out": left_out}
    return Hit(document=document, chunk=chunk, score=2.0, **standing)  # type: ignore[arg-type]


def meant(question: str, analyzer: Analyzer, *hits: Hit) -> list[str]:
    return [each.document.title for each in cases(hits, question, asked_in(question, analyzer), analyzer)]


@pytest.mark.parametrize(
    "question", ["주차위반 과태료 얼마예요", "주정차 과태료가 얼마죠?", "주차위반 걸리면 얼마 내요"]
)
def test_the_general_case_comes_first_where_none_is_named(question: str, analyzer: Analyzer) -> None:
    assert meant(question, analyzer, hit(*SCHOOL), hit(*ROAD), hit(*APPEAL)) == [ROAD[0], SCHOOL[0]]


@pytest.mark.parametrize("question", ["스쿨존에 차 댔는데 과태료 얼마예요", "학교 앞에 세웠는데 과태료 얼마예요"])
def test_the_case_that_a_citizen_names_in_other_words_comes_first(question: str, analyzer: Analyzer) -> None:
    assert meant(question, analyzer, hit(*ROAD), hit(*SCHOOL)) == [SCHOOL[0], ROAD[0]]


def test_a_case_that_is_named_leaves_nothing_open(analyzer: Analyzer) -> None:
    assert meant("어린이보호구역 주정차 과태료 얼마예요", analyzer, hit(*SCHOOL), hit(*ROAD)) == []


@pytest.mark.parametrize(
    ("question", "hits"),
    [
        ("주차위반 과태료 얼마예요", [hit(*ROAD), hit(SCHOOL[0], ROAD[1])]),  # the same amounts
        ("주차위반 과태료 얼마예요", [hit(*ROAD), hit(*SCHOOL, left_out=0.4)]),  # not about all that is asked
        ("주차위반 과태료 얼마예요", [hit(*ROAD), hit(*SCHOOL, kind=Kind.NOTICE)]),  # no curated answer
        ("주차장 요금 얼마예요", [hit("주차장 요금은 얼마인가요?", "1,000원입니다."), hit(*ROAD)]),  # a fine is no fee
        ("도서관 언제 쉬어요", [hit(*OPEN), hit(*LENDS)]),  # no amount is asked for
        ("주차위반 과태료 얼마예요", []),
    ],
)
def test_only_amounts_of_one_sort_are_cases(question: str, hits: list[Hit], analyzer: Analyzer) -> None:
    assert meant(question, analyzer, *hits) == []


def test_only_a_case_gives_way_to_the_general_one() -> None:
    road, school, appeal = hit(*ROAD), hit(*SCHOOL), hit(*APPEAL)
    assert general_first([school, appeal], [road, school]) == [road, school, appeal]
    assert general_first([appeal, school], [road, school]) == [appeal, school]
    assert general_first([], [road, school]) == []


def test_the_agent_is_told_to_ask_which_case() -> None:
    caution = unsettled([hit(*ROAD), hit(*SCHOOL)])
    assert (caution.kind, caution.documents) == (CautionKind.CASES, (ROAD[0], SCHOOL[0]))
    assert "어느 경우인지 여쭤" in caution.text
