"""The labelled pairs of ``eval/data/grounding_*.jsonl``: their shape, their evidence and their balance."""

import json
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from knowledge_base.imports.reading import read

SPLITS = {"tuning", "reporting"}
LEAST_PAIRS = 2800
LEAST_PER_KIND = 40
SHARE_SUPPORTED = (0.4, 0.6)
KINDS = {
    "number",
    "date",
    "phone",
    "unit",
    "subject_swap",
    "condition_dropped",
    "negation",
    "department",
    "paraphrase",
    "number_spelling",
    "summary",
}
MORE_KINDS = {"url", "article", "time"}

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "knowledge_base" / "sample"
CORPORA = ROOT.parent / "shared" / "corpora"
FOLDERS = {"welfare": CORPORA / "welfare" / "documents", "easylaw": CORPORA / "easylaw", "hwp": CORPORA / "hwp"}
DATA = ROOT / "eval" / "data"
LINES = (DATA / "grounding_ko.jsonl").read_text(encoding="utf-8").splitlines()
PAIRS: list[dict[str, Any]] = [json.loads(line) for line in LINES]
TWINS: list[dict[str, Any]] = [
    json.loads(line) for line in (DATA / "grounding_twins.jsonl").read_text(encoding="utf-8").splitlines()
]
ANSWERS = [json.loads(line) for line in (DATA / "grounding_answers.jsonl").read_text(encoding="utf-8").splitlines()]
LEAST_TWINS = 9000


def file_of(pair: dict[str, Any]) -> str:
    return str(pair["evidence"]["document"]).partition("#")[0]


def collection(pair: dict[str, Any]) -> str:
    """Where the evidence comes from, told by the shape of its file's name."""
    file = file_of(pair)
    if (SAMPLE / file).is_file():
        return "sample"
    if "/" in file:
        return "welfare"
    return "easylaw" if file.endswith(".txt") else "hwp"


def not_in_source(pairs: list[dict[str, Any]], folder: Path) -> list[str]:
    """The ids of the pairs whose evidence is not a passage, word for word, of the document it names."""
    files = {file_of(pair) for pair in pairs}
    documents = {found.id: found for file in files for found in read(folder / file, file).documents}
    return [
        pair["id"]
        for pair in pairs
        for evidence in [pair["evidence"]]
        for document in [documents[evidence["document"]]]
        if not evidence["text"] or evidence["text"] not in document.text or evidence["title"] != document.title
    ]


def test_every_pair_has_the_documented_fields() -> None:
    for pair in PAIRS:
        assert set(pair) == {"id", "split", "question", "evidence", "sentence", "supported", "kind", "why"}, pair
        assert set(pair["evidence"]) == {"title", "heading", "text", "document"}, pair
        assert isinstance(pair["supported"], bool), pair
        assert pair["kind"] in KINDS | MORE_KINDS, pair
        assert pair["sentence"].endswith((".", "?")) and pair["why"], pair


def test_ids_and_pairs_are_unique() -> None:
    assert not [name for name, count in Counter(pair["id"] for pair in PAIRS).items() if count > 1]
    asked = Counter((pair["evidence"]["text"], pair["question"], pair["sentence"]) for pair in PAIRS)
    assert not [key for key, count in asked.items() if count > 1]


def test_evidence_of_the_sample_stands_in_its_document() -> None:
    assert not_in_source([pair for pair in PAIRS if collection(pair) == "sample"], SAMPLE) == []


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the public documents are not beside the project")
@pytest.mark.parametrize("name", FOLDERS)
def test_evidence_of_the_other_collections_stands_in_its_document(name: str) -> None:
    pairs = [pair for pair in PAIRS if collection(pair) == name]
    assert pairs
    assert not_in_source(pairs, FOLDERS[name]) == []


def test_all_three_kinds_of_document_of_the_sample_give_evidence_to_tune_on() -> None:
    sample = [pair for pair in PAIRS if pair["split"] == "tuning" and collection(pair) == "sample"]
    assert {file_of(pair).partition("/")[0] for pair in sample} == {"faq", "regulations", "notices"}


def test_every_collection_gives_evidence_to_report_on() -> None:
    counts = Counter(collection(pair) for pair in PAIRS if pair["split"] == "reporting")
    assert set(counts) == {"sample", *FOLDERS}
    assert min(counts["welfare"], counts["easylaw"]) >= 100


def test_splits_share_no_source_file() -> None:
    files = {split: {file_of(pair) for pair in PAIRS if pair["split"] == split} for split in SPLITS}
    assert {pair["split"] for pair in PAIRS} == SPLITS
    assert all(not files[one] & files[other] for one, other in combinations(files, 2))


def test_there_are_enough_pairs_of_each_kind_and_label() -> None:
    assert len(PAIRS) >= LEAST_PAIRS
    kinds = Counter(pair["kind"] for pair in PAIRS)
    assert {kind: kinds[kind] for kind in KINDS if kinds[kind] < LEAST_PER_KIND} == {}
    for split in SPLITS:
        of_split = [pair for pair in PAIRS if pair["split"] == split]
        for label in (True, False):
            found = Counter(pair["kind"] for pair in of_split if pair["supported"] is label)
            assert {kind: found[kind] for kind in KINDS if found[kind] < 10} == {}
        least, most = SHARE_SUPPORTED
        assert least <= sum(pair["supported"] for pair in of_split) / len(of_split) <= most


def test_every_chunk_of_twins_has_the_documented_fields_and_both_labels() -> None:
    for chunk in TWINS:
        assert set(chunk) == {"id", "evidence", "pairs"}, chunk
        assert set(chunk["evidence"]) == {"title", "heading", "text", "document"}, chunk
        for pair in chunk["pairs"]:
            assert set(pair) == {"question", "sentence", "supported", "kind"}, pair
            assert isinstance(pair["supported"], bool), pair
            assert pair["kind"] in KINDS | MORE_KINDS | {"other"}, pair
            assert pair["sentence"].endswith((".", "?")), pair
        share = sum(pair["supported"] for pair in chunk["pairs"]) / len(chunk["pairs"])
        assert 0.3 <= share <= 0.7, chunk["id"]
    assert len({chunk["id"] for chunk in TWINS}) == len(TWINS)


def test_twins_are_many_balanced_and_unique() -> None:
    asked = [
        (chunk["evidence"]["text"], pair["question"], pair["sentence"]) for chunk in TWINS for pair in chunk["pairs"]
    ]
    assert len(asked) == len(set(asked)) >= LEAST_TWINS
    labels = [pair["supported"] for chunk in TWINS for pair in chunk["pairs"]]
    assert 0.48 <= sum(labels) / len(labels) <= 0.52


def test_what_the_llm_wrote_has_the_documented_fields_and_stands_on_many_documents() -> None:
    for row in ANSWERS:
        assert set(row) == {"id", "question", "evidence", "sentence", "supported", "why"}, row
        assert set(row["evidence"]) == {"title", "heading", "text", "document"}, row
        assert row["question"] and row["sentence"] and isinstance(row["supported"], bool), row
    assert len({row["id"] for row in ANSWERS}) == len(ANSWERS) >= 400
    assert 0.4 <= sum(row["supported"] for row in ANSWERS) / len(ANSWERS) <= 0.6
    assert len({row["evidence"]["document"] for row in ANSWERS}) > 150


def test_neither_length_nor_figures_tell_twins_apart() -> None:
    pairs = [pair for chunk in TWINS for pair in chunk["pairs"]]
    for measure in (len, lambda sentence: sum(map(str.isdecimal, sentence)), lambda sentence: len(sentence.split())):
        means = [
            sum(measure(pair["sentence"]) for pair in pairs if pair["supported"] is label)
            / sum(pair["supported"] is label for pair in pairs)
            for label in (True, False)
        ]
        assert max(means) / min(means) < 1.1


def test_twins_share_no_source_file_with_the_reporting_pairs() -> None:
    reporting = {file_of(pair) for pair in PAIRS if pair["split"] == "reporting"}
    assert not reporting & {file_of(chunk) for chunk in TWINS}


def test_evidence_of_the_samples_twins_stands_in_its_document() -> None:
    assert not_in_source([chunk for chunk in TWINS if collection(chunk) == "sample"], SAMPLE) == []


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the public documents are not beside the project")
@pytest.mark.parametrize("name", ["welfare", "easylaw"])
def test_evidence_of_the_other_twins_stands_in_its_document(name: str) -> None:
    chunks = [chunk for chunk in TWINS if collection(chunk) == name]
    assert chunks
    assert not_in_source(chunks, FOLDERS[name]) == []


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the public documents are not beside the project")
def test_evidence_of_what_the_llm_wrote_stands_in_its_document() -> None:
    assert not_in_source(ANSWERS, FOLDERS["welfare"]) == []
