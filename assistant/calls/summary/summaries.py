"""The summaries of calls: drafted from the records, saved into them."""

from datetime import datetime
from functools import lru_cache

from assistant.calls.records import CallRecords, now
from assistant.calls.summary.extraction import Opinions, extract
from assistant.calls.summary.faithfulness import Faithfulness
from assistant.calls.summary.form import CallSummary, SavedSummary, SummarySource
from assistant.calls.summary.rewording import reworded
from assistant.journal import Action, Journal
from assistant.llm.language_model import LanguageModel
from assistant.masking import mask
from indexing.lexical.tokens import Analyzer
from knowledge_base.errors import LLMUnavailable

KEPT_DRAFTS = 256
"""So that the LLM is not asked again for the same call."""


class Summaries:
    """Thread-safe. Whoever calls has made sure that the agent may see the call.

    ``model`` is None where there is no LLM. Raises AssistantError when the records cannot be read or written.
    """

    def __init__(
        self, records: CallRecords, journal: Journal, analyzer: Analyzer, model: LanguageModel | None = None
    ) -> None:
        self._records = records
        self._journal = journal
        self._analyzer = analyzer
        self._model = model
        self._faithfulness = Faithfulness(analyzer)
        self._refined = lru_cache(maxsize=KEPT_DRAFTS)(reworded)

    def extracted(self, call: str) -> CallSummary:
        """At once, in the words of the transcript."""
        said, events = self._records.utterances(call), self._records.events(call)
        return extract(said, events, self._opinions(call), self._analyzer)

    def draft(self, call: str) -> CallSummary:
        """The same put shortly by the LLM, which may take seconds; :meth:`extracted` when there is none or it fails."""
        found = self.extracted(call)
        if self._model is None:
            return found
        try:
            return self._refined(found, self._model, self._faithfulness)
        except LLMUnavailable:
            return found

    def save(self, call: str, summary: CallSummary, agent: str) -> datetime:
        """Keep what the agent made of it, masked, and return when; every version is kept, the last counts."""
        at = now()
        kept = CallSummary(
            category=mask(summary.category),
            department=mask(summary.department),
            request=mask(summary.request),
            outcome=mask(summary.outcome),
            follow_ups=tuple(mask(each) for each in summary.follow_ups),
            source=SummarySource.AGENT,
        )
        self._records.add_summary(call, agent, at, kept.model_dump_json())
        return at

    def saved(self, call: str) -> SavedSummary | None:
        """What was kept last, None before the first time."""
        row = self._records.summary(call)
        return row and SavedSummary(CallSummary.model_validate_json(row.summary), row.agent, row.at)

    def _opinions(self, call: str) -> Opinions:
        found: dict[str, list[Action]] = {}
        for row in self._journal.feedback_on(call):
            found.setdefault(str(row["suggestion"]), []).append(Action(str(row["action"])))
        return found
