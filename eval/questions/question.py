"""One question of a question file, checked before anything is measured."""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar

from knowledge_base.errors import EvaluationError

T = TypeVar("T")

REQUIRED = ("id", "question", "answer", "documents", "answerable", "category")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question and what a right answer to it looks like.

    ``documents`` are ids in NFC, any one of which is right; an answerable question has at least one.
    ``answer`` is the reference answer, empty when there is none. ``on`` is the day the question is asked on
    (None: the day of the run). ``passages`` are quotes from the right documents: with them, only a chunk that
    holds one of them is right.
    """

    id: str
    question: str
    answer: str
    documents: tuple[str, ...]
    answerable: bool
    category: str
    on: date | None = None
    passages: tuple[str, ...] = ()

    def row(self) -> dict[str, object]:
        """The question as a JSON object that ``read`` takes; what is not set is left out."""
        row = asdict(self) | {"documents": list(self.documents), "passages": list(self.passages)}
        row["on"] = self.on.isoformat() if self.on else None
        return {name: value for name, value in row.items() if name in REQUIRED or value}


def read(row: Mapping[str, object], place: str) -> Question:
    """The question of a row with at least the REQUIRED keys; unknown ones are ignored.

    Raises EvaluationError with ``place`` (file and line) and what is wrong there.
    """
    for name in REQUIRED:
        if name not in row:
            raise EvaluationError(f"{place}: '{name}' 키가 없습니다. 필요한 키: {', '.join(REQUIRED)}.")
    documents = _texts(row, "documents", place)
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
        on=_day(row, place),
        passages=_texts(row, "passages", place) if row.get("passages") else (),
    )


def _texts(row: Mapping[str, object], key: str, place: str) -> tuple[str, ...]:
    texts = []
    for entry in _value(row, key, list, place):
        if not isinstance(entry, str):
            raise EvaluationError(f"{place}: '{key}'에는 문자열만 올 수 있는데 {json_type(entry)}이(가) 있습니다.")
        _require_letters(entry, key, place)
        texts.append(unicodedata.normalize("NFC", entry))
    return tuple(texts)


def _day(row: Mapping[str, object], place: str) -> date | None:
    if not row.get("on"):
        return None
    text = _value(row, "on", str, place)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise EvaluationError(f"{place}: 'on'의 '{text}'은(는) 날짜가 아닙니다. 2026-11-22처럼 적으세요.") from error


def _filled(row: Mapping[str, object], key: str, place: str) -> str:
    text = _value(row, key, str, place)
    if not text.strip():
        raise EvaluationError(f"{place}: '{key}'이(가) 비어 있습니다. 값을 적으세요.")
    return text


def _value(row: Mapping[str, object], key: str, kind: type[T], place: str) -> T:
    value = row[key]
    if not isinstance(value, kind):
        expected = _KINDS[kind]
        raise EvaluationError(f"{place}: '{key}'은(는) {expected}이어야 하는데 {json_type(value)}입니다.")
    if isinstance(value, str):
        _require_letters(value, key, place)
    return value


def _require_letters(text: str, key: str, place: str) -> None:
    """Refuse half of a surrogate pair, which JSON can name and no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise EvaluationError(f"{place}: '{key}'에 글자가 아닌 코드가 있습니다. 글자를 다시 적으세요.") from error


_KINDS: dict[type, str] = {
    str: "문자열",
    bool: "true/false 값",
    list: "배열",
    dict: "객체",
    int: "숫자",
    float: "숫자",
    type(None): "null",
}


def json_type(value: object) -> str:
    """The Korean name of a JSON value's type."""
    return _KINDS[type(value)]
