"""What one question got, as it is kept: one line of ``results.jsonl``.

Everything a report needs is here, so that a run can be read long after its snapshot is gone. Times are
milliseconds. Lines written by newer versions are read too: unknown keys are ignored.
"""

from pydantic import BaseModel, ConfigDict, Field

from assistant.events import Card, Span, Status
from knowledge_base.document import Kind

Milliseconds = dict[str, float]


class Stored(BaseModel):
    """An immutable part of a result."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Evidence(Stored):
    """A passage the question found, as an agent would see it."""

    document: str
    chunk: str
    kind: Kind
    title: str
    heading: str
    text: str
    department: str

    @classmethod
    def of(cls, card: Card) -> "Evidence":
        """What is kept of a card."""
        return cls(**{name: getattr(card, name) for name in cls.model_fields})

    @property
    def titles(self) -> str:
        """The document's title and the headings above the passage."""
        return "\n".join(filter(None, (self.title, self.heading)))


class Cited(Stored):
    """``answer[span]`` rests on the evidence with this ``chunk``."""

    document: str
    chunk: str
    span: Span


class Checked(Stored):
    """A sentence of the LLM, whether it was let through, and why not."""

    sentence: str
    supported: bool
    reasons: tuple[str, ...]


class Tokens(Stored):
    """What an answer cost, where the model reports it; ``cached`` of ``prompt`` it still knew."""

    prompt: int
    completion: int
    cached: int = 0


class Judgement(Stored):
    """An LLM's opinion of an answer, 0 to 1; ``score`` is None when it could not be read."""

    score: float | None
    reason: str


class Answer(Stored):
    """The suggestion as it stood at the end; ``error`` is the sentence with which it failed (``status`` None)."""

    status: Status | None
    text: str
    reason: str = ""
    model: str = ""
    citations: tuple[Cited, ...] = ()
    checks: tuple[Checked, ...] = ()
    transfer: str = ""
    latency_ms: Milliseconds
    error: str | None
    tokens: Tokens | None = None
    judgement: Judgement | None = None

    @property
    def abstained(self) -> bool:
        """Whether the assistant declined to answer; a failure is not an abstention."""
        return self.status is Status.ABSTAINED

    @property
    def answered(self) -> bool:
        """Whether the agent was given something to say."""
        return self.status is not None and not self.abstained


class Unasked(Stored):
    """Evidence that came up on a call though nothing was asked: for which words, understood as what, its best."""

    line: int
    heard: tuple[str, ...]
    understood: str
    document: str


class PlayedCall(Stored):
    """A call of a run: how many utterances its caller said, and what came up needlessly."""

    id: str
    said: int
    unasked: tuple[Unasked, ...]


class Result(Stored):
    """``ranked`` are the distinct documents found, best first, cut at the depth that the metrics look at.

    ``rank`` is that of the first right document among all found, ``chunk_rank`` that of the first right chunk;
    None when it was not found or none is right. ``confidence`` (0 to 1) says how sure the assistant is that
    what it found answers the question. ``scores`` holds the metrics that apply to this question, by name;
    ``error`` is the sentence with which the search failed; ``seconds`` is how long the question took in all. Of a
    question on a call, ``heard`` are the words from which it was understood, and as what; both empty when it was not.
    """

    id: str
    ranked: tuple[str, ...]
    rank: int | None
    chunk_rank: int | None = None
    confidence: float | None = None
    snapshot: str = ""
    evidence: tuple[Evidence, ...] = ()
    latency_ms: Milliseconds
    error: str | None
    answer: Answer | None = None
    scores: dict[str, float] = Field(default_factory=dict)
    seconds: float = 0.0
    heard: tuple[str, ...] = ()
    understood: str = ""

    @property
    def failed(self) -> bool:
        """Whether the search or the answer ended in an error."""
        return self.error is not None or (self.answer is not None and self.answer.error is not None)
