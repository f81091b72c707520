"""What agents asked in vain, as the admin sees it: what counts, what is drafted, closed and asked again."""

import json
import time
from collections.abc import Callable, Collection
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer
from typer.testing import CliRunner

from assistant.calls import cli
from assistant.calls.records import CallInfo, CallRecords, now
from assistant.events import FinalEvent, Status, Transfer
from assistant.journal import REJECTIONS, Action, Journal
from assistant.knowledge_gaps.journal_gaps import JournalGaps
from indexing.gaps import DraftOrigin, Gap, GapState, Outcome, Remedy
from knowledge_base.errors import AssistantError, BuildCancelled
from knowledge_base.home import Home

ANSWER = "등록된 답변입니다."


class Office:
    """A journal with what agents did, and the gaps in it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.db"
        self.journal = Journal(self.path)
        self.embedder = HashingEmbedder()
        self.gaps = JournalGaps(self.path, folder / "knowledge.db", lambda: self.embedder, WordAnalyzer)
        self._asked = 0

    def ask(self, question: str, status: Status = Status.ABSTAINED, call: str = "") -> FinalEvent:
        self._asked += 1
        final = made(f"s{self._asked}", question, status, call)
        self.journal.add_suggestion(final, (), "kim")
        time.sleep(0.002)  # moments are kept to the millisecond
        return final

    def said(self, final: FinalEvent, action: Action, reason: str = "") -> None:
        self.journal.add_feedback(final.suggestion, action, reason, "kim")

    def listed(
        self,
        there: Collection[str] = (),
        served: Collection[str] = (),
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[Gap]:
        return self.gaps.listed(there, served, lambda stage, done, total: None, cancelled)

    def only(self, **known: Collection[str]) -> Gap:
        (gap,) = self.listed(**known)
        return gap


def made(name: str, question: str, status: Status, call: str = "", slot: int = 0) -> FinalEvent:
    return FinalEvent(
        call=call,
        seq=1,
        at=0.0,
        slot=slot,
        suggestion=name,
        question=question,
        status=status,
        answer=ANSWER,
        reason="",
        citations=(),
        checks=(),
        transfer=Transfer(department="콜센터", phone=""),
        timings={},
        snapshot="",
        model="",
    )


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_alike_questions_stand_together_with_their_counts(office: Office) -> None:
    for question, call in (("드론 허가는?", "a"), ("반려견 등록", "b"), ("드론허가는", "c"), ("드론 허가는?", "a")):
        office.ask(question, call=call)
    office.ask("드론 허가는 어디", Status.FAQ)
    found = {gap.question: gap for gap in office.listed()}
    assert found.keys() == {"드론 허가는?", "반려견 등록"}
    gap = found["드론 허가는?"]
    assert [(each.question, each.times) for each in gap.variants] == [("드론 허가는?", 2), ("드론허가는", 1)]
    assert (len(gap.asked), gap.calls, gap.outcomes) == (3, 2, {Outcome.ABSTAINED: 3})
    assert gap.state is GapState.OPEN
    assert gap.asked[0].at < gap.last


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ([], None),
        ([(Action.ACCEPTED, "")], None),
        ([(Action.REJECTED, "")], Outcome.REJECTED),
        ([(Action.PARTLY, "")], Outcome.PARTLY),
        ([(Action.REJECTED, ""), (Action.ACCEPTED, "")], None),
        ([(Action.EDITED, "새 답변")], Outcome.EDITED),
        ([(Action.EDITED, f" {ANSWER}")], None),
        ([(Action.EDITED, "새 답변"), (Action.ACCEPTED, "")], None),
        ([(Action.COPIED, "")], None),
    ],
)
def test_an_answer_counts_as_a_gap_by_what_the_agent_said_last(
    office: Office, said: list[tuple[Action, str]], outcome: Outcome | None
) -> None:
    final = office.ask("여권 수수료", Status.FAQ)
    for action, reason in said:
        office.said(final, action, reason)
    found = [each.outcome for gap in office.listed() for each in gap.asked]
    assert found == ([outcome] if outcome else [])


def test_the_best_draft_is_the_latest_edit_then_a_reason_in_words(office: Office) -> None:
    first, second = office.ask("여권 사진", Status.GENERATED), office.ask("여권 사진")
    office.said(first, Action.REJECTED, REJECTIONS[0])
    assert office.only().draft is None, "neither the rejected answer nor a reason from the list"
    office.said(first, Action.REJECTED, "두 장이 아니라 한 장입니다")
    assert office.only().draft == ("두 장이 아니라 한 장입니다", DraftOrigin.REASON)
    office.said(second, Action.EDITED, "한 장입니다.")
    office.said(first, Action.EDITED, "사진은 한 장입니다.")
    assert office.only().draft == ("사진은 한 장입니다.", DraftOrigin.EDITED)


def test_what_a_live_call_understood_better_does_not_count(office: Office) -> None:
    records = CallRecords(office.path)
    records.add_call(CallInfo("c", "", "kim", "cti", now()))
    for number, (question, status, slot) in enumerate(
        [
            ("그 드론 있잖아요", Status.ABSTAINED, 0),
            ("드론 허가는 어디서", Status.FAQ, 0),
            ("보험은", Status.ABSTAINED, 1),
        ]
    ):
        final = made(f"live{number}", question, status, "c", slot)
        office.journal.add_suggestion(final, (), "kim")
        records.add("c", events=[final.model_copy(update={"seq": number})])
    records.close()
    assert [gap.question for gap in office.listed()] == ["보험은"]


def test_written_waits_for_its_index_then_closes_until_asked_again(office: Office) -> None:
    office.ask("드론 허가는?")
    decision = office.gaps.decide(office.only(), Remedy.WRITTEN, "kg/드론", "lee")
    before = office.gaps.state()
    assert office.only().state is GapState.OPEN, "no document of this id"
    waiting = office.only(there={"kg/드론"})
    assert waiting.state is GapState.WAITING
    assert waiting.decision
    assert waiting.decision[1:4] == (Remedy.WRITTEN, "kg/드론", "lee")
    office.ask("드론 허가는")
    assert office.gaps.state() != before
    assert office.only(there={"kg/드론"}).state is GapState.WAITING, "asked before it could be answered"
    assert office.only(there={"kg/드론"}, served={"kg/드론"}).state is GapState.CLOSED
    time.sleep(0.002)
    office.ask("드론 허가는")
    again = office.only(there={"kg/드론"}, served={"kg/드론"})
    assert (again.state, len(again.fresh), len(again.asked)) == (GapState.AGAIN, 1, 3)
    assert office.only(there={"kg/드론"}).state is GapState.WAITING, "an older index is served again"
    office.gaps.reopen(decision)
    assert office.only(there={"kg/드론"}, served={"kg/드론"}).state is GapState.OPEN


def test_dismissed_comes_back_when_asked_again(office: Office) -> None:
    office.ask("오늘 날씨")
    first = office.gaps.decide(office.only(), Remedy.DISMISSED, "시 업무가 아님", "lee")
    assert office.only().state is GapState.DISMISSED
    office.ask("오늘 날씨")
    again = office.only()
    assert (again.state, again.decision and again.decision.subject) == (GapState.AGAIN, "시 업무가 아님")
    office.gaps.decide(again, Remedy.DISMISSED, "여전히 아님", "lee")
    assert office.only().state is GapState.DISMISSED
    office.gaps.reopen(first)
    assert office.only().state is GapState.DISMISSED, "the later decision holds"


def test_only_new_wordings_are_embedded(office: Office) -> None:
    asked: list[str] = []
    office.embedder.embed_query = lambda text: (asked.append(text), np.eye(64, dtype=np.float32)[0])[1]  # type: ignore[method-assign]
    office.ask("드론 허가")
    office.listed()
    office.ask("드론허가")
    office.ask("반려견")
    office.listed()
    assert asked == ["드론 허가", "반려견"]


def test_grouping_can_be_called_off(office: Office) -> None:
    office.ask("드론 허가")
    with pytest.raises(BuildCancelled):
        office.listed(cancelled=lambda: True)


def test_the_command_lists_what_is_open_and_tells_programs_everything(office: Office, tmp_path: Path) -> None:
    office.ask("드론 허가", call="c")
    office.ask("드론허가")
    office.ask("오늘 날씨")
    weather = next(gap for gap in office.listed() if gap.question == "오늘 날씨")
    office.gaps.decide(weather, Remedy.DISMISSED, "시 업무가 아님", "lee")
    console = SimpleNamespace(home=Home(tmp_path), knowledge_gaps=lambda: office.gaps)
    told = CliRunner().invoke(cli.app, ["gaps"], obj=console)
    assert (told.exit_code, told.output.count("\n")) == (0, 1)
    assert "2번" in told.output
    assert "드론허가 (다른 말 1가지)" in told.output
    rows = json.loads(CliRunner().invoke(cli.app, ["gaps", "--json"], obj=console).output)
    assert [(row["question"], row["count"], row["calls"], row["state"]) for row in rows] == [
        ("드론허가", 2, 1, "open"),
        ("오늘 날씨", 1, 0, "dismissed"),
    ]
    assert rows[0]["outcomes"] == {"abstained": 2}
    assert rows[1]["decision"]["by"] == "lee"


def test_nothing_before_the_first_call(office: Office) -> None:
    assert office.listed() == []
    before = office.gaps.state()
    assert before == office.gaps.state()


def test_a_broken_journal_is_a_sentence(office: Office) -> None:
    office.path.write_bytes(b"no database" * 100)
    for read in (office.gaps.state, office.listed):
        with pytest.raises(AssistantError, match="상담 기록"):
            read()
