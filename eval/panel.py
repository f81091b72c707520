"""The QA panel: runs started, watched, read and compared, and the suggestions of real calls judged.

The page is drawn by ``qa_panel.page``; what is done on it arrives as one event and is done by ``qa_panel.acts``; files
come and go by routes. It looks and behaves like the admin's, whose style and script it uses; ``panel.css`` adds what is
only here.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import gradio as gr
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse, Response

from eval.load import report as load_report
from eval.qa_panel import page
from eval.qa_panel.acts import perform
from eval.qa_panel.desk import Desk, Reviewer
from eval.qa_panel.state import Session
from eval.report import report, workbook
from indexing.panel import SHARED_CSS, Conversation, SignedIn, drawn, receiving, served
from knowledge_base.audit import AuditAction
from knowledge_base.errors import EvaluationError, NotAllowed, OnnuriError

MEDIA = {
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Calling = Callable[[Any], Reviewer]
"""Who sends a request (of Gradio or of Starlette); raises OnnuriError unless they belong to QA."""


def build_panel(desk: Desk, calling: Calling) -> gr.Blocks:
    """The panel, not yet served; nothing is read before somebody opens it."""
    return drawn("온누리 품질 관리", Conversation(desk, calling, perform, page), Session())


def mount(
    app: FastAPI, panel: gr.Blocks, path: str, signed_in: SignedIn | None = None, *, desk: Desk, calling: Calling
) -> FastAPI:
    """``app`` serving ``panel`` at ``path``, offline; files come at ``path``/uploads and go at ``path``/runs."""
    root = path.rstrip("/")
    app.add_api_route(f"{root}/uploads", receiving(desk.questions.sent.receiving, calling), methods=["POST"])
    app.add_api_route(f"{root}/runs/{{run_id}}/report.{{ending}}", _handing_out(desk, calling), methods=["GET"])
    css = [SHARED_CSS, Path(__file__).parent / "qa_panel" / "panel.css"]
    return served(app, panel, path, signed_in, css)


def _handing_out(desk: Desk, calling: Calling) -> Callable[..., Response]:
    def hand_out(request: Request, run_id: str, ending: str, baseline: str = "") -> Response:
        """A run as one file to keep; 404 and one sentence when there is none."""
        try:
            reviewer = calling(request)
            content = _file(desk, run_id, ending, baseline)
            reviewer.audit(AuditAction.EXPORTED, f"report.{ending}", {"run": run_id, "baseline": baseline})
        except OnnuriError as error:
            return JSONResponse({"detail": str(error)}, 403 if isinstance(error, NotAllowed) else 404)
        name = quote(f"평가-{run_id}.{ending}")
        return Response(
            content, media_type=MEDIA[ending], headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
        )

    return hand_out


def _file(desk: Desk, run_id: str, ending: str, baseline: str) -> bytes:
    if ending == "html" and (load := desk.load(run_id)):
        return load_report.render(load_report.report(load, None)).encode()
    opened = desk.opened(run_id, baseline)
    if ending == "html":
        return report.render(opened.report).encode()
    if ending != "xlsx":
        raise EvaluationError("보고서는 html이나 xlsx로 내려받으세요.")
    with tempfile.TemporaryDirectory() as folder:
        workbook.write(opened.record, opened.comparison, path := Path(folder) / "report.xlsx")
        return path.read_bytes()
