"""Finding the question in spoken Korean, over the sample knowledge base."""

import pytest

from app import Console
from assistant.calls.memory import Memory, Understood
from assistant.calls.question_finder import QuestionFinder
from assistant.calls.utterance import Speaker, Utterance

Said = str
"""What a caller says; what an agent says begins with 'A:'."""


@pytest.fixture(scope="module")
def finder(sample: Console) -> QuestionFinder:
    return QuestionFinder(sample.searcher(), sample.analyzer())


def heard(finder: QuestionFinder, *lines: Said) -> list[list[Understood]]:
    """The questions understood from each line."""
    memory, found = Memory(), []
    for number, line in enumerate(lines):
        speaker = Speaker.AGENT if line.startswith("A:") else Speaker.CALLER
        said = Utterance(line=number, speaker=speaker, text=line.removeprefix("A:").strip(), at=4.0 * number)
        memory, understood = finder.hear(memory, said)
        found.append(list(understood))
    return found


def shown(question: Understood) -> list[str]:
    """The first three documents."""
    return list(dict.fromkeys(hit.document.id for hit in question.found.hits))[:3]


PASSPORT_LOST = "faq/02_여권.csv#2"
PASSPORT_DAYS = "faq/02_여권.csv#10"
WASTE = "faq/06_생활폐기물.csv#4"


@pytest.mark.parametrize(
    ("said", "document"),
    [
        ("여권을 잃어버렸는데 재발급 수수료가 얼마예요?", PASSPORT_LOST),
        ("어 저기 그 뭐냐 여권을 여권을 잃어버려서요 재발급 수수료가 얼마", PASSPORT_LOST),  # fillers, repetition
        ("아따 여권을 잃어부렀는디 다시 맹글라믄 수수료가 얼매당가", PASSPORT_LOST),  # dialect
        ("수수료가 얼마예요 여권 재발급", PASSPORT_LOST),  # the thing afterwards
        ("아 그게 말이죠 여권을 잃어버려서 재발급하려고요", PASSPORT_LOST),  # an opening
        ("초본 아니 여권 재발급 수수료가 얼마예요", PASSPORT_LOST),  # a false start
        ("안 쓰는 소파를 버리려고 하는데요", "faq/06_생활폐기물.csv#5"),  # a wish
        ("수도계량기가 얼어서 터졌어요", "faq/07_상하수도.csv#14"),  # trouble
        ("시내버스에 지갑을 두고 내렸거든요", "faq/05_대중교통.csv#6"),  # only told
    ],
)
def test_a_question_is_found_however_it_is_said(finder: QuestionFinder, said: str, document: str) -> None:
    questions = heard(finder, said)[-1]
    assert questions and document in shown(questions[-1])


@pytest.mark.parametrize(
    "said",
    [
        "여보세요",
        "네 안녕하세요 수고하십니다",
        "네 알겠습니다 감사합니다",
        "아 그래요?",
        "점심 드셨어요?",
        "오늘 날씨가 참 좋네요",
        "도대체 전화를 왜 이렇게 안 받아요",
        "세금 받아서 뭐 하는 거예요",
        "네? 뭐라고요?",
        "잠깐만요 적을게요",
        "A: 여권 재발급 수수료가 얼마인지 궁금하신가요?",
        "A: 대형폐기물은 어떻게 버리나요?",
    ],
)
def test_nothing_is_proposed_when_nothing_is_asked(finder: QuestionFinder, said: str) -> None:
    assert heard(finder, said) == [[]]


def test_fragments_become_one_question(finder: QuestionFinder) -> None:
    found = heard(finder, "저기 여권을", "잃어버렸는데", "재발급", "A: 네", "수수료가", "얼마예요")
    questions = [each for line in found for each in line]
    assert {each.slot for each in questions} == {0}
    assert PASSPORT_LOST in shown(questions[-1]) and questions[-1].line == 5
    assert [each.text for each in questions[-1].heard][-1] == "얼마예요"


def test_why_it_is_proposed_are_the_words_heard(finder: QuestionFinder) -> None:
    lines = ("네 안녕하세요 이사를 했는데요", "전입신고는 언제까지 해야 돼요?")
    question = heard(finder, *lines)[-1][-1]
    for words in question.heard:
        assert lines[words.line][words.start : words.end] == words.text
    assert question.heard[-1].text == "전입신고는 언제까지 해야 돼요?"


def test_two_questions_in_a_row_are_two_suggestions(finder: QuestionFinder) -> None:
    first, second = heard(finder, "여권 재발급 수수료가 얼마예요? 그리고 소파는 어떻게 버려요?")[0]
    assert first.slot != second.slot
    assert PASSPORT_LOST in shown(first) and {WASTE, "faq/06_생활폐기물.csv#5"} & set(shown(second))


@pytest.mark.parametrize(
    ("follow_up", "document"),
    [
        ("그럼 며칠이나 걸려요?", PASSPORT_DAYS),
        ("사진 규격은요?", "faq/02_여권.csv#8"),
        ("가족이 대신 해도 돼요?", "faq/02_여권.csv#9"),
        ("인터넷으로도 되나요?", "faq/02_여권.csv#12"),  # #11 says when it is possible, #12 when not
    ],
)
def test_a_follow_up_leans_on_the_topic(finder: QuestionFinder, follow_up: str, document: str) -> None:
    found = heard(finder, "여권을 새로 만들려면 뭐가 필요해요?", "A: 신분증과 사진이 필요합니다", follow_up)
    assert document in shown(found[-1][-1]) and found[-1][-1].slot == 1


def test_a_new_topic_leaves_the_old_one(finder: QuestionFinder) -> None:
    found = heard(finder, "여권 재발급 수수료가 얼마예요?", "자동차세는 언제 내나요?")
    assert shown(found[-1][-1])[0] == "faq/03_지방세.csv#1"
    assert "여권" not in found[-1][-1].question


def test_a_follow_up_may_lean_on_what_the_agent_said(finder: QuestionFinder) -> None:
    found = heard(
        finder,
        "돌아가신 아버지 땅이 어디 있는지 찾을 수 있나요?",
        "A: 네 조상 땅 찾기 서비스를 가까운 시군구청에 신청하시면 됩니다",
        "그건 돈이 드나요?",
    )
    assert "faq/10_건축·부동산.csv#15" in shown(found[-1][-1])


def test_more_of_a_case_after_an_answer_asks_whether_it_holds_there_too(finder: QuestionFinder) -> None:
    found = heard(
        finder,
        "주민세는 누가 내나요?",
        "A: 칠월 일일 현재 순천에 주소를 둔 세대주가 내십니다",
        "저 기초생활수급자인데요",
    )
    assert "faq/03_지방세.csv#7" in shown(found[-1][-1])


@pytest.mark.parametrize(
    "said",
    [
        "매트리스도 하나 있어요 큰 거",  # another thing
        "수수료는",  # what is asked about it left out
        "저는 인터넷을 못 하는데",  # what stands in the way
        "돈은 현금으로 내요 카드로 내요",  # a choice
        "안 버리게 되면요",  # a condition
    ],
)
def test_a_caller_asks_by_what_they_leave_unsaid_after_an_answer(finder: QuestionFinder, said: str) -> None:
    answer = "A: 대형폐기물은 시 누리집에서 신고하고 수수료를 내시면 됩니다"
    (question,) = heard(finder, "소파를 어떻게 버려요?", answer, said)[-1]
    assert question.slot == 1 and question.heard[-1].text == said
    assert shown(question)[0].startswith(("faq/06_생활폐기물", "notices/2026-10-05_대형폐기물"))


@pytest.mark.parametrize(
    "said", ["아 그러면 저는 못 버리겠네", "아 따로 내는 거구나", "아 소파도 되는군요", "딴 거 하나 여쭤볼게요"]
)
def test_what_is_made_of_an_answer_asks_nothing(finder: QuestionFinder, said: str) -> None:
    answer = "A: 대형폐기물은 시 누리집에서 신고하고 수수료를 내시면 됩니다"
    assert not heard(finder, "소파를 어떻게 버려요?", answer, said)[-1]


def test_what_points_back_means_what_was_said_just_before(finder: QuestionFinder) -> None:
    found = heard(
        finder,
        "중고차 명의이전은 언제까지 해야 돼요?",
        "A: 사신 날부터 십오 일 이내에 이전등록을 하셔야 합니다",
        "근데 자동차 검사도 안 받은 것 같던데",
        "그건 얼마나 나와요",
    )
    assert "faq/04_차량·주정차.csv#14" in shown(found[-1][-1])


@pytest.mark.parametrize("said", ["적고 있어요", "네 잘 들었어요", "거기 공기도 좋고 좋더라고요"])
def test_what_the_documents_know_nothing_of_asks_nothing_after_an_answer(finder: QuestionFinder, said: str) -> None:
    answer = "A: 칠월 일일 현재 순천에 주소를 둔 세대주가 내십니다"
    assert not heard(finder, "주민세는 누가 내나요?", answer, said)[-1]


@pytest.mark.parametrize(
    ("before", "answer", "said", "document"),
    [
        (
            "전월세 신고는 언제까지 해요?",
            "계약한 날부터 삼십 일 이내입니다",
            "까먹으면 벌금 있어요",
            "faq/10_건축·부동산.csv#13",
        ),
        ("치매 검사는 무료인가요?", "네 육십 세 이상이시면 무료입니다", "약값도 쪼까 보태주요", "faq/09_보건.csv#12"),
        (
            "민방위 교육은 몇 시간인가요?",
            "올해는 네 시간 받으셔야 합니다",
            "못 가면 벌금이겠지",
            "faq/13_재난·안전.csv#3",
        ),
    ],
)
def test_a_question_may_end_as_a_statement_after_an_answer(
    finder: QuestionFinder, before: str, answer: str, said: str, document: str
) -> None:
    questions = heard(finder, before, f"A: {answer}", said)[-1]
    assert questions and document in shown(questions[-1])


def test_an_answer_repeated_asks_nothing(finder: QuestionFinder) -> None:
    answer = "A: 스티커는 내년에 없어집니다 누리집에서 신고하세요"
    assert not heard(finder, "대형폐기물은 어떻게 버려요?", answer, "내년에는 없어진다고요")[-1]


def test_what_the_agent_named_is_what_is_asked_about(finder: QuestionFinder) -> None:
    found = heard(
        finder,
        "출생신고는 언제까지 해요?",
        "A: 한 달 이내입니다",
        "부모 뭐라고 하던데",
        "A: 부모급여 말씀이신가요",
        "네네 그거 얼마씩",
    )
    assert "faq/08_복지.csv#6" in shown(found[-1][-1])


def test_an_answer_to_the_agent_asks_nothing(finder: QuestionFinder) -> None:
    assert not heard(finder, "모래주머니 받을 수 있을까요?", "A: 네 어느 동에 사세요", "덕연동이요")[-1]


def test_what_is_asked_besides_takes_nothing_back(finder: QuestionFinder) -> None:
    question = heard(finder, "소파 버리는 수수료가 얼마예요?", "소파 말고 매트리스도 버릴 수 있어요?")[-1][-1]
    assert "faq/06_생활폐기물.csv#6" in shown(question) and question.slot == 1


def test_a_correction_replaces_the_suggestion(finder: QuestionFinder) -> None:
    found = heard(finder, "재산세는 언제 내나요?", "아니 재산세 말고 자동차세요")
    assert found[-1][-1].slot == found[0][-1].slot
    assert found[-1][-1].question == "자동차세 언제 내나요?"
    assert shown(found[-1][-1])[0] == "faq/03_지방세.csv#1"


def test_the_agents_words_count_once_the_caller_agrees(finder: QuestionFinder) -> None:
    lines = ("그 뭐 깎아 주는 거 있잖아요", "A: 자동차세 연납 할인 말씀이신가요?", "네 맞아요")
    found = heard(finder, *lines)
    assert not found[1] and "faq/03_지방세.csv#2" in shown(found[2][-1])
    assert found[2][-1].heard[0].line == 1


def test_other_readings_are_offered(finder: QuestionFinder) -> None:
    found = heard(finder, "여권 재발급 수수료가 얼마예요?", "그럼 주차장 요금은요?")
    question = found[-1][-1]
    assert "faq/04_차량·주정차.csv#20" in shown(question)
    assert 1 <= len(question.alternatives) <= 2
    assert all(each.documents[0] != shown(question)[0] for each in question.alternatives)


def test_a_passage_without_any_of_several_things_named_is_never_answered_from(finder: QuestionFinder) -> None:
    asked = "안 쓰는 소파를 버리는 데 얼마예요?"
    question = heard(finder, asked, "그리고 달나라 여행 보험은 어디서 들어요?")[-1][-1]
    sofa = [hit.share for hit in question.found.hits if hit.document.id == "faq/06_생활폐기물.csv#5"]
    assert sofa and not any(sofa)
    question = heard(finder, asked, "그리고 탁자는 스티커 어디서 사요?")[-1][-1]
    assert any(hit.share for hit in question.found.hits)


def test_evidence_for_another_reading_is_never_answered_from(finder: QuestionFinder) -> None:
    question = heard(finder, "여권 재발급 수수료가 얼마예요?", "그럼 화장실은 어디 있어요?")[-1][-1]
    lent = [hit for hit in question.found.hits if hit.document.id == PASSPORT_LOST]
    assert all(hit.coverage < 1 for hit in lent)
