"""One question to one suggestion, over the real sample index; the LLM is scripted, word for word."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from app import Console
from assistant.answering.assistant import Assistant
from assistant.events import CautionKind, EvidenceEvent, FinalEvent, Status, SuggestionEvent, TokenEvent, Transfer
from assistant.journal import Action, Journal
from assistant.llm.deadline import Limits
from assistant.llm.language_model import LanguageModel
from assistant.settings import LLMChoice
from knowledge_base.errors import InvalidQuestion

TODAY = date(2026, 11, 27)
NEEDS_LLM = "콜센터 통화 녹음은 얼마 동안 보관하나요?"


def saying(*answers: str) -> LanguageModel:
    """A language model that gives these answers in turn, streamed word by word."""
    model = GenericFakeChatModel(messages=iter([AIMessage(content=answer) for answer in answers]))
    return LanguageModel("scripted", lambda: model, Limits(first=5, total=10))


def assistant(sample: Console, model: LanguageModel | None = None, journal: Journal | None = None) -> Assistant:
    fallback = Transfer(department="민원과", phone="061-749-3114")
    return Assistant(sample.searcher(), sample.analyzer(), fallback, model, journal)


def finished(events: Iterator[SuggestionEvent]) -> FinalEvent:
    *_, final = events
    assert isinstance(final, FinalEvent)
    return final


def test_the_amount_of_one_case_is_not_told_without_the_others(sample: Console) -> None:
    final = finished(assistant(sample).suggest("주차위반 과태료 얼마예요", on=TODAY))
    assert "일반 도로의 주정차 위반 과태료는 승용차와 4톤 이하 화물차가 4만 원" in final.answer
    [caution] = final.cautions
    assert caution.kind is CautionKind.CASES
    assert caution.documents == ("faq/04_차량·주정차.csv#1", "faq/04_차량·주정차.csv#2")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("여권 재발급 수수료가 얼마예요?", "52,000원"),
        ("스쿨존에 차 댔는데 과태료 얼마예요", "12만 원"),
        ("등본 무인발급기로 떼면 얼마인가요?", "200원"),
        ("이사했는데 전입신고 며칠 안에 해야 돼요?", "14일"),
        ("재산세는 언제 내요?", "7월 16일"),
        ("보건증 수수료 얼마예요?", "3,000원"),
        ("정보공개청구하면 며칠 만에 답이 와요?", "10일"),
        ("부동산 거래신고는 며칠 안에 해야 하나요?", "30일"),
        ("독감 예방접종 무료 대상이 누구예요?", "65세"),
        ("부모급여 한 달에 얼마 나와요?", "100만 원"),
        ("인감증명서 떼는 데 얼마예요?", "600원"),
    ],
)
def test_everyday_questions_get_the_right_fact_with_its_source(sample: Console, question: str, said: str) -> None:
    final = finished(assistant(sample).suggest(question, on=TODAY))
    assert final.status in (Status.FAQ, Status.EXTRACTIVE)
    assert said in final.answer
    assert final.citations
    assert final.snapshot == sample.searcher().snapshot().manifest.id


@pytest.mark.parametrize(
    "question",
    [
        "화성에 가는 로켓은 어디서 타요?",
        "비트코인 시세 알려 주세요",
        "제주도 렌터카 하루에 얼마예요?",
        "프랑스 비자 발급 수수료 얼마예요?",
    ],
)
def test_what_the_city_does_not_know_is_not_answered(sample: Console, question: str) -> None:
    final = finished(assistant(sample, saying("수수료는 5,000원입니다.")).suggest(question, on=TODAY))
    assert final.status is Status.ABSTAINED
    assert final.transfer is not None
    assert final.transfer.phone in final.answer
    assert final.citations == ()


def test_evidence_comes_before_anything_else(sample: Console) -> None:
    events = list(assistant(sample).suggest("여권 재발급 수수료가 얼마예요?", call="c1", on=TODAY))
    assert isinstance(events[0], EvidenceEvent)
    assert [event.seq for event in events] == list(range(len(events)))
    assert {event.call for event in events} == {"c1"}
    assert [event.at for event in events] == sorted(event.at for event in events)
    card = events[0].cards[0]
    assert card.text[slice(*card.highlights[0])]


def test_checked_sentences_stream_and_cite_what_bears_them_out(sample: Console) -> None:
    told = "콜센터 통화 녹음 파일은 6개월 동안 보관한 뒤 지웁니다. [번호]"
    events = list(assistant(sample, saying(told)).suggest(NEEDS_LLM, on=TODAY))
    final = events[-1]
    assert isinstance(final, FinalEvent)
    assert final.status is Status.GENERATED
    assert final.answer == "콜센터 통화 녹음 파일은 6개월 동안 보관한 뒤 지웁니다."
    assert [event.text for event in events if isinstance(event, TokenEvent)] == [final.answer]
    cards = next(event.cards for event in events if isinstance(event, EvidenceEvent))
    citation = final.citations[0]
    cited = cards[citation.number - 1].text[slice(*citation.chunk_span)]
    assert "6개월" in cited
    assert final.answer[slice(*citation.answer_span)] == final.answer
    assert final.model == "scripted"


def test_what_the_llm_copies_in_the_style_of_a_document_is_told_politely(sample: Console) -> None:
    told = "콜센터 통화 녹음 파일은 6개월 동안 보관한 뒤 지운다."
    final = finished(assistant(sample, saying(told)).suggest(NEEDS_LLM, on=TODAY))
    assert (final.status, final.answer) == (Status.GENERATED, "콜센터 통화 녹음 파일은 6개월 동안 보관한 뒤 지웁니다.")


def test_an_invented_fact_is_withheld_and_recorded(sample: Console) -> None:
    told = "콜센터 통화 녹음 파일은 12개월 동안 보관한 뒤 지웁니다."
    events = list(assistant(sample, saying(told)).suggest(NEEDS_LLM, on=TODAY))
    final = events[-1]
    assert isinstance(final, FinalEvent)
    assert final.status is Status.EXTRACTIVE
    assert "12개월" not in final.answer
    assert not any(isinstance(event, TokenEvent) for event in events)
    assert [check.supported for check in final.checks] == [False]
    assert any("12개월" in reason for reason in final.checks[0].reasons)


KEPT = "녹음 파일은 6개월 동안 보관한 뒤 지웁니다."
UNNUMBERED = "상담 기록에는 주민등록번호를 남기지 않습니다."


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (f"1. {KEPT}\n2. {UNNUMBERED}", Status.GENERATED),
        (f"1. {KEPT}\n2. 녹음 파일은 9개월 뒤에 공개합니다.", Status.EXTRACTIVE),  # an item is withheld
        (f"{KEPT}\n녹음 파일은 9개월 뒤에 공개합니다.", Status.GENERATED),  # no list
        (
            f"1. {KEPT}\n2. {UNNUMBERED}\n3. 통화는 상담 품질을 위하여 녹음합니다.\n"
            "4. 통화는 상담원 보호를 위하여 녹음합니다.\n5. 통화를 시작할 때 녹음을 알립니다.",
            Status.EXTRACTIVE,  # more than is shown
        ),
    ],
)
def test_a_list_is_told_whole_or_not_at_all(sample: Console, told: str, status: Status) -> None:
    final = finished(assistant(sample, saying(told)).suggest(NEEDS_LLM, on=TODAY))
    assert final.status is status
    assert "9개월" not in final.answer


def test_an_answer_about_another_side_gives_way_to_the_sentence_that_says_where(sample: Console) -> None:
    told = "남은 봉투는 산 곳에 영수증을 가져가시면 환불받으실 수 있습니다."
    final = finished(assistant(sample, saying(told)).suggest("김장 쓰레기 종량제봉투는 어디서 사나요?", on=TODAY))
    assert final.status is Status.EXTRACTIVE
    assert "판매소" in final.answer
    assert [check.supported for check in final.checks] == [True]


def test_the_bundled_models_known_lie_is_caught(sample: Console) -> None:
    """The mattress fee told as a passport fee, as the bundled model was seen to do."""
    lie = saying("여권 재발급 수수료는 8,000원입니다. [번호]")
    final = finished(assistant(sample, lie).suggest("매트리스 버리는 데 얼마예요?", on=TODAY))
    assert "여권" not in final.answer


def test_documents_out_of_their_validity_never_surface(sample: Console) -> None:
    def shown(day: date) -> set[str]:
        events = assistant(sample).suggest("온누리자전거 동절기 운영 시간이 어떻게 돼요?", on=day)
        return {card.document for event in events if isinstance(event, EvidenceEvent) for card in event.cards}

    old = "notices/2026-10-12_온누리자전거_동절기_운영_안내.md"
    new = "notices/2026-11-20_온누리자전거_겨울철_운영시간_변경.md"
    assert old in shown(date(2026, 11, 22))
    assert new not in shown(date(2026, 11, 22))
    assert new in shown(date(2026, 11, 23))
    assert old not in shown(date(2026, 11, 23))


def test_who_asks_what_will_be_is_told_what_is_not_in_force_yet(sample: Console) -> None:
    final = finished(assistant(sample).suggest("내년에 하수도 사용료 오른다던데 얼마가 되나요?", on=TODAY))
    assert final.citations[0].document == "notices/2026-11-24_하수도_사용료_요율_변경.html"
    assert any(caution.text.startswith("아직 시행 전입니다.") for caution in final.cautions)


def test_personal_data_is_gone_before_anything_sees_it(sample: Console) -> None:
    events = list(assistant(sample).suggest("900101-1234567인데 여권 재발급 수수료 얼마예요?", on=TODAY))
    assert all("1234567" not in event.model_dump_json() for event in events)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("", "비어"),
        ("   \n", "비어"),
        ("😀🎉", "낱말"),
        ("?!", "낱말"),
        ("ㅁㄴㅇㄹ ㅠㅠ", "낱말"),
        ("가" * 10_000, "10,000자"),
    ],
)
def test_questions_not_worth_asking_get_one_sentence(sample: Console, question: str, sentence: str) -> None:
    with pytest.raises(InvalidQuestion, match=sentence):
        next(assistant(sample).suggest(question))


def test_an_english_question_is_answered_or_passed_on(sample: Console) -> None:
    assert finished(assistant(sample).suggest("How much is a passport?", on=TODAY)).status in Status


def test_what_was_shown_and_done_is_kept(sample: Console, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.db")
    final = finished(assistant(sample, journal=journal).suggest("여권 재발급 수수료가 얼마예요?", call="c9"))
    journal.add_feedback(final.suggestion, Action.REJECTED, "사실과 다름 010-1234-5678")
    kept = journal.suggestions()[-1]
    assert (kept["id"], kept["call"], kept["status"]) == (final.suggestion, "c9", "faq")
    assert FinalEvent.model_validate_json(str(kept["event"])) == final
    [feedback] = journal.feedback(final.suggestion)
    assert (feedback["action"], feedback["reason"]) == ("rejected", "사실과 다름 [전화번호]")


def test_no_llm_means_no_llm(sample: Console) -> None:
    final = finished(sample.assistant(LLMChoice.NONE).suggest(NEEDS_LLM, on=TODAY))
    assert final.status is Status.EXTRACTIVE
    assert final.model == ""
