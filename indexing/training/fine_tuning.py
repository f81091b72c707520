"""An embedding model made better at the knowledge base at hand, with questions made from it.

Measured on the welfare services: .855 → .873 MRR of dense search on real questions that training never saw,
see docs/decisions/008-retrieval.md.
"""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexing.lexical.tokens import Analyzer
from indexing.progress import Progress
from indexing.snapshots.chunks import Entry
from indexing.training.pairs import Pair, PairMaker
from knowledge_base.errors import IndexingError

if TYPE_CHECKING:
    from indexing.training.learner import Learner

STEPS = 60
HELD_OUT = 5  # every so many documents are kept for the examination
EXAMINED = 400  # questions, and at most EXAMINED passages
FEWEST = 20  # documents
DEPTH = 10


class Training(NamedTuple):
    """Where the trained model is, and the MRR@10 of both on documents that were held out."""

    folder: Path
    before: float
    after: float


def train(
    folder: Path,
    entries: Sequence[Entry],
    analyzer: Analyzer,
    *,
    steps: int = STEPS,
    progress: Progress = lambda stage, done, total: None,
) -> Training:
    """Train a copy of the model in ``folder`` on the chunks ``entries``; it is written beside it when it is better.

    Nothing changes until the settings name the new folder. Raises IndexingError when it is no better or there
    are too few documents, and ModelUnavailable for a model that cannot learn. Stopped at any time it leaves
    nothing behind.
    """
    from indexing.training.learner import BATCH, Learner

    learnt, held_out = _parted(entries)
    exam = PairMaker(held_out, analyzer, seed=1).pairs(EXAMINED)
    passages = held_out[:: -(-len(held_out) // EXAMINED)]
    lessons = PairMaker(learnt, analyzer, seed=0).pairs(BATCH * steps)
    learner = Learner(folder, steps)
    before = _mrr(learner, exam, passages)
    for done, start in enumerate(range(0, len(lessons), BATCH), start=1):
        learner.learn(lessons[start : start + BATCH])
        progress("학습", done, steps)
    after = _mrr(learner, exam, passages)
    if after <= before:
        raise IndexingError(
            f"학습한 모델이 따로 둔 문서에서 더 낫지 않아 저장하지 않았습니다(MRR@10 {before:.3f} → {after:.3f}). "
            "지금 모델을 그대로 쓰세요."
        )
    return Training(_saved(learner, folder), before, after)


def _parted(entries: Sequence[Entry]) -> tuple[list[Entry], list[Entry]]:
    """The chunks to learn from, and those of every fifth document."""
    documents = sorted({entry.document.id for entry in entries})
    if len(documents) < FEWEST:
        raise IndexingError(
            f"문서가 {len(documents)}개뿐이라 학습할 수 없습니다. 문서를 {FEWEST}개 이상 가져온 뒤 다시 실행하세요."
        )
    kept = set(documents[::HELD_OUT])
    return (
        [entry for entry in entries if entry.document.id not in kept],
        [entry for entry in entries if entry.document.id in kept],
    )


def _mrr(learner: "Learner", exam: Sequence[Pair], passages: Sequence[Entry]) -> float:
    """The mean reciprocal rank of the best passage of each question's document, 0 below the tenth."""
    documents = np.array([entry.document.id for entry in passages])
    cosines = learner.questions([pair.question for pair in exam]) @ learner.passages([e.text for e in passages]).T
    ranks = [_rank(row, documents == pair.document) for row, pair in zip(cosines, exam, strict=True)]
    return float(np.mean([1 / rank if rank <= DEPTH else 0 for rank in ranks]))


def _rank(cosines: NDArray[np.float32], right: NDArray[np.bool_]) -> int:
    return 1 + int((cosines[~right] > cosines[right].max(initial=-1)).sum())


def _saved(learner: "Learner", folder: Path) -> Path:
    """The new folder, whole or not there at all."""
    target = folder.with_name(f"{folder.name}-{datetime.now(UTC):%Y%m%d-%H%M%S}")
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{target.name}-") as aside:
        built = Path(aside) / "model"
        shutil.copytree(folder, built, ignore=shutil.ignore_patterns("openvino"))
        learner.save(built)
        built.rename(target)
    return target
