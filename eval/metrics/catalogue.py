"""Every score of a question by name: what it is called, what it says, and which way is better."""

from enum import StrEnum
from typing import NamedTuple


class Part(StrEnum):
    """The part of the assistant that a score is about."""

    DOCUMENTS = "검색"
    CHUNKS = "검색(조각)"
    CALLS = "통화"
    ABSTENTION = "기권"
    ANSWERS = "답변"


class Metric(NamedTuple):
    """``label`` and ``meaning`` are for people; ``meaning`` is a whole sentence."""

    name: str
    part: Part
    label: str
    meaning: str
    more_is_better: bool = True


HEADLINE = (
    "call_noticed",
    "call_hit",
    "call_follow_up",
    "recall@1",
    "recall@5",
    "mrr@10",
    "fact_recall",
    "citation_recall",
    "groundedness",
    "llm_answered",
    "kept_sentences",
    "abstention_recall",
    "false_alarm",
)
"""The scores that a run is judged by: few, so that a real loss is not lost among many tests."""

_DEPTHS = (1, 3, 5, 10)
_RANKED = (
    ("mrr@10", "MRR@10", "1위면 1, 2위면 1/2, 3위면 1/3로 쳐서 평균한 값입니다."),
    ("ndcg@10", "nDCG@10", "정답이 위에 있을수록 1에 가깝습니다."),
)
METRICS: dict[str, Metric] = {
    each.name: each
    for each in (
        *(
            Metric(f"recall@{k}", Part.DOCUMENTS, f"정답 문서가 {k}위 안", f"찾은 문서 {k}개 안에 정답이 있는 비율.")
            for k in _DEPTHS
        ),
        *(Metric(name, Part.DOCUMENTS, label, meaning) for name, label, meaning in _RANKED),
        *(
            Metric(f"chunk_recall@{k}", Part.CHUNKS, f"정답 조각이 {k}위 안", f"근거 조각 {k}개 안에 정답이 있는 비율.")
            for k in _DEPTHS
        ),
        *(Metric(f"chunk_{name}", Part.CHUNKS, f"조각 {label}", meaning) for name, label, meaning in _RANKED),
        Metric(
            "call_noticed",
            Part.CALLS,
            "질문을 알아챔",
            "시민의 질문 가운데 끝나고 1초 안에 근거가 나온 비율.",
        ),
        Metric(
            "call_hit",
            Part.CALLS,
            "맞는 문서가 1초 안에 3위까지",
            "답이 있는 질문 가운데 끝나고 1초 안에 맞는 문서가 3위까지 보인 비율.",
        ),
        Metric("call_follow_up", Part.CALLS, "이어 묻는 말", "그 가운데 앞말에 기대어 물은 것만 본 비율."),
        Metric("call_first", Part.CALLS, "처음 묻는 말", "그 가운데 처음 물은 것만 본 비율."),
        Metric(
            "abstention_precision",
            Part.ABSTENTION,
            "확인 필요 정밀도",
            "'확인 필요'라고 한 것 가운데 정말 답이 없는 질문의 비율.",
        ),
        Metric(
            "abstention_recall",
            Part.ABSTENTION,
            "확인 필요 재현율",
            "답이 없는 질문 가운데 '확인 필요'라고 한 비율.",
        ),
        Metric(
            "false_alarm",
            Part.ABSTENTION,
            "잘못된 확인 필요",
            "답할 수 있는 질문인데 '확인 필요'라고 한 비율. 낮을수록 좋습니다.",
            more_is_better=False,
        ),
        Metric(
            "fact_recall",
            Part.ANSWERS,
            "핵심 사실 재현율",
            "정답의 금액·날짜·전화·기간 가운데 답변에 들어간 비율.",
        ),
        Metric(
            "fact_precision",
            Part.ANSWERS,
            "핵심 사실 정밀도",
            "답변이 말한 금액·날짜·전화·기간 가운데 정답에도 있는 비율.",
        ),
        Metric("number_recall", Part.ANSWERS, "핵심 숫자 재현율", "정답의 숫자 가운데 답변에 들어간 비율."),
        Metric("thing_recall", Part.ANSWERS, "핵심 낱말 재현율", "정답이 새로 말한 것 가운데 답변도 말한 비율."),
        Metric("thing_precision", Part.ANSWERS, "핵심 낱말 정밀도", "답변이 새로 말한 것 가운데 정답도 말한 비율."),
        Metric("token_f1", Part.ANSWERS, "낱말 F1", "정답과 답변이 나눠 가진 형태소의 조화 평균."),
        Metric("rouge_l", Part.ANSWERS, "ROUGE-L", "정답과 답변이 같은 차례로 쓴 형태소의 비율."),
        Metric("citation_precision", Part.ANSWERS, "인용 정밀도", "인용한 문서 가운데 정답 문서의 비율."),
        Metric("citation_recall", Part.ANSWERS, "인용 재현율", "정답 문서를 인용한 질문의 비율."),
        Metric("groundedness", Part.ANSWERS, "근거 있는 문장", "인용한 근거가 뒷받침하는 답변 문장의 비율."),
        Metric(
            "llm_answered",
            Part.ANSWERS,
            "LLM이 답함",
            "LLM에 물은 질문 가운데 제때 답한 비율. 나머지는 발췌로 답했습니다.",
        ),
        Metric("kept_sentences", Part.ANSWERS, "LLM 문장 채택률", "LLM이 쓴 문장 가운데 근거 검사를 통과한 비율."),
        Metric("judge", Part.ANSWERS, "LLM 심사", "심사 LLM이 준 점수. 읽을 수 없는 심사는 0점으로 칩니다."),
    )
}
RANKINGS = tuple(name for name, each in METRICS.items() if each.part is Part.DOCUMENTS)
"""How high the right documents stand."""


def label(name: str) -> str:
    """What people call a score; its name when it is of an older or newer version."""
    return METRICS[name].label if name in METRICS else name
