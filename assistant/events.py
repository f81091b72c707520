"""What a suggestion tells its consumers, in order: ``evidence``, ``token``…, ``final``.

Each is a JSON object with ``type``, ``call``, ``seq`` (from 0 within one suggestion, or within a live call) and
``at`` (seconds on the call's clock). Spans are half-open ``[start, end)`` offsets in characters.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from knowledge_base.document import Kind
from knowledge_base.labelled import Labelled

Span = tuple[int, int]


class Status(Labelled):
    """Where an answer comes from, and so how far an agent may rely on it."""

    FAQ = "faq", "FAQ"
    GENERATED = "generated", "생성"
    EXTRACTIVE = "extractive", "발췌"
    ABSTAINED = "abstained", "확인 필요"


class Record(BaseModel):
    """An immutable part of an event; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Card(Record):
    """One piece of evidence as shown: a chunk and what is known of its document.

    ``number`` counts from 1 in the order shown and is what citations refer to; ``highlights`` are spans
    of ``text``.
    """

    number: int
    document: str
    chunk: str
    kind: Kind
    title: str
    heading: str
    text: str
    highlights: tuple[Span, ...]
    category: str
    department: str
    phone: str
    source: str
    note: str
    effective_from: date | None
    effective_to: date | None
    as_of: date | None
    score: float


class Citation(Record):
    """``answer[answer_span]`` rests on ``cards[number - 1].text[chunk_span]``."""

    number: int
    document: str
    chunk: str
    answer_span: Span
    chunk_span: Span


class Check(Record):
    """The verdict on one sentence; ``reasons`` (Korean) say why an unsupported one was withheld."""

    sentence: str
    supported: bool
    reasons: tuple[str, ...]


class Transfer(Record):
    """The department a question should go to."""

    department: str
    phone: str


class Tokens(Record):
    """What an LLM read and wrote for one answer, in tokens of its own; ``cached`` of ``prompt`` it still knew."""

    prompt: int
    completion: int
    cached: int


class CautionKind(Labelled):
    """What the agent should know before relying on a suggestion."""

    CHANGES = "changes", "변경 예정"  # a rule that changes soon
    DISAGREES = "disagrees", "문서 불일치"  # documents in force that give different values
    OUTDATED = "outdated", "지난 내용"  # a corrected notice, an application that is closed, figures of years ago
    CASES = "cases", "경우 확인"  # one of several cases, of which the question names none
    ROUTED = "routed", "담당 연결"  # a question to be put through instead of answered


class Caution(Record):
    """One polite Korean sentence for the agent, and the documents that it speaks of."""

    kind: CautionKind
    text: str
    documents: tuple[str, ...] = ()


class Heard(Record):
    """The words that a question rests on: ``[start, end)`` of the text of utterance ``line``."""

    line: int
    start: int
    end: int
    text: str


class Alternative(Record):
    """What else may have been asked, and the documents for it in the order in which they would be shown."""

    question: str
    documents: tuple[str, ...]


class Event(Record):
    """What all events share.

    On a live call ``line`` is the utterance that caused the event (None for a question that the agent typed), and all
    events of one suggestion have the same ``slot``: a suggestion understood better replaces the one in its slot. The
    slots of typed questions are below 0.
    """

    call: str
    seq: int
    at: float
    line: int | None = None
    slot: int = 0


class EvidenceEvent(Event):
    """The question as understood (masked) and the evidence for it, before any LLM is asked.

    On a live call ``heard`` says why it is proposed, and ``alternatives`` what else may have been meant.
    """

    type: Literal["evidence"] = "evidence"
    question: str
    documents: tuple[str, ...]
    cards: tuple[Card, ...]
    heard: tuple[Heard, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


class TokenEvent(Event):
    """The next checked sentence of a generated answer, with the card it cites."""

    type: Literal["token"] = "token"
    text: str
    citation: int


class FinalEvent(Event):
    """The suggestion as it stands. ``reason`` (Korean) says why it has this status; ``transfer`` is set
    when the citizen should be put through; ``cautions`` are to be read before the answer; ``timings`` are
    milliseconds per stage; ``tokens`` is None without an LLM, or when nobody counted: it was cut short, or its server
    does not say."""

    type: Literal["final"] = "final"
    suggestion: str
    question: str
    status: Status
    answer: str
    reason: str
    citations: tuple[Citation, ...]
    checks: tuple[Check, ...]
    transfer: Transfer | None
    timings: dict[str, float]
    snapshot: str
    model: str
    cautions: tuple[Caution, ...] = ()
    tokens: Tokens | None = None


SuggestionEvent = EvidenceEvent | TokenEvent | FinalEvent
