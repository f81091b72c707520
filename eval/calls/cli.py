"""``onnuri eval calls``: do live calls get their evidence in time, and only when something is asked?"""

from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from eval.console import Console, Out, echo_scores
from knowledge_base.console import AsJson

if TYPE_CHECKING:
    from assistant.calls.cli import Console as CallConsole
    from eval.calls.transcripts import Plays, Scores


def calls(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="CALLS.jsonl", help="통화 파일(eval/data/calls/README.md)")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="통화한 날. 그날 쓰는 문서만 찾음(기본: 오늘)")
    ] = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """통화를 재생해, 질문마다 1초 안에 맞는 근거가 나왔는지와 필요 없는 제안을 셉니다. LLM은 쓰지 않습니다."""
    from eval.calls import run
    from eval.calls.transcripts import load, play, scores
    from eval.runs import launch
    from eval.runs.run import new_id
    from eval.runs.store import RunStore

    console: Console = ctx.obj
    cases, day, run_id = load(file), on.date() if on else None, new_id()
    folder = RunStore(console.home.runs).new(run_id, out)
    folder.require_new()
    plays = _playing(ctx.obj, day)
    questions = run.questions(cases, day)
    plan = run.planned(console, run_id, file, questions)
    started = perf_counter()
    played = [play(case, plays) for case in cases]
    found = scores(played)
    folder.reserve(plan, questions, launch.right_documents(questions, launch.known_documents(console)))
    run.keep(folder, run.finished(plan, played, found, perf_counter() - started), played)
    if as_json:
        echo_scores(folder.record().run, folder.path)
    else:
        _show(found)
        typer.echo(f"기록: {folder.path}\n보고서: onnuri eval report {folder.path if out else run_id}")


def _playing(console: "CallConsole", on: date | None) -> "Plays":
    """Plays calls against the current snapshot, without an LLM."""
    from assistant.calls.call import Call
    from assistant.calls.question_finder import QuestionFinder
    from assistant.calls.replay import replayed
    from assistant.settings import LLMChoice

    searcher, analyzer = console.searcher(), console.analyzer()
    searcher.search("안녕하세요", k=1)  # load before a call's clock runs
    finder = QuestionFinder(searcher, analyzer, on)
    assistant = console.assistant(LLMChoice.NONE)
    return lambda name, said: replayed(Call(name, finder, assistant, on=on), said)


def _show(found: "Scores") -> None:
    typer.echo(f"통화 {found.n_calls}건 · 질문 {found.n_questions}개 · 시민의 말 {found.n_utterances}마디")
    for label, share in (
        ("질문을 알아챔", found.noticed),
        ("맞는 문서가 1초 안에 3위까지", found.hit),
        ("  이어 묻는 말", found.hit_follow_up),
        ("  처음 묻는 말", found.hit_first),
    ):
        if share is not None:
            typer.echo(f"{label}: {share.mean:.1%} (95% {share.low:.1%}–{share.high:.1%}, {share.n}개)")
    typer.echo(f"필요 없는 제안: {found.needless}개, 10마디에 {found.needless_per_10:.2f}개")
    if found.wait_ms:
        typer.echo(f"질문이 끝나고 근거까지(ms): p50 {found.wait_ms['p50']:,.0f}, p95 {found.wait_ms['p95']:,.0f}")
