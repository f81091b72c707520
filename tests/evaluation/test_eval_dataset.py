"""Question files: what is read, and the sentence for each fault."""

import hashlib
import json
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from eval.questions.dataset import Dataset, json_lines, load
from eval.questions.question import Question
from knowledge_base.errors import EvaluationError

ROW = {
    "id": "q1",
    "question": "수수료가 얼마인가요?",
    "answer": "3만원입니다.",
    "documents": ["요금.md"],
    "answerable": True,
    "category": "요금",
}


def test_reads_questions_in_order_with_the_hash_of_the_file(question_file: Callable[..., Path]) -> None:
    path = question_file(ROW, {**ROW, "id": "q2", "documents": [], "answerable": False, "source": "무시"})
    dataset = load(path)
    assert dataset.questions[0] == Question(
        id="q1",
        question="수수료가 얼마인가요?",
        answer="3만원입니다.",
        documents=("요금.md",),
        answerable=True,
        category="요금",
    )
    assert [(each.id, each.answerable) for each in dataset.questions] == [("q1", True), ("q2", False)]
    assert dataset.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_blank_lines_a_byte_order_mark_and_crlf_are_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_bytes(b"\xef\xbb\xbf\r\n" + json.dumps(ROW).encode() + b"\r\n\r\n")
    assert [each.id for each in load(path).questions] == ["q1"]


def test_a_unicode_line_separator_within_a_question_does_not_end_the_line(
    question_file: Callable[..., Path],
) -> None:
    path = question_file({**ROW, "question": "첫째\u2028둘째"})
    assert load(path).questions[0].question == "첫째\u2028둘째"


def test_document_ids_are_composed(question_file: Callable[..., Path]) -> None:
    path = question_file({**ROW, "documents": [unicodedata.normalize("NFD", "요금.md")]})
    assert load(path).questions[0].documents == ("요금.md",)


def test_a_day_and_passages_may_be_given(question_file: Callable[..., Path], tmp_path: Path) -> None:
    path = question_file({**ROW, "on": "2026-11-22", "passages": ["3만원"]}, {**ROW, "id": "q2", "on": None})
    first, second = load(path).questions
    assert (first.on, first.passages) == (date(2026, 11, 22), ("3만원",))
    assert (second.on, second.passages) == (None, ())
    again = tmp_path / "again.jsonl"
    again.write_text(json_lines([first, second]), encoding="utf-8")
    assert load(again).questions == (first, second)


FAULTS = [
    ("{", " 2번째 줄: 올바른 JSON이 아닙니다(2번째 글자). 한 줄에 JSON 객체 하나만 적으세요."),
    ("[1]", " 2번째 줄: JSON 객체여야 하는데 배열입니다. {…} 꼴로 적으세요."),
    (
        {key: value for key, value in ROW.items() if key != "answer"},
        " 2번째 줄: 'answer' 키가 없습니다. 필요한 키: id, question, answer, documents, answerable, category.",
    ),
    ({**ROW, "id": 7}, " 2번째 줄: 'id'은(는) 문자열이어야 하는데 숫자입니다."),
    ({**ROW, "id": " "}, " 2번째 줄: 'id'이(가) 비어 있습니다. 값을 적으세요."),
    ({**ROW, "question": ""}, " 2번째 줄: 'question'이(가) 비어 있습니다. 값을 적으세요."),
    ({**ROW, "answer": None}, " 2번째 줄: 'answer'은(는) 문자열이어야 하는데 null입니다."),
    ({**ROW, "documents": "요금.md"}, " 2번째 줄: 'documents'은(는) 배열이어야 하는데 문자열입니다."),
    ({**ROW, "documents": [{}]}, " 2번째 줄: 'documents'에는 문자열만 올 수 있는데 객체이(가) 있습니다."),
    ({**ROW, "answerable": 1}, " 2번째 줄: 'answerable'은(는) true/false 값이어야 하는데 숫자입니다."),
    (
        {**ROW, "documents": []},
        " 2번째 줄: 답할 수 있는 질문인데 'documents'가 비어 있습니다. "
        "정답 문서를 적거나 'answerable'을 false로 바꾸세요.",
    ),
    ({**ROW, "on": "내일"}, " 2번째 줄: 'on'의 '내일'은(는) 날짜가 아닙니다. 2026-11-22처럼 적으세요."),
    ({**ROW, "passages": "3만원"}, " 2번째 줄: 'passages'은(는) 배열이어야 하는데 문자열입니다."),
    ({**ROW, "question": "\ud800"}, " 2번째 줄: 'question'에 글자가 아닌 코드가 있습니다. 글자를 다시 적으세요."),
    ({**ROW, "documents": ["\ud800"]}, " 2번째 줄: 'documents'에 글자가 아닌 코드가 있습니다. 글자를 다시 적으세요."),
    ({**ROW, "id": "q0"}, " 2번째 줄: id 'q0'이(가) 앞에서 이미 쓰였습니다. 질문마다 다른 id를 주세요."),
]


@pytest.mark.parametrize(("row", "sentence"), FAULTS)
def test_each_fault_has_its_sentence(tmp_path: Path, row: object, sentence: str) -> None:
    path = tmp_path / "questions.jsonl"
    first = json.dumps({**ROW, "id": "q0"})
    path.write_text(f"{first}\n{row if isinstance(row, str) else json.dumps(row)}\n", encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        load(path)
    assert str(caught.value) == f"{path}{sentence}"


def test_a_missing_an_empty_a_foreign_and_an_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    with pytest.raises(EvaluationError) as missing:
        load(path)
    assert str(missing.value) == f"질문 파일 {path}이(가) 없습니다. 경로를 확인하세요."
    path.write_text("\n\n")
    with pytest.raises(EvaluationError) as empty:
        load(path)
    assert str(empty.value) == f"{path} 파일에 질문이 없습니다. 한 줄에 질문 하나씩 JSON으로 적으세요."
    path.write_bytes("질문".encode("cp949"))
    with pytest.raises(EvaluationError) as foreign:
        load(path)
    assert str(foreign.value) == f"{path} 파일이 UTF-8이 아닙니다. UTF-8로 다시 저장하세요."
    with pytest.raises(EvaluationError, match="읽을 수 없습니다"):
        load(tmp_path)


@pytest.fixture
def hundred(question_file: Callable[..., Path]) -> Dataset:
    return load(question_file(*({**ROW, "id": f"q{number:02}"} for number in range(100))))


def test_a_sample_is_the_same_for_the_same_seed_and_seed_0_is_a_seed(hundred: Dataset) -> None:
    assert hundred.sample(10, seed=0) == hundred.sample(10, seed=0)
    assert hundred.sample(10, seed=0) != hundred.sample(10, seed=1)


def test_a_sample_keeps_the_order_and_the_hash(hundred: Dataset) -> None:
    sampled = hundred.sample(10, seed=3)
    ids = [each.id for each in sampled.questions]
    assert len(ids) == 10
    assert ids == sorted(ids)
    assert sampled.sha256 == hundred.sha256


def test_a_sample_of_more_than_there_are_is_all(hundred: Dataset) -> None:
    assert hundred.sample(None, seed=0) == hundred.sample(101, seed=0) == hundred


def test_a_sample_of_none_is_refused(hundred: Dataset) -> None:
    with pytest.raises(EvaluationError, match=r"1 이상이어야 합니다\(지금은 0\)"):
        hundred.sample(0, seed=0)
