"""Everyday questions over the sample: what it answers, and what its documents are only near to.

Written for this file; the rules were chosen on the half ``tuning``. A floor is what the other half reached, less one.
"""

import json
from datetime import date
from pathlib import Path

import pytest

from app import Console
from assistant.events import FinalEvent, Status
from assistant.settings import LLMChoice

TODAY = date(2026, 11, 27)
QUESTIONS = Path(__file__).parent / "data" / "everyday_questions.jsonl"
RIGHT = 53 / 67
WRONGLY_ANSWERED = 15 / 66


def final(sample: Console, question: str) -> FinalEvent:
    *_, last = sample.assistant(LLMChoice.NONE).suggest(question, on=TODAY)
    assert isinstance(last, FinalEvent)
    return last


def test_the_reporting_half(sample: Console) -> None:
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    reporting = [row for row in rows if row["half"] == "reporting"]
    answers = [(row["documents"], final(sample, row["question"])) for row in reporting]
    right = [
        bool(each.citations) and each.citations[0].document in documents for documents, each in answers if documents
    ]
    wrongly = [each.status is not Status.ABSTAINED for documents, each in answers if not documents]
    assert sum(right) / len(right) >= RIGHT
    assert sum(wrongly) / len(wrongly) <= WRONGLY_ANSWERED


@pytest.mark.parametrize(
    "question",
    [
        "과태료 조회는 어디서 하나요?",  # another fine's amount
        "여권 신청을 취소하면 수수료를 돌려주나요?",
        "전기차 충전 요금은 얼마인가요?",  # a fine is no fee
        "청년 창업 지원금은 얼마예요?",
    ],
)
def test_what_is_done_with_a_thing_counts_as_much_as_the_thing(sample: Console, question: str) -> None:
    assert final(sample, question).status is Status.ABSTAINED


@pytest.mark.parametrize(
    "question", ["보건증 얼마예요?", "강아지 등록 안 하면 과태료 얼마예요?", "자동차세 미리 내면 얼마 깎아 줘요?"]
)
def test_evidence_that_leaves_nothing_out_is_answered_from(sample: Console, question: str) -> None:
    assert final(sample, question).status in (Status.FAQ, Status.EXTRACTIVE)
