"""What the journal keeps of an LLM's exchanges: the program only writes them, auditors read them with SQL."""

from assistant.database import Place, opened
from assistant.journal import JOURNAL


def kept_exchanges(place: Place, suggestion: str) -> list[dict[str, object]]:
    """The rows of one suggestion, oldest first."""
    asked = "select model, prompt, response from exchanges where suggestion = ? order by rowid"
    with opened(place, JOURNAL).reading() as connection:
        return [dict(row) for row in connection.execute(asked, (suggestion,))]
