"""How far a run has come, on the error stream of a terminal; silent when nobody watches."""

import sys
from collections.abc import Iterator, Sequence

from eval.dataset import Question


def shown(questions: Sequence[Question], label: str) -> Iterator[Question]:
    """The questions one by one, with a progress bar (``label`` in Korean) on a terminal's stderr."""
    from tqdm import tqdm

    yield from tqdm(questions, desc=label, unit="문항", file=sys.stderr, disable=None)
