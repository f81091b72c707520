"""What the sentences of a passage are to each other, told by how official texts are written."""

import pytest

from assistant.extraction.passage import Part, Role, parts, unsourced

GUIDE = """신청 기간
텃밭은 3월 한 달 동안 신청받습니다(「도시농업법」 제3조(기간)).
분양 순서는 다음과 같습니다.
지난해 떨어진 사람
아이가 셋 이상인 가정
다만, 한 집에 한 곳만 드립니다.
이를 어기면 분양을 취소합니다.
자세한 내용은 「텃밭 운영 지침」 5쪽을 참고하세요."""


def of(text: str) -> list[tuple[str, Part]]:
    return [(text[slice(*part.span)], part) for part in parts(text)]


def roles(text: str) -> list[Role]:
    return [part.role for part in parts(text)]


def test_titles_items_and_references_are_told_from_statements() -> None:
    assert roles(GUIDE) == [
        Role.TITLE,
        Role.STATEMENT,
        Role.STATEMENT,
        Role.ITEM,
        Role.ITEM,
        Role.STATEMENT,
        Role.STATEMENT,
        Role.FRAME,
    ]


def test_an_item_knows_what_introduces_its_list_and_a_sentence_what_it_leans_on() -> None:
    told = of(GUIDE)
    assert [part.listed for _, part in told[3:5]] == [2, 2]
    assert told[5][1].narrows
    assert told[6][1].leans
    assert not told[6][1].narrows


def test_what_a_question_tells_first_belongs_to_the_question() -> None:
    text = "Q. 텃밭을 빌렸습니다. 남에게 빌려줘도 되나요?A. 남에게 빌려줄 수 없습니다. 이를 어기면 취소합니다."
    assert roles(text) == [Role.QUESTION, Role.QUESTION, Role.STATEMENT, Role.STATEMENT]


def test_a_line_that_ends_a_passage_without_an_end_is_a_title_but_not_in_a_list() -> None:
    assert roles("신분증을 냅니다.\n받는 곳")[-1] is Role.TITLE
    assert roles("다음 서류를 냅니다.\n신분증\n도장")[-1] is Role.ITEM


def test_a_short_line_with_an_amount_is_no_title() -> None:
    assert roles("한 번 어긴 때 5만원\n다시 어기면 더 냅니다.")[0] is Role.ITEM


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("냅니다[「규정」(제2호, 2020. 1. 1.) 별표 1].", "냅니다."),
        ("냅니다(출처: 안내 책자).", "냅니다."),
        ("「민법」 제3조에 따라 냅니다(5만원).", "「민법」 제3조에 따라 냅니다(5만원)."),
    ],
)
def test_only_brackets_that_name_a_source_are_left_out(sentence: str, said: str) -> None:
    assert unsourced(sentence) == said


def test_a_paragraph_of_an_article_introduces_its_list() -> None:
    told = of(
        "① 등록된 반려견이 들어갈 수 있다.\n② 다음 각 호의 반려견은 들어갈 수 없다.\n1. 맹견\n③ 다만, 안내견은 괜찮다."
    )
    assert [part.role for _, part in told] == [Role.STATEMENT, Role.STATEMENT, Role.ITEM, Role.STATEMENT]
    assert told[2][1].listed == 1
    assert told[3][1].narrows
    assert roles("다음 서류를 냅니다.\n① 신청서\n② 도장")[1:] == [Role.ITEM, Role.ITEM]


def test_the_day_of_an_amendment_is_no_part_of_a_sentence() -> None:
    assert unsourced("1,000원으로 한다. <개정 2019. 7. 1., 2023. 2. 28.>") == "1,000원으로 한다."
    assert unsourced("[본조신설 2024.6.10.]") == ""
    assert unsourced("개정 내용(개정 이유)을 봅니다.") == "개정 내용(개정 이유)을 봅니다."


def test_under_a_heading_lines_without_an_end_are_a_list() -> None:
    papers = "신청하는 사람의 신분증\n세대주가 아니면 세대주의 확인서와 도장, 위임하는 글\n임대차계약서(월세)"
    assert [part.role for part in parts(papers, "준비물")] == [Role.ITEM, Role.ITEM, Role.ITEM]
    titled = parts("빌리는 기간\n사흘 동안 빌려 드립니다.", "이용 안내")
    assert [part.role for part in titled] == [Role.TITLE, Role.STATEMENT]
