"""What people decide about documents, and what imports may not undo: corrections, withdrawals, versions."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from knowledge_base.document import Document, Kind
from knowledge_base.errors import DocumentNotFound, KnowledgeBaseError
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.standing import State
from knowledge_base.storage.store import KnowledgeStore

TODAY = date(2026, 11, 27)
LAST_DAY, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 1)
FEE = Document(id="fee.md", kind=Kind.NOTICE, title="요금", text="4,000원입니다.", department="청소과")


@pytest.fixture
def store(tmp_path: Path) -> KnowledgeStore:
    return KnowledgeStore(tmp_path / "knowledge.db", now=lambda: datetime(2026, 11, 27, 3, tzinfo=UTC))


def put(store: KnowledgeStore, *documents: Document) -> None:
    files: dict[str, list[Document]] = {}
    for document in documents:
        files.setdefault(document.id.split("#")[0], []).append(document)
    store.replace_files("/a", files, kept=())


def fee(text: str = FEE.text, **fields: object) -> Document:
    return Document(
        **{"id": "fee.md", "kind": Kind.NOTICE, "title": "요금", "department": "청소과", "text": text, **fields}
    )  # type: ignore[arg-type]


def served(store: KnowledgeStore) -> list[tuple[str, str, date | None, date | None]]:
    return [(found.id, found.text, found.effective_from, found.effective_to) for found, _ in store.documents()]


class TestVersions:
    def test_the_old_stays_in_force_until_the_new_one_starts(self, store: KnowledgeStore) -> None:
        put(store, fee("4,000원", effective_from=date(2025, 1, 1)))
        put(store, fee("5,000원", effective_from=NEW_YEAR))
        assert served(store) == [
            ("fee.md", "4,000원", date(2025, 1, 1), LAST_DAY),
            ("fee.md", "5,000원", NEW_YEAR, None),
        ]
        states = [(found.state(TODAY), found.is_newest) for found in store.standings()]
        assert states == [(State.IN_FORCE, False), (State.PLANNED, True)]
        assert store.get("fee.md").document.text == "5,000원"

    def test_a_plan_is_called_off_by_the_file_or_by_hand(self, store: KnowledgeStore) -> None:
        now, plan = fee("4,000원", effective_from=date(2025, 1, 1)), fee("5,000원", effective_from=NEW_YEAR)
        for document in (now, plan, now):
            put(store, document)
        assert served(store) == [("fee.md", "4,000원", date(2025, 1, 1), None)]
        put(store, plan)
        store.restore("fee.md", now.version)
        assert served(store) == [("fee.md", "4,000원", date(2025, 1, 1), None)]

    def test_a_version_brought_back_stays_until_the_file_says_something_new(self, store: KnowledgeStore) -> None:
        put(store, fee("4,000원"))
        put(store, fee("틀린 값"))
        store.restore("fee.md", fee("4,000원").version)
        put(store, fee("틀린 값"))
        assert served(store) == [("fee.md", "4,000원", None, None)]
        put(store, fee("5,000원"))
        assert served(store) == [("fee.md", "5,000원", None, None)]
        assert [(found.document.text, found.is_newest) for found in store.versions("fee.md")] == [
            ("틀린 값", False),
            ("4,000원", False),
            ("5,000원", True),
        ]

    def test_a_difference(self, store: KnowledgeStore) -> None:
        old, new = fee("요금\n4,000원"), fee("요금\n5,000원", effective_from=date(2026, 1, 1))
        put(store, old)
        put(store, new)
        found = store.difference("fee.md", old.version, new.version[:5])
        assert found.fields == {"effective_from": ("", "2026-01-01")}
        assert found.lines[2:] == ["@@ -1,2 +1,2 @@", " 요금", "-4,000원", "+5,000원"]

    def test_versions_outlive_a_removal(self, store: KnowledgeStore) -> None:
        put(store, FEE)
        put(store)
        assert served(store) == []
        assert [found.document for found in store.versions("fee.md")] == [FEE]
        with pytest.raises(DocumentNotFound):
            store.versions("없음.md")
        with pytest.raises(KnowledgeBaseError, match="하나로 정할 수 없습니다"):
            store.difference("fee.md", "", "없음")


class TestSupersession:
    @pytest.mark.parametrize("name", ["fee.md", "요금", "없는 글, 요금"])
    def test_the_one_named_ends_the_day_before(self, store: KnowledgeStore, name: str) -> None:
        put(store, FEE, Document(**{**fields(FEE), "id": "new.md", "effective_from": NEW_YEAR, "supersedes": name}))
        old, new = store.standings()
        assert (old.document.effective_to, old.successor) == (LAST_DAY, "new.md")
        assert new.predecessors == ("fee.md",)

    def test_it_returns_when_the_other_is_withdrawn(self, store: KnowledgeStore) -> None:
        put(store, FEE, Document(**{**fields(FEE), "id": "new.md", "effective_from": TODAY, "supersedes": "fee.md"}))
        store.withdraw("new.md", "잘못 올림")
        assert served(store) == [("fee.md", FEE.text, None, None)]

    def test_replaced_altogether(self, store: KnowledgeStore) -> None:
        old, new = {"effective_from": NEW_YEAR}, {"effective_from": NEW_YEAR, "supersedes": "fee.md"}
        put(store, fee(**old), Document(**{**fields(FEE), "id": "new.md", **new}))
        assert [found.state(TODAY) for found in store.standings()] == [State.REPLACED, State.PLANNED]
        assert store.ids() == {"new.md"}

    def test_by_hand_for_files_that_have_no_metadata(self, store: KnowledgeStore) -> None:
        put(store, FEE, Document(**{**fields(FEE), "id": "new.hwp", "title": "새 요금", "effective_from": NEW_YEAR}))
        store.correct("new.hwp", {"supersedes": "fee.md"})
        assert store.get("fee.md").document.effective_to == LAST_DAY
        with pytest.raises(KnowledgeBaseError, match="대체할 문서 '없음'"):
            store.correct("new.hwp", {"supersedes": "없음"})


def fields(document: Document) -> dict[str, object]:
    return {name: getattr(document, name) for name in Document.__dataclass_fields__}


class TestCorrections:
    def test_it_outlives_imports_of_the_file(self, store: KnowledgeStore) -> None:
        put(store, FEE)
        store.correct(
            "fee.md", {"effective_to": "2026. 12. 31.", "department": " 자원 순환과 ", "phone": "061-749-3114"}
        )
        put(store, FEE)
        put(store, fee("5,000원입니다."))
        found = store.standing("fee.md")
        assert (found.document.effective_to, found.document.department) == (LAST_DAY, "자원 순환과")
        assert found.corrected == ("department", "effective_to", "phone")
        assert found.version == fee("5,000원입니다.").version

    def test_a_file_with_a_value_of_its_own_is_believed(self, store: KnowledgeStore) -> None:
        put(store, FEE)
        store.correct("fee.md", {"effective_to": str(LAST_DAY), "department": "자원순환과"})
        put(store, fee("5,000원", effective_from=NEW_YEAR, department="환경과"))
        old, new = store.standings()
        assert (old.document.text, old.document.effective_to) == (FEE.text, LAST_DAY)
        assert (new.document.effective_to, new.document.department, new.corrected) == (None, "환경과", ())
        assert new.lapsed == ("department",)
        put(store, FEE)
        assert store.standing("fee.md").corrected == ("department", "effective_to")

    def test_undo_one_or_all(self, store: KnowledgeStore) -> None:
        put(store, fee(effective_to=LAST_DAY))
        store.correct("fee.md", {"effective_to": "", "title": "새 요금", "phone": "3114"})
        assert store.get("fee.md").document.effective_to is None
        store.correct("fee.md", {"effective_to": None})
        assert store.get("fee.md").document.effective_to == LAST_DAY
        assert store.standing("fee.md").corrected == ("phone", "title")
        store.correct("fee.md", {})
        assert store.get("fee.md").document == fee(effective_to=LAST_DAY)

    def test_a_start_set_by_hand_brings_back_the_rule_before_it(self, store: KnowledgeStore) -> None:
        put(store, fee("4,000원"))
        put(store, fee("5,000원"))
        store.correct("fee.md", {"effective_from": str(NEW_YEAR)})
        assert served(store) == [("fee.md", "4,000원", None, LAST_DAY), ("fee.md", "5,000원", NEW_YEAR, None)]
        store.correct("fee.md", {})
        assert served(store) == [("fee.md", "5,000원", None, None)]

    def test_every_row_of_a_table(self, store: KnowledgeStore) -> None:
        rows = [Document(id=f"a.csv#{n}", kind=Kind.FAQ, title=f"{n}?", text="답.") for n in (1, 2)]
        put(store, *rows)
        assert store.correct("a.csv", {"department": "민원과"}) == 2
        assert {found.document.department for found in store.documents()} == {"민원과"}

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"text": "6,000원"}, "손으로 고칠 수 없습니다. title"),
            ({"effective_to": "내일"}, "2026-01-31처럼"),
            ({"title": " "}, "제목은 비울 수 없습니다"),
            ({"effective_from": "2027-01-01", "effective_to": "2026-12-31"}, "앞섭니다"),
            ({"department": "환경과", "effective_to": "2019-01-01"}, "앞섭니다"),
        ],
    )
    def test_a_mistake_changes_nothing(self, store: KnowledgeStore, values: dict[str, object], said: str) -> None:
        put(store, fee(effective_from=date(2020, 1, 1)))
        before = store.generation()
        with pytest.raises(KnowledgeBaseError, match=said):
            store.correct("fee.md", values)
        assert store.standing("fee.md").corrected == ()
        assert store.generation() == before


class TestWithdrawals:
    def test_it_is_not_served_until_restored_whatever_is_imported(self, store: KnowledgeStore) -> None:
        put(store, FEE)
        store.withdraw("fee.md", "확인 중")
        put(store, FEE)
        put(store, fee("5,000원"))
        put(store)
        put(store, FEE)
        assert (served(store), store.ids()) == ([], frozenset())
        assert store.standing("fee.md").withdrawn == "확인 중"
        store.restore("fee.md")
        assert store.ids() == {"fee.md"}
        with pytest.raises(KnowledgeBaseError, match="내린 문서가 아닙니다"):
            store.restore("fee.md")

    def test_all_its_versions_are_withdrawn(self, store: KnowledgeStore) -> None:
        put(store, fee("4,000원"))
        put(store, fee("5,000원", effective_from=NEW_YEAR))
        store.withdraw("fee.md", "확인 중")
        assert served(store) == []
        assert {found.state(TODAY) for found in store.standings()} == {State.WITHDRAWN}

    def test_it_needs_a_reason_and_a_document(self, store: KnowledgeStore) -> None:
        put(store, FEE)
        with pytest.raises(KnowledgeBaseError, match="이유"):
            store.withdraw("fee.md", " ")
        with pytest.raises(DocumentNotFound):
            store.withdraw("없음.md", "확인 중")


class TestRows:
    """Ids are row numbers; decisions follow the content."""

    TABLE = "질문,답변\n여권?,5만원.\n등본?,400원.\n"

    def test_a_row_inserted_above_takes_nothing_over(self, store: KnowledgeStore, tmp_path: Path) -> None:
        table = tmp_path / "faq.csv"
        table.write_text(self.TABLE)
        import_path(store, table)
        store.withdraw("faq.csv#1", "확인 중")
        store.correct("faq.csv#2", {"phone": "3114"})
        table.write_text(self.TABLE.replace("답변\n", "답변\n주차?,500원.\n"))
        assert import_path(store, table).changes == (1, 0, 2, 0)
        found = {one.document.title: (one.document.id, one.withdrawn, one.document.phone) for one in store.standings()}
        assert found == {
            "주차?": ("faq.csv#1", None, ""),
            "여권?": ("faq.csv#2", "확인 중", ""),
            "등본?": ("faq.csv#3", None, "3114"),
        }
        assert [one.document.title for one in store.versions("faq.csv#1")] == ["주차?"]
        assert store.ids() == {"faq.csv#1", "faq.csv#3"}

    def test_a_row_broken_for_a_while_stays_withdrawn(self, store: KnowledgeStore, tmp_path: Path) -> None:
        table = tmp_path / "faq.csv"
        for number, text in enumerate((self.TABLE, self.TABLE.replace("400원.", ""), self.TABLE)):
            table.write_text(text)
            import_path(store, table)
            if number == 0:
                store.withdraw("faq.csv#2", "확인 중")
        assert store.ids() == {"faq.csv#1"}

    def test_rows_that_swap_places(self, store: KnowledgeStore, tmp_path: Path) -> None:
        table = tmp_path / "faq.csv"
        table.write_text(self.TABLE)
        import_path(store, table)
        store.correct("faq.csv#1", {"phone": "3114"})
        table.write_text("질문,답변\n등본?,500원.\n여권?,5만원.\n")
        assert import_path(store, table).changes == (0, 1, 1, 0)
        assert [(one.document.text, one.document.phone) for one in store.standings()] == [
            ("500원.", ""),
            ("5만원.", "3114"),
        ]


class TestGeneration:
    def test_it_counts_what_changes_what_is_served(self, store: KnowledgeStore) -> None:
        seen = [store.generation()]
        steps = (
            lambda: put(store, FEE),
            lambda: put(store, fee("5,000원", effective_from=NEW_YEAR)),
            lambda: store.correct("fee.md", {"phone": "3114"}),
            lambda: store.withdraw("fee.md", "확인 중"),
            lambda: store.restore("fee.md"),
            lambda: store.restore("fee.md", FEE.version),
            lambda: store.remove("fee.md"),
            lambda: put(store, FEE),
            lambda: put(store),
        )
        for step in steps:
            step()
            seen.append(store.generation())
        assert seen == sorted(set(seen))

    def test_it_does_not_count_what_changes_nothing(self, store: KnowledgeStore) -> None:
        put(store, FEE)
        before = store.generation()
        put(store, FEE)
        store.replace_files("/b", {"fee.md": [FEE]}, kept=())
        list(store.documents())
        assert store.generation() == before
