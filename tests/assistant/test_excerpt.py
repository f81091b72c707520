"""What the LLM reads of the evidence: the sentences that answer, with all that qualifies them."""

import pytest

from assistant.extraction.answer_type import wanted
from assistant.extraction.excerpt import MOST_CHARACTERS, excerpts
from assistant.grounding import Evidence
from indexing.lexical.things import named
from indexing.lexical.tokens import Analyzer

TITLE = "자동차 등록 안내"
FILLING = "담당 직원이 서류를 살펴보고 빠진 것이 있으면 문자로 알려 드립니다. " * 6


def cut(analyzer: Analyzer, question: str, *texts: str, title: str = TITLE) -> list[Evidence]:
    return excerpts([Evidence(title, text) for text in texts], named(question, analyzer), wanted(question))


def test_short_evidence_stays_whole(analyzer: Analyzer) -> None:
    text = "이전 등록 수수료는 1,000원입니다. 신분증을 가져오시면 됩니다."
    assert cut(analyzer, "이전 등록 수수료가 얼마예요?", text) == [Evidence(TITLE, text)]


@pytest.mark.parametrize("place", [0, 3])
def test_the_sentence_with_the_fact_asked_for_is_there_wherever_it_stands(analyzer: Analyzer, place: int) -> None:
    fee = "이전 등록 수수료는 1,000원입니다."
    around = FILLING.strip().split(". ")
    text = ". ".join([*around[:place], fee.rstrip("."), *around[place:]])
    [shown] = cut(analyzer, "이전 등록 수수료가 얼마예요?", text)
    assert fee in shown.text
    assert len(shown.text) <= MOST_CHARACTERS + 10


@pytest.mark.parametrize(
    "condition",
    [
        "다만, 경차는 수수료를 받지 않습니다.",
        "단, 인터넷으로 신청하면 800원입니다.",
        "※ 장애인은 면제됩니다.",
        "(2인 이상이 함께 소유하면 2,000원입니다.)",
    ],
)
def test_what_qualifies_a_sentence_is_never_cut_off(analyzer: Analyzer, condition: str) -> None:
    fee = "자동차를 사고팔아 주인이 바뀌었을 때 하는 이전 등록의 수수료는 창구에서 신청하면 1,000원입니다."
    [shown] = cut(analyzer, "이전 등록 수수료가 얼마예요?", f"{FILLING}{fee} {condition} {FILLING}")
    assert f"{fee} {condition}" in shown.text


def test_an_item_of_a_list_comes_with_what_introduces_it(analyzer: Analyzer) -> None:
    text = f"{FILLING}\n수수료는 다음과 같습니다.\n- 신규 등록: 2,000원\n- 이전 등록: 1,000원\n{FILLING}"
    [shown] = cut(analyzer, "이전 등록은 얼마예요?", text)
    assert shown.text.index("수수료는 다음과 같습니다.") < shown.text.index("- 이전 등록: 1,000원")


def test_a_row_comes_with_the_header_of_its_table(analyzer: Analyzer) -> None:
    rows = (
        "| 종류 | 창구 | 인터넷 |",
        "|---|---|---|",
        "| 신규 등록 | 2,000원 | 1,500원 |",
        "| 이전 등록 | 1,000원 | 800원 |",
    )
    [shown] = cut(analyzer, "이전 등록은 얼마예요?", "\n".join((FILLING, *rows)))
    assert shown.text.index("| 종류 | 창구 | 인터넷 |") < shown.text.index("| 이전 등록 | 1,000원 | 800원 |")


def test_a_quoted_question_comes_with_its_answer(analyzer: Analyzer) -> None:
    text = f"{FILLING}\n이전 등록을 대신 신청할 수 있나요?\n위임장을 가져오시면 됩니다.\n{FILLING}"
    [shown] = cut(analyzer, "이전 등록을 대신 신청할 수 있나요?", text)
    assert "위임장을 가져오시면 됩니다." in shown.text


def test_the_titles_are_not_said_twice(analyzer: Analyzer) -> None:
    [shown] = cut(analyzer, "이전 등록은 얼마예요?", "자동차 등록 안내: 이전 등록은 1,000원입니다.")
    assert shown.titles == ""


def test_a_sentence_longer_than_the_space_is_not_cut(analyzer: Analyzer) -> None:
    text = "이전 등록 수수료는 " + "아주 " * 100 + "적은 1,000원입니다."
    assert cut(analyzer, "이전 등록 수수료가 얼마예요?", text) == [Evidence(TITLE, text)]


def test_second_evidence_only_where_there_is_space(analyzer: Analyzer) -> None:
    first, second = "이전 등록은 1,000원입니다.", "이전 등록은 차량등록사업소에서 합니다."
    question = "이전 등록은 얼마예요?"
    assert [shown.text for shown in cut(analyzer, question, first, second)] == [first, second]
    assert [shown.text for shown in cut(analyzer, question, first, f"{'긴 설명 ' * 40}입니다.")] == [first]


@pytest.mark.parametrize("text", ["", "   \n "])
def test_empty_evidence_gives_nothing(analyzer: Analyzer, text: str) -> None:
    assert cut(analyzer, "얼마예요?", text) == []


def test_a_question_that_names_nothing_gets_the_beginning(analyzer: Analyzer) -> None:
    [shown] = cut(analyzer, "네?", f"이전 등록은 1,000원입니다. {FILLING}")
    assert shown.text.startswith("이전 등록은 1,000원입니다.")
