"""Whether a clause of a caller asks for something, and how plainly."""

from enum import StrEnum

from assistant.calls.need_patterns import (
    ASKING_END,
    ASKS_BACK,
    ASKS_OF_RULE,
    ELDER,
    ELLIPSIS,
    GOES_ON,
    INVITES,
    OBSTACLE,
    OF_CALLER,
    PLEASE_TELL,
    QUESTION_WORD,
    RAILING,
    REACTS,
    RESOLVES,
    SPOKEN_QUESTION,
    TELLS,
    TELLS_MORE,
    TO_THE_AGENT,
    TRAILS_OFF,
    TROUBLE,
    WANTS,
    WHETHER,
)

LONGEST_ANSWER = 3  # words


class Need(StrEnum):
    """How a clause asks."""

    ASKS = "asks"
    """A question, by its ending or a question word."""
    WANTS = "wants"
    """What the caller means to do: 하고 싶은데, 하려고 하는데."""
    TROUBLE = "trouble"
    """What has gone wrong: 안 나와요, 잃어버렸어요."""
    TELLS = "tells"
    """A story that may imply a question: 자동차세를 미리 냈었거든요."""


def need_of(text: str, *, is_asked: bool = False) -> Need | None:
    """How a cleaned clause asks, None when it asks for nothing; ``is_asked`` when a question mark was heard.

    >>> need_of("여권 재발급 수수료가 얼마당가"), need_of("전입신고를 하려고 하는데요"), need_of("수돗물이 안 나와요")
    (<Need.ASKS: 'asks'>, <Need.WANTS: 'wants'>, <Need.TROUBLE: 'trouble'>)
    >>> need_of("점심 드셨어요?", is_asked=True), need_of("알겠습니다")
    (None, None)
    """
    if says_nothing(text) or (REACTS.search(text) and not is_asked):
        return None
    if is_asked or asks_plainly(text):
        return Need.ASKS
    if WANTS.search(text):
        return Need.WANTS
    if RESOLVES.search(text):
        return None
    if TROUBLE.search(text):
        return Need.TROUBLE
    return Need.TELLS if TELLS.search(text) else None


def asks_plainly(text: str) -> bool:
    """Whether the words alone make a question, without a question mark."""
    return bool(
        WHETHER.search(text)
        or PLEASE_TELL.search(text)
        or SPOKEN_QUESTION.search(text)
        or ASKING_END.search(text)
        or ELLIPSIS.search(text)
        or (QUESTION_WORD.search(text) and not GOES_ON.search(text))
    )


def adds(text: str) -> bool:
    """Whether a clause after an answer tells more of the caller's case, to ask whether the answer holds there too.

    >>> adds("저는 부부예요"), adds("차가 아들 차인데"), adds("아직 멀었네")
    (True, True, False)
    """
    return TELLS_MORE.search(text) is not None and (not says_nothing(text) or ELDER.search(text) is not None)


def asks_of_rule(text: str) -> bool:
    """Whether a clause after an answer asks, as a statement would end, what the city or its rule does.

    >>> asks_of_rule("까먹으면 벌금 있어요"), asks_of_rule("저는 아들만 둘 있어요"), asks_of_rule("적고 있어요")
    (True, False, False)
    """
    return ASKS_OF_RULE.search(text) is not None and not (OF_CALLER.search(text) or says_nothing(text))


def objects(text: str) -> bool:
    """Whether what a clause adds to an answer stands in the caller's way.

    >>> objects("낮에는 못 가거든요"), objects("저는 부부예요")
    (True, False)
    """
    return adds(text) and OBSTACLE.search(text) is not None


def asks_back(text: str) -> bool:
    """Whether an agent asks for what they must know, rather than tells or invites.

    >>> asks_back("네 어느 동에 사세요"), asks_back("구청에 신청하시면 됩니다"), asks_back("무엇을 도와드릴까요")
    (True, False, False)
    """
    return ASKS_BACK.search(text) is not None and not invites(text)


def invites(text: str) -> bool:
    """Whether an agent asks for nothing but the question."""
    return INVITES.search(text) is not None


def answers(text: str) -> bool:
    """Whether a clause after an agent's question is but an answer to it, whatever its ending.

    >>> answers("여든하나요"), answers("장천동이요"), answers("수수료는요"), answers("신분증은 뭐가 필요해요")
    (True, True, False, False)
    """
    return len(text.split()) <= LONGEST_ANSWER and not (ELLIPSIS.search(text) or QUESTION_WORD.search(text))


def says_nothing(text: str) -> bool:
    """Whether a clause is small talk with the agent.

    >>> says_nothing("알겠습니다"), says_nothing("이사를 했어요")
    (True, False)
    """
    return TO_THE_AGENT.search(text) is not None


def rails(text: str) -> bool:
    """Whether somebody vents: most such clauses ask for nothing, whatever their ending.

    >>> rails("세금 받아서 뭐 하는 거예요")
    True
    """
    return RAILING.search(text) is not None


def is_ellipsis(text: str) -> bool:
    """Whether a clause names a thing and leaves out what is asked about it: 수수료는요, 초본은요.

    >>> is_ellipsis("그러면 수수료는요?"), is_ellipsis("수수료는 얼마예요?")
    (True, False)
    """
    return ELLIPSIS.search(text) is not None and QUESTION_WORD.search(text) is None


def trails_off(text: str) -> bool:
    """Whether a clause stops after naming a thing, which is how one asks about it once something was answered.

    >>> trails_off("토요일은"), trails_off("시청 전화번호가"), trails_off("수수료가 얼마예요")
    (True, True, False)
    """
    return TRAILS_OFF.search(text) is not None and not says_nothing(text)


def asking_words(text: str) -> list[str]:
    """The words of a question that ask, in order, without those that name things before them.

    >>> asking_words("여권 재발급 수수료가 얼마예요?")
    ['얼마예요?']
    """
    found = QUESTION_WORD.search(text)
    if found is None:
        return text.split()[-1:]
    return text[text.rfind(" ", 0, found.start() + 1) + 1 :].split()
