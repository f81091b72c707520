"""The admin's panel: documents in, looked after, indexed and watched over.

The page is drawn by ``admin_panel.page``; what is done on it, ``panel.js`` sends as one event to
``admin_panel.acts``. Files come by a route of their own, not by Gradio, whose uploads tell the browser where on the
server they lie.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import gradio as gr
from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from indexing.admin_panel import page
from indexing.admin_panel.acts import perform
from indexing.admin_panel.admin import Admin
from indexing.admin_panel.desk import Desk
from indexing.admin_panel.page import Frame, shell_html
from indexing.admin_panel.state import Session
from knowledge_base.errors import OnnuriError
from knowledge_base.imports.uploads import Incoming

AT_ONCE = 16
"""How many acts may be under way; builds are not among them, for they have threads of their own."""
LOOKED_EVERY = 0.02
"""Seconds until Gradio looks again for acts while there are none; its own millisecond takes .06 cores at idle."""
ANSWERED = "() => document.dispatchEvent(new Event('answered'))"
"""Tells panel.js that an act is done; one that the server never answered is not."""
_FOLDER = Path(__file__).with_name("admin_panel")
SHARED_CSS = _FOLDER / "panel.css"
PALETTE = _FOLDER / "palette.css"
FONTS = ["Pretendard", "Noto Sans KR", "Noto Sans CJK KR", "NanumGothic", "sans-serif"]

SignedIn = Callable[[Request], str | None]
Keeping = Callable[[str, int], AbstractContextManager[Incoming]]
Calling = Callable[[Any], Admin]
"""Who sends a request (of Gradio or of Starlette); raises OnnuriError unless they may administer."""
Perform = Callable[[Any, Any, Any, Mapping[str, str]], Iterator[None]]
"""Does what the page sends, for a desk, a session and a person."""


class Pages(Protocol):
    """The module that draws a panel's pages; its functions raise OnnuriError when what they show cannot be read."""

    def frame(self, desk: Any, session: Any) -> Frame: ...

    def broken(self, tab: Any, problem: str) -> Frame: ...

    def hears_news(self, desk: Any, session: Any) -> bool: ...

    def looked(self, desk: Any, session: Any) -> Mapping[str, str]: ...


class Conversation:
    """What the events of a page do to its tab's session; each answers with the parts of the page.

    ``perform`` does an act and yields wherever the page is to be drawn.
    """

    def __init__(self, desk: Any, calling: Callable[[Any], Any], perform: Perform, pages: Pages) -> None:
        self._desk, self._calling, self._perform, self._pages = desk, calling, perform, pages

    def act(self, session: Any, event: gr.EventData, request: gr.Request) -> Iterator[Frame]:
        """Do something, and draw the page while and after it is done."""
        try:
            person = self._calling(request)
            values = {str(name): str(value) for name, value in event.values.items()}
            for _ in self._perform(self._desk, session, person, values):
                yield self._frame(session)
        except OnnuriError as error:
            yield self._pages.broken(session.tab, str(error))

    def look(self, session: Any, request: gr.Request) -> Sequence[Any]:
        """Draw what has changed without the reader: work under way, and what it changes when it ends."""
        try:
            self._calling(request)
            changed = self._pages.looked(self._desk, session)
        except OnnuriError as error:
            return self._pages.broken(session.tab, str(error))
        return [changed.get(name, gr.skip()) for name in Frame._fields]

    def open(self, session: Any, request: gr.Request) -> Frame:
        """The page as it is first seen."""
        try:
            self._calling(request)
            self._pages.hears_news(self._desk, session)  # what ended before is none
        except OnnuriError as error:
            return self._pages.broken(session.tab, str(error))
        return self._frame(session)

    def _frame(self, session: Any) -> Frame:
        try:
            return self._pages.frame(self._desk, session)
        except OnnuriError as error:
            return self._pages.broken(session.tab, str(error))


def build_panel(desk: Desk, calling: Calling) -> gr.Blocks:
    """The panel, not yet served; nothing is read before an admin opens it."""
    return drawn("온누리 지식 관리", Conversation(desk, calling, perform, page), Session())


def mount(
    app: FastAPI, panel: gr.Blocks, path: str, signed_in: SignedIn | None = None, *, desk: Desk, calling: Calling
) -> FastAPI:
    """``app`` serving ``panel`` at ``path``, offline, and taking files at ``path``/uploads."""
    app.add_api_route(f"{path.rstrip('/')}/uploads", receiving(desk.uploads.receiving, calling), methods=["POST"])
    return served(app, panel, path, signed_in, [SHARED_CSS])


def drawn(title: str, talk: Conversation, session: object) -> gr.Blocks:
    """A page whose events are ``talk``'s, drawn when it is opened; each tab begins with a copy of ``session``."""
    panel = gr.Blocks(title=title, analytics_enabled=False)
    with panel:
        state = gr.State(session)
        shell = html(shell_html(), "shell", (_FOLDER / "panel.js").read_text(encoding="utf-8"))
        parts = [html("", name) for name in Frame._fields]
        for event, handler in ((shell.act, talk.act), (shell.look, talk.look), (panel.load, talk.open)):
            done = event(
                handler,
                inputs=[state],
                outputs=parts,
                trigger_mode="multiple",
                show_progress="hidden",
                api_visibility="private",
            )
            if handler == talk.act:
                done.success(None, js=ANSWERED)
    panel.queue(default_concurrency_limit=AT_ONCE, api_open=False)
    return panel


def served(app: FastAPI, panel: gr.Blocks, path: str, signed_in: SignedIn | None, css: Sequence[Path]) -> FastAPI:
    """``app`` serving ``panel`` at ``path``, offline: no analytics, remote fonts, share link or API page.

    Its styles are ``css``, in the colours of all panels. ``signed_in`` names the sender of a request; None refuses it.
    """
    panel._queue.sleep_when_free = LOOKED_EVERY
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        panel,
        path=path,
        auth_dependency=signed_in,
        theme=_theme(),
        css_paths=[PALETTE, *css],
        head='<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">',
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        max_file_size=1,  # Gradio's own uploads are not used
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
    )
    return mounted


def receiving(keeping: Keeping, calling: Callable[[Any], object]) -> Callable[[Request], Any]:
    """The handler of an upload route: the body is kept under the name in the query by ``keeping``."""

    async def receive(request: Request) -> Response:
        """400 and one sentence when the file is not taken."""
        try:
            calling(request)
            announced = int(request.headers.get("content-length") or 0)
            name = request.query_params.get("name", "")
            with await run_in_threadpool(keeping, name, announced) as incoming:
                async for data in request.stream():
                    await run_in_threadpool(incoming.write, data)
                kept = await run_in_threadpool(incoming.keep)
        except OnnuriError as error:
            return JSONResponse({"detail": str(error)}, 400)
        return JSONResponse({"name": kept.name})

    return receive


def html(value: str, name: str, script: str | None = None) -> gr.HTML:
    """A part of the page that the server redraws, as it is given."""
    return gr.HTML(value, elem_id=name, js_on_load=script, apply_default_css=False)


def _theme() -> gr.themes.Base:
    """System fonts only; the page's colours are those of palette.css, there before it is loaded."""
    return gr.themes.Base(font=FONTS, font_mono=["D2Coding", "monospace"]).set(
        body_background_fill="#f4f6f8",
        body_background_fill_dark="#12171d",
        body_text_color="#18222d",
        body_text_color_dark="#e7ecf1",
    )
