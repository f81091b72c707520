"""Records on disk as JSON and JSON lines, whole or not at all."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from eval.examination.result import Stored
from knowledge_base.errors import EvaluationError

Line = TypeVar("Line", bound=Stored)


def read(model: type[Line], path: Path) -> Line:
    """A file of one record; raises EvaluationError when it is missing or damaged."""
    try:
        return model.model_validate_json(path.read_bytes())
    except FileNotFoundError as error:
        raise EvaluationError(
            f"{path.parent} 폴더에 {path.name} 파일이 없습니다. 'onnuri eval list'로 있는 평가를 확인하세요."
        ) from error
    except (OSError, ValidationError) as error:
        raise EvaluationError(f"평가 기록 {path}을(를) 읽을 수 없습니다. 다시 평가하세요.") from error


def lines(model: type[Line], path: Path) -> Iterator[Line]:
    """The lines of a file, but a last one that was cut short; none when there is no file."""
    if not path.exists():
        return
    whole = path.read_bytes().rpartition(b"\n")[0]
    for number, line in enumerate(whole.split(b"\n") if whole else [], start=1):
        try:
            yield model.model_validate_json(line)
        except ValidationError as error:
            raise EvaluationError(f"평가 기록 {path}의 {number}번째 줄이 손상되었습니다. 다시 평가하세요.") from error


def add(record: Stored, path: Path) -> None:
    """Add a line; it survives the process being killed at any moment after this returned. Raises OSError."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{record.model_dump_json()}\n")


def pretty(record: Stored) -> str:
    """A record as people may read it."""
    return json.dumps(record.model_dump(mode="json"), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def replace(path: Path, text: str) -> None:
    """Write a file in one step. Raises OSError."""
    unfinished = path.with_name(f".{path.name}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
