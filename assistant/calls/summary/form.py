"""The form of a call's summary, and how it is copied into another system."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from assistant.events import Record


class SummarySource(StrEnum):
    """Who put a summary into words."""

    TRANSCRIPT = "transcript"
    """The caller and the agent themselves."""
    LLM = "llm"
    """The LLM, each sentence of it checked against the transcript."""
    AGENT = "agent"
    """The agent, who saved it."""

    @property
    def label(self) -> str:
        """As people read it."""
        return {"transcript": "통화 내용 그대로", "llm": "LLM이 다듬음", "agent": "상담원이 저장함"}[self.value]


class CallSummary(Record):
    """A call in the fields of a 상담 이력; texts are masked, '' or () where nothing was said.

    ``request`` and ``outcome`` hold one matter a line.
    """

    category: str = ""
    department: str = ""
    request: str = ""
    outcome: str = ""
    follow_ups: tuple[str, ...] = ()
    source: SummarySource = SummarySource.TRANSCRIPT


class SavedSummary(NamedTuple):
    """A summary as it was kept last: by whom, and when (UTC)."""

    summary: CallSummary
    agent: str
    at: datetime


def as_text(summary: CallSummary) -> str:
    """The form as it is copied out; a field without words is left out.

    >>> print(as_text(CallSummary(category="여권", request="재발급 수수료", follow_ups=("내일 오전까지 전화",))))
    [상담 분류] 여권
    [요청 내용]
    재발급 수수료
    [후속 조치]
    - 내일 오전까지 전화
    """
    short = (("상담 분류", summary.category), ("담당 부서", summary.department))
    long = (
        ("요청 내용", summary.request),
        ("처리 결과", summary.outcome),
        ("후속 조치", "\n".join(f"- {each}" for each in summary.follow_ups)),
    )
    lines = [f"[{name}] {text}" for name, text in short if text]
    return "\n".join([*lines, *(f"[{name}]\n{text}" for name, text in long if text)])
