"""The agent's side panel: one narrow column beside the CTI window that follows the agent's call.

What stays is drawn by ``agent_panel.shell``; its scripts fill in what they hear from ``agent_panel.routes``.
"""

from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from assistant.agent_panel.desk import Desk
from assistant.agent_panel.routes import router
from assistant.agent_panel.shell import shell_html
from indexing.panel import SignedIn, html, served

START = "import(new URL('scripts/panel.js', location.href.replace(/[^/]*$/, ''))).then((page) => page.start(element));"
STYLES = [Path(__file__).parent / "agent_panel" / name for name in ("panel.css", "call.css")]


def build_panel() -> gr.Blocks:
    """The page, not yet served."""
    panel = gr.Blocks(title="온누리 상담 어시스트", analytics_enabled=False)
    with panel:
        html(shell_html(), "shell", START)
    return panel


def mount(app: FastAPI, panel: gr.Blocks, path: str, signed_in: SignedIn, *, desk: Desk) -> FastAPI:
    """``app`` serving ``panel`` and what it asks for at ``path``; ``signed_in`` names the agent of a request."""
    app.include_router(router(path, desk, signed_in))
    return served(app, panel, path, signed_in, STYLES)
