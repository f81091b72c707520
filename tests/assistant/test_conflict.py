"""Documents that disagree, and rules that change soon: pure functions over made passages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.conflict import disagreement
from assistant.answering.freshness import changes
from assistant.events import CautionKind
from assistant.extraction.answer_type import wanted
from indexing.contradictions.claims import Statement, statement
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit
from knowledge_base.document import Chunk, Document, Kind

TODAY = date(2026, 11, 27)
States = Callable[[Hit], Statement]
ASKED = wanted("여권 발급 수수료 얼마예요?")


def hit(name: str, text: str, starts: date | None = None, supersedes: str = "") -> Hit:
    document = Document(
        id=name,
        kind=Kind.NOTICE,
        title="여권 발급 수수료 안내",
        text=text,
        effective_from=starts,
        supersedes=supersedes,
    )
    chunk = Chunk(document=name, number=0, heading="", text=text, start=0)
    return Hit(document=document, chunk=chunk, score=2.0, bm25=5.0, dense=0.95, coverage=1.0, highlights=())


@pytest.fixture(scope="module")
def states(analyzer: Analyzer) -> States:
    return lambda found: statement(found.document, found.chunk, analyzer)


def weigh(word: str) -> float:
    return 1.0


def test_two_fees_for_the_same_thing_are_both_named(states: States) -> None:
    one = hit("a.md", "여권 발급 수수료는 50,000원입니다.", date(2025, 1, 1))
    caution = disagreement([one, hit("b.md", "여권 발급 수수료는 53,000원입니다.")], ASKED, states, weigh)
    assert caution is not None
    assert caution.kind is CautionKind.DISAGREES
    assert caution.documents == ("a.md", "b.md")
    assert all(part in caution.text for part in ("50,000원", "53,000원", "시행일 2025. 1. 1."))


@pytest.mark.parametrize("other", ["여권 발급 수수료는 5만원입니다.", "여권은 민원과에서 발급합니다."])
def test_the_same_fee_or_none_is_no_disagreement(other: str, states: States) -> None:
    one = hit("a.md", "여권 발급 수수료는 50,000원입니다.")
    assert disagreement([one, hit("b.md", other)], ASKED, states, weigh) is None


def test_a_question_for_no_figure_has_no_disagreement(states: States) -> None:
    hits = [hit("a.md", "수수료는 50,000원입니다."), hit("b.md", "수수료는 53,000원입니다.")]
    assert disagreement(hits, wanted("여권은 어떻게 만드나요?"), states, weigh) is None


def test_the_new_fee_of_a_successor_is_told_with_its_day(states: States) -> None:
    now = hit("a.md", "여권 발급 수수료는 50,000원입니다.")
    coming = hit("b.md", "여권 발급 수수료는 60,000원입니다.", date(2026, 12, 1), "a.md")
    [caution] = changes([now], [coming], TODAY, ASKED, states, weigh)
    assert caution.kind is CautionKind.CHANGES
    assert caution.text.startswith("2026년 12월 1일부터 60,000원(으)로 바뀝니다.")
    assert caution.documents == ("b.md",)


def test_the_text_itself_may_announce_the_change(states: States) -> None:
    now = hit("a.md", "수수료는 50,000원입니다. 12월 1일부터 수수료를 60,000원으로 올립니다.")
    [caution] = changes([now], [], TODAY, ASKED, states, weigh)
    assert "12월 1일부터 수수료를 60,000원으로 올립니다." in caution.text


def test_a_day_that_the_next_year_lacks_is_no_day_of_it(states: States) -> None:
    leap = hit("a.md", "2월 29일부터 수수료를 올립니다.")
    assert changes([leap], [], date(2028, 3, 5), ASKED, states, weigh) == ()
    assert len(changes([leap], [], date(2027, 12, 31), ASKED, states, weigh)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "12월 1일부터 12월 20일까지 변경 신청을 받습니다.",  # a period
        "2025년 12월 1일부터 수수료를 올렸습니다.",  # long past
        "2027년 7월 1일부터 수수료를 올립니다.",  # not soon
        "12월 1일부터 접수합니다.",  # no change
    ],
)
def test_what_is_no_change_soon_is_not_announced(text: str, states: States) -> None:
    assert changes([hit("a.md", text)], [], TODAY, ASKED, states, weigh) == ()


def near(name: str, text: str, *marked: str, starts: date | None = None) -> Hit:
    """A passage in which these words of the question are highlighted."""
    found = [(at, at + len(word)) for word in marked for at in range(len(text)) if text.startswith(word, at)]
    return replace(hit(name, text, starts), highlights=tuple(sorted(found)))


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("12월 19일부터 노선을 바꿉니다. 버스 요금은 바뀌지 않습니다.", "버스 요금"),
        ("하수도 사용료만 바뀌고 수도요금은 그대로입니다.", "수도요금"),
        ("버스 요금은 1,700원이고 노선을 개편합니다.", "버스 요금"),  # the figure that is cited
        ("자동차세는 12월 16일부터 냅니다.", "자동차세"),  # nothing changes
    ],
)
def test_a_coming_document_that_leaves_what_was_asked_as_it_is_says_nothing(
    text: str, marked: str, states: States
) -> None:
    now, coming = hit("a.md", "버스 요금은 1,700원입니다."), near("b.md", text, marked, starts=date(2026, 12, 19))
    coming = replace(coming, document=replace(coming.document, title="안내"))
    assert changes([now], [coming], TODAY, ASKED, states, weigh) == ()


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("가1번의 막차를 30분 늦춥니다. 나머지 노선의 막차는 바뀌지 않습니다.", "막차"),
        ("하수도 요금만 바뀌고 수도요금은 그대로입니다.", "하수도 요금"),
    ],
)
def test_a_coming_document_that_changes_some_of_it_is_told(text: str, marked: str, states: States) -> None:
    coming = near("b.md", text, marked, starts=date(2026, 12, 19))
    assert changes([hit("a.md", "막차는 10시입니다.")], [coming], TODAY, None, states, weigh)
