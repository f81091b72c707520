"""The agent's side panel: one narrow column beside the CTI window, fed by suggestion events.

``build_panel`` wires events of the page to ``Conversation``; the page itself is drawn by the pure
functions of ``panel_view`` and its neighbours, styled by ``panel.css`` and listened to by ``panel.js``.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import gradio as gr
from fastapi import FastAPI

from assistant.events import SuggestionEvent
from assistant.journal import Action
from assistant.panel_cards import evidence_html
from assistant.panel_session import Session, Shown, Stage, advanced
from assistant.panel_view import answer_html, history_html, shell_html
from indexing.panel import SignedIn, html, served
from knowledge_base.errors import OnnuriError

FAILED_TEXT = "답변을 만들지 못했습니다. 다시 질문하거나 아래 근거를 확인하세요."
NOT_RECORDED_TEXT = "기록하지 못했습니다. 다시 눌러 주세요."
AT_ONCE = 16
"""How many answers may be streamed at once; one more agent waits until one ends."""

Frame = tuple[str, str, str]
log = logging.getLogger(__name__)


class Suggests(Protocol):
    """Whatever turns a question into suggestion events, in the order ``assistant.events`` describes."""

    def suggest(self, question: str, *, call: str, agent: str) -> Iterator[SuggestionEvent]:
        """Raises OnnuriError, whose sentence the agent reads."""
        ...


class TakesFeedback(Protocol):
    """Whatever keeps what an agent did with a suggestion; a later opinion replaces an earlier one."""

    def add_feedback(self, suggestion: str, action: Action, reason: str = "", agent: str = "") -> None:
        """Keep one action."""
        ...


def frame(session: Session) -> Frame:
    """Everything that changes on the page: answer, evidence, earlier questions.

    Every handler sends the whole of it as it is now, so that a late message of a question that was
    replaced can never bring old words back.
    """
    return answer_html(session), evidence_html(session.current), history_html(session)


class Conversation:
    """What each event of the page does to its tab's session."""

    def __init__(self, assistant: Suggests, journal: TakesFeedback) -> None:
        self._assistant = assistant
        self._journal = journal

    def ask(self, session: Session, event: gr.EventData, request: gr.Request) -> Iterator[Frame]:
        """Answer a question, frame by frame, until it is answered, stopped or replaced."""
        shown = session.ask(str(event.question))
        yield frame(session)
        for after in self._progress(session, shown.key, shown.asked, request.username or ""):
            session.put(after)
            yield frame(session)

    def _progress(self, session: Session, key: int, question: str, agent: str) -> Iterator[Shown]:
        """The question after each event; the last one is never left running."""
        problem = FAILED_TEXT
        try:
            for event in self._assistant.suggest(question, call=session.call, agent=agent):
                if (shown := session.running(key)) is None:
                    return
                yield advanced(shown, event)
        except OnnuriError as error:
            problem = str(error)
        except Exception:
            log.exception("A suggestion failed")
        if shown := session.running(key):
            yield replace(shown, stage=Stage.FAILED, problem=problem)

    def stop(self, session: Session) -> Frame:
        """Let go of the running question, keeping what is there."""
        session.stop()
        return frame(session)

    def recall(self, session: Session, event: gr.EventData) -> Frame:
        """Show an earlier question of this call again; key 0 means the latest."""
        session.recall(int(event.key) or max(session.shown, default=0))
        return frame(session)

    def clear(self, session: Session) -> Frame:
        """Begin a new call."""
        session.clear()
        return frame(session)

    def restore(self, session: Session) -> Frame:
        """Bring the cleared call back."""
        session.restore()
        return frame(session)

    def judge(self, session: Session, event: gr.EventData, request: gr.Request) -> Frame:
        """Record 도움됨 or 아님 and say so in place."""
        action, reason = Action(event.action), str(event.reason)
        if shown := session.shown.get(int(event.key)):
            if self._recorded(shown, action, reason, request):
                session.put(replace(shown, verdict=action, reason=reason, problem=""))
            else:
                session.put(replace(shown, problem=NOT_RECORDED_TEXT))
        return frame(session)

    def note(self, session: Session, event: gr.EventData, request: gr.Request) -> None:
        """Record 복사 or the opening of a citation; the page needs no answer."""
        if shown := session.shown.get(int(event.key)):
            self._recorded(shown, Action(event.action), "", request)

    def _recorded(self, shown: Shown, action: Action, reason: str, request: gr.Request) -> bool:
        """Whether the journal took it; a question without a final answer has nothing to record."""
        if shown.final is None:
            return False
        try:
            self._journal.add_feedback(shown.final.suggestion, action, reason, request.username or "")
        except Exception:
            log.exception("Feedback was not recorded")
            return False
        return True


def build_panel(assistant: Suggests, journal: TakesFeedback) -> gr.Blocks:
    """The panel, not yet served; nothing is asked of ``assistant`` before an agent asks."""
    talk = Conversation(assistant, journal)
    panel = gr.Blocks(title="온누리 상담 어시스트", analytics_enabled=False)
    with panel:
        session = gr.State(Session())
        shell = html(shell_html(), "shell", _beside("panel.js").read_text(encoding="utf-8"))
        history = html("", "history")
        answer, evidence = html(answer_html(Session()), "answer"), html("", "evidence")
        screen = [answer, evidence, history]
        for name, handler in _handlers(talk).items():
            _listen(getattr(shell, name), handler, session, screen)
        _listen(shell.note, talk.note, session, [])
    panel.queue(default_concurrency_limit=AT_ONCE, api_open=False)
    return panel


def mount(app: FastAPI, panel: gr.Blocks, path: str, signed_in: SignedIn | None = None) -> FastAPI:
    """``app`` serving ``panel`` at ``path``; the journal knows whom ``signed_in`` names."""
    return served(app, panel, path, signed_in, [_beside("panel.css")])


def _handlers(talk: Conversation) -> dict[str, Callable[..., Any]]:
    """The page's events that redraw it, by the names panel.js triggers."""
    return {
        "ask": talk.ask,
        "stop": talk.stop,
        "recall": talk.recall,
        "clear": talk.clear,
        "restore": talk.restore,
        "judge": talk.judge,
    }


def _listen(event: Callable[..., Any], handler: Callable[..., Any], session: gr.State, screen: list[gr.HTML]) -> None:
    """Several may run at once: a new question must not wait for the one it replaces."""
    event(
        handler,
        inputs=[session],
        outputs=screen,
        trigger_mode="multiple",
        show_progress="hidden",
        api_visibility="private",
    )


def _beside(name: str) -> Path:
    return Path(__file__).with_name(name)
