"""Each half of the search against an independent one: BM25 against rank-bm25 and FTS5, FAISS against numpy."""

import gc
import shutil
import sqlite3
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hashing_embedder import HashingEmbedder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi

from indexing.building.chunk_table import write
from indexing.lexical.postings import Postings
from indexing.lexical.tokens import Analyzer, Token, search_terms
from indexing.snapshots import life_cycle
from indexing.snapshots.chunks import ChunkReader, Entry, Terms
from indexing.snapshots.snapshot import Snapshot
from knowledge_base.document import Chunk, Document, Kind
from knowledge_base.home import Home

QUESTIONS = [
    "대형폐기물 배출 수수료",
    "주민등록증 재발급은 어디서 하나요?",
    "순천만국가정원 입장료 할인",
    "061-749-3114",
    "자동차세 납부 기한",
    "이의신청",
    "없는말만있음",
]


@pytest.fixture(scope="module")
def snapshot(sample: Home) -> Snapshot:
    return Snapshot(life_cycle.folder(sample, life_cycle.current_id(sample)))


@pytest.fixture(scope="module")
def oracle(snapshot: Snapshot, analyzer: Analyzer) -> BM25Okapi:
    """FTS5's formula: k1 = 1.2, b = .75, title and body alike, and an idf of at least a millionth."""
    passages = [snapshot.passage(number) for number in range(len(snapshot))]
    bags = [
        [
            *search_terms(analyzer.tokens("\n".join(filter(None, (passage.document.title, passage.chunk.heading))))),
            *search_terms(analyzer.tokens(passage.chunk.text)),
        ]
        for passage in passages
    ]
    reference = BM25Okapi(bags, k1=1.2, b=0.75)
    reference.idf = {term: max(idf, 1e-6) for term, idf in _idf(bags).items()}
    return reference


def _idf(bags: Sequence[Sequence[str]]) -> dict[str, float]:
    terms, counts = np.unique([term for bag in bags for term in set(bag)], return_counts=True)
    return dict(zip(terms.tolist(), np.log((len(bags) - counts + 0.5) / (counts + 0.5)).tolist(), strict=True))


@pytest.mark.parametrize("question", QUESTIONS)
def test_bm25_is_that_of_the_reference(
    snapshot: Snapshot, oracle: BM25Okapi, analyzer: Analyzer, question: str
) -> None:
    terms = search_terms(analyzer.tokens(question))
    expected = oracle.get_scores(list(dict.fromkeys(terms)))
    np.testing.assert_allclose(snapshot.arrays.postings.scores(terms), expected, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("question", [*QUESTIONS, "수수료 및 신청 의 하다 0"])
def test_bm25_is_bit_for_bit_that_of_fts5(sample: Home, snapshot: Snapshot, analyzer: Analyzer, question: str) -> None:
    terms = list(dict.fromkeys(search_terms(analyzer.tokens(question))))
    match = " OR ".join(f'"{term}"' for term in terms)
    path = life_cycle.folder(sample, life_cycle.current_id(sample)) / "chunks.db"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("select rowid, -rank from chunks_fts where chunks_fts match ?", [match]).fetchall()
    expected = np.zeros(len(snapshot), dtype=np.float32)
    number = {int(row): number for number, row in enumerate(snapshot.layout.rows)}
    for row, score in rows:
        expected[number[row]] = score
    np.testing.assert_array_equal(snapshot.arrays.postings.scores(terms), expected)


def test_a_term_counts_once_however_often_it_is_asked(snapshot: Snapshot) -> None:
    np.testing.assert_array_equal(
        snapshot.arrays.postings.scores(["수수료", "수수료"]), snapshot.arrays.postings.scores(["수수료"])
    )


def test_no_terms_score_nothing(snapshot: Snapshot) -> None:
    assert not snapshot.arrays.postings.scores([]).any()
    assert snapshot.arrays.postings.scores([]).shape == (len(snapshot),)


def test_frequency_counts_chunks(snapshot: Snapshot) -> None:
    assert snapshot.frequency("수수료") == np.count_nonzero(snapshot.arrays.postings.scores(["수수료"])) > 0
    assert snapshot.frequency("없는말만있음") == 0


AWKWARD = [
    "061-749-3114",
    "3.5%",
    "and",
    "near",
    "not",
    "*",
    "^a",
    "-a",
    "a*",
    '"',
    '"a"',
    "'",
    "a'b",
    "(a)",
    "{a}:",
    "title:a",
    "a+b",
    "c++",
    "a",
    "b",
    "km²",
    "½",
    "㎡",
    "c:\\x",
    'https://a.b/c?x=(1)&y="2"',
    "foo@bar.kr",
    "हिन्दी",
]


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> ChunkReader:
    """One chunk a term."""
    return _written(tmp_path_factory.mktemp("awkward"), [[term] for term in AWKWARD])


def _written(folder: Path, bags: Sequence[Sequence[str]]) -> ChunkReader:
    document = Document(id="d", kind=Kind.NOTICE, title="", text="")
    entries = [
        Entry(document, Chunk(document="d", number=number, heading="", text=" ".join(bag), start=0))
        for number, bag in enumerate(bags)
    ]
    write(folder / "chunks.db", entries, [Terms.of([], list(_tokens(bag))) for bag in bags])
    return ChunkReader(folder / "chunks.db")


def _tokens(bag: Sequence[str]) -> Iterator[Token]:
    at = 0
    for term in bag:
        yield Token(term, at, at + len(term), True)
        at += len(term) + 1


@pytest.mark.parametrize("number", range(len(AWKWARD)), ids=AWKWARD)
def test_awkward_terms_match_themselves_and_nothing_else(awkward: ChunkReader, number: int) -> None:
    assert awkward.matching(AWKWARD[number]) == [number]


PRINTABLE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=8).map(str.lower)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bags=st.lists(st.lists(PRINTABLE, min_size=1, max_size=4), min_size=1, max_size=5), asked=st.lists(PRINTABLE))
def test_any_term_of_ascii_matches_literally(
    tmp_path_factory: pytest.TempPathFactory, bags: list[list[str]], asked: list[str]
) -> None:
    reader = _written(tmp_path_factory.mktemp("bags"), bags)
    postings = Postings.of(bags)
    for term in {*asked, *bags[0]}:
        assert reader.matching(term) == [number for number, bag in enumerate(bags) if term in bag]
        assert postings.chunks_of(term).tolist() == reader.matching(term)


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_no_term_raises(awkward: ChunkReader, term: str) -> None:
    awkward.matching(term)


def test_passages_come_back_as_they_were_written(snapshot: Snapshot) -> None:
    for number in range(0, len(snapshot), 17):
        passage = snapshot.passage(number)
        start, text = passage.chunk.start, passage.chunk.text
        assert passage.document.text[start : start + len(text)] == text
        assert passage.chunk.document == passage.document.id
        assert passage.document.version == snapshot.manifest.documents[passage.document.id]
        assert (passage.spans <= len(text)).all()


def brute_force(vectors: np.ndarray, query: np.ndarray, valid: np.ndarray, limit: int) -> list[int]:
    cosines = np.where(valid, vectors @ query, -np.inf)
    return [int(number) for number in np.argsort(-cosines, kind="stable")[:limit] if valid[number]]


@pytest.mark.parametrize("limit", [1, 10, 100, 10_000])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_nearest_is_that_of_brute_force(snapshot: Snapshot, limit: int, share: float) -> None:
    everything = range(len(snapshot))
    vectors = np.stack([HashingEmbedder().embed_query(_embedded(snapshot, number)) for number in everything])
    valid = np.random.default_rng(7).random(len(snapshot)) < share
    query = np.random.default_rng(3).normal(size=64).astype(np.float32)
    query /= np.linalg.norm(query)
    found = snapshot.arrays.nearest(query, valid, limit)
    expected = brute_force(vectors, query, valid, limit)
    assert len(found) == len(expected)
    assert valid[found].all()
    np.testing.assert_allclose(vectors[found] @ query, vectors[expected] @ query, atol=1e-6)
    np.testing.assert_allclose(snapshot.arrays.cosines(query, found), vectors[found] @ query, atol=1e-6)


def _embedded(snapshot: Snapshot, number: int) -> str:
    passage = snapshot.passage(number)
    return Entry(passage.document, passage.chunk).text


def test_validity_agrees_with_the_documents(snapshot: Snapshot) -> None:
    documents = [snapshot.passage(number).document for number in range(len(snapshot))]
    edges = {day for document in documents for day in (document.effective_from, document.effective_to) if day}
    assert edges
    for day in [*edges, *(day + timedelta(1) for day in edges), *(day - timedelta(1) for day in edges), date.min]:
        assert snapshot.valid_on(day).tolist() == [document.is_valid_on(day) for document in documents]


def test_a_deleted_snapshot_still_answers_every_thread(sample: Home, snapshot: Snapshot, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(life_cycle.folder(sample, life_cycle.current_id(sample)), copy)
    opened = Snapshot(copy)
    shutil.rmtree(copy)
    with ThreadPoolExecutor(16) as threads:
        scores = list(threads.map(lambda _: opened.arrays.postings.scores(["수수료"]), range(64)))
        passages = list(threads.map(opened.passage, range(len(opened))))
    assert all((found == snapshot.arrays.postings.scores(["수수료"])).all() for found in scores)
    assert passages[-1].chunk == snapshot.passage(len(snapshot) - 1).chunk


def test_a_snapshot_that_nobody_uses_gives_its_files_back_at_once(sample: Home) -> None:
    opened = Snapshot(life_cycle.folder(sample, life_cycle.current_id(sample)))
    opened.passage(0)
    gone = weakref.ref(opened._chunks)
    gc.disable()
    try:
        del opened
        assert gone() is None
    finally:
        gc.enable()
