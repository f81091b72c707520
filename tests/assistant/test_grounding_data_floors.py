"""The checker on the labelled tuning pairs, and on sentences taken from real evidence as they stand."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.grounding import Evidence, GroundingChecker
from indexing.lexical.tokens import Analyzer
from knowledge_base.passages import sentences

DATA = Path(__file__).parents[2] / "eval" / "data"
LET_THROUGH = 0.62  # of the supported; 0.65 when fitted, at the strict threshold that CAUGHT asks for
CAUGHT = 0.97  # of the unsupported; 0.976 when fitted
AREA = 0.92  # of the supported ranked surer than the unsupported; 0.929 when fitted
TWINS_LET_THROUGH = 0.26  # 0.29 when fitted
TWINS_CAUGHT = 0.965  # 0.972 when fitted
EVERY = 12  # of the chunks with twins, to be quick
OLDER = "tu"
"""The pairs whose faults the first rules were written for (`t…`, `u…`) are easier, and held to the floors they had."""
OLDER_LET_THROUGH = 0.6
OLDER_CAUGHT = 0.97


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    lines = (DATA / "grounding_ko.jsonl").read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if row["split"] == "tuning"]


@pytest.fixture(scope="module")
def checker(analyzer: Analyzer) -> GroundingChecker:
    return GroundingChecker(analyzer)


def _evidence(row: dict[str, Any]) -> Evidence:
    evidence = row["evidence"]
    return Evidence("\n".join(filter(None, (evidence["title"], evidence["heading"]))), evidence["text"])


def test_the_tuning_pairs(rows: list[dict[str, Any]], checker: GroundingChecker) -> None:
    checked = [(row, checker.check(row["sentence"], _evidence(row), row["question"])) for row in rows]
    older = [(row, support) for row, support in checked if row["id"][0] in OLDER]
    for pairs, let_through, caught in ((checked, LET_THROUGH, CAUGHT), (older, OLDER_LET_THROUGH, OLDER_CAUGHT)):
        assert np.mean([support.check.supported for row, support in pairs if row["supported"]]) >= let_through
        assert np.mean([not support.check.supported for row, support in pairs if not row["supported"]]) >= caught
    right, wrong = (
        np.array([support.strength for row, support in checked if row["supported"] is label]) for label in (True, False)
    )
    surer = (right[:, None] > wrong).mean() + (right[:, None] == wrong).mean() / 2
    assert surer >= AREA


def test_a_share_of_the_twins(checker: GroundingChecker) -> None:
    """They differ in one word, particle or number, and the supported ones are often the further from the evidence."""
    lines = (DATA / "grounding_twins.jsonl").read_text(encoding="utf-8").splitlines()[::EVERY]
    stands: dict[bool, list[bool]] = {True: [], False: []}
    for chunk in map(json.loads, lines):
        for pair in chunk["pairs"]:
            support = checker.check(pair["sentence"], _evidence(chunk), pair["question"])
            stands[pair["supported"]].append(support.check.supported)
    assert np.mean(stands[True]) >= TWINS_LET_THROUGH
    assert 1 - np.mean(stands[False]) >= TWINS_CAUGHT


def test_a_sentence_of_the_evidence_stands_and_falls_with_a_digit(
    rows: list[dict[str, Any]], checker: GroundingChecker
) -> None:
    """A changed digit always falls: it makes a figure that the evidence does not state."""
    texts = list(dict.fromkeys(_evidence(row) for row in rows))
    changed = 0
    for evidence in texts:
        for sentence in sentences.split(evidence.text):
            assert checker.check(sentence, evidence).check.supported, sentence
            money = re.search(r"\d(?=[\d,]*(?:만|천)?\s?원)", sentence)
            if money is None:
                continue
            digit = "7" if money[0] != "7" else "6"
            false = f"{sentence[: money.start()]}{digit}{sentence[money.end() :]}"
            figure = re.search(r"[\d,]+", false[money.start() :])
            if figure is None or figure[0] in evidence.text:
                continue
            changed += 1
            assert not checker.check(false, evidence).check.supported, false
    assert changed > 50
