"""What the documents of an index disagree about, found among near passages alone."""

import json
from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
import typer
from hashing_embedder import HashingEmbedder
from typer.testing import CliRunner

import indexing.cli
from indexing.admin_panel.health_view import disagreements_html
from indexing.building.build import build
from indexing.contradictions import disagreements as searched
from indexing.contradictions.disagreements import NEIGHBOURS, Disagreement, disagreements
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.search import SearchService
from indexing.snapshots.snapshot import Snapshot
from knowledge_base.document import Document, Kind
from knowledge_base.errors import BuildCancelled
from knowledge_base.home import Home

DAY = date(2026, 11, 27)
BAG = "종량제봉투 값은 10리터 240원, 20리터 460원입니다."
NEWER = "종량제봉투 값은 10리터 240원, 20리터 500원입니다."
Store = Callable[..., None]


def document(name: str, text: str, ends: date | None = None) -> Document:
    return Document(id=name, kind=Kind.NOTICE, title="종량제봉투 값", text=text, effective_to=ends)


@pytest.fixture
def built(home: Home, store: Store, analyzer: Analyzer) -> Callable[..., Snapshot]:
    def make(*documents: Document) -> Snapshot:
        store(*documents, 여권="여권을 다시 받으시려면 신분증을 가져오세요.")
        build(home, HashingEmbedder(), analyzer)
        return SearchService(home, HashingEmbedder(), analyzer).snapshot()

    return make


def figures(snapshot: Snapshot, analyzer: Analyzer) -> list[dict[str, list[str]]]:
    return [sides(each) for each in disagreements(snapshot, analyzer, snapshot.valid_on(DAY))]


def sides(found: Disagreement) -> dict[str, list[str]]:
    """The documents that state each figure."""
    return {side[0].claim.fact.text: sorted(each.statement.document.id for each in side) for side in found.sides}


def test_two_documents_with_other_prices_are_found_once(built: Callable[..., Snapshot], analyzer: Analyzer) -> None:
    snapshot = built(document("a", BAG), document("b", NEWER), document("c", BAG))
    assert figures(snapshot, analyzer) == [{"460원": ["a", "c"], "500원": ["b"]}]


def test_many_documents_that_say_nearly_the_same_disagree_once(
    built: Callable[..., Snapshot], analyzer: Analyzer
) -> None:
    prices = [f"{price}원" for price in range(500, 600, 10)]
    snapshot = built(*(document(f"d{n:02}", BAG.replace("460원", prices[n % 10])) for n in range(40)))
    (found,) = disagreements(snapshot, analyzer, snapshot.valid_on(DAY))
    assert sides(found) == {price: [f"d{n:02}" for n in range(at, 40, 10)] for at, price in enumerate(prices)}
    assert "<summary>510원인 문서 3건 더</summary>" in disagreements_html([found], None)
    left = found.among({"d00", "d01", "d10"})
    assert left
    assert sides(left) == {"500원": ["d00", "d10"], "510원": ["d01"]}
    assert found.among({"d00", "d10"}) is None


def test_copies_do_not_hide_whom_they_disagree_with(built: Callable[..., Snapshot], analyzer: Analyzer) -> None:
    names = [f"d{n:02}" for n in range(2 * NEIGHBOURS + 10)]
    snapshot = built(*(document(name, BAG if n % 2 else NEWER) for n, name in enumerate(names)))
    assert figures(snapshot, analyzer) == [{"500원": names[::2], "460원": names[1::2]}]


def test_other_things_are_other_disagreements(built: Callable[..., Snapshot], analyzer: Analyzer) -> None:
    snapshot = built(document("a", BAG), document("b", NEWER), document("c", BAG.replace("240원", "250원")))
    assert [sorted(found) for found in figures(snapshot, analyzer)] == [["240원", "250원"], ["460원", "500원"]]


def test_what_is_no_longer_in_force_contradicts_nothing(built: Callable[..., Snapshot], analyzer: Analyzer) -> None:
    assert figures(built(document("a", BAG, date(2026, 11, 26)), document("b", NEWER)), analyzer) == []
    assert figures(built(document("a", BAG, date(2026, 11, 27)), document("b", NEWER)), analyzer) != []


def test_a_document_never_contradicts_itself(built: Callable[..., Snapshot], analyzer: Analyzer) -> None:
    assert figures(built(document("a", f"{BAG}\n\n{'그 밖의 안내. ' * 60}\n\n{NEWER}")), analyzer) == []


def test_far_passages_are_not_compared(
    built: Callable[..., Snapshot], analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot = built(document("a", BAG), document("b", NEWER))
    monkeypatch.setattr(searched, "NEAR", 1.01)
    assert figures(snapshot, analyzer) == []


def test_neighbours_are_those_of_brute_force(sample: Home, analyzer: Analyzer) -> None:
    snapshot = SearchService(sample, HashingEmbedder(), analyzer).snapshot()
    every = np.arange(len(snapshot))
    vectors = snapshot.arrays.vectors(every)
    numbers, among = every[10:40], every % 3 == 0
    found = snapshot.arrays.neighbours(numbers, among, 5)
    for number, near, cosines in zip(numbers, found.numbers, found.cosines, strict=True):
        exact = vectors @ vectors[number]
        exact[~among] = exact[number] = -1
        there = near >= 0
        assert number not in near
        assert among[near[there]].all()
        np.testing.assert_allclose(cosines[there][:5], np.sort(exact)[::-1][:5], atol=1e-5)


def test_it_tells_how_far_it_is_and_stops_when_asked(built: Callable[..., Snapshot], analyzer: Analyzer) -> None:
    snapshot, told = built(document("a", BAG), document("b", NEWER)), []

    def progress(stage: str, done: int, total: int) -> None:
        told.append(stage)

    disagreements(snapshot, analyzer, snapshot.valid_on(DAY), progress)
    assert told == ["수치 읽기", "비교"]
    with pytest.raises(BuildCancelled):
        disagreements(snapshot, analyzer, snapshot.valid_on(DAY), cancelled=lambda: len(told) > 1)


def test_the_command_prints_both_sides(built: Callable[..., Snapshot], home: Home, analyzer: Analyzer) -> None:
    built(document("a", BAG), document("b", NEWER))

    class Console:
        def __init__(self, home: Home) -> None:
            self.home = home

        def analyzer(self) -> Analyzer:
            return analyzer

        def searcher(self) -> SearchService:
            return SearchService(self.home, HashingEmbedder(), analyzer)

    cli = typer.Typer()
    cli.add_typer(indexing.cli.app, name="index")
    printed = CliRunner().invoke(cli, ["index", "contradictions", "--json"], obj=Console(home)).stdout
    [found] = json.loads(printed)
    [[left], [right]] = found["sides"]
    assert (left["document"], left["figure"]) == ("a", "460원")
    assert right["sentence"] == NEWER
    assert "500원" in CliRunner().invoke(cli, ["index", "contradictions"], obj=Console(home)).stdout
