"""Why a question went wrong: the first step at which the right answer was lost."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from assistant.answering.assistant import SHOWN
from eval.examination.result import Result
from eval.examination.retrieval import DEPTH
from eval.questions.question import Question
from eval.runs.store import RightDocument


class Fault(StrEnum):
    """Where the right answer was lost, as people read it; in the order of the way of a question."""

    ERROR = "오류"
    UNKNOWN = "지식에 없음"
    STALE = "기한 지난 문서"
    NOT_NOTICED = "못 알아챔"
    NOT_RETRIEVED = "검색 안 됨"
    RANKED_LOW = "순위 낮음"
    WRONGLY_REFUSED = "잘못 기권"
    NOT_USED = "쓰이지 않음"
    UNSUPPORTED = "근거 없음"
    INCOMPLETE = "핵심 빠짐"
    NEEDLESS = "답 없는데 답함"

    @property
    def meaning(self) -> str:
        """What happened, and so what to look at."""
        return _MEANINGS[self]


_MEANINGS = {
    Fault.ERROR: "검색이나 답변이 오류로 끝났습니다.",
    Fault.UNKNOWN: "정답 문서가 지식에 없습니다. 문서를 가져오거나 질문 파일을 고치세요.",
    Fault.STALE: "정답 문서가 그날 유효하지 않아 나오지 않았습니다. 새 문서를 가져오거나 기간을 고치세요.",
    Fault.NOT_NOTICED: "시민이 물은 것을 1초 안에 알아채지 못해 아무것도 보이지 않았습니다.",
    Fault.NOT_RETRIEVED: f"정답 문서가 {DEPTH}위 안에 없습니다. 시민이 쓰는 말을 문서나 FAQ에 넣으세요.",
    Fault.RANKED_LOW: f"정답 문서를 찾았지만 화면의 근거 {SHOWN}개에 들지 못했습니다.",
    Fault.WRONGLY_REFUSED: "정답 문서가 화면에 있었지만 '확인 필요'라고 했습니다.",
    Fault.NOT_USED: "정답 문서가 화면에 있었지만 다른 문서로 답했습니다.",
    Fault.UNSUPPORTED: "답변에 인용한 근거가 뒷받침하지 않는 문장이 있습니다.",
    Fault.INCOMPLETE: "정답의 금액·날짜·전화 가운데 답변에 빠진 것이 있습니다.",
    Fault.NEEDLESS: "지식에 답이 없는 질문인데 답했습니다.",
}


def diagnose(question: Question, result: Result, documents: Mapping[str, RightDocument], day: date) -> Fault | None:
    """The first fault of a result, None when there is nothing wrong.

    ``documents`` are the known right ones by id (empty when nothing is known of them), ``day`` that of the run.
    """
    if result.failed:
        return Fault.ERROR
    if not question.answerable:
        return Fault.NEEDLESS if result.answer and result.answer.answered else None
    if result.rank is None or result.rank > DEPTH:
        return _why_not_found(question, result, documents, question.on or day)
    if not set(question.documents) & {each.document for each in result.evidence}:
        return Fault.RANKED_LOW
    return _of_answer(result)


def _why_not_found(question: Question, result: Result, documents: Mapping[str, RightDocument], day: date) -> Fault:
    known = [documents[name] for name in question.documents if name in documents]
    if documents and not known:
        return Fault.UNKNOWN
    if known and not any(each.is_valid_on(day) for each in known):
        return Fault.STALE
    return Fault.NOT_RETRIEVED if result.scores.get("call_noticed", 1.0) else Fault.NOT_NOTICED


def _of_answer(result: Result) -> Fault | None:
    answer, scores = result.answer, result.scores
    if answer is None:
        return None
    if answer.abstained:
        return Fault.WRONGLY_REFUSED
    facts = scores.get("fact_recall", 1.0)
    if not scores.get("citation_recall", 1.0) and not (facts and "fact_recall" in scores):
        return Fault.NOT_USED
    if scores.get("groundedness", 1.0) < 1:
        return Fault.UNSUPPORTED
    return Fault.INCOMPLETE if facts < 1 else None
