"""People read what a call tries in Korean."""

import json

from conftest import ROOT

from eval.calls.kinds import CallKind
from eval.calls.run import questions
from eval.calls.transcripts import load

DATA = ROOT / "eval" / "data" / "calls"


def test_every_kind_of_call_has_a_korean_name_and_is_described() -> None:
    rows = [json.loads(line) for file in DATA.glob("*.jsonl") for line in file.read_text("utf-8").splitlines()]
    described = (DATA / "README.md").read_text("utf-8")
    assert {row["kind"] for row in rows} == set(CallKind)
    assert [kind for kind in CallKind if f"`{kind}`" not in described] == []


def test_the_category_of_a_question_is_the_name_of_the_kind() -> None:
    asked = questions(load(DATA / "tuning.jsonl"), None)
    assert {each.category for each in asked} <= set(CallKind.labels().values())
