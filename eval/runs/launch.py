"""Runs of the program as it is set up: planned from its settings, run, resumed."""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.settings import LLMBackend, LLMChoice
from eval.console import Console
from eval.examination.examiner import Examiner
from eval.examination.grading import Grader
from eval.questions.dataset import Dataset
from eval.questions.question import Question
from eval.runs import provenance
from eval.runs.measurement import Watch, measure, planned, refuse_change
from eval.runs.progress import shown
from eval.runs.run import Plan, Run, RunKind
from eval.runs.store import RightDocument, RunFolder
from knowledge_base.document import Document
from knowledge_base.errors import EvaluationError, IndexingError

if TYPE_CHECKING:
    from indexing.retrieval.search import SearchService


def jobs_for(*, asks_llm: bool) -> int:
    """How many questions to ask at once: one of a local LLM; of the search, as many as leave its latency alone.

    One search keeps about two cores busy.
    """
    return 1 if asks_llm else max(1, (os.cpu_count() or 1) // 2)


def plan(
    console: Console,
    dataset: Dataset,
    *,
    run_id: str,
    retrieval_only: bool,
    llm: LLMChoice,
    judged: bool = False,
    seed: int = 0,
    limit: int | None = None,
    jobs: int | None = None,
    kind: RunKind = RunKind.QUESTIONS,
    snapshot: str | None = None,
) -> Plan:
    """The plan of a run with the program as it is set up now; ``snapshot`` None is the one being served."""
    served = served_snapshot(console) if snapshot is None else snapshot
    settings: dict[str, object] = {"retrieval_only": retrieval_only, "llm": llm.value}
    settings |= {"judge": console.settings.judge_model} if judged else {}
    settings |= {"snapshot": snapshot} if snapshot else {}
    return planned(
        dataset,
        run_id=run_id,
        settings=settings,
        seed=seed,
        limit=limit,
        jobs=jobs or jobs_for(asks_llm=not retrieval_only and llm is LLMChoice.AUTO),
        kind=kind,
        snapshot=served,
        models=_models(console, served),
        configuration=provenance.configuration(console.settings),
    )


def begin(console: Console, folder: RunFolder, plan: Plan, questions: Sequence[Question], watch: Watch = shown) -> Run:
    """Ask the questions of a new run; nothing is written before they can be asked."""
    folder.require_new()
    asks = examiner(console, plan)
    asks.warm_up()
    folder.reserve(plan, questions, right_documents(questions, known_documents(console)))
    return measure(folder, asks, watch)


def resume(console: Console, folder: RunFolder, watch: Watch = shown) -> Run:
    """Resume a stopped run; raises EvaluationError when what it measures has changed since."""
    stopped = folder.plan()
    if not stopped.kind.is_resumable:
        raise EvaluationError(f"{stopped.kind.label}은(는) 이어서 할 수 없습니다. 새로 시작하세요.")
    pinned = stopped.settings.get("snapshot")
    refuse_change(
        stopped,
        snapshot=str(pinned) if pinned else served_snapshot(console),
        configuration=provenance.configuration(console.settings),
    )
    asks = examiner(console, stopped)
    asks.warm_up()
    return measure(folder, asks, watch)


def examiner(console: Console, plan: Plan) -> Examiner:
    """The examiner for the questions of a plan."""
    searcher = _searcher(console, plan)
    asks = not plan.settings["retrieval_only"]
    return Examiner(
        searcher,
        console.assistant(LLMChoice(str(plan.settings["llm"])), searcher=searcher) if asks else None,
        _grader(console, plan),
        call=f"eval-{plan.id}",
    )


def _searcher(console: Console, plan: Plan) -> "SearchService":
    if pinned := plan.settings.get("snapshot"):
        from eval.runs.pinned import PinnedSearch

        return PinnedSearch(console.home, console.embedder(), console.analyzer(), str(pinned))
    return console.searcher()


def _grader(console: Console, plan: Plan) -> Grader:
    judge = None
    if "judge" in plan.settings:
        from eval.examination.judge import llm_judge

        judge = llm_judge(console.settings)
    asks_llm = plan.settings["llm"] == LLMChoice.AUTO and console.settings.llm is not LLMBackend.NONE
    return Grader(console.analyzer(), judge, labelled=plan.kind.is_labelled, llm=asks_llm)


def served_snapshot(console: Console) -> str:
    """The snapshot being served, '' before the first build (which the questions will say)."""
    from indexing.snapshots import life_cycle

    try:
        return life_cycle.current_id(console.home)
    except IndexingError:
        return ""


def _models(console: Console, snapshot: str) -> dict[str, str]:
    from indexing.snapshots import life_cycle, manifest

    with suppress(IndexingError):
        built = manifest.read(life_cycle.folder(console.home, snapshot))
        return {"embedding": built.model, "tokenizer": built.tokenizer}
    return {}


def known_documents(console: Console) -> dict[str, Document]:
    """The documents of the knowledge base by id; {} when there is none yet."""
    from knowledge_base.storage.store import KnowledgeStore

    if not console.home.knowledge.exists():
        return {}
    return {each.document.id: each.document for each in KnowledgeStore(console.home.knowledge).documents()}


def right_documents(questions: Sequence[Question], known: dict[str, Document]) -> list[RightDocument]:
    """Those of the known documents that are right for some question."""
    names = dict.fromkeys(name for question in questions for name in question.documents)
    return [RightDocument.of(known[name]) for name in names if name in known]
