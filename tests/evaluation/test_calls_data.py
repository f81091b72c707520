"""The labelled calls of ``eval/data/calls``: their shape, their times, their questions' documents and their balance."""

import json
from collections import Counter
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from knowledge_base.document import Document
from knowledge_base.imports.reading import read

SPLITS = {"tuning", "reporting"}
WELFARE = "welfare"  # calls over another knowledge base
# Calls of every field of the sample, written after the halves:
AFTERWARDS = ["fresh", "rehearsal", "unheard", "practice", "sealed"]
# Of each half:
LEAST_CALLS = 55
LEAST_QUESTIONS = 225
LEAST_FOLLOW_UPS = 130
LEAST_UNANSWERABLE = 10
LEAST_FRAGMENTED = 15
LEAST_REVISED = 25
LEAST_WITHOUT_QUESTION = 5
LEAST_WITH_PARTIALS = 1 / 3
LEAST_OF_A_KIND = 2
KINDS = {
    "fragments",
    "fillers",
    "dialect",
    "elderly",
    "two_in_one_breath",
    "two_in_row",
    "follow_ups",
    "correction",
    "topic_change",
    "small_talk",
    "complaint",
    "abuse",
    "thinking_aloud",
    "backchannels",
    "agent_questions",
    "agent_rephrase",
    "stt_errors",
    "number_words",
    "personal_data",
    "unanswerable",
    "implied",
    "long_story",
    "silence",
    "no_question",
    "partial_revisions",
}
MORE_KINDS = {"repeat_request"}

CALL_DAY = date(2026, 11, 27)
FASTEST = 7.5  # syllables a second, from one final result to the next

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "knowledge_base" / "sample"
FOLDER = ROOT / "eval" / "data" / "calls"
SERVICES = ROOT.parent / "shared" / "corpora" / "welfare" / "documents"

Call = dict[str, Any]
Utterance = dict[str, Any]


def calls_of(split: str) -> list[Call]:
    return [json.loads(line) for line in (FOLDER / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()]


HALVES = {split: calls_of(split) for split in sorted(SPLITS)}
LATER = {split: calls_of(split) for split in [WELFARE, *AFTERWARDS]}
CALLS = [call for calls in [*HALVES.values(), *LATER.values()] for call in calls]
QUESTIONS = [question for call in CALLS for question in call["questions"]]


def questions_of(split: str) -> list[dict[str, Any]]:
    return [question for call in HALVES[split] for question in call["questions"]]


def documents_of(split: str) -> set[str]:
    return {document for question in questions_of(split) for document in question["documents"]}


def named(documents: set[str]) -> dict[str, Document]:
    """The documents of the sample that stand in the files named by these ids."""
    files = sorted({document.partition("#")[0] for document in documents})
    return {found.id: found for file in files for found in read(SAMPLE / file, file).documents}


def turns(call: Call) -> list[list[Utterance]]:
    """The results of a call, each final with the partial ones before it."""
    found: list[list[Utterance]] = [[]]
    for utterance in call["utterances"]:
        found[-1].append(utterance)
        if utterance["final"]:
            found.append([])
    return found[:-1]


def syllables(text: str) -> int:
    return sum(character.isalnum() for character in text)


def test_the_folder_holds_the_halves_and_the_calls_written_later() -> None:
    assert {path.stem for path in FOLDER.glob("*.jsonl")} == {*HALVES, *LATER}
    assert all(call["split"] == split for split, calls in [*HALVES.items(), *LATER.items()] for call in calls)
    assert not [name for name, count in Counter(call["id"] for call in CALLS).items() if count > 1]


def test_every_call_has_the_documented_fields() -> None:
    for call in CALLS:
        assert set(call) == {"id", "split", "kind", "utterances", "questions"}, call["id"]
        assert call["kind"] in KINDS | MORE_KINDS, call["id"]
        for utterance in call["utterances"]:
            assert set(utterance) == {"speaker", "text", "final", "at"}, call["id"]
            assert utterance["speaker"] in {"caller", "agent"}, call["id"]
            assert utterance["text"] == " ".join(utterance["text"].split()) != "", (call["id"], utterance)
            assert isinstance(utterance["final"], bool), (call["id"], utterance)
        for question in call["questions"]:
            assert set(question) == {"line", "at", "question", "documents", "follow_up", "starts"}, call["id"]
            assert question["question"].endswith("?"), question
            assert isinstance(question["follow_up"], bool), question


def test_times_ascend_and_nobody_speaks_faster_than_people_do() -> None:
    for call in CALLS:
        times = [utterance["at"] for utterance in call["utterances"]]
        assert all(earlier < later for earlier, later in pairwise([0, *times])), call["id"]
        finals = [{"text": "", "at": 0}, *(turn[-1] for turn in turns(call))]
        for before, after in pairwise(finals):
            assert syllables(after["text"]) <= FASTEST * (after["at"] - before["at"]), (call["id"], after)


def test_partial_results_lead_to_a_final_of_the_same_speaker() -> None:
    for call in CALLS:
        assert call["utterances"][-1]["final"], call["id"]
        for turn in turns(call):
            assert len({utterance["speaker"] for utterance in turn}) == 1, (call["id"], turn)


def test_a_question_is_complete_at_a_final_of_the_caller() -> None:
    for call in CALLS:
        utterances, questions = call["utterances"], call["questions"]
        assert [question["line"] for question in questions] == sorted(question["line"] for question in questions)
        for question in questions:
            assert 0 <= question["starts"] <= question["line"] < len(utterances), (call["id"], question)
            asked, begun = utterances[question["line"]], utterances[question["starts"]]
            assert asked["speaker"] == begun["speaker"] == "caller", (call["id"], question)
            assert asked["final"] and asked["at"] == question["at"], (call["id"], question)


def test_a_follow_up_follows_a_question() -> None:
    assert not [call["id"] for call in CALLS if call["questions"] and call["questions"][0]["follow_up"]]


def test_no_question_is_asked_twice() -> None:
    assert not [text for text, count in Counter(found["question"] for found in QUESTIONS).items() if count > 1]


def test_answers_stand_in_the_sample_and_one_of_them_is_in_force_on_the_day_of_the_calls() -> None:
    calls = [call for split, calls in {**HALVES, **LATER}.items() if split != WELFARE for call in calls]
    questions = [found for call in calls for found in call["questions"]]
    documents = {document for question in questions for document in question["documents"]}
    sample = named(documents)
    assert documents <= set(sample), documents - set(sample)
    for question in questions:
        assert len(question["documents"]) == len(set(question["documents"])), question
        in_force = [document for document in question["documents"] if sample[document].is_valid_on(CALL_DAY)]
        assert in_force or not question["documents"], question


@pytest.mark.skipif(not SERVICES.exists(), reason="자료집이 없습니다")
def test_answers_of_the_welfare_calls_stand_in_the_welfare_services() -> None:
    documents = {document for call in LATER[WELFARE] for each in call["questions"] for document in each["documents"]}
    assert documents and not [document for document in documents if not (SERVICES / document).is_file()]


def test_splits_share_no_document() -> None:
    assert all(not documents_of(one) & documents_of(other) for one, other in combinations(sorted(SPLITS), 2))


@pytest.mark.parametrize("split", sorted(SPLITS))
def test_there_are_enough_calls_and_questions_of_each_kind(split: str) -> None:
    calls, questions = HALVES[split], questions_of(split)
    kinds = Counter(call["kind"] for call in calls)
    assert {kind: kinds[kind] for kind in KINDS if kinds[kind] < LEAST_OF_A_KIND} == {}
    assert len(calls) >= LEAST_CALLS
    assert len(questions) >= LEAST_QUESTIONS
    assert sum(question["follow_up"] for question in questions) >= LEAST_FOLLOW_UPS
    assert sum(not question["documents"] for question in questions) >= LEAST_UNANSWERABLE
    assert sum(not call["questions"] for call in calls) >= LEAST_WITHOUT_QUESTION
    assert {document.partition("/")[0] for document in documents_of(split)} == {"faq", "regulations", "notices"}


@pytest.mark.parametrize("split", sorted(SPLITS))
def test_speech_comes_in_fragments_and_its_recognition_changes(split: str) -> None:
    calls = HALVES[split]
    fragmented = [
        question
        for call in calls
        for question in call["questions"]
        if any(utterance["final"] for utterance in call["utterances"][question["starts"] : question["line"]])
    ]
    revised = [
        final
        for call in calls
        for *partials, final in turns(call)
        if not all(final["text"].startswith(partial["text"]) for partial in partials)
    ]
    growing = [call for call in calls if not all(utterance["final"] for utterance in call["utterances"])]
    assert len(fragmented) >= LEAST_FRAGMENTED
    assert len(revised) >= LEAST_REVISED
    assert len(growing) >= LEAST_WITH_PARTIALS * len(calls)
