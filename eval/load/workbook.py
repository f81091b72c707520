"""A load test as an XLSX file: figures, latencies, every call, what went wrong, and the samples of the server."""

from collections.abc import Iterator
from pathlib import Path

from eval.load import words
from eval.load.comparison import compare
from eval.load.record import LoadRecord
from eval.load.result import Sample
from eval.load.summary import waits
from eval.report.sheets import Cells, Sheet, save

_CALL = (
    "통화",
    "대본",
    "상담원",
    "시작(초)",
    "길이(초)",
    "말",
    "이벤트",
    "끊은 접속",
    "질문",
    "근거까지 가장 긴(ms)",
    "문제",
)


def write(record: LoadRecord, baseline: LoadRecord | None, path: Path) -> None:
    """Write the workbook, against a baseline when there is one; raises EvaluationError when it cannot."""
    run = record.run
    latencies = ((label, count, *points.values()) for label, count, points in words.latency_rows(run))
    sheets = [
        Sheet("요약", ("항목", "값"), [("", each) for each in words.sentences(run)] + words.figure_rows(run)),
        Sheet("기다린 시간", ("무엇", "잰 수", "p50(ms)", "p95(ms)", "p99(ms)"), latencies),
        Sheet("통화", _CALL, _calls(record)),
        Sheet("문제", ("통화", "무엇", "어디서"), _faults(record)),
        Sheet("서버", tuple(Sample.model_fields), (tuple(each.model_dump().values()) for each in record.samples)),
    ]
    if baseline:
        shifts = ((f"{each.label}({each.unit})", *each[1:3], *each[4:]) for each in compare(baseline, record))
        sheets.append(Sheet("비교", ("무엇", "앞", "뒤", "차이 낮게는", "높게는"), shifts))
    save([*sheets, Sheet("무엇으로 쟀나", ("항목", "값"), words.provenance(run))], path)


def _calls(record: LoadRecord) -> Iterator[Cells]:
    for call in record.calls:
        longest = max(waits(call, "question_evidence"), default=None)
        counted = (call.posts, call.events, call.cuts, len(call.questions))
        yield call.id, call.transcript, call.agent, call.began, call.seconds, *counted, longest, len(call.faults)


def _faults(record: LoadRecord) -> Iterator[Cells]:
    for call in record.calls:
        for each in call.faults:
            yield call.id, each.kind.value, each.detail
