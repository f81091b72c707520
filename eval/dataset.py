"""Question files: JSON lines, one question a line, checked before anything is measured."""

import hashlib
import json
import random
import unicodedata
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypeVar

from knowledge_base.errors import EvaluationError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question and what a right answer to it looks like.

    ``documents`` are ids in NFC, any one of which is right; an answerable question has at least one.
    ``answer`` is the reference answer, empty when there is none.
    """

    id: str
    question: str
    answer: str
    documents: tuple[str, ...]
    answerable: bool
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The questions of one file, in its order; ``sha256`` is of the whole file's bytes, also in a sample."""

    path: Path
    questions: tuple[Question, ...]
    sha256: str

    def sample(self, limit: int | None, seed: int) -> "Dataset":
        """``limit`` questions drawn at random, in the file's order; the same ones for the same seed.

        All questions when ``limit`` is None or not below their number. Raises EvaluationError when
        ``limit`` is not positive.
        """
        if limit is None:
            return self
        if limit < 1:
            raise EvaluationError(f"질문 수 제한은 1 이상이어야 합니다(지금은 {limit}).")
        chosen = random.Random(seed).sample(range(len(self.questions)), min(limit, len(self.questions)))
        return replace(self, questions=tuple(self.questions[index] for index in sorted(chosen)))


def load(path: Path) -> Dataset:
    """Read a question file (UTF-8; blank lines are skipped, unknown keys ignored).

    Raises EvaluationError with the file, the line and what is wrong there.
    """
    content = _content(path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} 파일이 UTF-8이 아닙니다. UTF-8로 저장해 다시 실행하세요.") from error
    questions: dict[str, Question] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            _add(_question(line, f"{path} {number}번째 줄"), questions, f"{path} {number}번째 줄")
    if not questions:
        raise EvaluationError(f"{path} 파일에 질문이 없습니다. 한 줄에 질문 하나씩 JSON으로 적으세요.")
    return Dataset(path=path, questions=tuple(questions.values()), sha256=hashlib.sha256(content).hexdigest())


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise EvaluationError(f"질문 파일 {path}이(가) 없습니다. 경로를 확인하세요.") from error
    except OSError as error:
        raise EvaluationError(
            f"질문 파일 {path}을(를) 읽을 수 없습니다({error.strerror}). 파일과 권한을 확인하세요."
        ) from error


def _add(question: Question, questions: dict[str, Question], place: str) -> None:
    if question.id in questions:
        raise EvaluationError(f"{place}: id '{question.id}'이(가) 앞에서 이미 쓰였습니다. 질문마다 다른 id를 주세요.")
    questions[question.id] = question


def _question(line: str, place: str) -> Question:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise EvaluationError(
            f"{place}: 올바른 JSON이 아닙니다({error.colno}번째 글자). 한 줄에 JSON 객체 하나만 적으세요."
        ) from error
    if not isinstance(row, dict):
        raise EvaluationError(f"{place}: JSON 객체여야 하는데 {_kind(row)}입니다. {{…}} 꼴로 적으세요.")
    for field in fields(Question):
        if field.name not in row:
            names = ", ".join(each.name for each in fields(Question))
            raise EvaluationError(f"{place}: '{field.name}' 키가 없습니다. 필요한 키: {names}.")
    return _checked(row, place)


def _checked(row: dict[str, object], place: str) -> Question:
    documents = _documents(row, place)
    answerable = _value(row, "answerable", bool, place)
    if answerable and not documents:
        raise EvaluationError(
            f"{place}: 답할 수 있는 질문인데 'documents'가 비어 있습니다. "
            "정답 문서를 적거나 'answerable'을 false로 바꾸세요."
        )
    return Question(
        id=_filled(row, "id", place),
        question=_filled(row, "question", place),
        answer=_value(row, "answer", str, place),
        documents=documents,
        answerable=answerable,
        category=_value(row, "category", str, place),
    )


def _documents(row: dict[str, object], place: str) -> tuple[str, ...]:
    ids = []
    for entry in _value(row, "documents", list, place):
        if not isinstance(entry, str):
            raise EvaluationError(f"{place}: 'documents'에는 문자열만 올 수 있는데 {_kind(entry)}이(가) 있습니다.")
        ids.append(unicodedata.normalize("NFC", entry))
    return tuple(ids)


def _filled(row: dict[str, object], key: str, place: str) -> str:
    text = _value(row, key, str, place)
    if not text.strip():
        raise EvaluationError(f"{place}: '{key}'이(가) 비어 있습니다. 값을 적으세요.")
    return text


def _value(row: dict[str, object], key: str, kind: type[T], place: str) -> T:
    value = row[key]
    if not isinstance(value, kind):
        expected = _KINDS[kind]
        raise EvaluationError(f"{place}: '{key}'은(는) {expected}이어야 하는데 {_kind(value)}입니다.")
    return value


_KINDS: dict[type, str] = {
    str: "문자열",
    bool: "true/false 값",
    list: "배열",
    dict: "객체",
    int: "숫자",
    float: "숫자",
    type(None): "null",
}


def _kind(value: object) -> str:
    return _KINDS[type(value)]
