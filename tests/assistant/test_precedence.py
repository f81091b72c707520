"""Notices that give way to others, as made passages."""

from collections.abc import Sequence
from datetime import date

import pytest

from assistant.answering.precedence import Precedence
from assistant.events import CautionKind
from assistant.extraction.extract import asked_in
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit
from knowledge_base.document import Chunk, Document, Kind

TODAY = date(2026, 11, 28)
JOB = """가람시 공고 제2026-811호
○ 채용인원: 6명
○ 보수: 시급 11,240원
○ 원서접수: 2026. 12. 1. ~ 12. 7."""
CORRECTION = """가람시 공고 제2026-811호로 공고한 채용 공고의 일부를 다음과 같이 정정합니다.
| 구분 | 당초 | 정정 |
|---|---|---|
| 채용인원 | 6명 | 8명 |
| 원서접수 | 2026. 12. 1. ~ 12. 7. | 2026. 12. 3. ~ 12. 10. |"""


def hit(title: str, text: str, kind: Kind = Kind.NOTICE) -> Hit:
    document = Document(id=f"{title}.md", kind=kind, title=title, text=text)
    chunk = Chunk(document=document.id, number=0, heading="", text=text, start=0)
    return Hit(document=document, chunk=chunk, score=2.0, bm25=5.0, dense=0.9, coverage=1.0, highlights=(), share=0.4)


def standing(hits: Sequence[Hit], question: str, analyzer: Analyzer) -> list[Hit]:
    return Precedence(hits, question, TODAY).standing(asked_in(question, analyzer))


def titles(hits: Sequence[Hit]) -> list[str]:
    return [each.document.title for each in hits]


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("도서관 기간제 원서 언제까지 내요?", "도서관 기간제 채용 정정 공고"),
        ("도서관 기간제 몇 명 뽑아요?", "도서관 기간제 채용 정정 공고"),
        ("도서관 기간제 시급 얼마예요?", "도서관 기간제 채용 공고"),
    ],
)
def test_a_correction_is_answered_from_where_it_tells_what_is_asked(
    question: str, told: str, analyzer: Analyzer
) -> None:
    hits = [hit("도서관 기간제 채용 공고", JOB), hit("도서관 기간제 채용 정정 공고", CORRECTION)]
    assert titles(standing(hits, question, analyzer)) == [told]


def test_a_correction_stands_before_what_it_corrects_and_is_told_of_where_that_is_cited() -> None:
    notice, correction = hit("가람시 공고 제2026-811호", JOB), hit("가람시 공고 제2026-833호", CORRECTION)
    among = Precedence([notice, correction], "원서", TODAY)
    assert among.newest_first() == [correction, notice]
    [caution] = among.corrected([notice])
    assert caution.kind is CautionKind.OUTDATED
    assert "제2026-833호" in caution.text
    assert not list(among.corrected([correction]))


def test_what_was_corrected_is_not_told_beside_the_answer(analyzer: Analyzer) -> None:
    notice, correction = hit("도서관 기간제 채용 공고", JOB), hit("도서관 기간제 채용 정정 공고", CORRECTION)
    pay, papers = JOB.index("○ 보수"), JOB.index("○ 원서")
    spans = [(pay, papers - 1), (papers, len(JOB))]
    asked = asked_in("도서관 기간제 시급 얼마예요?", analyzer)
    assert Precedence([notice, correction], "", TODAY).unchanged(notice, spans, asked) == spans[:1]
    assert Precedence([notice], "", TODAY).unchanged(notice, spans, asked) == spans


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("도서관 주차 요금 변경 안내", "2027년 1월 1일부터 주차 요금이 1,000원으로 바뀝니다."),  # today's still stands
        ("체육관 주차 요금 변경 안내", "당초 500원이던 요금을 1,000원으로 바꿉니다."),
        ("2027년 도서관 주차 요금 정정 안내", "당초 900원을 1,000원으로 바로잡습니다."),
    ],
)
def test_what_announces_another_thing_or_what_will_be_corrects_nothing(
    title: str, text: str, analyzer: Analyzer
) -> None:
    question = "도서관 주차 요금 얼마예요?"
    hits = [hit("2026년 도서관 주차 요금 안내", "주차 요금은 500원입니다."), hit(title, text)]
    assert standing(hits, question, analyzer) == hits


def test_what_was_called_off_is_answered_from_no_more(analyzer: Analyzer) -> None:
    planned = hit("2026 김장 나눔 행사 안내", "12월 2일 10시에 종합운동장에서 엽니다.")
    called_off = hit("2026 김장 나눔 취소 안내", "12월 2일에 열 예정이던 김장 나눔을 취소합니다.")
    question = "김장 나눔 언제 해요?"
    assert Precedence([planned, called_off], question, TODAY).newest_first()[0] is called_off
    [left] = standing([planned, called_off], question, analyzer)
    assert left.document is called_off.document
    assert left.share == pytest.approx(0.4 / 0.6)  # what is set aside is no rival


def test_how_to_call_off_is_no_cancellation(analyzer: Analyzer) -> None:
    hits = [
        hit("캠핑장 예약 안내", "예약은 매월 1일에 합니다."),
        hit("캠핑장 예약 취소 안내", "5일 전까지 전액 환불합니다."),
    ]
    question = "캠핑장 예약 언제 해요?"
    assert standing(hits, question, analyzer) == hits


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2025년 시민안전보험 안내", "2026년 시민안전보험 안내"),
        ("제8회 빛축제 개최 안내", "제9회 빛축제 개최 안내"),
        ("2025~2026절기 독감 접종 안내", "2026~2027절기 독감 접종 안내"),
    ],
)
def test_an_earlier_edition_gives_way_unless_the_past_is_asked_for(
    earlier: str, later: str, analyzer: Analyzer
) -> None:
    hits = [hit(earlier, "10만 원입니다."), hit(later, "20만 원입니다.")]
    question = "얼마예요?"
    assert titles(Precedence(hits, question, TODAY).newest_first()) == [later, earlier]
    assert titles(standing(hits, question, analyzer)) == [later]
    assert titles(Precedence(hits, "작년에는 얼마였어요?", TODAY).newest_first()) == [earlier, later]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026년 시민안전보험 안내", "2027년 시민안전보험 안내"),  # this year's stands beside next year's
        ("2025년 시민안전보험 안내", "2026년 전기차 보조금 안내"),
        ("2025년 시민안전보험 안내", "2027년 시민안전보험 안내"),  # what stands for this year is not known
    ],
)
def test_what_is_no_earlier_edition_stays(one: str, other: str, analyzer: Analyzer) -> None:
    hits = [hit(one, "10만 원입니다."), hit(other, "20만 원입니다.")]
    assert standing(hits, "얼마예요?", analyzer) == hits
