"""What the HTTP API takes and gives, as its users read it."""

from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.calls.records import CallInfo
from assistant.calls.summary import CallSummary, SavedSummary, SummarySource
from assistant.calls.utterance import Speaker
from assistant.events import EvidenceEvent, FinalEvent

MOST_UTTERANCES = 200
LONGEST_TEXT = 2000
LONGEST_NAME = 64

Name = Annotated[str, Field(max_length=LONGEST_NAME)]


class Posted(BaseModel):
    """What is sent; a misspelt field is refused."""

    model_config = ConfigDict(extra="forbid")


class CallIn(Posted):
    """A call that comes in."""

    agent: Annotated[
        str, Field(min_length=1, max_length=32, description="통화를 맡은 상담원의 계정 이름", examples=["kim"])
    ]
    external: Annotated[
        Name,
        Field(
            description="전화 시스템이 이 통화를 부르는 id. 같은 id로 다시 시작하면 같은 통화입니다",
            examples=["CTI-88213"],
        ),
    ] = ""


class CallOut(BaseModel):
    """A call."""

    id: Annotated[str, Field(description="이 통화의 id", examples=["7c5e0d1b3f1c4f0e9a52c0ffee5ea7ed"])]
    agent: Annotated[str, Field(description="맡은 상담원", examples=["kim"])]
    external: Annotated[str, Field(description="전화 시스템의 id(개인정보는 가립니다)", examples=["CTI-88213"])]
    started: Annotated[datetime, Field(description="시작한 때(UTC)")]
    ended: Annotated[datetime | None, Field(description="끝난 때(UTC). 통화 중이면 null")]

    @classmethod
    def of(cls, call: CallInfo) -> Self:
        """As it is given."""
        return cls(id=call.id, agent=call.agent, external=call.external, started=call.started, ended=call.ended)


class UtteranceIn(Posted):
    """What the speech recogniser understood."""

    seq: Annotated[
        int,
        Field(ge=0, description="통화 안에서 늘어나는 번호. 이미 받은 번호까지는 다시 보내도 무시합니다", examples=[7]),
    ]
    speaker: Annotated[Speaker, Field(description="caller는 시민, agent는 상담원")]
    text: Annotated[str, Field(max_length=LONGEST_TEXT, description="말한 내용", examples=["그럼 토요일에도 하나요?"])]
    final: Annotated[bool, Field(description="false면 아직 바뀔 수 있는 중간 결과")] = True
    at: Annotated[float, Field(ge=0, le=86400, description="통화를 시작한 뒤 지난 초", examples=[31.2])]


class UtterancesIn(Posted):
    """One or several utterances, in order."""

    utterances: Annotated[list[UtteranceIn], Field(min_length=1, max_length=MOST_UTTERANCES)]

    @model_validator(mode="after")
    def _is_ascending(self) -> Self:
        numbers = [each.seq for each in self.utterances]
        if any(later <= earlier for earlier, later in pairwise(numbers)):
            raise ValueError("seq는 보낸 차례대로 커져야 합니다")
        return self


class AcceptedOut(BaseModel):
    """What became of what was posted."""

    accepted: Annotated[int, Field(description="새로 받은 말의 수. 이미 받은 것은 세지 않습니다", examples=[2])]


class QuestionIn(Posted):
    """A question that an agent types."""

    question: Annotated[str, Field(min_length=1, max_length=1000, examples=["여권 재발급 수수료가 얼마예요?"])]
    call: Annotated[Name, Field(description="통화 중에 물은 것이면 그 통화의 id", examples=[""])] = ""


class SuggestionOut(BaseModel):
    """A whole suggestion."""

    evidence: Annotated[EvidenceEvent, Field(description="이해한 질문과 근거")]
    final: Annotated[FinalEvent, Field(description="답변. 어디서 왔는지는 status에 있습니다")]


class Correctness(StrEnum):
    """An agent's verdict, in three steps."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


class FeedbackIn(Posted):
    """What an agent did with a suggestion; at least one thing. Several posts add up, the last verdict counts."""

    displayed: Annotated[bool, Field(description="화면에 보였음")] = False
    copied: Annotated[bool, Field(description="답변을 복사했음")] = False
    edited: Annotated[str | None, Field(max_length=4000, description="고쳐 쓴 답변(개인정보는 가려서 남깁니다)")] = None
    opened: Annotated[
        list[Annotated[str, Field(max_length=500)]],
        Field(max_length=20, description="열어 본 문서의 id", examples=[["faq/02_여권.csv#2"]]),
    ] = []
    correctness: Annotated[Correctness | None, Field(description="맞음(right), 일부(partly), 틀림(wrong)")] = None
    reason: Annotated[str, Field(max_length=1000, description="판단한 이유", examples=["감면 대상이 빠졌음"])] = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.displayed or self.copied or self.edited or self.opened or self.correctness):
            raise ValueError("displayed, copied, edited, opened, correctness 가운데 하나는 있어야 합니다")
        return self


class SummaryIn(Posted):
    """A summary as the agent leaves it."""

    category: Annotated[str, Field(max_length=200, description="상담 분류", examples=["여권"])] = ""
    department: Annotated[str, Field(max_length=200, description="담당 부서", examples=["민원과"])] = ""
    request: Annotated[
        str,
        Field(max_length=4000, description="요청 내용. 한 줄에 하나씩", examples=["여권 재발급 수수료가 얼마예요?"]),
    ] = ""
    outcome: Annotated[
        str, Field(max_length=8000, description="처리 결과. 한 줄에 하나씩", examples=["재발급 수수료는 오만 원입니다"])
    ] = ""
    follow_ups: Annotated[
        list[Annotated[str, Field(max_length=1000)]],
        Field(max_length=50, description="약속한 후속 조치", examples=[["내일 오전까지 담당자가 전화드리겠습니다"]]),
    ] = []

    def summary(self) -> CallSummary:
        """As it is kept."""
        return CallSummary.model_validate({**self.model_dump(), "source": SummarySource.AGENT})


class SummaryOut(BaseModel):
    """A summary and where its words come from."""

    category: Annotated[str, Field(description="상담 분류. 쓰인 제안의 문서에서 옵니다", examples=["여권"])]
    department: Annotated[str, Field(description="담당 부서", examples=["민원과"])]
    request: Annotated[str, Field(description="요청 내용. 한 줄에 하나씩", examples=["여권 재발급 수수료가 얼마예요?"])]
    outcome: Annotated[str, Field(description="처리 결과. 한 줄에 하나씩", examples=["재발급 수수료는 오만 원입니다"])]
    follow_ups: Annotated[list[str], Field(description="약속한 후속 조치")]
    source: Annotated[
        SummarySource,
        Field(description="transcript는 통화에서 말한 그대로, llm은 LLM이 다듬은 초안, agent는 상담원이 저장한 것"),
    ]
    agent: Annotated[str | None, Field(description="저장한 사람. 초안이면 null")]
    saved: Annotated[datetime | None, Field(description="저장한 때(UTC). 초안이면 null")]

    @classmethod
    def of(cls, summary: CallSummary, saved: SavedSummary | None = None) -> Self:
        """As it is given."""
        return cls.model_validate({**summary.model_dump(), "agent": saved and saved.agent, "saved": saved and saved.at})
