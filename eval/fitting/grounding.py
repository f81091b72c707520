"""Fit the weights of the grounding checker on the tuning pairs: ``python -m eval.fitting.grounding``.

A logistic regression: a finding only ever speaks against a sentence. Before it
writes ``assistant/grounding/weights.json`` it says what weights fitted without a document reach on that document,
for the tuning pairs, and for the twins and for what the LLM really wrote, which do not teach the weights.
The rules were written with the tuning pairs in view, so only the reporting pairs give a fair figure; with
``--report`` it prints that, by kind, and changes nothing. The threshold is chosen from the curve this prints.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.grounding.checker import GroundingChecker
from assistant.grounding.evidence import Evidence
from assistant.grounding.findings import FATAL, Sort
from assistant.grounding.verdict import MOST_OMITTED
from indexing.lexical.tokens import Analyzer

PAIRS = Path(__file__).parents[1] / "data" / "grounding_ko.jsonl"
TWINS = Path(__file__).parents[1] / "data" / "grounding_twins.jsonl"
ANSWERS = Path(__file__).parents[1] / "data" / "grounding_answers.jsonl"
WEIGHTS = Path(__file__).parents[2] / "assistant" / "grounding" / "weights.json"
THRESHOLD = 0.16  # a wrong sentence is worse than one withheld: what is withheld gives way to the extract
LEAST = 0.35  # what one of any sort weighs at least, however few pairs show it: three of one sort withhold a sentence
LEAST_OF = {Sort.BASE: 2.0}  # found in too few tuning pairs to fit, and four times as often in wrong twins as in right
THRESHOLDS = (0.14, 0.15, 0.16, 0.17, 0.2, 0.25, 0.3, 0.4, 0.5)
FOLDS = 8
STRENGTH = 4.0  # of the pairs against the ridge on the weights

Floats = NDArray[np.float64]


class Pairs(NamedTuple):
    """``amounts``: one row a pair, one column a sort; ``refused``: 1 where the pair is unsupported."""

    amounts: Floats
    refused: Floats
    documents: list[str]


def _lines(path: Path) -> list[dict[str, Any]]:
    return list(map(json.loads, path.read_text(encoding="utf-8").splitlines()))


def evidence_of(pair: dict[str, Any]) -> Evidence:
    """The evidence of a pair as the checker takes it."""
    evidence = pair["evidence"]
    return Evidence("\n".join(filter(None, (evidence["title"], evidence["heading"]))), evidence["text"])


def pairs(rows: Sequence[dict[str, Any]], checker: GroundingChecker) -> Pairs:
    """The findings on each pair, as they count."""
    amounts = np.zeros((len(rows), len(Sort)))
    columns = {sort: column for column, sort in enumerate(Sort)}
    for row, pair in enumerate(rows):
        examined = checker.examined(pair["sentence"], evidence_of(pair), pair["question"])
        for finding in examined.findings:
            amounts[row, columns[finding.sort]] += finding.amount * examined.share
    refused = np.array([0.0 if pair["supported"] else 1.0 for pair in rows])
    return Pairs(amounts, refused, [pair["evidence"]["document"].split("#")[0] for pair in rows])


def fitted(amounts: Floats, refused: Floats) -> Floats:
    """The weights and, last, the bias."""
    signs = 2 * refused - 1

    def loss(values: Floats) -> tuple[float, Floats]:
        margin = signs * (amounts @ values[:-1] + values[-1])
        slope = -STRENGTH * signs / (1 + np.exp(margin))
        value = STRENGTH * np.logaddexp(0, -margin).sum() + 0.5 * (values[:-1] ** 2).sum()
        return float(value), np.append(amounts.T @ slope + values[:-1], slope.sum())

    bounds = [*((LEAST_OF.get(sort, LEAST), None) for sort in Sort), (None, None)]
    start = np.full(len(bounds), LEAST)
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x)


def doubts(amounts: Floats, values: Floats) -> Floats:
    """The doubt about each row, as the checker has it: 1 where a finding is fatal, 0 where nothing but omissions is."""
    fatal = [column for column, sort in enumerate(Sort) if sort in FATAL]
    omitted = list(Sort).index(Sort.OMITTED)
    others = np.delete(amounts, omitted, axis=1).sum(axis=1)
    doubt = 1 / (1 + np.exp(-(amounts @ values[:-1] + values[-1])))
    doubt[(others == 0) & (amounts[:, omitted] <= MOST_OMITTED)] = 0.0
    return np.where(amounts[:, fatal].sum(axis=1) > 0, 1.0, doubt)


def unseen_doubts(data: Pairs, teachers: int) -> Floats:
    """The doubt about each pair, by weights fitted without its document; only the first ``teachers`` pairs teach."""
    found = np.zeros(len(data.refused))
    teaches = np.arange(len(data.refused)) < teachers
    for unseen in _folds(data.documents):
        taught = teaches & ~unseen
        found[unseen] = doubts(data.amounts[unseen], fitted(data.amounts[taught], data.refused[taught]))
    return found


def curve(doubt: Floats, refused: Floats, thresholds: Sequence[float]) -> Iterator[tuple[float, float, float]]:
    """For each threshold: itself, the share of the supported let through, that of the unsupported caught."""
    for threshold in thresholds:
        stands = doubt < threshold
        yield threshold, float(stands[refused == 0].mean()), float((~stands[refused == 1]).mean())


def _folds(documents: Sequence[str]) -> Iterator[NDArray[np.bool_]]:
    """A mask of the pairs of each eighth of the documents, taken in turn in the order of their names."""
    place = {document: place for place, document in enumerate(sorted(set(documents)))}
    fold = np.array([place[document] % FOLDS for document in documents])
    for number in range(FOLDS):
        yield fold == number


def shares_by_kind(rows: Sequence[dict[str, Any]], checker: GroundingChecker) -> Iterator[tuple[str, float, float]]:
    """For each kind, and for all: the share of the supported let through, that of the unsupported caught."""
    right: dict[str, dict[bool, list[bool]]] = defaultdict(lambda: {True: [], False: []})
    for row in rows:
        check = checker.check(row["sentence"], evidence_of(row), row["question"]).check
        for kind in (row["kind"], "전체"):
            right[kind][row["supported"]].append(check.supported == row["supported"])
    for kind, of_kind in sorted(right.items()):
        yield kind, float(np.mean(of_kind[True])), float(np.mean(of_kind[False]))


def main(report: Annotated[bool, typer.Option(help="보고용 쌍의 점수만 냅니다.")] = False) -> None:
    """Cross-validate by document, fit on all tuning pairs, write the weights."""
    read = _lines(PAIRS)
    checker = GroundingChecker(Analyzer())
    if report:
        for kind, passed, caught in shares_by_kind([row for row in read if row["split"] == "reporting"], checker):
            typer.echo(f"{kind}: 맞는 문장 통과 {passed:.3f}, 틀린 문장 거름 {caught:.3f}")
        return
    tuning = [row for row in read if row["split"] == "tuning"]
    twins = [pair | {"evidence": chunk["evidence"]} for chunk in _lines(TWINS) for pair in chunk["pairs"]]
    data = pairs([*tuning, *twins, *_lines(ANSWERS)], checker)
    doubt = unseen_doubts(data, len(tuning))
    taught, judged = slice(len(tuning)), slice(len(tuning), len(tuning) + len(twins))
    written = slice(judged.stop, None)
    for name, part in (("조정용 쌍", taught), ("쌍둥이 쌍", judged), ("LLM이 쓴 문장", written)):
        typer.echo(f"{name} {len(data.refused[part])}개, 맞추는 데 쓰지 않은 문서에서")
        for threshold, passed, caught in curve(doubt[part], data.refused[part], THRESHOLDS):
            typer.echo(f"  기준 {threshold:.2f}: 맞는 문장 통과 {passed:.3f}, 틀린 문장 거름 {caught:.3f}")
    values = fitted(data.amounts[taught], data.refused[taught])
    kept = {sort.value: round(float(value), 3) for sort, value in zip(Sort, values, strict=False)}
    content = {"threshold": THRESHOLD, "bias": round(float(values[-1]), 3), "weights": kept}
    WEIGHTS.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
