"""A run as an XLSX file: a summary, every question with what it got, and the comparison, to filter and sort."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from eval.diagnosis.cases import cases
from eval.metrics.catalogue import METRICS
from eval.report.sheets import Cells, Sheet, save
from eval.report.words import provenance
from eval.runs.comparison import Comparison
from eval.runs.store import Record
from eval.runs.summary import estimated
from eval.runs.token_cost import LABELS, TokenCost, cost


def write(record: Record, comparison: Comparison | None, path: Path) -> None:
    """Write the workbook; raises EvaluationError when it cannot."""
    scored = [name for name in METRICS if any(name in each.scores for each in record.results)]
    is_played = bool(record.calls)
    sheets = [
        Sheet("요약", ("지표", "이름", "점수", "낮게는", "높게는", "질문", "뜻"), _summary(record)),
        Sheet("질문", (*_COLUMNS, *(_HEARD if is_played else ()), *scored), _questions(record, scored)),
    ]
    if is_played:
        sheets.append(
            Sheet("묻지 않았는데 나온 제안", ("통화", "말", "들은 말", "알아들은 질문", "문서"), _unasked(record))
        )
    if spent := cost(record.results):
        sheets.append(Sheet("LLM 토큰", ("무엇", "모두", "답변 하나 p50", "p95", "p99", "답변"), _tokens(spent)))
    if comparison:
        heads = ("지표", "이름", "앞", "뒤", "차이", "p(보정)", "질문", "판정")
        sheets.append(Sheet("비교", heads, _differences(comparison)))
    save([*sheets, Sheet("무엇으로 쟀나", ("항목", "값"), provenance(record))], path)


_COLUMNS = (
    "id",
    "분야",
    "질문",
    "정답",
    "정답 문서",
    "이유",
    "순위",
    "찾은 문서",
    "답변 종류",
    "답변",
    "모두(ms)",
    "오류",
    *(f"토큰: {label}" for label in LABELS.values()),
)
_HEARD = ("들은 말", "알아들은 질문")


def _summary(record: Record) -> Iterable[Cells]:
    for name, estimate in estimated(record.results).items():
        metric = METRICS[name]
        yield metric.label, name, estimate.mean, estimate.low, estimate.high, estimate.n, metric.meaning


def _questions(record: Record, scored: Sequence[str]) -> Iterable[Cells]:
    for question, result, fault in cases(record):
        answer = result.answer
        yield (
            question.id,
            question.category,
            question.question,
            question.answer,
            "\n".join(question.documents),
            fault.value if fault else "",
            result.rank,
            "\n".join(result.ranked),
            answer.status.label if answer and answer.status else "",
            answer.text if answer else "",
            (answer.latency_ms if answer else result.latency_ms).get("total"),
            result.error or (answer.error if answer else None),
            *(getattr(answer.tokens, name) if answer and answer.tokens else None for name in LABELS),
            *(("\n".join(result.heard), result.understood) if record.calls else ()),
            *(result.scores.get(name) for name in scored),
        )


def _unasked(record: Record) -> Iterable[Cells]:
    for call in record.calls:
        for each in call.unasked:
            yield call.id, each.line, "\n".join(each.heard), each.understood, each.document


def _tokens(spent: TokenCost) -> Iterable[Cells]:
    for name, label in LABELS.items():
        yield label, getattr(spent.total, name), *spent.per_answer[name].values(), spent.answers


def _differences(comparison: Comparison) -> Iterable[Cells]:
    for name, each in comparison.differences.items():
        pair = each.paired
        yield METRICS[name].label, name, pair.before, pair.after, pair.difference, each.p, pair.n, each.verdict.value
