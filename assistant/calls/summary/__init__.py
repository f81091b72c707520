"""What is kept of a call when it is over, as a 상담 이력 needs it; nothing in it that was not said.

It is drafted from the transcript and what was suggested, corrected by the agent, and saved.
"""

from assistant.calls.summary.form import CallSummary, SavedSummary, SummarySource, as_text
from assistant.calls.summary.summaries import Summaries

__all__ = ["CallSummary", "SavedSummary", "Summaries", "SummarySource", "as_text"]
