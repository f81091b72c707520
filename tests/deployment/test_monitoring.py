"""Alerts and dashboard ask only for what a server tells: every metric and label in them is on its /metrics page."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from conftest import console_for
from finals import final
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from app import Site
from assistant.events import Status

ROOT = Path(__file__).parents[2]
DASHBOARD = ROOT / "deploy" / "grafana" / "onnuri.json"
RULES = ROOT / "deploy" / "prometheus" / "onnuri.rules.yml"
HANDBOOK = ROOT / "docs" / "operations.md"
FROM_PROMETHEUS = {"up": {"job", "instance"}}
GIVEN_BY_PROMETHEUS = {"job", "instance"}


def alerts() -> dict[str, str]:
    """The expression of each alert."""
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return {rule["alert"]: rule["expr"] for rule in group["rules"]}


def panels() -> dict[str, str]:
    """The expressions of the dashboard, by panel and letter."""
    board = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return {f"{panel['title']} {each['refId']}": each["expr"] for panel in board["panels"] for each in panel["targets"]}


def selectors(node: Any) -> Iterator[promql_parser.VectorSelector]:
    """Every metric that a parsed expression asks for."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for name in ("lhs", "rhs", "expr", "vector_selector"):
        if (child := getattr(node, name, None)) is not None:
            yield from selectors(child)
    for child in getattr(node, "args", ()):
        yield from selectors(child)


@pytest.fixture(scope="module")
def told(make_home: Callable[[], Path]) -> dict[str, set[str]]:
    """The labels of every metric of a console with an LLM, once it has answered anything."""
    console = console_for(make_home(), llm="openai", llm_base_url="http://127.0.0.1:9/v1", llm_model="any")
    metrics = Site(console).metrics()
    metrics.add_suggestion(final(), (), "김상담")
    families = text_string_to_metric_families(generate_latest(metrics.registry).decode())
    found = {sample.name: set(sample.labels) for family in families for sample in family.samples}
    return found | {"onnuri_http_answers_total": {"status"}}  # counted once a request came


@pytest.mark.parametrize(("name", "expression"), [*alerts().items(), *panels().items()])
def test_everything_asked_for_is_told(name: str, expression: str, told: dict[str, set[str]]) -> None:
    asked = list(selectors(promql_parser.parse(expression.replace("$instance", "any"))))
    assert asked
    known = told | FROM_PROMETHEUS
    for each in asked:
        assert each.name in known, name
        labels = {matcher.name for matcher in each.matchers.matchers}
        assert labels <= known[each.name] | GIVEN_BY_PROMETHEUS, name


def test_a_metric_that_is_not_told_would_be_noticed(told: dict[str, set[str]]) -> None:
    (asked,) = selectors(promql_parser.parse("sum(rate(onnuri_sugestions_total[5m])) > 1"))
    assert asked.name not in told


def test_statuses_asked_for_are_those_there_are() -> None:
    asked = set(re.findall(r'status="(\w+)"', " ".join([*alerts().values(), *panels().values()])))
    assert asked <= {*Status, "5xx"}


def test_the_handbook_says_what_to_do_at_each_alert() -> None:
    handbook = HANDBOOK.read_text(encoding="utf-8")
    assert [name for name in alerts() if f"`{name}`" not in handbook] == []
