"""Whether a run may go live: no headline score significantly worse than the baseline's, no floor missed."""

import xml.etree.ElementTree as ET  # only written, never read
from collections.abc import Iterable, Iterator, Mapping
from math import nan
from pathlib import Path
from typing import NamedTuple

from eval.metrics.catalogue import HEADLINE, METRICS
from eval.metrics.confidence import Estimate
from eval.runs.comparison import Comparison, Verdict
from eval.runs.store import Record
from eval.runs.summary import estimated
from knowledge_base.errors import EvaluationError


class Floor(NamedTuple):
    """The worst value a score may have: the least, or for a score like false_alarm the most."""

    name: str
    value: float


class Check(NamedTuple):
    """One condition of the gate; ``sentence`` (Korean) says what was found."""

    name: str
    passed: bool
    sentence: str


def floor(text: str) -> Floor:
    """Read ``recall@5=.9``; raises EvaluationError naming the scores there are.

    >>> floor("recall@5=.9")
    Floor(name='recall@5', value=0.9)
    """
    name, _, number = (part.strip() for part in text.partition("="))
    if name not in METRICS:
        raise EvaluationError(f"지표 '{name}'은(는) 없습니다. 쓸 수 있는 지표: {', '.join(METRICS)}.")
    try:
        value = float(number)
    except ValueError:
        value = nan
    if not 0 <= value <= 1:
        raise EvaluationError(f"'{text}'을(를) 읽을 수 없습니다. recall@5=0.9처럼 0에서 1 사이의 값을 적으세요.")
    return Floor(name, value)


def checks(record: Record, floors: Iterable[Floor], comparison: Comparison | None) -> list[Check]:
    """Every condition, floors first."""
    found = estimated(record.results)
    against_baseline = _losses(comparison) if comparison else ()
    return [*(_floor(each, found) for each in floors), *against_baseline]


def _floor(floor: Floor, found: Mapping[str, Estimate]) -> Check:
    name = f"{floor.name}={floor.value:g}"
    metric = METRICS[floor.name]
    if floor.name not in found:
        return Check(name, False, f"{floor.name}을(를) 재지 못했습니다. 이 지표를 잴 수 있는 질문이 없습니다.")
    mean = found[floor.name].mean
    passed = mean >= floor.value if metric.more_is_better else mean <= floor.value
    bound = "최저" if metric.more_is_better else "최고"
    return Check(name, passed, f"{metric.label}({floor.name}) {mean:.3f}, {bound} 기준 {floor.value:.3f}")


def _losses(comparison: Comparison) -> Iterator[Check]:
    for name in HEADLINE:
        if name in comparison.differences:
            difference = comparison.differences[name]
            pair = difference.paired
            yield Check(
                f"{name} vs {comparison.baseline.run.id}",
                difference.verdict is not Verdict.WORSE,
                f"{METRICS[name].label}({name}) {pair.before:.3f} → {pair.after:.3f}, 차이 {pair.difference:+.3f} "
                f"({pair.low:+.3f} – {pair.high:+.3f}), p={difference.p:.3g}, 질문 {pair.n}개: {difference.verdict}",
            )


def write_junit(found: Iterable[Check], run_id: str, path: Path) -> None:
    """Write the checks as JUnit XML (UTF-8), as CI servers read it; raises EvaluationError when it cannot."""
    cases = list(found)
    failures = sum(not each.passed for each in cases)
    suite = ET.Element("testsuite", name=f"onnuri eval {run_id}", tests=str(len(cases)), failures=str(failures))
    for each in cases:
        case = ET.SubElement(suite, "testcase", classname="onnuri.eval", name=each.name)
        if not each.passed:
            ET.SubElement(case, "failure", message=each.sentence)
        else:
            ET.SubElement(case, "system-out").text = each.sentence
    root = ET.Element("testsuites")
    root.append(suite)
    ET.indent(root)
    try:
        ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise EvaluationError(
            f"JUnit 파일 {path}을(를) 쓸 수 없습니다({error.strerror}). 다른 파일을 지정하세요."
        ) from error
