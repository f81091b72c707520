"""One run against another over the questions both asked: what is better, what is worse, what is chance."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from eval.examination.result import Result
from eval.metrics import needless
from eval.metrics.catalogue import HEADLINE, METRICS
from eval.metrics.significance import Paired, holm, paired
from eval.questions.question import Question
from eval.runs.store import Record
from knowledge_base.errors import EvaluationError

SIGNIFICANT = 0.05
TELLING = ("fact_recall", "citation_recall", "mrr@10")
"""The scores by which a single question is called better or worse."""


class Verdict(StrEnum):
    """What may be said of a difference, as people read it."""

    BETTER = "나아짐"
    WORSE = "나빠짐"
    UNDECIDED = "차이 없음"


class Difference(NamedTuple):
    """One score in both runs; ``p`` is adjusted for the scores tested with it."""

    name: str
    paired: Paired
    p: float

    @property
    def verdict(self) -> Verdict:
        """Significant at 5 %, or undecided."""
        if self.p >= SIGNIFICANT or not self.paired.difference:
            return Verdict.UNDECIDED
        return Verdict.BETTER if (self.paired.difference > 0) == METRICS[self.name].more_is_better else Verdict.WORSE


class Change(NamedTuple):
    """One question in both runs."""

    question: Question
    before: Result
    after: Result

    @property
    def gain(self) -> float:
        """How much better it is after, by those of the telling scores that it has in both runs."""
        before, after = self.before.scores, self.after.scores
        return sum(after[name] - before[name] for name in TELLING if name in before and name in after)


class Comparison(NamedTuple):
    """``differences`` by score, in the order of METRICS, and the questions both runs asked.

    ``needless`` is of the calls that both played, None when they played none.
    """

    baseline: Record
    current: Record
    differences: dict[str, Difference]
    changes: tuple[Change, ...]
    needless: Paired | None = None


def compare(baseline: Record, current: Record) -> Comparison:
    """Pair the questions with the same id and words; raises EvaluationError when there are none.

    The headline scores are adjusted together, the others together, by Holm's method.
    """
    before = {
        (question.id, question.question): result
        for question, result in zip(baseline.questions, baseline.results, strict=True)
    }
    changes = tuple(
        Change(question, before[question.id, question.question], result)
        for question, result in zip(current.questions, current.results, strict=True)
        if (question.id, question.question) in before
    )
    if not changes:
        raise EvaluationError(
            f"평가 {baseline.run.id}과(와) {current.run.id}에 같은 질문이 없습니다. "
            "같은 질문 파일, --limit, --seed로 잰 평가와 비교하세요."
        )
    tested = {name: found for name in METRICS if (found := _paired(name, changes)) is not None}
    adjusted = holm(_p_values(tested, headline=True)) | holm(_p_values(tested, headline=False))
    differences = {name: Difference(name, found, adjusted[name]) for name, found in tested.items()}
    return Comparison(baseline, current, differences, changes, needless.change(baseline.calls, current.calls))


def _paired(name: str, changes: Sequence[Change]) -> Paired | None:
    both = [each for each in changes if name in each.before.scores and name in each.after.scores]
    if not both:
        return None
    return paired([each.before.scores[name] for each in both], [each.after.scores[name] for each in both])


def _p_values(tested: Mapping[str, Paired], *, headline: bool) -> dict[str, float]:
    return {name: found.p for name, found in tested.items() if (name in HEADLINE) == headline}
