"""What the calls of ``eval/data/calls`` try, as people read it; described in the README there."""

from knowledge_base.labelled import Labelled


class CallKind(Labelled):
    """What makes the questions of a call hard to find."""

    FRAGMENTS = "fragments", "나누어 말한 질문"
    LONG_STORY = "long_story", "긴 사연 뒤의 질문"
    THINKING_ALOUD = "thinking_aloud", "혼잣말 사이의 질문"
    FILLERS = "fillers", "군말과 말 더듬기"
    CORRECTION = "correction", "고쳐 말하기"
    DIALECT = "dialect", "전라도 말"
    ELDERLY = "elderly", "어르신의 말"
    TWO_IN_ONE_BREATH = "two_in_one_breath", "한숨에 두 질문"
    TWO_IN_ROW = "two_in_row", "잇달아 두 질문"
    FOLLOW_UPS = "follow_ups", "이어 묻는 말"
    TOPIC_CHANGE = "topic_change", "이야기 바꾸기"
    IMPLIED = "implied", "질문 꼴이 아닌 질문"
    AGENT_QUESTIONS = "agent_questions", "상담원이 묻는 말"
    AGENT_REPHRASE = "agent_rephrase", "상담원이 되묻는 말"
    BACKCHANNELS = "backchannels", "맞장구"
    SMALL_TALK = "small_talk", "인사와 잡담"
    COMPLAINT = "complaint", "불평"
    ABUSE = "abuse", "욕설"
    NO_QUESTION = "no_question", "질문이 없는 통화"
    SILENCE = "silence", "말이 끊긴 통화"
    UNANSWERABLE = "unanswerable", "답이 없는 질문"
    STT_ERRORS = "stt_errors", "잘못 받아쓴 말"
    PARTIAL_REVISIONS = "partial_revisions", "바뀌는 중간 결과"
    NUMBER_WORDS = "number_words", "말로 한 숫자"
    PERSONAL_DATA = "personal_data", "개인정보를 말하는 통화"
    REPEAT_REQUEST = "repeat_request", "다시 말해 달라는 통화"


def label(kind: str) -> str:
    """The Korean name of a kind; one that somebody else's calls bring is its own name.

    >>> label("dialect"), label("야간")
    ('전라도 말', '야간')
    """
    return CallKind(kind).label if kind in set(CallKind) else kind
