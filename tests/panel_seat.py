"""An admin at the admin panel, without a browser: acts as the page sends them, and what the page then says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bs4 import BeautifulSoup

from indexing.admin_panel.acts import perform
from indexing.admin_panel.admin import Admin
from indexing.admin_panel.desk import Desk
from indexing.admin_panel.page import frame, hears_news
from indexing.admin_panel.state import Session
from knowledge_base.audit import AuditAction
from knowledge_base.errors import AssistantError

_NOT_SENT = ("type", "class", "data-confirm", "aria-label", "aria-current")


@dataclass
class Seat:
    """An admin with one tab open."""

    desk: Desk
    session: Session = field(default_factory=Session)
    audited: list[tuple[AuditAction, str, dict[str, object]]] = field(default_factory=list)
    audit_fails: bool = False

    def audit(self, action: AuditAction, subject: str, details: Mapping[str, object] | None = None) -> None:
        if self.audit_fails:
            raise AssistantError("감사 기록을 쓸 수 없습니다.")
        self.audited.append((action, subject, dict(details or {})))

    def do(self, act: str, **values: str) -> str:
        """Do it, draw every frame, and return what the notice says."""
        for _ in perform(self.desk, self.session, Admin("kim", self.audit), {"do": act, **values}):
            frame(self.desk, self.session)
        return self.session.notice.text if self.session.notice else ""

    def undo(self) -> str:
        """Press the notice's button."""
        assert self.session.notice
        undo = self.session.notice.undo
        assert undo
        return self.do(undo.do, **undo.values)

    def press(self, label: str, number: int = 0) -> str:
        """Press a button as it stands on the page, with the values it carries."""
        page = BeautifulSoup("".join(frame(self.desk, self.session)), "lxml")
        buttons = [button for button in page.select("button[data-do]") if button.get_text() == label]
        return self._send(buttons[number].attrs, {})

    def submit(self, label: str, **typed: str) -> str:
        """Press the button that sends a form, with what it carries and is ``typed`` into it."""
        page = BeautifulSoup("".join(frame(self.desk, self.session)), "lxml")
        [button] = [button for button in page.select("form[data-do] button[type=submit]") if button.get_text() == label]
        form = button.find_parent("form")
        assert form
        return self._send(form.attrs, typed)

    def _send(self, attributes: Mapping[str, object], typed: Mapping[str, str]) -> str:
        given = {name.removeprefix("data-"): str(value) for name, value in attributes.items() if name not in _NOT_SENT}
        return self.do(given.pop("do"), **given, **typed)

    def built(self) -> str:
        """Build to the end; what the page then says."""
        hears_news(self.desk, self.session)
        self.do("build")
        self.desk.builds.wait(10)
        hears_news(self.desk, self.session)
        return self.session.notice.text if self.session.notice else ""

    def shown(self, part: str = "main") -> str:
        return str(getattr(frame(self.desk, self.session), part))

    def found(self, question: str) -> list[str]:
        return [hit.document.id for hit in self.desk.searcher().search(question).hits]
