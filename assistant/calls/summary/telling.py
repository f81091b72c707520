"""Whether a sentence of an agent tells the caller something, or asks, thanks, wishes, and talks about the talk."""

import re

from assistant.calls.need_patterns import QUESTION_WORD
from assistant.calls.summary.sentences import Sentence
from knowledge_base.facts.finding import FactKind, facts

_AMOUNTS = frozenset({FactKind.MONEY, FactKind.PHONE, FactKind.LINK})
_COURTESIES = frozenset({
    "감사", "고맙", "반갑", "죄송", "미안", "수고", "알", "그렇", "그러", "기다리", "안녕", "축하", "조심",
    "건강", "괜찮", "불편", "실례", "들리", "말씀",
})  # fmt: skip
_NAMING_TAGS = frozenset({"NNG", "NNP", "NR", "SN", "SL", "W_SERIAL", "W_URL"})
_CLOSING_TAGS = frozenset({"VV", "VA", "XR", "VCN", "NNG"})
_WISHES = frozenset({"하루", "시간", "주말", "저녁", "명절", "연휴", "오후", "날"})
_REACTS = ("군요", "네요", "구나", "구만")
_ASKS = re.compile(r"(?:까요?|[나가]요|냐|냐고요|는지요)$")
_ASKS_SOFTLY = ("죠", "지요", "세요", "어요", "예요", "에요", "아요")
_SHORT_ANSWERS = frozenset({"되", "없", "있"})


def is_question(sentence: Sentence) -> bool:
    """Whether a sentence asks, by its sign, its ending, or a question word before a soft one."""
    ending = sentence.ending
    if sentence.text.endswith("?") or _ASKS.search(ending):
        return True
    if ending.endswith("세요") and sentence.last_verb in ("있", "없", "계시", "괜찮"):
        return True
    soft = ending.endswith(_ASKS_SOFTLY)
    honours = any(each.form in ("시", "으시") for each in sentence.morphemes[-3:])
    checks = ending.endswith(("죠", "지요")) and honours
    return checks or (soft and QUESTION_WORD.search(sentence.text) is not None and not facts(sentence.text))


def tells(sentence: Sentence) -> bool:
    """Whether it states a figure or says something about a thing; an answer like 안 됩니다 counts."""
    ending = sentence.ending
    stated = bool(facts(sentence.text))
    nouns = [each.form for each in sentence.morphemes if each.tag in _NAMING_TAGS]
    if ending.endswith(_REACTS) or (ending.endswith(("죠", "지요")) and not stated):
        return False
    if _is_courteous(sentence, nouns):
        return False
    tags = {each.tag for each in sentence.morphemes}
    says = bool(nouns) and bool(tags & {"VV", "VA", "XSV", "XSA", "VCP", "VCN", "NR", "SN"})
    return stated or says or sentence.last_verb in _SHORT_ANSWERS


def _is_courteous(sentence: Sentence, nouns: list[str]) -> bool:
    """Thanks, wishes, sympathy, and talk about the talk itself."""
    last = [each.form for each in sentence.morphemes if each.tag in _CLOSING_TAGS and each.form != "드리"]
    closing = last[-1] if last else ""
    end = {each.form for each in sentence.morphemes[-4:]}
    end_tags = {each.tag for each in sentence.morphemes[-5:]}
    feels = "겠" in end and bool(end & {"시", "으시"}) and bool(end_tags & {"VA", "XSA", "XR"})
    wishes = bool(_WISHES & set(nouns)) and sentence.ending.endswith("세요") and closing in ("되", "보내")
    if feels or wishes:
        return True
    of_the_talk = nouns[-1:] == ["말씀"] or (closing == "아니" and not nouns)
    return not facts(sentence.text) and (of_the_talk or closing in _COURTESIES)


def names_amount(sentence: Sentence) -> bool:
    """Whether it gives an amount, a share, a number to call or an address."""
    return any(fact.kind in _AMOUNTS or fact.unit == "%" for fact in facts(sentence.text))
