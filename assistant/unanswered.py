"""What agents asked in vain: a list for whoever looks after the documents."""

import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.events import Status
from indexing.panel_health_view import Unanswered
from knowledge_base.errors import AssistantError

MOST = 50


def unanswered(journal: Path) -> list[Unanswered]:
    """Those the assistant abstained on, the most frequent first, then the latest; none before the first call.

    Raises AssistantError when the journal cannot be read.
    """
    if not journal.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{journal.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            there = connection.execute("select 1 from sqlite_master where name = 'suggestions'").fetchone()
            rows = connection.execute(_QUERY, [Status.ABSTAINED.value, MOST]).fetchall() if there else []
    except sqlite3.Error as error:
        raise AssistantError(f"상담 기록 {journal}을 읽을 수 없습니다({error}). 디스크와 권한을 확인하세요.") from error
    return [Unanswered(*row) for row in rows]


_QUERY = """
    select question, count(*) as times, max(at) as last from suggestions where status = ?
    group by replace(question, ' ', '') order by times desc, last desc limit ?
"""
