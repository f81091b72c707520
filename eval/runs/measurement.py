"""Measures a run: examines its questions, stores each result, sums them up. A stopped run goes on where it stopped."""

from collections.abc import Callable, Iterable, Sequence

from eval.examination.examiner import Examiner, examined
from eval.examination.result import Result
from eval.questions.dataset import Dataset
from eval.questions.question import Question
from eval.runs import provenance, summary
from eval.runs.run import Plan, Run, RunKind, now
from eval.runs.store import RunFolder
from knowledge_base.errors import EvaluationError

Watch = Callable[[Iterable[Result], int], Iterable[Result]]
"""Wraps the results as they come, given how many there will be: a progress bar."""


def planned(
    dataset: Dataset,
    *,
    run_id: str,
    settings: dict[str, object],
    seed: int,
    limit: int | None,
    jobs: int = 1,
    kind: RunKind = RunKind.QUESTIONS,
    snapshot: str = "",
    models: dict[str, str] | None = None,
    configuration: dict[str, object] | None = None,
) -> Plan:
    """What is known of a run before its first question."""
    return Plan(
        id=run_id,
        kind=kind,
        created=now(),
        commit=provenance.commit(),
        packages=provenance.packages(),
        machine=provenance.machine(),
        dataset=str(dataset.path),
        dataset_sha256=dataset.sha256,
        snapshot=snapshot,
        models=models or {},
        prompt=provenance.prompt(),
        settings=settings,
        configuration=configuration or {},
        seed=seed,
        limit=limit,
        jobs=jobs,
    )


def measure(folder: RunFolder, examiner: Examiner, watch: Watch = lambda results, total: results) -> Run:
    """Have a warm examiner ask the questions of a reserved folder that have no result yet, and make it a complete run.

    Raises EvaluationError when somebody else is at it.
    """
    with folder.writing():
        plan = folder.plan()
        folder.repair()
        done = folder.results()
        left = [question for question in folder.questions() if question.id not in done]
        for result in watch(examined(left, examiner, plan.jobs), len(left)):
            folder.keep(result)
        run = finished(plan, folder.questions(), list(folder.results().values()))
        folder.finish(run)
        return run


def finished(plan: Plan, questions: Sequence[Question], results: Sequence[Result]) -> Run:
    """The run with its scores; ``results`` are in the order of ``questions``."""
    snapshots = sorted({each.snapshot for each in results if each.snapshot})
    known = plan.model_dump(exclude={"snapshot", "models"})
    llms = sorted({each.answer.model for each in results if each.answer and each.answer.model})
    return Run(
        **known,
        snapshot=", ".join(snapshots),
        models={**plan.models, **({"llm": ", ".join(llms)} if llms else {})},
        finished=now(),
        seconds=round(sum(each.seconds for each in results) / plan.jobs, 1),
        counts=summary.counts(questions, results),
        metrics=summary.metrics(questions, results),
    )


def refuse_change(plan: Plan, *, snapshot: str, configuration: dict[str, object]) -> None:
    """Raise EvaluationError when the index, code, prompt or settings have changed since the run began."""
    changed = [
        name
        for name, before, after in (
            ("색인", plan.snapshot, snapshot),
            ("코드", plan.commit, provenance.commit()),
            ("프롬프트", plan.prompt, provenance.prompt()),
            ("설정", plan.configuration, configuration),
        )
        if before != after
    ]
    if changed:
        raise EvaluationError(
            f"멈춘 뒤로 {', '.join(changed)}이(가) 바뀌어 평가 {plan.id}을(를) 이어서 할 수 없습니다. "
            "되돌리거나 'onnuri eval run'으로 새로 시작하세요."
        )
