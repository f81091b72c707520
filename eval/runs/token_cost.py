"""What answers cost: the tokens that an LLM read and wrote for them, where it counts them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from eval.examination.result import Result, Tokens
from eval.metrics.latency import percentiles

LABELS = {"prompt": "읽음", "completion": "씀", "cached": "읽음 가운데 이미 알던 것"}


class TokenCost(NamedTuple):
    """Tokens in all over ``answers`` whose model counted them, and percentiles of an answer, by what was counted."""

    answers: int
    total: Tokens
    per_answer: dict[str, dict[str, float]]

    def row(self) -> dict[str, Any]:
        """As a program reads it."""
        return {**self.total.model_dump(), "answers": self.answers, "per_answer": self.per_answer}


def cost(results: Iterable[Result]) -> TokenCost | None:
    """The cost of a run; None when no answer was counted: without an LLM, or in a run from before they were."""
    counted = [each.answer.tokens for each in results if each.answer and each.answer.tokens]
    if not counted:
        return None
    by_name = {name: [getattr(each, name) for each in counted] for name in LABELS}
    return TokenCost(
        answers=len(counted),
        total=Tokens(**{name: sum(values) for name, values in by_name.items()}),
        per_answer={name: percentiles(values) for name, values in by_name.items()},
    )
