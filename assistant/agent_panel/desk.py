"""What stands behind the agents' pages, and which of it an agent may reach."""

from dataclasses import dataclass
from datetime import datetime

from assistant.answering.assistant import Assistant
from assistant.calls.call import Suggests
from assistant.calls.call_api_models import FeedbackIn
from assistant.calls.feedback import Feedback, SuggestionNotFound
from assistant.calls.question_finder import QuestionFinder
from assistant.calls.records import CallInfo, CallRecords
from assistant.calls.summary import CallSummary, Summaries
from assistant.calls.switchboard import CallNotFound, Switchboard
from assistant.database import Place
from assistant.journal import Journal
from assistant.llm.language_model import LanguageModel
from indexing.lexical.tokens import Analyzer

MOST_WAITING = 5
"""How many calls without a summary stay within reach."""


@dataclass(frozen=True)
class Desk:
    """Shared by all pages; whoever asks is named every time, and gets what is theirs alone."""

    assistant: Suggests
    switchboard: Switchboard
    feedback: Feedback
    summaries: Summaries

    def calls(self, agent: str) -> list[CallInfo]:
        """The agent's open calls and the last ones that wait for their summary, oldest first."""
        found = self.switchboard.calls_of(agent)
        waiting = [call for call in found if call.ended][-MOST_WAITING:]
        return [call for call in found if not call.ended or call in waiting]

    def own(self, call: str, agent: str) -> CallInfo:
        """A call of the agent; raises CallNotFound, whether it is another's or none."""
        info = self.switchboard.info(call)
        if info.agent != agent:
            raise CallNotFound("그런 통화가 없습니다. 화면을 새로 고쳐(F5) 주세요.")
        return info

    def is_open(self, call: str, agent: str) -> bool:
        """Whether a question belongs to a call that goes on; raises CallNotFound for a call of somebody else.

        ``call`` may also be what a page calls its questions between calls, which nobody else knows.
        """
        try:
            self.switchboard.info(call)
        except CallNotFound:
            return False
        return self.own(call, agent).ended is None

    def judge(self, suggestion: str, given: FeedbackIn, agent: str) -> None:
        """Keep what the agent did with a suggestion; raises SuggestionNotFound for one shown to somebody else."""
        if self.feedback.shown(suggestion).agent != agent:
            raise SuggestionNotFound("그런 제안이 없습니다. 화면을 새로 고쳐(F5) 주세요.")
        self.feedback.add(suggestion, given, agent)

    def save(self, call: str, summary: CallSummary, agent: str) -> datetime:
        """Keep the summary of a call of the agent; returns when."""
        return self.summaries.save(self.own(call, agent).id, summary, agent)


def over(
    kept: Place, assistant: Assistant, finder: QuestionFinder, analyzer: Analyzer, model: LanguageModel | None
) -> Desk:
    """A desk whose calls, suggestions and feedback are in ``kept``; ``model``, if any, writes the summaries."""
    journal, records = Journal(kept), CallRecords(kept)
    summaries = Summaries(records, journal, analyzer, model)
    return Desk(assistant, Switchboard(finder, assistant, records), Feedback(journal), summaries)
