"""A sentence in the plain style of documents (…한다, …받는다) as an agent says it to a citizen (…합니다, …받습니다).

Only the ending changes; the ending is told by its last syllables, because a wrong one would be read out.
"""

import re

from indexing.lexical.hangul import BIEUP, NIEUN, RIEUL, final, with_final

_END = re.compile(r"([가-힣]?)([가-힣])다(?=[.!]?[\"”’)]*$)")
_NOUN_END = re.compile(r"([가-힣])?(함|됨|임|음)(?=\.?[\"”’)]*$)")
# Open last syllables of stems; another is a noun's (까지다), which 이다 has lost its 이 behind.
_STEMS = frozenset("이니하되크르싸쁘프")


def polite(sentence: str) -> str:
    """``sentence`` with a polite ending; as it is where it has none in the plain style.

    >>> polite("14일 안에 신고한다."), polite("수수료를 받는다."), polite("대상은 청년이다."), polite("31일까지다.")
    ('14일 안에 신고합니다.', '수수료를 받습니다.', '대상은 청년입니다.', '31일까지입니다.')
    >>> polite("쉽니다."), polite("지원함."), polite("할 수 있다."), polite("해당하지 아니한다.")
    ('쉽니다.', '지원합니다.', '할 수 있습니다.', '해당하지 아니합니다.')
    """
    if _is_polite(sentence):
        return sentence
    changed = _END.sub(lambda found: _of_verb(found[1], found[2]), sentence, count=1)
    return changed if changed != sentence else _NOUN_END.sub(lambda found: _of_noun(found[1] or "", found[2]), sentence)


def _is_polite(sentence: str) -> bool:
    found = re.search(r"([가-힣])니다(?=[.!]?[\"”’)]*$)", sentence)
    return found is not None and final(found[1]) == BIEUP


def _of_verb(before: str, last: str) -> str:
    if last == "는" and before and final(before):
        return f"{before}습니다"
    if final(last) in (NIEUN, RIEUL):
        return f"{before}{with_final(last, BIEUP)}니다"
    if final(last):
        return f"{before}{last}습니다"
    return f"{before}{with_final(last, BIEUP)}니다" if last in _STEMS else f"{before}{last}입니다"


def _of_noun(before: str, last: str) -> str:
    if last == "음":
        return f"{before}습니다" if before and final(before) else f"{before}{last}"
    return f"{before}{with_final(last, BIEUP)}니다"
