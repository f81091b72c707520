"""The HTTP API: calls and what is said on them come in, events go out (server-sent, resumable)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from itertools import chain
from typing import Annotated

from fastapi import APIRouter, Depends, Header
from fastapi.sse import EventSourceResponse, ServerSentEvent, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse

from assistant.accounts.person import Person, Role
from assistant.calls.api_description import EVENT_STREAM, STREAMED, described
from assistant.calls.call import Suggests
from assistant.calls.call_api_models import (
    AcceptedOut,
    CallIn,
    CallOut,
    FeedbackIn,
    QuestionIn,
    SuggestionOut,
    SummaryIn,
    SummaryOut,
    UtterancesIn,
)
from assistant.calls.call_events import CallEvent, EndedEvent
from assistant.calls.feedback import Feedback
from assistant.calls.limited_route import REFUSALS, LimitedRoute
from assistant.calls.records import CallInfo
from assistant.calls.summary import Summaries
from assistant.calls.switchboard import CallNotFound, Switchboard
from assistant.calls.utterance import Utterance
from assistant.events import EvidenceEvent, FinalEvent, SuggestionEvent
from assistant.web import caller_with

NOT_FOUND = "그런 통화가 없습니다. 통화 id를 확인하세요."

Caller = Annotated[Person, Depends(caller_with(Role.MACHINE, Role.AGENT))]
Program = Annotated[Person, Depends(caller_with(Role.MACHINE))]


def may_see(call: CallInfo, person: Person) -> bool:
    """An agent sees the calls put through to them, a program those it told us of."""
    return call.started_by == person.name if person.has(Role.MACHINE) else call.agent == person.name


def router(switchboard: Switchboard, assistant: Suggests, feedback: Feedback, summaries: Summaries) -> APIRouter:
    """The routes below ``/api``; the gate in front of the application lets in only whom it knows."""
    api = APIRouter(prefix="/api", route_class=LimitedRoute, tags=["통화"], responses=REFUSALS)

    def visible(call: str, person: Person) -> CallInfo:
        info = switchboard.info(call)
        if not may_see(info, person):
            raise CallNotFound(NOT_FOUND)  # whether there is one is nobody else's business
        return info

    def called(call: str, person: Caller) -> CallInfo:
        return visible(call, person)

    def told(call: str, person: Program) -> CallInfo:
        return visible(call, person)

    @api.post("/calls", status_code=201, summary="통화를 시작합니다 · Start a call")
    def start(posted: CallIn, person: Program) -> CallOut:
        """상담원에게 통화를 연결했을 때 부릅니다."""
        return CallOut.of(switchboard.start(agent=posted.agent, external=posted.external, started_by=person.name))

    @api.get("/calls", summary="진행 중인 통화를 봅니다 · Open calls")
    def open_calls(person: Caller) -> list[CallOut]:
        """상담원은 자기에게 온 통화, 연계 프로그램은 자기가 시작한 통화를 봅니다."""
        return [CallOut.of(call) for call in switchboard.open_calls() if may_see(call, person)]

    @api.post("/calls/{call}/utterances", status_code=202, summary="말한 내용을 보냅니다 · What is said")
    def hear(call: Annotated[CallInfo, Depends(told)], posted: UtterancesIn) -> AcceptedOut:
        """하나 또는 여럿을 차례대로 보냅니다. 답을 받지 못했으면 같은 `seq`로 다시 보내면 됩니다."""
        said = [
            Utterance(line=each.seq, speaker=each.speaker, text=each.text, final=each.final, at=each.at)
            for each in posted.utterances
        ]
        return AcceptedOut(accepted=switchboard.hear(call.id, said))

    @api.post("/calls/{call}/end", status_code=202, summary="통화를 끝냅니다 · End a call")
    def end(call: Annotated[CallInfo, Depends(told)]) -> CallOut:
        """여러 번 불러도 됩니다. 마지막 이벤트는 `ended`입니다."""
        switchboard.end(call.id)
        return CallOut.of(switchboard.info(call.id))

    @api.get(
        "/calls/{call}/events",
        response_class=EventSourceResponse,
        responses=STREAMED,
        summary="통화의 이벤트를 받습니다 · Events of a call",
    )
    async def events(
        call: Annotated[CallInfo, Depends(called)],
        last_event_id: Annotated[
            int | None, Header(description="마지막으로 받은 이벤트의 id. 그다음부터 빠짐없이 이어집니다")
        ] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        """서버가 보내는 이벤트(SSE)입니다. `id`는 `seq`, `event`는 `type`과 같고, 15초마다 살아 있음을 알립니다."""
        after = -1 if last_event_id is None else last_event_id
        async for event in _followed(switchboard, call.id, after):
            yield ServerSentEvent(raw_data=event.model_dump_json(), event=event.type, id=str(event.seq))

    @api.get("/calls/{call}/summary", tags=["상담 이력"], summary="상담 이력을 봅니다 · The summary of a call")
    def summary(call: Annotated[CallInfo, Depends(called)]) -> SummaryOut:
        """상담원이 저장한 것, 저장하기 전이면 통화에서 말한 내용만으로 쓴 초안입니다. LLM이 다듬는 초안은 몇 초 걸릴 수
        있습니다. 통화가 끝나기 전에도 볼 수 있습니다."""
        if saved := summaries.saved(call.id):
            return SummaryOut.of(saved.summary, saved)
        return SummaryOut.of(summaries.draft(call.id))

    @api.put("/calls/{call}/summary", tags=["상담 이력"], summary="상담 이력을 저장합니다 · Save the summary")
    def save_summary(call: Annotated[CallInfo, Depends(called)], posted: SummaryIn, person: Caller) -> SummaryOut:
        """개인정보는 가려서 남깁니다. 여러 번 저장하면 모두 남고, 마지막 것이 쓰입니다."""
        summaries.save(call.id, posted.summary(), person.name)
        return summary(call)

    @api.post(
        "/suggest",
        tags=["제안"],
        response_model=SuggestionOut,
        responses=STREAMED,
        summary="입력한 질문에 답을 제안합니다 · Answer a typed question",
    )
    def suggest(posted: QuestionIn, person: Caller, accept: Annotated[str, Header()] = "") -> Response:
        """`Accept: text/event-stream`이면 `evidence`, `token`…, `final`을 오는 대로 보냅니다."""
        if posted.call:
            visible(posted.call, person)
        found = assistant.suggest(posted.question, call=posted.call, agent=person.name)
        first = next(found)  # what is wrong with the question is said before an answer begins
        if EVENT_STREAM in accept:
            return StreamingResponse(_streamed(first, found), media_type=EVENT_STREAM)
        return JSONResponse(_whole(first, found).model_dump(mode="json"))

    @api.post(
        "/suggestions/{suggestion}/feedback",
        status_code=204,
        tags=["제안"],
        summary="제안을 어떻게 썼는지 알립니다 · What became of a suggestion",
    )
    def judge(suggestion: str, posted: FeedbackIn, person: Caller) -> None:
        """상담원이 본 것, 복사하거나 고친 것, 열어 본 문서, 맞았는지를 남깁니다."""
        shown = feedback.shown(suggestion)
        if shown.agent != person.name:
            visible(shown.call, person)
        feedback.add(suggestion, posted, person.name)

    @api.get("/openapi.json", include_in_schema=False)
    def description(person: Annotated[Person, Depends(caller_with(*Role))]) -> dict[str, object]:
        return described(api.routes)

    return api


async def _followed(switchboard: Switchboard, call: str, after: int) -> AsyncIterator[CallEvent]:
    """The events of a call after one, as they come, until it ends."""
    loop, news = asyncio.get_running_loop(), asyncio.Event()
    live = await run_in_threadpool(switchboard.live, call)

    def tell() -> None:
        with suppress(RuntimeError):  # the server is shutting down
            loop.call_soon_threadsafe(news.set)

    stop = live.listen(tell)
    try:
        while True:
            news.clear()
            for event in live.events(after):
                yield event
                after = event.seq
                if isinstance(event, EndedEvent):
                    return
            if live.has_ended or live.is_lost:
                return
            await news.wait()
    finally:
        stop()


def _streamed(first: SuggestionEvent, others: Iterator[SuggestionEvent]) -> Iterator[bytes]:
    yield from map(_wire, chain((first,), others))


def _wire(event: SuggestionEvent) -> bytes:
    return format_sse_event(data_str=event.model_dump_json(), event=event.type, id=str(event.seq))


def _whole(first: SuggestionEvent, others: Iterator[SuggestionEvent]) -> SuggestionOut:
    *_, last = others
    if not isinstance(first, EvidenceEvent) or not isinstance(last, FinalEvent):
        raise TypeError("a suggestion begins with its evidence and ends with its answer")
    return SuggestionOut(evidence=first, final=last)
