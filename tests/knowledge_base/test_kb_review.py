"""What an admin should look at."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from knowledge_base import duplicates
from knowledge_base.document import Document, Kind
from knowledge_base.review import Concern, review
from knowledge_base.storage.files import FileReading
from knowledge_base.storage.store import KnowledgeStore

TODAY = date(2026, 11, 27)
LONG = (
    "온누리자전거는 대여소에서 앱이나 회원카드로 빌리고 아무 대여소에나 돌려주면 됩니다. "
    "이용 시간은 오전 일곱 시부터 밤 아홉 시까지입니다."
)


@pytest.fixture
def store(tmp_path: Path) -> KnowledgeStore:
    return KnowledgeStore(tmp_path / "knowledge.db", now=lambda: datetime(2026, 11, 27, 3, tzinfo=UTC))


def document(name: str, text: str = "", **fields: object) -> Document:
    values = {"kind": Kind.NOTICE, "title": name, "text": text or f"{name}의 글", "department": "과", "as_of": TODAY}
    return Document(**{"id": name, **values, **fields})  # type: ignore[arg-type]


def put(store: KnowledgeStore, *documents: Document) -> None:
    store.replace_files("/a", {found.id: [found] for found in documents}, kept=())


def listed(store: KnowledgeStore, concern: Concern) -> list[str]:
    return [finding.id for finding in review(store, TODAY) if finding.concern is concern]


def test_a_store_in_order_has_no_findings(store: KnowledgeStore) -> None:
    put(store, document("a", effective_from=date(2026, 1, 1), effective_to=date(2026, 12, 28)))
    assert review(store, TODAY) == []


@pytest.mark.parametrize(
    ("ends", "concern"),
    [
        (date(2026, 11, 26), Concern.EXPIRED),
        (TODAY, Concern.EXPIRING),
        (date(2026, 12, 27), Concern.EXPIRING),
        (date(2026, 12, 28), None),
    ],
)
def test_ends(store: KnowledgeStore, ends: date, concern: Concern | None) -> None:
    put(store, document("a", effective_to=ends))
    assert [finding.concern for finding in review(store, TODAY)] == ([concern] if concern else [])


def test_an_end_that_a_successor_makes_needs_no_decision(store: KnowledgeStore) -> None:
    put(store, document("a"), document("b", effective_from=date(2026, 12, 1), supersedes="a"))
    assert listed(store, Concern.EXPIRING) == []
    assert listed(store, Concern.STARTING) == ["b"]
    put(store, document("a"), document("b", effective_from=date(2027, 3, 1), supersedes="a"))
    assert review(store, TODAY) == []


def test_documents_without_days_or_department(store: KnowledgeStore) -> None:
    put(store, document("a", as_of=None), document("b", department=""), document("c", as_of=None, effective_from=TODAY))
    assert listed(store, Concern.UNDATED) == ["a"]
    assert listed(store, Concern.WITHOUT_DEPARTMENT) == ["b"]


def test_twins(store: KnowledgeStore) -> None:
    nearly = LONG.replace("밤 아홉 시", "밤 열 시")
    past, soon = {"effective_to": date(2026, 11, 30)}, {"effective_from": date(2026, 12, 1)}
    put(store, document("a", LONG, title="대여"), document("b", nearly, title="대여"), document("c", "다른 글"))
    (finding,) = [found for found in review(store, TODAY) if found.concern is Concern.DUPLICATE]
    assert (finding.id, finding.detail) == ("a", "'b'와(과) 78% 같음")
    put(store, document("d", LONG, title="대여", **past), document("e", LONG, title="대여", **soon))
    assert listed(store, Concern.DUPLICATE) == []


def test_the_sketch_estimates_the_similarity_of_long_texts() -> None:
    words = [f"말{n}" for n in range(3_000)]
    texts = [" ".join(words), " ".join(words[:2_800] + [f"딴{n}" for n in range(200)]), " ".join(words[1_500:])]
    (pair,) = duplicates.pairs([duplicates.sketch(text) for text in texts])
    assert (pair.one, pair.other) == (0, 1)
    assert pair.similarity == pytest.approx(2_798 / 3_198, abs=0.08)


def test_what_everyone_has_in_common_makes_no_twins() -> None:
    sketches = [duplicates.sketch(LONG)] * (duplicates.COMMON + 1)
    assert list(duplicates.pairs(sketches)) == []


def test_withdrawn_documents_with_the_reason(store: KnowledgeStore) -> None:
    put(store, document("a", department="", effective_to=date(2020, 1, 1)))
    store.withdraw("a", "확인 중")
    assert [(found.concern, found.detail) for found in review(store, TODAY)] == [(Concern.WITHDRAWN, "사유: 확인 중")]


def test_a_correction_the_file_has_overtaken(store: KnowledgeStore) -> None:
    put(store, document("a"))
    store.correct("a", {"department": "새 과"})
    assert review(store, TODAY) == []
    put(store, document("a", department="다른 과"))
    (finding,) = review(store, TODAY)
    assert (finding.concern, finding.detail) == (Concern.LAPSED_CORRECTION, "파일의 새 값을 씀: 담당부서")


def test_a_replaced_document_that_is_not_there(store: KnowledgeStore) -> None:
    put(store, document("a", supersedes="없는 글"))
    assert listed(store, Concern.UNKNOWN_PREDECESSOR) == ["a"]


def test_files_that_could_not_be_read_come_first(store: KnowledgeStore) -> None:
    faulty = {"b.hwp": FileReading("", "", "", ("암호가 걸려 있습니다.",))}
    store.replace_files("/a", {"a": [document("a", department="")]}, kept=(), readings=faulty)
    assert [(found.concern, found.id) for found in review(store, TODAY)] == [
        (Concern.FAULTY, "b.hwp"),
        (Concern.WITHOUT_DEPARTMENT, "a"),
    ]


def test_every_list_has_a_korean_heading() -> None:
    assert len({concern.label for concern in Concern}) == len(Concern)
