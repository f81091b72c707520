"""What an agent does with a sentence: tells, promises, puts through, asks the caller to do something by a time."""

from enum import StrEnum

from assistant.calls.summary.predicates import Manner, Predicate, predicates
from assistant.calls.summary.sentences import Sentence
from assistant.calls.summary.telling import is_question, names_amount, tells
from assistant.calls.summary.times import is_deictic, is_later, names_deadline, names_length

_CONTACTS = frozenset({
    "전화", "연락", "문자", "통화", "회신", "답신", "답변", "통보", "통지", "메일", "이메일", "팩스", "우편",
    "방문", "카톡", "알림", "콜백", "안내문",
})  # fmt: skip
_ACTORS = frozenset({
    "저", "저희", "제", "우리", "담당자", "담당", "직원", "주무관", "공무원", "기사", "부서", "팀장",
})  # fmt: skip
_PEOPLE = frozenset({"담당자", "담당", "직원", "주무관", "상담사", "상담원", "팀장", "분"})
_PUTS_THROUGH = frozenset({"연결", "이관"})
_TO = frozenset({"로", "으로", "에", "에게", "한테", "쪽"})
_MONEY = frozenset({"계좌", "통장", "카드", "현금", "돈", "어서"})
_SPOKEN_ACTS = frozenset({
    "확인", "조회", "검색", "안내", "설명", "말씀", "도움", "돕", "묻", "여쭈", "여쭙", "질문", "대답", "상담",
    "찾", "찾아보", "살피", "살펴보", "알아보", "알리", "가르치", "보", "듣", "들", "읽", "부르", "적", "메모",
    "생각", "이해", "시작", "끊", "기다리", "하",
})  # fmt: skip
"""Done by speaking, or while the caller waits: a promise only where a later time is named."""
_HAPPENS = frozenset({
    "되", "걸리", "들", "나오", "남", "끝나", "생기", "오르", "맞", "있", "없", "알", "모르", "같", "부탁",
    "바라", "감사", "죄송", "축하", "소요", "부과", "발생", "예상",
})  # fmt: skip
"""No one's deed, or a courtesy."""


class Deed(StrEnum):
    """What is done with a sentence."""

    TELLS = "tells"
    PROMISES = "promises"
    PUTS_THROUGH = "puts through"
    ASKS = "asks"
    """The caller to do something by a time."""


def deeds(sentence: Sentence) -> frozenset[Deed]:
    """What a sentence of an agent does; nothing when it is a question, a courtesy, or only said while they look it up.

    >>> from assistant.calls.summary.sentences import sentences
    >>> from assistant.calls.utterance import Utterance
    >>> from indexing.lexical.tokens import Analyzer
    >>> analyzer = Analyzer()
    >>> def done(text):
    ...     said = sentences(Utterance(line=0, speaker="agent", text=text, at=0), analyzer)
    ...     return [sorted(deeds(each)) for each in said]
    >>> done("네 수수료는 오천 원입니다 확인해서 내일 전화드리겠습니다")
    [[<Deed.TELLS: 'tells'>], [<Deed.PROMISES: 'promises'>]]
    >>> done("잠시만요 확인해 볼게요")
    [[]]
    """
    if is_question(sentence):
        return frozenset()
    found = set()
    ahead = list(predicates(sentence.morphemes))
    if any(_puts_through(each, sentence) for each in ahead):
        found.add(Deed.PUTS_THROUGH)
    elif any(_promises(each, sentence) for each in ahead):
        found.add(Deed.PROMISES)
    elif _asks_by_a_time(sentence):
        found |= {Deed.ASKS, Deed.TELLS}
    is_aside = any(each.manner is not Manner.STATES and each.stem in _SPOKEN_ACTS for each in ahead)
    if names_amount(sentence) or (not found and not is_aside and tells(sentence)):
        found.add(Deed.TELLS)
    return frozenset(found)


def _puts_through(done: Predicate, sentence: Sentence) -> bool:
    if done.manner is Manner.STATES and not done.helps:
        return False
    if done.denied or done.honours:
        return False
    before = sentence.morphemes[: done.place]
    if done.verb in ("돌리", "넘기"):  # to somewhere; 계산해서, 계좌로 돌려드립니다 gives money back
        nearby = [each.form for each in before[-4:]]
        return bool(_TO & set(nearby)) and not _MONEY & set(nearby)
    if done.verb == "바꾸":
        return any(each.form in _PEOPLE for each in before)
    return done.stem in _PUTS_THROUGH


def _promises(done: Predicate, sentence: Sentence) -> bool:
    """Whether the city binds itself to do something after the call."""
    contacts = done.stem in _CONTACTS
    if done.denied or (done.honours and not (contacts and done.verb in ("받", "가", "오"))):
        return False
    if done.manner is Manner.STATES:
        return (done.helps or contacts) and done.verb != "주" and is_deictic(sentence.morphemes)
    if done.stem in _HAPPENS or done.verb in _HAPPENS:
        return False
    if done.stem in _SPOKEN_ACTS and not is_later(sentence.morphemes):
        return False
    if done.manner is Manner.INTENDS or done.helps or contacts:
        return True
    subject = _subject(sentence, done.place)
    if subject:
        return subject in _ACTORS or subject.endswith(("팀", "반", "자"))
    return done.manner is Manner.WILL


def _subject(sentence: Sentence, place: int) -> str:
    """The noun before the last 이/가 or 께서 ahead of a verb, '' when there is none."""
    for at in range(place - 1, 0, -1):
        if sentence.morphemes[at].tag == "JKS":
            return sentence.morphemes[at - 1].form
    return ""


def _asks_by_a_time(sentence: Sentence) -> bool:
    """An order or duty of the caller with its day; a rule (받은 날부터 14일 이내에 하시면 됩니다) names none."""
    morphemes = sentence.morphemes
    orders = sentence.ending.endswith(("세요", "십시오", "시죠")) or sentence.last_verb in ("바라", "부탁")
    forms = [each.form for each in morphemes]
    obliges = any(each.form in ("어야", "면", "으면") and each.tag == "EC" for each in morphemes[-5:])
    honours = "시" in forms or "으시" in forms
    if orders:
        return names_deadline(morphemes) or names_length(morphemes) or is_deictic(morphemes)
    return obliges and honours and sentence.last_verb in ("하", "되") and names_deadline(morphemes)
