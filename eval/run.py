"""The record of a run: all that is needed to repeat it and to compare it with another."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from knowledge_base.errors import EvaluationError

RECORD = "run.json"
RESULTS = "results.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One evaluation. ``created`` is UTC in ISO 8601; ``commit`` is empty outside a git repository.

    ``dataset_sha256`` is of the whole question file; ``limit`` and ``seed`` say which of its questions were
    asked (``limit`` None: all). ``snapshot`` names the snapshot searched, several with commas when it changed
    under way. ``counts`` are n_total, n_failed and n_unanswerable questions.
    """

    id: str
    created: str
    commit: str
    packages: dict[str, str]
    machine: dict[str, str | int]
    dataset: str
    dataset_sha256: str
    snapshot: str
    settings: dict[str, object]
    seed: int
    limit: int | None
    counts: dict[str, int]
    metrics: dict[str, object]

    @property
    def scores(self) -> dict[str, object]:
        """Metrics and counts side by side, as a program reads them."""
        return {**self.metrics, **self.counts}


def new_id() -> str:
    """The time in UTC and six random digits, so that ids sort by age: ``20261127T090000Z-1a2b3c``."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def reserve(folder: Path) -> Path:
    """Make the folder of a run, before any question is asked.

    Raises EvaluationError when it already holds a run (never overwritten) or cannot be written.
    """
    if (folder / RECORD).exists():
        raise EvaluationError(f"{folder} 폴더에 이미 평가 기록이 있습니다. --out에 다른 폴더를 지정하세요.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f".{RECORD}").touch()
        (folder / f".{RECORD}").unlink()
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder


def save(run: Run, results: Sequence[dict[str, object]], folder: Path) -> None:
    """Write ``results.jsonl`` (a line a question), then ``run.json``, each whole or not at all.

    A folder with ``run.json`` is therefore a complete run. Raises EvaluationError when writing fails.
    """
    lines = [json.dumps(row, ensure_ascii=False, allow_nan=False) for row in results]
    record = json.dumps(asdict(run), ensure_ascii=False, allow_nan=False, indent=2)
    try:
        _replace(folder / RESULTS, "".join(f"{line}\n" for line in lines))
        _replace(folder / RECORD, f"{record}\n")
    except OSError as error:
        raise _unwritable(folder, error) from error


def _replace(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _unwritable(folder: Path, error: OSError) -> EvaluationError:
    return EvaluationError(
        f"{folder} 폴더에 평가 기록을 쓸 수 없습니다({error.strerror}). "
        "권한과 남은 공간을 확인하거나 --out에 다른 폴더를 지정하세요."
    )
