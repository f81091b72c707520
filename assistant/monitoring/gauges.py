"""What a monitoring system reads of the state the program is in, looked up whenever it asks."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from assistant.calls.switchboard import Switchboard
from assistant.llm.language_model import LanguageModel
from assistant.monitoring.metrics import Reading
from indexing.retrieval.search import SearchService


def gauges(
    searcher: SearchService, switchboard: Callable[[], Switchboard], model: LanguageModel | None
) -> Mapping[tuple[str, str], Reading]:
    """What is read, by its name and what it tells; nothing of the LLM where there is none."""

    def snapshot_age() -> float:
        made = datetime.fromisoformat(searcher.snapshot().manifest.created_at)
        return (datetime.now(UTC) - made).total_seconds()

    found: dict[tuple[str, str], Reading] = {
        ("onnuri_snapshot_age_seconds", "Age of the index being served"): snapshot_age,
        ("onnuri_open_calls", "Calls that have not ended"): lambda: len(switchboard().open_calls()),
        ("onnuri_unheard", "Utterances in line to be heard"): lambda: switchboard().unheard,
    }
    if model is not None:
        found |= {
            ("onnuri_llm_left_alone", "1 while the LLM failed too often to be asked"): lambda: model.is_left_alone,
            ("onnuri_llm_waiting", "Questions in line for the LLM"): lambda: model.waiting,
        }
    return found
