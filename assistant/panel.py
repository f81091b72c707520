"""The agent's side panel: one narrow column beside the CTI window that follows the agent's call.

The page is drawn by the pure functions of ``panel_view``, ``panel_suggestion`` and their neighbours, styled by
``panel.css`` and kept up to date by the scripts in ``panel_scripts``, which hear of news from ``panel_routes``.
"""

from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from assistant.panel_desk import Desk
from assistant.panel_routes import router
from assistant.panel_view import shell_html
from indexing.panel import SignedIn, html, served

START = "import(new URL('scripts/panel.js', location.href.replace(/[^/]*$/, ''))).then((page) => page.start(element));"
STYLES = ("panel.css", "panel_call.css")


def build_panel() -> gr.Blocks:
    """The page, not yet served."""
    panel = gr.Blocks(title="온누리 상담 어시스트", analytics_enabled=False)
    with panel:
        html(shell_html(), "shell", START)
    return panel


def mount(app: FastAPI, panel: gr.Blocks, path: str, signed_in: SignedIn, *, desk: Desk) -> FastAPI:
    """``app`` serving ``panel`` and what it asks for at ``path``; ``signed_in`` names the agent of a request."""
    app.include_router(router(path, desk, signed_in))
    return served(app, panel, path, signed_in, [Path(__file__).with_name(name) for name in STYLES])
