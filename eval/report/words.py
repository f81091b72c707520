"""What a run says, in sentences for the head of a call centre."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from eval.metrics.catalogue import HEADLINE, METRICS
from eval.metrics.confidence import Estimate
from eval.metrics.needless import needless_per_10
from eval.report import waits
from eval.runs.comparison import SIGNIFICANT, Comparison, Difference, Verdict
from eval.runs.run import Run
from eval.runs.silent_llm import ANSWERED, FEW
from eval.runs.store import Record


def percent(value: float) -> str:
    """
    >>> percent(0.954), percent(1.0)
    ('95.4%', '100%')
    """
    return f"{value:.1%}".replace(".0%", "%") if value in (0, 1) else f"{value:.1%}"


def interval(estimate: Estimate) -> str:
    """
    >>> interval(Estimate(0.95, 0.9, 1.0, 60))
    '90.0–100%'
    """
    return f"{percent(estimate.low).removesuffix('%')}–{percent(estimate.high)}"


def seconds(milliseconds: float) -> str:
    """
    >>> seconds(31.6), seconds(2345.0)
    ('0.03초', '2.3초')
    """
    return f"{milliseconds / 1000:.2f}초" if milliseconds < 1000 else f"{milliseconds / 1000:.1f}초"


def significance(difference: Difference) -> str:
    """How far a difference may be chance, in words."""
    points = f"{difference.paired.difference * 100:+.1f}%p"
    if difference.verdict is Verdict.UNDECIDED:
        return "같음" if points[1:] == "0.0%p" else f"{points}, 우연일 수 있음"
    return f"{points}, {difference.verdict.value}({_p(difference.p)})"


def _p(value: float) -> str:
    return "p<0.001" if value < 0.001 else f"p={value:.3f}"


def sentences(record: Record, found: Mapping[str, Estimate], comparison: Comparison | None) -> list[str]:
    """The run in a few sentences, most important first."""
    said = [
        *(_against(comparison) if comparison else ()),
        *_calls(record, found),
        *_found(record, found),
        *_answered(record, found),
        *_waits(record),
    ]
    if record.run.counts["n_failed"]:
        said.append(f"질문 {record.run.counts['n_failed']}개는 오류로 끝나 틀린 것으로 쳤습니다.")
    return said


def _calls(record: Record, found: Mapping[str, Estimate]) -> Iterator[str]:
    if shown := found.get("call_hit"):
        yield (
            f"통화 {len(record.calls):,}건의 질문 가운데 답이 있는 {shown.n:,}개의 {percent(shown.mean)}에서 "
            f"맞는 문서가 1초 안에 3위까지 보였습니다(95% 신뢰구간 {interval(shown)})."
        )
    if follow_up := found.get("call_follow_up"):
        yield (
            f"앞말에 기대어 이어 물은 {follow_up.n:,}개만 보면 {percent(follow_up.mean)}입니다({interval(follow_up)})."
        )
    if record.calls:
        unasked = needless_per_10(record.calls)
        yield (
            f"묻지 않았는데 나온 제안은 시민의 말 10마디에 {unasked.mean:.2f}개였습니다"
            f"({unasked.low:.2f}–{unasked.high:.2f}개)."
        )


def _found(record: Record, found: Mapping[str, Estimate]) -> Iterator[str]:
    if shown := found.get("recall@5"):
        yield (
            f"답할 수 있는 질문 {shown.n:,}개 가운데 {percent(shown.mean)}에서 정답 문서가 상위 5개 안에 "
            f"있었습니다(95% 신뢰구간 {interval(shown)})."
        )


def _answered(record: Record, found: Mapping[str, Estimate]) -> Iterator[str]:
    if facts := found.get("fact_recall"):
        yield (
            f"정답에 금액·날짜·전화가 있는 {facts.n:,}개 질문에서 답변은 그 가운데 {percent(facts.mean)}를 "
            f"담았습니다({interval(facts)})."
        )
    llm = found.get(ANSWERED)
    if llm and FEW <= llm.mean < 1:
        yield f"LLM에 물은 {llm.n:,}개 가운데 {percent(1 - llm.mean)}는 LLM이 제때 답하지 못해 발췌로 답했습니다."
    if refused := found.get("false_alarm"):
        yield (
            f"답할 수 있는 질문의 {percent(refused.mean)}에는 답하지 않고 부서 연결을 권했습니다({interval(refused)})."
        )
    if caught := found.get("abstention_recall"):
        yield (
            f"답이 없는 질문 {caught.n:,}개 가운데 {percent(caught.mean)}를 가려 부서 연결을 "
            f"권했습니다({interval(caught)})."
        )


def _waits(record: Record) -> Iterator[str]:
    for label, points in waits.headline(record.run).items():
        yield f"{label} 보통 {seconds(points['p50'])}, 느려도(100번에 95번) {seconds(points['p95'])} 걸렸습니다."


def _against(comparison: Comparison) -> Iterator[str]:
    asked = f"같은 질문 {len(comparison.changes):,}개를 앞선 평가와 비교하면"
    headline = [comparison.differences[name] for name in HEADLINE if name in comparison.differences]
    worse, better = (
        _listed([each for each in headline if each.verdict is verdict]) for verdict in (Verdict.WORSE, Verdict.BETTER)
    )
    if worse:
        yield f"{asked}, 나빠졌습니다: {worse}."
    if better:
        yield f"{asked}, 나아졌습니다: {better}."
    if pair := comparison.needless:
        decided = "우연일 수 있음" if pair.p >= SIGNIFICANT else "우연으로 볼 수 없음"
        yield f"묻지 않았는데 나온 제안은 통화마다 {pair.before:.2f}개에서 {pair.after:.2f}개가 되었습니다({decided})."
    if not (worse or better):
        yield f"{asked}, 우연으로 볼 수 없는 차이는 없습니다."


def _listed(differences: Sequence[Difference]) -> str:
    return ", ".join(
        f"{METRICS[each.name].label} {percent(each.paired.before)} → {percent(each.paired.after)}"
        for each in differences
    )


def provenance(record: Record) -> list[tuple[str, str]]:
    """What is needed to repeat the run, as names and values."""
    run = record.run
    chosen = f"{run.limit:,}개를 시드 {run.seed}(으)로 뽑음" if run.limit else "모두"
    return [
        ("평가", run.id),
        ("때", f"{run.created} – {run.finished}"),
        ("걸린 시간", f"{run.seconds / 60:.1f}분(동시에 {run.jobs}개)"),
        (
            "자료",
            f"{Path(run.dataset).name} · 질문 {run.counts['n_total']:,}개({chosen}) · 판 {run.dataset_sha256[:12]}",
        ),
        ("색인", run.snapshot or "없음"),
        *((_MODELS.get(name, name), value) for name, value in run.models.items()),
        ("프롬프트", run.prompt),
        *made_with(run),
    ]


def made_with(run: Run) -> list[tuple[str, str]]:
    """The settings, code and machine of a run, as names and values."""
    machine = run.machine
    return [
        ("설정", ", ".join(f"{name}={value}" for name, value in run.settings.items())),
        ("환경", ", ".join(f"{name}={value}" for name, value in run.configuration.items() if value not in ("", None))),
        ("코드", run.commit or "알 수 없음"),
        ("패키지", ", ".join(f"{name} {version}" for name, version in run.packages.items())),
        (
            "컴퓨터",
            f"{machine.get('cpu', '')} · {machine['cpus']}코어 · {machine['platform']} · 부하 {machine.get('load')}",
        ),
    ]


_MODELS = {"embedding": "임베딩", "tokenizer": "형태소 분석", "llm": "LLM"}
