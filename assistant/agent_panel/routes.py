"""What the agent's page asks of the server besides itself: news of its calls, answers, feedback, summaries.

Events of a call come by themselves and for as long as it lasts, so they are streamed here: a running event of Gradio
for every agent would hold a place in its queue, and a page that lost its connection would be loaded anew.
"""

from collections.abc import AsyncIterator, Callable, Generator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import anyio
import anyio.to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel
from starlette.responses import FileResponse, Response, StreamingResponse

from assistant.agent_panel.desk import Desk
from assistant.agent_panel.follow import followed
from assistant.agent_panel.typed import Typed, answered
from assistant.calls.call_api_models import FeedbackIn, SummaryIn
from assistant.calls.limited_route import LimitedRoute
from assistant.calls.summary import CallSummary
from assistant.calls.takeover import seat

AT_ONCE = 16
"""How many typed questions may be answered at once; one more agent waits until one ends."""
SCRIPTS = Path(__file__).with_name("scripts")
LINES = "application/x-ndjson"
SEAT = "onnuri_seat"
SOON = 1000  # ms until a lost connection is tried again

Item = TypeVar("Item")


class DraftOut(BaseModel):
    """A summary to begin with; ``saved`` is when it was kept, None for a draft that may still be refined."""

    summary: CallSummary
    source: str
    saved: datetime | None = None


def router(path: str, desk: Desk, signed_in: Callable[[Request], str | None]) -> APIRouter:
    """The routes below ``path``, the panel's own, where the gate lets in agents alone."""
    routes = APIRouter(prefix=path.rstrip("/"), route_class=LimitedRoute)
    following, answering = anyio.CapacityLimiter(4), anyio.CapacityLimiter(AT_ONCE)

    def name(request: Request) -> str:
        return signed_in(request) or ""

    Agent = Annotated[str, Depends(name)]  # noqa: N806 (a type)

    @routes.get("/scripts/{file}")
    def script(file: str, agent: Agent) -> Response:
        """A part of the page's script, read anew after an update, and the cookie by which a load balancer takes the
        page to the replica that serves its agent's calls."""
        known = {each.name: each for each in SCRIPTS.glob("*.js")}
        if file not in known:
            return Response(status_code=404)
        answer = FileResponse(known[file], media_type="text/javascript", headers={"Cache-Control": "no-cache"})
        answer.set_cookie(SEAT, seat(agent), path=path, httponly=True, samesite="lax")
        return answer

    @routes.get("/live", response_class=EventSourceResponse)
    async def live(agent: Agent) -> AsyncIterator[ServerSentEvent]:
        """Everything as it is, then what changes."""
        yield ServerSentEvent(comment="온누리", retry=SOON)
        async for message in followed(desk, agent, following):
            yield ServerSentEvent(raw_data=message.model_dump_json())

    @routes.post("/ask")
    def ask(typed: Typed, agent: Agent) -> Response:
        """Messages, one a line."""
        messages = answered(desk, typed, agent)
        return StreamingResponse(_in_threads(_lines(messages), answering), media_type=LINES)

    @routes.post("/suggestions/{suggestion}/feedback", status_code=204)
    def judge(suggestion: str, given: FeedbackIn, agent: Agent) -> None:
        """Keep what the agent did with a suggestion."""
        desk.judge(suggestion, given, agent)

    @routes.get("/calls/{call}/summary")
    def draft(call: str, agent: Agent) -> Response:
        """What was saved, or a draft at once and then, where an LLM is, a better one; one a line."""
        return StreamingResponse(
            _in_threads(_lines(_drafts(desk, desk.own(call, agent).id)), answering), media_type=LINES
        )

    @routes.put("/calls/{call}/summary")
    def save(call: str, written: SummaryIn, agent: Agent) -> DraftOut:
        """Keep a summary; what is personal comes back masked."""
        desk.save(call, written.summary(), agent)
        return next(_drafts(desk, call))

    return routes


def _drafts(desk: Desk, call: str) -> Iterator[DraftOut]:
    if saved := desk.summaries.saved(call):
        yield _draft(saved.summary, saved.at)
        return
    first = desk.summaries.extracted(call)
    yield _draft(first)
    refined = desk.summaries.draft(call)
    if refined != first:
        yield _draft(refined)


def _draft(summary: CallSummary, saved: datetime | None = None) -> DraftOut:
    return DraftOut(summary=summary, source=summary.source.label, saved=saved)


def _lines(messages: Iterator[BaseModel]) -> Generator[str, None, None]:
    for message in messages:
        yield message.model_dump_json() + "\n"


async def _in_threads(items: Generator[Item, None, None], threads: anyio.CapacityLimiter) -> AsyncIterator[Item]:
    """The items, each waited for in a thread, so that a few slow ones hold up nobody else."""
    try:
        while (item := await anyio.to_thread.run_sync(next, items, None, limiter=threads)) is not None:
            yield item
    finally:
        items.close()
