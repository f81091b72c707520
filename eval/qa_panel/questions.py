"""The question files of an installation, below ``questions`` of the data folder: sent, checked, chosen."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from eval.qa_panel.state import Checked
from eval.questions import dataset
from eval.questions.checks import check
from eval.questions.dataset import Dataset
from knowledge_base.document import Document
from knowledge_base.errors import EvaluationError
from knowledge_base.imports.uploads import Uploads

ENDINGS = (".jsonl", ".csv", ".xlsx")
MAX_BYTES = 20 * 2**20
GOLDEN = "상담에서 모은 질문.jsonl"
"""Where the corrected questions of real calls go."""


class QuestionFile(NamedTuple):
    """A file to choose and its size in bytes."""

    name: str
    bytes: int


class QuestionFiles:
    """Files are taken in two steps: what was sent stands aside until it reads as questions."""

    def __init__(self, folder: Path) -> None:
        self._kept = Uploads(folder, MAX_BYTES)
        self.sent = Uploads(folder / ".sent", MAX_BYTES)

    def all(self) -> Iterator[QuestionFile]:
        """Every question file, sorted by name."""
        if self._kept.folder.is_dir():
            for path in sorted(self._kept.folder.iterdir()):
                if path.suffix.lower() in ENDINGS and path.is_file() and not path.name.startswith("."):
                    yield QuestionFile(path.name, path.stat().st_size)

    def take(self, name: str, known: dict[str, Document]) -> Checked:
        """Check what was sent under ``name`` and keep it, in place of an earlier one; raises EvaluationError."""
        path = self.sent.path(name)
        try:
            questions = _read(path).questions
            path.replace(self._kept.folder / path.name)
        finally:
            path.unlink(missing_ok=True)
        return Checked(path.name, len(questions), tuple(check(questions, known, date.today())))

    def load(self, name: str) -> Dataset:
        """The questions of a kept file; raises EvaluationError."""
        return _read(self._kept.path(name))

    def golden(self) -> Path:
        """The file of the questions from real calls, whether or not there is one yet."""
        return self._kept.folder / GOLDEN


def _read(path: Path) -> Dataset:
    """As ``dataset.load``, but people are told the name of a file and not where it lies."""
    if path.suffix.lower() not in ENDINGS:
        raise EvaluationError(f"'{path.name}'은(는) 질문 파일이 아닙니다. {', '.join(ENDINGS)} 파일을 올려 주세요.")
    try:
        return dataset.load(path)
    except EvaluationError as error:
        raise EvaluationError(str(error).replace(str(path), f"'{path.name}'")) from error
