"""Documents that disagree, and rules that change soon: pure functions over made passages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from assistant.answering.conflict import disagreement
from assistant.answering.freshness import aged, asks_ahead, awaited, changes, closed
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


def test_notices_for_other_days_of_the_week_may_disagree_but_not_in_when_they_were_written(states: States) -> None:
    def notice(weekday: str, text: str, written: date) -> Hit:
        found = hit(weekday, text)
        return replace(
            found, document=replace(found.document, title=f"민원실 야간 운영 안내({weekday})", as_of=written)
        )

    asked = wanted("민원실 야간 운영은 언제 해요?")
    old = notice("목요일", "작성일 2025-03-04\n매주 목요일 19:00까지 운영합니다.", date(2025, 3, 4))
    new = notice("화요일", "작성일 2026-10-30\n매주 화요일 20:00까지 운영합니다.", date(2026, 10, 30))
    caution = disagreement([old, new], asked, states, lambda word: 5.0)
    assert caution is not None
    assert "19:00" in caution.text
    assert "20:00" in caution.text
    later = notice("화요일", "작성일 2026-10-30\n매주 화요일 19:00까지 운영합니다.", date(2026, 10, 30))
    assert disagreement([old, later], asked, states, lambda word: 5.0) is None


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


@pytest.mark.parametrize(("day", "is_told"), [(date(2026, 12, 15), True), (date(2026, 12, 31), False)])
def test_a_change_at_the_end_of_a_month_is_to_come_until_then(day: date, is_told: bool, states: States) -> None:
    told = changes([hit("a.md", "수수료는 12월 말부터 60,000원으로 오릅니다.")], [], day, ASKED, states, weigh)
    assert bool(told) == is_told


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


APPLYING = "2. 신청기간: 2026. 9. 7.(월) ~ 10. 30.(금)\n3. 사용기한: 2026. 12. 31.까지"


@pytest.mark.parametrize(
    ("question", "day", "is_closed"),
    [
        ("지원금 신청 어떻게 해요?", TODAY, True),
        ("지원금 신청 어떻게 해요?", date(2026, 10, 30), False),
        ("지원금 언제까지 써야 해요?", TODAY, False),
    ],
)
def test_who_wants_to_apply_is_told_that_it_is_over(question: str, day: date, is_closed: bool) -> None:
    found = [caution.text for caution in closed([hit("a.md", APPLYING)], question, day)]
    assert found == (
        ["신청이 끝났습니다: “2026. 9. 7.(월) ~ 10. 30.(금)”. 다시 받는지는 담당 부서에 확인해 주세요."] * is_closed
    )


def test_a_period_in_a_table_is_told_without_the_lines_of_the_table() -> None:
    row = hit("a.md", "| 신청기간 | 2026. 9. 7. ~ 9. 30. |\n| 신청방법 | 방문 |")
    [caution] = closed([row], "지원금 신청 어떻게 해요?", TODAY)
    assert "“2026. 9. 7. ~ 9. 30.”" in caution.text


def test_of_several_periods_the_last_one_counts() -> None:
    text = "1차 모집\n신청기간: 2026. 9. 7. ~ 9. 30.\n2차 모집\n신청기간: 2026. 11. 9. ~ 12. 4."
    assert not list(closed([hit("a.md", text)], "언제 신청해요?", TODAY))


@pytest.mark.parametrize(
    ("as_of", "question", "is_told"),
    [
        (date(2023, 1, 16), "발급 수수료 얼마예요?", True),
        (date(2024, 11, 26), "발급 수수료 얼마예요?", True),
        (date(2024, 11, 27), "발급 수수료 얼마예요?", False),
        (date(2023, 1, 16), "발급은 어떻게 하나요?", False),  # no figure is asked for
        (None, "발급 수수료 얼마예요?", False),
    ],
)
def test_a_figure_written_years_ago_is_told_with_its_day(as_of: date | None, question: str, *, is_told: bool) -> None:
    old = hit("a.md", "여권 발급 수수료는 50,000원입니다.")
    old = replace(old, document=replace(old.document, as_of=as_of))
    found = [caution.text for caution in aged([old, old], wanted(question), TODAY)]
    told = f"「여권 발급 수수료 안내」은(는) {as_of and f'{as_of.year}년 {as_of.month}월 {as_of.day}일'} 기준입니다."
    assert found == [f"{told} 그 뒤 바뀌었는지 확인해 주세요."] * is_told


def test_what_comes_into_force_soon_is_told_where_nothing_in_force_is_as_near() -> None:
    coming = hit("b.md", "주차장 정기권은 60,000원입니다.", date(2026, 12, 1))
    farther = replace(hit("a.md", "과태료는 4만원입니다."), coverage=0.5, dense=0.8)
    asked = wanted("주차장 정기권 얼마예요?")
    [caution] = awaited([farther], [coming], asked)
    assert caution.text == "2026년 12월 1일부터 시행되는 「여권 발급 수수료 안내」이(가) 있습니다. 확인해 주세요."
    assert not list(awaited([replace(farther, dense=0.96)], [coming], asked))
    assert not list(awaited([farther], [coming], wanted("주차장 몇 시까지 해요?")))


def test_since_when_is_asked_of_what_is_to_come_where_that_is_nearer() -> None:
    coming, farther = hit("b.md", "12월 1일부터"), replace(hit("a.md", ""), coverage=0.5, dense=0.8)
    assert asks_ahead("주차장 언제부터 돈 받아요?", [farther], [coming])
    assert not asks_ahead("주차장 언제부터 돈 받아요?", [replace(coming, coverage=1.0)], [coming])
    assert not asks_ahead("주차장 얼마예요?", [farther], [coming])
    assert asks_ahead("내년에 수도요금 얼마예요?", [coming], [farther])
    assert asks_ahead("버스비 오른다던데 얼마예요?", [coming], [farther])
    assert not asks_ahead("버스비 오른다던데 얼마예요?", [coming], [])
