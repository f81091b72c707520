"""Question files: JSON lines, CSV or XLSX, checked before anything is measured; their hash is their version."""

import hashlib
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from eval.questions.question import Question, json_type, read
from eval.questions.table import csv_rows, xlsx_rows
from knowledge_base.errors import EvaluationError


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
            raise EvaluationError(f"질문 수 제한은 1 이상이어야 합니다(지금은 {limit}). --limit을 고치거나 빼세요.")
        chosen = random.Random(seed).sample(range(len(self.questions)), min(limit, len(self.questions)))
        return replace(self, questions=tuple(self.questions[index] for index in sorted(chosen)))


def load(path: Path) -> Dataset:
    """Read a question file; ``.csv`` and ``.xlsx`` are tables, anything else JSON lines (UTF-8).

    Raises EvaluationError with the file, the line and what is wrong there.
    """
    content = _content(path)
    questions: dict[str, Question] = {}
    for question, place in _questions(path, content):
        if question.id in questions:
            raise EvaluationError(
                f"{place}: id '{question.id}'이(가) 앞에서 이미 쓰였습니다. 질문마다 다른 id를 주세요."
            )
        questions[question.id] = question
    if not questions:
        raise EvaluationError(f"{path} 파일에 질문이 없습니다. 한 줄에 질문 하나씩 JSON으로 적으세요.")
    return Dataset(path=path, questions=tuple(questions.values()), sha256=hashlib.sha256(content).hexdigest())


def json_lines(questions: Iterable[Question]) -> str:
    """The text of a question file."""
    return "".join(json.dumps(question.row(), ensure_ascii=False) + "\n" for question in questions)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise EvaluationError(f"질문 파일 {path}이(가) 없습니다. 경로를 확인하세요.") from error
    except OSError as error:
        raise EvaluationError(
            f"질문 파일 {path}을(를) 읽을 수 없습니다({error.strerror}). 파일과 권한을 확인하세요."
        ) from error


def _questions(path: Path, content: bytes) -> Iterator[tuple[Question, str]]:
    """Each question and where it stands."""
    tables = {".csv": csv_rows, ".xlsx": xlsx_rows}
    if rows := tables.get(path.suffix.lower()):
        for number, values in rows(content, str(path)):
            place = f"{path} {number}행"
            yield read(values, place), place
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} 파일이 UTF-8이 아닙니다. UTF-8로 다시 저장하세요.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            place = f"{path} {number}번째 줄"
            yield read(_row(line, place), place), place


def _row(line: str, place: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise EvaluationError(
            f"{place}: 올바른 JSON이 아닙니다({error.colno}번째 글자). 한 줄에 JSON 객체 하나만 적으세요."
        ) from error
    except (RecursionError, ValueError) as error:  # brackets without end, a number of thousands of digits
        raise EvaluationError(f"{place}: 너무 깊거나 큰 값이 있습니다. 한 줄에 질문 하나만 적으세요.") from error
    if not isinstance(row, dict):
        raise EvaluationError(f"{place}: JSON 객체여야 하는데 {json_type(row)}입니다. {{…}} 꼴로 적으세요.")
    return row
