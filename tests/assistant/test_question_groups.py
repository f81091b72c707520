"""Grouping of alike questions, short and long, written for it; the threshold was chosen on one half of them."""

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from conftest import console_for

from assistant.knowledge_gaps.question_groups import THRESHOLD, Signatures, grouped
from indexing.embedding.embedder import Vectors

DATA = Path(__file__).parent / "data" / "question_groups.jsonl"
ORDERS = 5


class Score(NamedTuple):
    """B³ precision, recall and F1 (Bagga and Baldwin, 1998), mean of several orders of asking."""

    precision: float
    recall: float
    f1: float


class Half(NamedTuple):
    """Questions as vectors, and the groups they belong to."""

    vectors: Vectors
    groups: Sequence[str]


@pytest.fixture(scope="module")
def halves(make_home: Callable[[], Path]) -> dict[str, Half]:
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    console = console_for(make_home())
    signatures = Signatures(console.embedder(), console.analyzer())
    vectors = signatures.embed_passages([row["question"] for row in rows])
    found = {}
    for split in ("choosing", "choosing long", "reporting", "reporting long"):
        places = [place for place, row in enumerate(rows) if row["split"] == split]
        found[split] = Half(vectors[places], [rows[place]["group"] for place in places])
    return found


def score(half: Half, threshold: float) -> Score:
    return Score(*np.mean([_ordered(half, threshold, seed) for seed in range(ORDERS)], axis=0))


def _ordered(half: Half, threshold: float, seed: int) -> Score:
    order = list(range(len(half.groups)))
    random.Random(seed).shuffle(order)
    labels = grouped(half.vectors[order], threshold).tolist()
    right = [half.groups[place] for place in order]
    both, made, given = Counter(zip(labels, right, strict=True)), Counter(labels), Counter(right)
    shared = [both[pair] for pair in zip(labels, right, strict=True)]
    precision = np.mean([count / made[label] for count, label in zip(shared, labels, strict=True)])
    recall = np.mean([count / given[group] for count, group in zip(shared, right, strict=True)])
    return Score(float(precision), float(recall), float(2 * precision * recall / (precision + recall)))


def test_the_threshold_is_the_best_of_the_choosing_half(halves: dict[str, Half]) -> None:
    short, long = halves["choosing"], halves["choosing long"]
    both = Half(np.concatenate([short.vectors, long.vectors]), [*short.groups, *long.groups])
    for half in (short, both):
        scores = {threshold: score(half, threshold).f1 for threshold in np.arange(0.84, 0.90, 0.002)}
        assert score(half, THRESHOLD).f1 >= max(scores.values()) - 0.005


def test_questions_of_the_reporting_half_find_their_groups(halves: dict[str, Half]) -> None:
    found = score(halves["reporting"], THRESHOLD)
    assert found.precision >= 0.82, found
    assert found.recall >= 0.70, found


def test_long_questions_that_begin_with_the_same_story_are_told_apart(halves: dict[str, Half]) -> None:
    found = score(halves["reporting long"], THRESHOLD)
    assert found.precision >= 0.60, found
    assert found.recall >= 0.62, found


def test_a_new_question_regroups_none_that_was_there() -> None:
    vectors = np.random.default_rng(1).normal(size=(1500, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    whole = grouped(vectors, 0.8)
    assert grouped(vectors[:1100], 0.8).tolist() == whole[:1100].tolist()
    means = [vectors[whole == group].mean(axis=0) @ vectors[whole == group].T for group in range(whole.max() + 1)]
    assert min(mean.mean() for mean in means) >= 0.8, "the members of a group are alike"


def test_no_questions_make_no_groups() -> None:
    assert grouped(np.zeros((0, 8), dtype=np.float32)).tolist() == []
