"""What the bundled encoder is taught, and how what it gained is told."""

from collections import Counter

import pytest
from hashing_embedder import HashingEmbedder

from eval.citizen_lessons import PER_PASSAGE, PLAN, Lessons, Sort, real_pairs
from eval.fit_encoder import MEASURES, report, third_of
from eval.question import Question
from indexing.chunks import Entry
from indexing.learner import BATCH
from indexing.training_pairs import Pair
from knowledge_base.document import Chunk, Document, Kind


def question(text: str, answer: str, *documents: str) -> Question:
    return Question(id=text, question=text, answer=answer, documents=documents, answerable=bool(documents), category="")


def material(seed: int) -> Lessons:
    """Forty documents of one passage with three questions each."""
    real = [Pair(f"real {n} {m}", f"조각 {n}", f"{n}") for n in range(40) for m in range(3)]
    made, general = ([Pair(f"{sort} {n}", f"글 {n}", f"{n}") for n in range(50)] for sort in (Sort.MADE, Sort.GENERAL))
    return Lessons(real, made, general, seed)


def entry(document: str, text: str) -> Entry:
    return Entry(
        Document(id=document, kind=Kind.NOTICE, title="", text=text),
        Chunk(document=document, number=0, heading="", text=text, start=0),
    )


def test_each_batch_is_of_one_sort_and_the_same_seed_makes_the_same() -> None:
    batches = list(material(1).batches(10))
    assert batches == list(material(1).batches(10))
    assert batches != list(material(2).batches(10))
    for sort, pairs in zip(PLAN * 2, batches, strict=True):
        assert {pair.question.split()[0] for pair in pairs} == {sort}


def test_passages_of_real_questions_take_turns() -> None:
    batches = [pairs for sort, pairs in zip(PLAN * 4, material(1).batches(20), strict=True) if sort is Sort.REAL]
    for pairs in batches:
        assert len({pair.question for pair in pairs}) == len(pairs) == BATCH * PER_PASSAGE
        assert set(Counter(pair.passage for pair in pairs).values()) == {PER_PASSAGE}
    uses = Counter(pair.passage for pairs in batches for pair in pairs)
    assert len(uses) == 40
    assert min(uses.values()) >= PER_PASSAGE * 8  # 12 batches of 32 passages


def test_a_question_belongs_to_the_chunk_that_holds_its_answer() -> None:
    entries = [entry("a", "가나다라 마바사"), entry("a", "요금은 삼천 원입니다."), entry("b", "요금은 삼천 원입니다.")]
    embedder = HashingEmbedder()
    asked = [question("얼마예요?", "요금은 삼천 원입니다.", "a"), question("날씨는?", "", "없는 문서")]
    assert real_pairs(asked, entries, embedder) == [Pair("얼마예요?", entries[1].text, "a")]


def test_services_are_parted_evenly_and_always_alike() -> None:
    thirds = Counter(third_of(f"{n:03}_서비스.md") for n in range(300))
    assert sorted(thirds) == [0, 1, 2]
    assert min(thirds.values()) > 70
    assert third_of("01_생계_지원/01_가족희망드림_지원.md") == 2


def test_the_report_tells_gain_and_interval(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [question(f"{n}", "", f"{n // 2}") for n in range(20)]
    report("뜻만", [2] * 20, [1] * 19 + [0], asked)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(MEASURES)
    assert lines[0].startswith("뜻만 recall@1: 0.000 → 0.950 (+0.950, 95% +0.8")
    assert "0.500 → 0.950" in lines[2]
    low, high = lines[1].split("95% ")[1].rstrip(")").split("…")
    assert float(low) < 0 == float(high)  # the one that is lost
