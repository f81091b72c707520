"""Which row is which."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.document import Document, Kind
from knowledge_base.storage.identity import Known, keys

Rows = list[tuple[str, str]]


def table(rows: Rows) -> list[Document]:
    return [Document(id=f"a.csv#{n}", kind=Kind.FAQ, title=title, text=text) for n, (title, text) in enumerate(rows, 1)]


def known(rows: Rows) -> list[Known]:
    return [Known(f"key {row.title}", row.id, row.version, row.title, row.text) for row in table(rows)]


def found(old: Rows, new: Rows) -> list[str]:
    return list(keys(known(old), table(new)).values())


OLD = [("여권 수수료?", "5만원."), ("등본 수수료?", "400원."), ("인감 수수료?", "600원.")]


def test_rows_stay_themselves_when_one_is_inserted_above() -> None:
    assert found(OLD, [("주차 요금?", "500원."), *OLD]) == [
        "a.csv#1", "key 여권 수수료?", "key 등본 수수료?", "key 인감 수수료?",
    ]  # fmt: skip


def test_a_new_answer_keeps_the_question() -> None:
    assert found(OLD, [OLD[2], ("등본 수수료?", "500원.")]) == ["key 인감 수수료?", "key 등본 수수료?"]


def test_a_question_put_otherwise_with_the_same_answer() -> None:
    assert found(OLD, [("여권 수수료는?", "5만원.")]) == ["key 여권 수수료?"]


def test_another_question_in_the_same_place_is_another_row() -> None:
    assert found(OLD, [("여권 수수료는 얼마?", "6만원.")]) == ["a.csv#1"]
    assert found([("전입신고는 어디서 하나요?", "문의하세요.")], [("매트리스?", "문의하세요.")]) == ["a.csv#1"]


def test_a_key_is_never_given_twice() -> None:
    old = [Known("a.csv#1", "a.csv#2", "v", "여권?", "5만원.")]
    assert keys(old, table([("주차?", "500원."), ("여권?", "6만원.")])) == {
        "a.csv#1": "a.csv#1~2",
        "a.csv#2": "a.csv#1",
    }


ROWS = st.lists(
    st.tuples(st.sampled_from(["여권?", "등본?", "인감 증명?"]), st.sampled_from(["가.", "나."])), max_size=6
)


@given(ROWS, ROWS)
def test_every_row_has_one_key_of_its_own(old: Rows, new: Rows) -> None:
    rows = [Known(f"key {n}", row.id, row.version, row.title, row.text) for n, row in enumerate(table(old))]
    given_keys = keys(rows, table(new))
    assert len(given_keys) == len(new) == len(set(given_keys.values()))
    unchanged = keys(rows, table(old))
    assert list(unchanged.values()) == [row.key for row in rows]
