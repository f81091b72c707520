"""What is shown of a document when no LLM answers: the right sentence, readable as it stands."""

from assistant.extract import extract, told
from assistant.subject import wanted
from knowledge_base import sentences

TABLE = """임대료를 절반으로 낮춥니다.

| 기종 | 원래 임대료 | 감면 임대료 |
|---|---|---|
| 관리기(보행형) | 10,000원 | 5,000원 |
| 트랙터 | 90,000원 | 45,000원 |

배송 요금은 감면하지 않습니다."""


def shown(text: str, *things: str, question: str = "어떻게 하나요?") -> list[str]:
    return [told(text, span) for span in extract(text, frozenset(things), wanted(question), {})]


def test_a_row_of_a_table_is_told_alone_with_its_header() -> None:
    said = shown(TABLE, "트랙터", question="트랙터 얼마예요?")
    assert said == ["기종 트랙터, 원래 임대료 90,000원, 감면 임대료 45,000원."]


def test_the_frame_of_a_table_is_never_told() -> None:
    assert shown(TABLE, "임대료", "절반") == ["임대료를 절반으로 낮춥니다."]
    assert shown(TABLE, "기종")[0].startswith("임대료를")


def test_the_marks_of_a_list_are_not_read_out() -> None:
    assert shown("① 취소하면 돌려준다.\n② 쓴 뒤에는 나누어 돌려준다.", "취소") == [
        "취소하면 돌려준다.",
        "쓴 뒤에는 나누어 돌려준다.",
    ]


def test_a_row_without_a_header_is_told_cell_by_cell() -> None:
    text = "| 의자 | 2,000원 |"
    assert told(text, (0, len(text))) == "의자, 2,000원."


def test_among_sentences_that_name_as_much_the_nearest_in_meaning_is_told() -> None:
    text = f"내일배움 지원 안내입니다. {'가' * 120}.\n{'나' * 120}.\n내일배움 지원은 한국장학재단에서 받습니다."
    spans = sentences.spans(text)
    far = extract(text, frozenset({"내일배움", "지원"}), None, dict.fromkeys(spans, 0.9))
    near = extract(text, frozenset({"내일배움", "지원"}), None, {**dict.fromkeys(spans, 0.8), spans[-1]: 0.9})
    assert text[slice(*far[0])].startswith("내일배움 지원 안내")
    assert [text[slice(*span)] for span in near][-1] == "내일배움 지원은 한국장학재단에서 받습니다."
