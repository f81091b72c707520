"""Asks the search and the assistant, and grades their answers."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from time import perf_counter

from assistant.answering.assistant import Searches
from eval.examination import answers, retrieval
from eval.examination.answers import Answered, Suggests
from eval.examination.grading import Grader
from eval.examination.result import Milliseconds, Result
from eval.examination.retrieval import DEPTH
from eval.questions.question import Question
from knowledge_base.errors import AssistantError

WARM_UP = "민원 안내"
"""Asked once before the clock starts: a console in service has its models loaded."""


class Examiner:
    """Examines one question at a time; thread-safe if the searcher and the assistant are.

    Without an assistant only the search is examined. ``call`` is the name under which the assistant is asked.
    """

    def __init__(self, searcher: Searches, assistant: Suggests | None, grader: Grader, call: str) -> None:
        self._searcher = searcher
        self._assistant = assistant
        self._grader = grader
        self._call = call

    def warm_up(self) -> None:
        """Load what is loaded at the first question.

        Raises IndexingError when there is nothing to search: then every question would fail alike.
        """
        with suppress(AssistantError):
            self._searcher.search(WARM_UP, k=DEPTH)
        if self._assistant:
            with suppress(AssistantError):
                list(self._assistant.suggest(WARM_UP, call=self._call))

    def examine(self, question: Question) -> Result:
        """What one question got, with its scores.

        The assistant is asked before the search, which may remember the question: the agent's wait is what
        must be measured whole.
        """
        started = perf_counter()
        answered = answers.answer(question, self._assistant, self._call) if self._assistant else None
        found = retrieval.retrieve(question, self._searcher)
        noted: dict[str, object] = {"latency_ms": _rounded(_search_latency(found, answered))}
        if answered:
            noted |= {"evidence": answered.evidence or found.evidence, "answer": answered.answer}
        graded = self._grader.graded(question, found.model_copy(update=noted))
        return graded.model_copy(update={"seconds": round(perf_counter() - started, 3)})


def examined(questions: Iterable[Question], examiner: Examiner, jobs: int) -> Iterator[Result]:
    """The results as they come, ``jobs`` questions at a time; a caller that stops reading cancels the rest."""
    with ThreadPoolExecutor(jobs, thread_name_prefix="examiner") as pool:
        waiting = [pool.submit(examiner.examine, question) for question in questions]
        try:
            for finished in as_completed(waiting):
                yield finished.result()
        finally:
            for each in waiting:
                each.cancel()


def _search_latency(found: Result, answered: Answered | None) -> Milliseconds:
    """The stages of the first search for this question: the assistant's, when it was asked."""
    stages = answered.stages if answered else {}
    if found.error is None and "search" in stages and found.latency_ms.keys() - {"total"} <= stages.keys():
        return {stage: stages[stage] for stage in found.latency_ms if stage != "total"} | {"total": stages["search"]}
    return found.latency_ms


def _rounded(timings: Milliseconds) -> Milliseconds:
    return {stage: round(milliseconds, 3) for stage, milliseconds in timings.items()}
