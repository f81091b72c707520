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
from fastapi import FastAPI, Request

from assistant.events import SuggestionEvent
from assistant.journal import Action
from assistant.panel_cards import evidence_html
from assistant.panel_session import Session, Shown, Stage, advanced
from assistant.panel_view import answer_html, history_html, shell_html
from knowledge_base.errors import OnnuriError

FAILED_TEXT = "답변을 만들지 못했습니다. 다시 질문하거나 아래 근거를 확인하세요."
NOT_RECORDED_TEXT = "기록하지 못했습니다. 다시 눌러 주세요."
AT_ONCE = 16
"""How many answers may be streamed at once; one more agent waits until one ends."""
FONTS = ["Pretendard", "Noto Sans KR", "Noto Sans CJK KR", "NanumGothic", "sans-serif"]

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
        shell = _html(shell_html(), "shell", js_on_load=_beside("panel.js").read_text(encoding="utf-8"))
        history = _html("", "history")
        answer, evidence = _html(answer_html(Session()), "answer"), _html("", "evidence")
        screen = [answer, evidence, history]
        for name, handler in _handlers(talk).items():
            _listen(getattr(shell, name), handler, session, screen)
        _listen(shell.note, talk.note, session, [])
    panel.queue(default_concurrency_limit=AT_ONCE, api_open=False)
    return panel


def mount(
    app: FastAPI, panel: gr.Blocks, path: str, signed_in: Callable[[Request], str | None] | None = None
) -> FastAPI:
    """``app`` serving ``panel`` at ``path``, offline: no analytics, remote fonts, share link or API page.

    ``signed_in`` names the sender of a request, whom the journal then knows; None refuses it.
    """
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        panel,
        path=path,
        auth_dependency=signed_in,
        theme=_theme(),
        css_paths=[_beside("panel.css")],
        head='<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    return mounted


def _theme() -> gr.themes.Base:
    """System fonts only; the page's colours are those of panel.css, there before it is loaded."""
    return gr.themes.Base(font=FONTS, font_mono=["D2Coding", "monospace"]).set(
        body_background_fill="#f4f6f8",
        body_background_fill_dark="#12171d",
        body_text_color="#18222d",
        body_text_color_dark="#e7ecf1",
    )


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


def _html(value: str, name: str, js_on_load: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=name, js_on_load=js_on_load, apply_default_css=False)


def _beside(name: str) -> Path:
    return Path(__file__).with_name(name)
