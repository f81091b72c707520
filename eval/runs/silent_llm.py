"""A run whose LLM answers few of its questions: it goes on with extracts, but must not pass for that LLM's."""

from collections.abc import Callable, Iterable, Iterator

from eval.examination.result import Result

ANSWERED = "llm_answered"
FEW = 0.5
"""The share of the questions put to the LLM below which the scores are those of the extracts."""
TOLD_AFTER = 3
"""Questions put to the LLM before a running evaluation says so: as many failures shut it off."""
NEXT_STEP = "'onnuri doctor'로 LLM을 확인하고 다시 평가하세요."


def warning(share: float | None) -> str | None:
    """What is wrong with a run in which the LLM answered this ``share``; None when nothing is, or none was asked.

    >>> warning(0.5), warning(None)
    (None, None)
    """
    if share is None or share >= FEW:
        return None
    return (
        f"LLM에 물은 질문의 {share:.0%}만 LLM이 답하고 나머지는 발췌로 답했으므로, "
        f"이 점수는 LLM의 점수가 아닙니다. {NEXT_STEP}"
    )


def warned(results: Iterable[Result], told: Callable[[str], None]) -> Iterator[Result]:
    """The results one by one; ``told`` is called once, as soon as they show that the LLM answers few."""
    answered: list[float] = []
    is_told = False
    for result in results:
        yield result
        answered += [result.scores[ANSWERED]] if ANSWERED in result.scores else []
        if not is_told and len(answered) >= TOLD_AFTER and sum(answered) < FEW * len(answered):
            is_told = True
            told(
                f"주의: LLM에 물은 {len(answered)}개 가운데 {sum(answered):.0f}개만 LLM이 답해 나머지는 발췌로 "
                f"평가합니다. 멈추려면 Ctrl+C를 누르고, {NEXT_STEP}"
            )
