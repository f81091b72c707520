"""What one browser tab of the QA panel has in front of it. Nothing here knows HTML or gradio."""

from dataclasses import dataclass, field
from typing import NamedTuple

from assistant.settings import LLMChoice
from eval.qa_panel.calls import CallQuery
from eval.questions.checks import Finding
from eval.runs.run import Plan
from indexing.admin_panel.state import Notice
from knowledge_base.labelled import Labelled


class Tab(Labelled):
    """The pages."""

    MEASURE = "measure", "평가 실행"
    RUNS = "runs", "실행 기록"
    CALLS = "calls", "상담 기록"


class Configuration(Labelled):
    """What of the assistant is measured."""

    RETRIEVAL = "retrieval", "검색만"
    WITHOUT_LLM = "without-llm", "LLM 없이"
    WITH_LLM = "with-llm", "LLM 포함"

    @property
    def llm(self) -> LLMChoice:
        """Whether the LLM of the settings is asked."""
        return LLMChoice.AUTO if self is Configuration.WITH_LLM else LLMChoice.NONE

    @classmethod
    def of(cls, plan: Plan) -> "Configuration":
        """That of a run, whoever started it."""
        if plan.settings.get("retrieval_only"):
            return cls.RETRIEVAL
        return cls.WITH_LLM if plan.settings.get("llm") == LLMChoice.AUTO else cls.WITHOUT_LLM


class Checked(NamedTuple):
    """A question file that was sent: how many questions it holds, and what is doubtful about them."""

    name: str
    questions: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which questions of a run are listed: those with this fault or way of change, category and words.

    ``shown`` is ``faults`` (whatever went wrong), ``changed``, ``all``, the value of a Fault, or that of a Way.
    """

    shown: str = "faults"
    category: str = ""
    text: str = ""
    page: int = 0


class RunPart(Labelled):
    """What of an opened run is on screen."""

    SUMMARY = "summary", "요약"
    QUESTIONS = "questions", "질문"


@dataclass
class Session:
    """One tab of a browser; acts change it in place, and the whole of it is drawn as it then is."""

    tab: Tab = Tab.MEASURE
    notice: Notice | None = None
    checked: list[Checked] = field(default_factory=list)
    chosen: str = ""
    configuration: Configuration = Configuration.RETRIEVAL
    run: str = ""
    baseline: str = ""
    part: RunPart = RunPart.SUMMARY
    cases: CaseQuery = field(default_factory=CaseQuery)
    case: str = ""
    calls: CallQuery = field(default_factory=CallQuery)
    call: str = ""
    seen_run: int | None = None

    def closed(self) -> None:
        """Nothing stands beside the list any more."""
        self.case = self.call = ""
