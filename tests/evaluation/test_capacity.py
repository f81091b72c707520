"""The plan for bigger centres: it agrees with the load tests, grows with what it is given, and the page shows it."""

from pathlib import Path

import pytest

from eval import capacity

PAGE = Path(__file__).parents[2] / "docs" / "scaling.md"


def test_the_page_holds_the_table_as_it_is_computed() -> None:
    assert capacity.table() in PAGE.read_text(encoding="utf-8")


def test_the_load_test_of_the_version_before_lies_near_the_line() -> None:
    for measured in (capacity.LoadTest(10.4, 0.183), capacity.LoadTest(87.3, 0.733)):
        assert capacity.server_cores(measured.speaking) == pytest.approx(measured.cores, rel=0.15)


def test_twice_the_agents_and_chunks_need_twice_the_machines() -> None:
    one, two = capacity.need(1_000, 1_000_000), capacity.need(2_000, 2_000_000)
    assert (two.replicas, two.build_hours) == (2 * one.replicas, pytest.approx(2 * one.build_hours, rel=0.01))
    assert two.llm_cores == pytest.approx(2 * one.llm_cores, rel=0.01)
    assert two.disk_gb == pytest.approx(2 * one.disk_gb, rel=0.01)


def test_milvus_begins_where_comparing_every_vector_takes_too_long() -> None:
    assert [capacity.need(12, chunks).engine for chunks in (1_490_000, 1_500_000)] == ["FAISS", "Milvus"]
