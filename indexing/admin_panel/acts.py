"""What an admin can do, by the names that buttons and forms carry in ``data-do``.

Every act changes the session in place and may yield where the page is worth drawing on the way. Values come
from the browser as text and are not trusted: whatever is wrong with them raises an OnnuriError.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from indexing.admin_panel import document_acts as documents
from indexing.admin_panel import gap_acts as gaps
from indexing.admin_panel import import_acts as imports
from indexing.admin_panel import index_acts as index
from indexing.admin_panel.admin import Admin
from indexing.admin_panel.desk import Desk
from indexing.admin_panel.sentences import in_panel
from indexing.admin_panel.state import Notice, Session, Tab, Values
from knowledge_base.errors import OnnuriError

FAILED_TEXT = "처리하지 못했습니다. 새로 고침(F5)한 뒤 다시 해 보고, 계속되면 서버 기록을 확인하세요."
UNKNOWN_TEXT = "화면이 오래되었습니다. 새로 고침(F5)한 뒤 다시 해 주세요."

Act = Callable[[Desk, Session, Admin, Values], Iterator[None] | None]
_log = logging.getLogger(__name__)


def _tab(desk: Desk, session: Session, admin: Admin, values: Values) -> None:
    session.tab = Tab(values["name"])
    session.notice = None
    session.clear_side()


ACTS: dict[str, Act] = {
    "tab": _tab,
    "filter": documents.filtered,
    "page": documents.paged,
    "open": documents.opened,
    "close": documents.closed,
    "part": documents.part,
    "compare": documents.compared,
    "correct": documents.correct,
    "withdraw": documents.withdraw,
    "restore": documents.restore,
    "import": imports.import_files,
    "preview": imports.preview,
    "take-back": imports.take_back,
    "cancel-import": imports.cancel,
    "discard": imports.discard,
    "build": index.build,
    "cancel-build": index.cancel_build,
    "activate": index.activate,
    "roll-back": index.roll_back,
    "compare-snapshots": index.compared,
    "add-golden": index.add_golden,
    "remove-golden": index.remove_golden,
    "scan": index.scan,
    "cancel-scan": index.cancel_scan,
    "gaps": gaps.filtered,
    "gaps-page": gaps.paged,
    "gap": gaps.opened,
    "write-faq": gaps.write_faq,
    "stop-writing": gaps.stop_writing,
    "save-faq": gaps.save,
    "take-back-faq": gaps.take_back,
    "dismiss": gaps.dismiss,
    "reopen": gaps.reopen,
}


def perform(desk: Desk, session: Session, admin: Admin, values: Values) -> Iterator[None]:
    """Do what ``values["do"]`` says, yielding whenever the page is to be drawn; problems become the notice."""
    with problems_told(session, values, in_panel):
        yield from ACTS[values["do"]](desk, session, admin, values) or ()
        if session.tab is Tab.HEALTH and not desk.is_reviewed():
            yield
            desk.look_again()
    yield


class Notified(Protocol):
    """The session of a tab, as far as an act tells it anything."""

    notice: Notice | None


@contextmanager
def problems_told(session: Notified, values: Values, worded: Callable[[str], str] = str) -> Iterator[None]:
    """Turn whatever goes wrong within into the notice of a session; ``worded`` puts a sentence as its panel says it."""
    try:
        yield
    except OnnuriError as error:
        session.notice = Notice(worded(str(error)), is_problem=True)
    except (KeyError, ValueError):
        _log.warning("A panel sent %r", sorted(values))
        session.notice = Notice(UNKNOWN_TEXT, is_problem=True)
    except Exception:
        _log.exception("An act of a panel failed")
        session.notice = Notice(FAILED_TEXT, is_problem=True)
