"""What an agent types, between calls and in them."""

import logging
from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant.agent_panel.desk import Desk
from assistant.agent_panel.messages import Message, SuggestionMessage, TakenMessage, suggestion_message
from assistant.agent_panel.shown import Shown, advanced, failed
from knowledge_base.errors import OnnuriError

FAILED_TEXT = "답변을 만들지 못했습니다. 다시 질문하거나 아래 근거를 확인하세요."
LONGEST_QUESTION = 1000
_log = logging.getLogger(__name__)


class Typed(BaseModel):
    """A question. ``call`` is the agent's call, or what the page calls its questions between calls; ``key`` is what
    the page calls this one."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[str, Field(min_length=1, max_length=LONGEST_QUESTION)]
    call: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    key: Annotated[str, Field(pattern="^typed-[0-9]{1,6}$")]


def answered(desk: Desk, typed: Typed, agent: str) -> Iterator[Message]:
    """What the page is told of a question: of one on an open call only that it was taken, for it comes to all pages
    that follow the call. Raises CallNotFound for the call of somebody else."""
    is_on_call = desk.is_open(typed.call, agent)
    return _reported(typed, _taken(desk, typed) if is_on_call else _alone(desk, typed, agent))


def _taken(desk: Desk, typed: Typed) -> Iterator[Message]:
    yield suggestion_message(typed.call, _begun(typed))
    yield TakenMessage(key=str(desk.switchboard.ask(typed.call, typed.question)))


def _alone(desk: Desk, typed: Typed, agent: str) -> Iterator[SuggestionMessage]:
    before, shown = None, _begun(typed)
    yield suggestion_message(typed.call, shown)
    for event in desk.assistant.suggest(typed.question, call=typed.call, agent=agent):
        before, shown = shown, advanced(shown, event)
        yield suggestion_message(typed.call, shown, before)


def _reported(typed: Typed, messages: Iterator[Message]) -> Iterator[Message]:
    """The messages; when something goes wrong, the page is told so in the suggestion's place."""
    try:
        yield from messages
    except OnnuriError as error:
        yield suggestion_message(typed.call, failed(_begun(typed), str(error)))
    except Exception:
        _log.exception("A suggestion failed")
        yield suggestion_message(typed.call, failed(_begun(typed), FAILED_TEXT))


def _begun(typed: Typed) -> Shown:
    return Shown(key=typed.key, asked=typed.question, is_typed=True)
