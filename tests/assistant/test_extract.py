"""What is shown of a document when no LLM answers: the right sentence, readable as it stands."""

from assistant.extraction.answer_type import wanted
from assistant.extraction.aspect import aspects
from assistant.extraction.extract import Asked, extract, has_no_row_for, told
from assistant.extraction.size import sizes
from knowledge_base.passages import sentences

TABLE = """임대료를 절반으로 낮춥니다.

| 기종 | 원래 임대료 | 감면 임대료 |
|---|---|---|
| 관리기(보행형) | 10,000원 | 5,000원 |
| 트랙터 | 90,000원 | 45,000원 |

배송 요금은 감면하지 않습니다."""


FEES = """| 구분 | 규격 | 사용료(원) |
|---|---|---|
| 매트리스 | 1인용 | 5,000 |
| 매트리스 | 2인용 | 8,000 |
| 책상 | 양면 | 5,000 |
| 의자 | - | 2,000 |"""


def asked(question: str, *things: str) -> Asked:
    return Asked(frozenset(things), wanted(question), tuple(sizes(question)))


def shown(text: str, *things: str, question: str = "어떻게 하나요?") -> list[str]:
    return [told(text, span) for span in extract(text, asked(question, *things), {}).spans]


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
    far = extract(text, Asked(frozenset({"내일배움", "지원"}), None), dict.fromkeys(spans, 0.9)).spans
    near = extract(
        text, Asked(frozenset({"내일배움", "지원"}), None), {**dict.fromkeys(spans, 0.8), spans[-1]: 0.9}
    ).spans
    assert text[slice(*far[0])].startswith("내일배움 지원 안내")
    assert [text[slice(*span)] for span in near][-1] == "내일배움 지원은 한국장학재단에서 받습니다."


RULES = f"""야영장 이용
야영장은 {"매우 " * 20}넓습니다.
취소하면 다음과 같이 돌려드립니다(「야영장 조례」 제5조).
열흘 앞서 취소: 모두
닷새 앞서 취소: 절반
다만, 비가 오면 모두 돌려드립니다.
안전 수칙
불은 화로에서만 피웁니다. {"조심 " * 60}하세요.
이를 어기면 과태료 10만원을 냅니다."""


def test_an_item_is_told_with_its_introduction_its_list_and_the_exception() -> None:
    assert shown(RULES, "닷새", "취소") == [
        "취소하면 다음과 같이 돌려드립니다.",
        "열흘 앞서 취소: 모두.",
        "닷새 앞서 취소: 절반.",
        "다만, 비가 오면 모두 돌려드립니다.",
    ]


def test_what_this_refers_to_is_told_before_it_and_no_title() -> None:
    text = RULES.replace(f"{'조심 ' * 60}하세요.", "")
    assert shown(text, question="과태료가 얼마예요?")[:2] == [
        "불은 화로에서만 피웁니다.",
        "이를 어기면 과태료 10만원을 냅니다.",
    ]


def test_a_sentence_without_the_sort_of_fact_asked_for_is_not_told_instead_of_one_with_it() -> None:
    spans = sentences.spans(RULES)
    near = {spans[1]: 0.95, spans[-1]: 0.7}
    found = extract(RULES, asked("과태료가 얼마예요?"), near)
    assert RULES[slice(*found.spans[-1])].endswith("10만원을 냅니다.")


def test_a_question_is_not_told_as_its_answer() -> None:
    text = f"Q. 야영장을 잡았습니다. 취소하면 돌려받나요?A. 닷새 앞서면 절반을 받습니다. {'긴 글 ' * 60}끝입니다."
    assert shown(text, "취소", "돌려")[0].startswith("닷새 앞서면")


def test_an_exception_whose_rule_is_in_another_passage_is_worth_less() -> None:
    alone = extract("다만, 취소는 닷새 앞서 합니다.", Asked(frozenset({"취소"}), None), {})
    assert alone.worth < extract("취소는 닷새 앞서 합니다.", Asked(frozenset({"취소"}), None), {}).worth


def test_a_date_keeps_its_numbers() -> None:
    text = "나. 일시: 2023. 10. 21.(토) 15:00"
    assert told(text, (0, len(text))) == "일시: 2023. 10. 21.(토) 15:00"


def test_cells_run_together_are_not_told_instead_of_a_sentence() -> None:
    cells = "대상 물놀이장 이용자 신청 물놀이장 누리집 " * 20
    text = f"{cells}\n물놀이장은 누리집에서 신청합니다."
    assert shown(text, "물놀이장", "신청", "이용자", "대상") == ["물놀이장은 누리집에서 신청합니다."]


def test_nothing_told_begins_with_an_exception_to_what_is_not_told() -> None:
    text = f"목줄을 맵니다. {'긴 설명 ' * 60}끝입니다.\n다만, 안고 있으면 됩니다.\n어기면 과태료 5만 원을 냅니다."
    assert shown(text, question="과태료가 얼마예요?") == ["어기면 과태료 5만 원을 냅니다."]


def test_a_row_of_another_size_is_not_told() -> None:
    assert shown(FEES, "매트리스", question="2인용 매트리스 얼마예요?") == [
        "구분 매트리스, 규격 2인용, 사용료 8,000원."
    ]


def test_all_rows_that_may_be_meant_are_told() -> None:
    told_of = shown(FEES, "매트리스", question="매트리스 얼마예요?")
    assert [row.partition(", 사용료 ")[2] for row in told_of] == ["5,000원.", "8,000원."]
    assert len(shown(FEES, "피아노", question="피아노 얼마예요?")) == 4  # the agent sees that it is none of them


def test_a_row_cut_off_from_its_header_is_told_with_the_columns_in_the_heading() -> None:
    row = "| 의자 | - | 2,000 |"
    assert told(row, (0, len(row)), "별표 > 구분, 규격, 사용료(원)") == "구분 의자, 규격 -, 사용료 2,000원."


def test_a_long_table_without_a_row_for_what_is_asked_is_no_evidence() -> None:
    prices = "\n".join(
        f"| 증명서 {name} | {'발급 ' * 12}| {number}00원 |" for number, name in enumerate("가나다라마바사아자", 1)
    )
    table = f"| 구분 | 비고 | 수수료 |\n|---|---|---|\n{prices}"
    assert has_no_row_for(table, "", asked("증명서 하 얼마예요?", "증명서", "하"))
    assert not has_no_row_for(table, "", asked("증명서 라 얼마예요?", "증명서", "라"))
    assert not has_no_row_for("수수료는 1,000원입니다.", "", asked("증명서 얼마예요?", "증명서"))


def test_a_list_beside_the_best_sentence_is_told_whole_or_not_at_all() -> None:
    rule = "반려견 놀이터는 등록된 반려견이 들어갈 수 있다.\n다음 반려견은 못 들어간다.\n1. 등록 안 한 반려견\n2. 맹견"
    assert shown(f"{rule}\n3. 아픈 반려견", "반려견", "놀이터")[-1] == "아픈 반려견."
    assert shown(f"{rule}\n3. {'아픈 ' * 80}반려견", "반려견", "놀이터") == [
        "반려견 놀이터는 등록된 반려견이 들어갈 수 있다."
    ]


def test_the_day_of_an_amendment_is_not_read_out() -> None:
    assert shown("① 사용료는 1,000원으로 한다. <개정 2019. 7. 1.>", "사용료") == ["사용료는 1,000원으로 한다."]


def test_the_sentence_that_tells_the_side_asked_about_is_told() -> None:
    text = (
        f"장난감 대여 대상은 만 5세 이하 아이를 키우는 가정이다. {'가' * 120}.\n"
        f"장난감 대여는 한 번에 두 점까지 한다. {'나' * 120}.\n"
        f"장난감 대여 문의는 육아종합지원센터로 한다. {'다' * 120}."
    )

    def best(question: str) -> str:
        things, spans = frozenset({"장난감", "대여"}), sentences.spans(text)
        asking = Asked(things, None, (), aspects(question))
        return told(text, extract(text, asking, dict.fromkeys(spans, 0.9)).spans[0])

    assert best("장난감 대여는 몇 점까지 되나요?").startswith("장난감 대여 대상")  # the first of equals
    assert best("장난감 대여는 누가 받을 수 있나요?").startswith("장난감 대여 대상")
    assert best("장난감 대여는 어디로 전화하나요?").startswith("장난감 대여 문의")


def test_what_only_announces_is_not_told_for_the_answer() -> None:
    families = ", ".join(f"{number}자녀 가구" for number in range(1, 30))
    text = f"입주 자격은 다음과 같습니다. 신혼부부, {families}는 집이 없어야 합니다."
    announcing, answering = sentences.spans(text)
    asking = Asked(frozenset({"입주", "자격"}), None)
    assert answering in extract(text, asking, {announcing: 0.95, answering: 0.85}).spans


def test_each_of_two_sides_asked_about_is_told() -> None:
    between = " ".join(f"{number}번 창고에는 새 기계가 있습니다." for number in range(1, 25))
    text = f"제초기는 가까운 농기계센터에서 빌려 드립니다. {between} 제초기 대여료는 하루 8,000원입니다."
    question = "제초기 어디서 빌려요? 대여료는 얼마예요?"
    asking = Asked(frozenset({"제초기", "대여료"}), wanted(question), (), aspects(question))
    first, *_, last = sentences.spans(text)
    assert {first, last} <= set(extract(text, asking, {}).spans)


def test_what_the_title_names_tells_no_part_from_another() -> None:
    text = "모집기간: 11. 30. ~ 12. 9.\n\n| 구분 | 내용 |\n|---|---|\n| 근로시간 | 1일 6시간 |\n| 간식비 | 5,000원 |"
    asking = asked("공공근로 접수 언제예요?", "근로", "접수")
    assert told(text, extract(text, asking, {}).spans[0]) == "구분 근로시간, 내용 1일 6시간."
    assert told(text, extract(text, asking, {}, title="공공근로 모집").spans[0]) == "모집기간: 11. 30. ~ 12. 9."


def test_a_row_named_like_the_title_comes_before_others_that_fit_as_well() -> None:
    table = "| 시설 | 주말 |\n|---|---|\n| 테니스장 | 10,000원 |\n| 축구장 | 80,000원 |"
    found = extract(table, asked("테니스장 주말 얼마예요?", "테니스장", "주말"), {}, title="테니스장과 축구장")
    assert [told(table, span) for span in found.spans] == ["시설 테니스장, 주말 10,000원."]


def test_the_amount_of_the_case_asked_about_is_told_with_the_general_one() -> None:
    text = "산모에게 100만 원을 드립니다. 여섯 달 안에 신청합니다. 영수증은 내지 않습니다. 쌍둥이는 150만 원입니다."
    assert shown(text, "산모", "쌍둥이", question="쌍둥이 산모 얼마예요?")[-1] == "쌍둥이는 150만 원입니다."
    assert len(shown(text, "산모", question="산모 얼마예요?")) == 3


def test_a_part_of_a_word_does_not_pick_the_row_of_another_act() -> None:
    table = "| 종류 | 수수료 |\n|---|---|\n| 신규 신고 | 28,000원 |\n| 영업자 지위승계 신고 | 9,300원 |"
    asking = asked("식당 영업신고 수수료 얼마예요?", "식당", "영업", "신고", "수수료")
    found = extract(table, asking, {}, title="음식점 영업신고")
    assert told(table, found.spans[0]) == "종류 신규 신고, 수수료 28,000원."
