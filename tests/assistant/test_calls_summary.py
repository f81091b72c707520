"""A summary in the transcript's own words: promises are found, and nothing is in it that was not said."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from assistant.calls.masked_speech import MaskedSpeech
from assistant.calls.speech import cleaned
from assistant.calls.summary import CallSummary, as_text
from assistant.calls.summary.deeds import Deed, deeds
from assistant.calls.summary.extraction import extract
from assistant.calls.summary.sentences import sentences
from assistant.calls.utterance import Speaker, Utterance
from assistant.events import Card, Citation, EvidenceEvent, FinalEvent, Heard, Status, Transfer
from assistant.journal import Action
from indexing.lexical.tokens import Analyzer
from knowledge_base.document import Kind
from knowledge_base.facts.finding import facts, is_borne_out

ROOT = Path(__file__).parents[2]
CALLS = [json.loads(line) for line in (ROOT / "eval/data/calls/tuning.jsonl").read_text("utf-8").splitlines()]

PROMISED = (
    "현장 확인하고 나서 오늘 저녁 전에 문자 넣어 드릴게요",
    "담당 주무관이 퇴근 전까지 회신드릴 겁니다",
    "서류 양식은 메일로 보내 놓을게요",
    "알아보고 삼십 분 뒤에 다시 전화 드리겠습니다",
    "접수되면 결과는 우편으로 통지해 드릴 예정입니다",
    "수거팀이 모레 아침에 가져갈 거예요",
    "이따 다섯 시쯤 연락이 갈 거니까 받아 주세요",
    "내일 전화드립니다",
    "고객님께 다음 주 수요일까지 연락드리기로 했습니다",
    "처리되는 대로 알려 드릴게요",
    "신청서는 팩스로 넣어 드리려고 합니다",
    "오후에 담당자가 직접 방문드릴 테니 댁에 계셔 주세요",
    "금요일에 회신드리는 걸로 하겠습니다",
    "담당자에게 꼭 전화드리라고 하겠습니다",
)
PUT_THROUGH = (
    "상수도과로 전화 돌려 드릴게요",
    "담당 직원 바꿔 드리겠습니다",
    "바로 교통행정과 연결하겠습니다",
)
ASKED = (
    "이번 주 금요일까지 통장 사본을 보내 주세요",
    "내일 오전 중으로 신분증 들고 나오셔야 합니다",
    "십이월 십오일까지 이의신청서를 내셔야 돼요",
    "사흘 안에 사진을 다시 올려 주시기 바랍니다",
)
TOLD = (
    "그렇게 신청하시면 되겠습니다",
    "신청하신 날부터 칠 일 이내에 문자로 알려 드립니다",
    "발급까지 사흘 정도 걸리겠습니다",
    "담당 부서에 이미 전달했습니다",
    "구월 일일부터 십일일까지 접수하시면 됩니다",
    "접수하시면 담당자가 확인 후 전화를 드립니다",
    "그 서류는 팩스로 보내 드릴 수 없습니다",
    "따로 연락을 드리지는 않습니다",
    "비가 오면 행사가 취소될 거예요",
    "고객님이 직접 위택스에서 신청하실 거예요",
    "초과하신 금액은 계좌로 돌려 드립니다",
)
NOTHING = (
    "잠시만 기다려 주시겠어요",
    "지금 확인해 보겠습니다",
    "금방 찾아볼게요",
    "문자로 보내 드릴까요",
    "성함이 어떻게 되실까요",
    "그럼 이만 끊겠습니다",
    "제가 천천히 다시 말씀드릴게요",
    "네 알겠습니다",
    "더 도와드릴 일은 없으세요",
    "행복한 저녁 보내세요",
    "많이 힘드시겠어요",
)


def done(text: str, analyzer: Analyzer) -> set[Deed]:
    said = sentences(Utterance(line=0, speaker=Speaker.AGENT, text=text, at=0), analyzer)
    return {deed for sentence in said for deed in deeds(sentence)}


@pytest.mark.parametrize("text", PROMISED)
def test_a_promise_is_one(text: str, analyzer: Analyzer) -> None:
    assert done(text, analyzer) == {Deed.PROMISES}


@pytest.mark.parametrize("text", PUT_THROUGH)
def test_putting_through_is_seen(text: str, analyzer: Analyzer) -> None:
    assert done(text, analyzer) == {Deed.PUTS_THROUGH}


@pytest.mark.parametrize("text", ASKED)
def test_what_the_caller_is_to_do_by_a_time_is_seen(text: str, analyzer: Analyzer) -> None:
    assert done(text, analyzer) == {Deed.ASKS, Deed.TELLS}


@pytest.mark.parametrize("text", TOLD)
def test_what_is_told_is_no_promise(text: str, analyzer: Analyzer) -> None:
    assert done(text, analyzer) == {Deed.TELLS}


@pytest.mark.parametrize("text", NOTHING)
def test_questions_courtesies_and_waiting_say_nothing(text: str, analyzer: Analyzer) -> None:
    assert done(text, analyzer) == set()


def talk(*lines: tuple[str, str]) -> list[Utterance]:
    return [
        Utterance(line=n, speaker=Speaker.AGENT if who == "a" else Speaker.CALLER, text=text, at=float(n))
        for n, (who, text) in enumerate(lines)
    ]


def masked(call: dict[str, Any]) -> list[Utterance]:
    speech = MaskedSpeech()
    rows = [Utterance(line=n, **row) for n, row in enumerate(call["utterances"])]
    return [speech.masked(each) for each in rows if each.final]


def card(document: str, category: str, department: str) -> Card:
    return Card(
        number=1, document=document, chunk=f"{document}/0", kind=Kind.FAQ, title="", heading="", text="", highlights=(),
        category=category, department=department, phone="", source="", note="", effective_from=None,
        effective_to=None, as_of=None, score=1.0,
    )  # fmt: skip


def asked(slot: int, question: str, *heard: Utterance, shown: Sequence[Card] = ()) -> EvidenceEvent:
    words = tuple(Heard(line=each.line, start=0, end=len(each.text), text=each.text) for each in heard)
    documents = tuple(each.document for each in shown)
    return EvidenceEvent(
        call="c", seq=0, at=0, slot=slot, question=question, documents=documents, cards=tuple(shown), heard=words
    )


def answered(slot: int, suggestion: str, document: str = "", transfer: str = "") -> FinalEvent:
    cited = Citation(number=1, document=document, chunk=f"{document}/0", answer_span=(0, 1), chunk_span=(0, 1))
    return FinalEvent(
        call="c", seq=1, at=1, slot=slot, suggestion=suggestion, question="", answer="", reason="", checks=(),
        status=Status.FAQ if document else Status.ABSTAINED, citations=(cited,) if document else (),
        transfer=Transfer(department=transfer, phone="") if transfer else None, timings={}, snapshot="", model="",
    )  # fmt: skip


def questions_of(call: dict[str, Any], said: Sequence[Utterance]) -> Iterator[EvidenceEvent]:
    """As a finder without faults would understand them."""
    for slot, row in enumerate(call["questions"]):
        span = range(row["starts"], row["line"] + 1)
        heard = [each for each in said if each.line in span and each.speaker is Speaker.CALLER]
        yield asked(slot, cleaned(" ".join(each.text for each in heard)), *heard)


def compact(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("call", CALLS, ids=[call["id"] for call in CALLS])
def test_nothing_is_in_it_that_was_not_said(call: dict[str, Any], analyzer: Analyzer) -> None:
    said = masked(call)
    found = extract(said, list(questions_of(call, said)), {}, analyzer)
    turns = [each for each in said if each.speaker is Speaker.AGENT]
    closed = [sentence.closed for turn in turns for sentence in sentences(turn, analyzer)]
    agent = compact(" ".join([*(each.text for each in turns), *closed]))
    everything = facts(" ".join(cleaned(each.text) for each in said) + " ".join(each.text for each in said))
    for line in (*found.outcome.splitlines(), *found.follow_ups):
        assert all(word in agent for word in line.split()), line
    assert all(compact(each) in agent for each in found.follow_ups)
    for line in as_text(found).splitlines():
        assert all(is_borne_out(fact, everything) for fact in facts(line)), line
    assert found.request or not call["questions"]


def test_personal_data_stays_masked(analyzer: Analyzer) -> None:
    for call in CALLS:
        if call["kind"] == "personal_data":
            said = masked(call)
            text = as_text(extract(said, list(questions_of(call, said)), {}, analyzer))
            assert not any(number in text for number in ("일이삼사", "육팔공삼일오", "칠공공사공오", "이이삼삼"))


def test_a_call_as_an_agent_would_note_it(analyzer: Analyzer) -> None:
    said = talk(
        ("a", "감사합니다 순천시 온누리콜센터 김지은입니다"),
        ("c", "어 저기 소파를 버리려고 하는데 수수료가 얼마예요"),
        ("a", "네 고객님 삼인용은 구천 원입니다"),
        ("c", "그럼 언제 가져가요"),
        ("a", "그 부분은 확인해서 내일 오전까지 문자로 알려 드릴게요 수거 업체로 연결해 드리겠습니다"),
        ("c", "네 감사합니다"),
        ("a", "네 좋은 하루 되세요"),
    )
    events = [asked(0, "소파를 버리려고 하는데 수수료가 얼마예요", said[1]), asked(1, "소파 언제 가져가요", said[3])]
    assert extract(said, events, {}, analyzer) == CallSummary(
        request="소파를 버리려고 하는데 수수료가 얼마예요 / 그럼 언제 가져가요",
        outcome="삼인용은 구천 원입니다\n수거 업체로 연결해 드리겠습니다",
        follow_ups=("그 부분은 확인해서 내일 오전까지 문자로 알려 드릴게요", "수거 업체로 연결해 드리겠습니다"),
    )


def test_a_correction_is_noted_as_it_was_meant(analyzer: Analyzer) -> None:
    said = talk(("c", "여권 수수료가 얼마예요"), ("c", "아니 여권 말고 주민등록증이요"))
    events = [asked(0, "여권 수수료가 얼마예요", said[0]), asked(0, "주민등록증 수수료가 얼마예요", *said)]
    assert extract(said, events, {}, analyzer).request == "주민등록증 수수료가 얼마예요"


def test_words_of_a_document_do_not_become_the_callers(analyzer: Analyzer) -> None:
    said = talk(("c", "그건 얼마예요"))
    assert extract(said, [asked(0, "대형폐기물 얼마예요", *said)], {}, analyzer).request == "그건 얼마예요"


def test_the_same_question_twice_is_noted_once(analyzer: Analyzer) -> None:
    said = talk(("c", "여권 수수료가 얼마예요"), ("a", "오만 원입니다"), ("c", "여권 수수료가 얼마예요"))
    events = [asked(slot, "여권 수수료가 얼마예요", said[line]) for slot, line in enumerate((0, 2))]
    assert extract(said, events, {}, analyzer).request == "여권 수수료가 얼마예요"


def test_what_is_said_again_is_told_once_but_never_another_figure(analyzer: Analyzer) -> None:
    said = talk(
        ("c", "주민등록증 과태료가 얼마예요"),
        ("a", "과태료는 오십만 원입니다"),
        ("a", "네 과태료는 오십만 원이요"),
        ("a", "아니요 과태료는 십오만 원입니다"),
        ("a", "토요일에는 안 됩니다"),
        ("a", "토요일에는 됩니다"),
    )
    told = extract(said, [], {}, analyzer).outcome.splitlines()
    assert [line.removeprefix("아니요 ") for line in told] == [
        "과태료는 오십만 원입니다", "과태료는 십오만 원입니다", "토요일에는 안 됩니다", "토요일에는 됩니다",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("open_end", "closed"),
    [
        ("수수료는 육백 원이고요", "수수료는 육백 원입니다"),
        ("모바일 신분증은 무료고요", "모바일 신분증은 무료입니다"),
        ("본인이 오셔야 하고요", "본인이 오셔야 합니다"),
        ("창구에 신청서가 있고", "창구에 신청서가 있습니다"),
        ("내일 연락드릴 거고요", "내일 연락드릴 겁니다"),
    ],
)
def test_a_turn_left_open_is_closed(open_end: str, closed: str, analyzer: Analyzer) -> None:
    turn = Utterance(line=0, speaker=Speaker.AGENT, text=open_end, at=0)
    assert [each.closed for each in sentences(turn, analyzer)] == [closed]


def test_a_call_without_a_question_is_empty(analyzer: Analyzer) -> None:
    said = talk(
        ("a", "감사합니다 온누리콜센터 이민호입니다"),
        ("c", "여보세요 거기 중앙약국 아니에요?"),
        ("a", "아닙니다 여기는 순천시 콜센터입니다"),
        ("c", "미안합니다"),
    )
    assert extract(said, [], {}, analyzer) == CallSummary()
    assert extract([], [], {}, analyzer) == CallSummary()


def test_a_complaint_without_a_question_says_what_it_was_about(analyzer: Analyzer) -> None:
    said = talk(
        ("a", "온누리콜센터입니다"),
        ("c", "밤마다 오토바이 소리 때문에 잠을 못 자요"),
        ("a", "담당 부서에 순찰을 요청하도록 전달하겠습니다"),
    )
    found = extract(said, [], {}, analyzer)
    assert found.request == "밤마다 오토바이 소리 때문에 잠을 못 자요"
    assert found.follow_ups == ("담당 부서에 순찰을 요청하도록 전달하겠습니다",)
    assert found.outcome == found.follow_ups[0], "nothing else was told"


def test_a_very_long_call_is_short_and_quick(analyzer: Analyzer) -> None:
    rows = [row for call in CALLS for row in call["utterances"] if row["final"]]
    said = [Utterance(line=n, **{**rows[n % len(rows)], "at": float(n)}) for n in range(2000)]
    analyzer.tokens("안녕하세요")
    began = time.process_time()
    found = extract(said, [], {}, analyzer)
    assert time.process_time() - began < 4
    assert len(found.outcome.splitlines()) <= 12 and len(found.follow_ups) <= 8


BINS = card("faq/쓰레기.csv#1", "생활폐기물", "청소자원과")
PASSPORT = card("faq/여권.csv#1", "여권", "민원과")


def matter(analyzer: Analyzer, *finals: FinalEvent, **opinions: list[Action]) -> tuple[str, str]:
    shown = asked(0, "질문", shown=[BINS, PASSPORT])
    found = extract([], [shown, *finals], opinions, analyzer)
    return found.category, found.department


def test_category_and_department_are_those_of_the_suggestions_taken(analyzer: Analyzer) -> None:
    two = answered(0, "s0", BINS.document), answered(1, "s1", PASSPORT.document)
    assert matter(analyzer, *two) == ("생활폐기물", "청소자원과")
    assert matter(analyzer, *two, s1=[Action.DISPLAYED, Action.COPIED]) == ("여권", "민원과")
    assert matter(analyzer, *two, s0=[Action.REJECTED]) == ("여권", "민원과")
    assert matter(analyzer, *two, s1=[Action.COPIED, Action.REJECTED]) == ("생활폐기물", "청소자원과")


def test_where_nothing_was_answered_it_is_the_department_to_put_through_to(analyzer: Analyzer) -> None:
    abstained = answered(0, "s0", transfer="세정과")
    assert matter(analyzer, abstained) == ("", "세정과")
    assert matter(analyzer, abstained, answered(1, "s1", PASSPORT.document)) == ("여권", "민원과")
    assert matter(analyzer) == ("", "")


def test_a_better_understood_question_replaces_its_suggestion(analyzer: Analyzer) -> None:
    assert matter(analyzer, answered(0, "s0", BINS.document), answered(0, "s1", PASSPORT.document)) == (
        "여권", "민원과",
    )  # fmt: skip
