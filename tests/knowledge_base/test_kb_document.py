"""Documents, their versions, validity and records."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.document import Chunk, Document, Kind
from knowledge_base.record import from_record, to_record

DAYS = st.none() | st.dates()
DOCUMENTS = st.builds(
    Document,
    id=st.text(min_size=1),
    kind=st.sampled_from(Kind),
    title=st.text(),
    text=st.text(),
    category=st.text(),
    effective_from=DAYS,
    effective_to=DAYS,
    as_of=DAYS,
)
NOTICE = Document(id="a.md", kind=Kind.NOTICE, title="단수", text="물이 안 나옵니다.")


@given(DOCUMENTS)
def test_a_record_gives_the_document_back(document: Document) -> None:
    assert from_record(to_record(document)) == document
    assert from_record(to_record(document)).version == document.version


def test_the_version_is_of_everything_but_the_id() -> None:
    assert replace(NOTICE, id="b.md").version == NOTICE.version
    changes = {
        "kind": Kind.FAQ,
        "title": "x",
        "text": "x",
        "category": "x",
        "department": "x",
        "phone": "x",
        "source": "x",
        "note": "x",
        "effective_from": date(2026, 7, 1),
        "effective_to": date(2026, 7, 1),
        "as_of": date(2026, 7, 1),
        "supersedes": "x",
    }
    assert set(changes) == set(Document.__dataclass_fields__) - {"id"}
    versions = {replace(NOTICE, **{name: value}).version for name, value in changes.items()}
    assert len(versions | {NOTICE.version}) == len(changes) + 1


def test_both_days_of_validity_count() -> None:
    first, last = date(2026, 7, 1), date(2026, 7, 31)
    notice = replace(NOTICE, effective_from=first, effective_to=last)
    day = timedelta(days=1)
    assert [notice.is_valid_on(on) for on in (first - day, first, last, last + day)] == [False, True, True, False]


def test_no_days_mean_always() -> None:
    assert NOTICE.is_valid_on(date.min)
    assert NOTICE.is_valid_on(date.max)


def test_chunk_ids() -> None:
    assert Chunk(document="a.csv#3", number=0, heading="", text="x", start=0).id == "a.csv#3@0"


def test_every_kind_has_a_korean_label() -> None:
    assert [kind.label for kind in Kind] == ["FAQ", "규정", "공지"]
