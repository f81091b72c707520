"""Which side of a service a question asks about (who gets it, where to go, whom to call), and which a sentence tells.

A sentence of the right service is no answer when it tells another side of it. The lack of an answer type rules a
sentence out; an aspect only speaks for one, since there are many words for where and who.
"""

import re
from enum import Enum


class Aspect(Enum):
    """A side of a service: how a question asks about it, and what tells of it."""

    WHO = (
        r"누가|누구|대상|자격|요건|조건|기준|해당[되하]|받을\s?수\s?있(?:나|는지|을까)|신청할\s?수\s?있는\s|어떤\s?(?:사람|분|가구|가족)",
        r"대상|자격|요건|해당|(?:자|사람|분|가구|가족|아동|청년|주민|시민)(?:입니다|이다|이며|에게)",
    )
    WHERE = (
        r"어디|어느\s?(?:곳|기관|부서)|장소|창구",
        r"센터|[시군구]청|공단|재단|보건소|지사|창구|누리집|홈페이지|https?:|주소|방문|[가-힣]에서\s",
    )
    CONTACT = (
        r"문의|연락|전화|상담(?:받|을)",
        r"문의|전화|콜센터|☎|연락|상담|\d{2,4}-\d{3,4}",
    )
    SITE = (
        r"홈페이지|사이트|누리집|인터넷|온라인",
        r"https?:|www\.|홈페이지|누리집|사이트|온라인|인터넷",
    )
    AGE = (
        r"나이|연령|몇\s?[살세]",
        r"\d\s?[살세]|연령|나이",
    )
    PAPERS = (
        r"서류|준비물|구비|무엇을\s?(?:가져|준비|내)",
        r"서류|신청서|증명서|등본|통장|사본|신분증|구비|준비물",
    )

    def __init__(self, asks: str, tells: str) -> None:
        self._asks, self._tells = re.compile(asks), re.compile(tells)

    def is_asked(self, question: str) -> bool:
        """Whether ``question`` asks about this."""
        return self._asks.search(question) is not None

    def is_told(self, text: str) -> bool:
        """Whether ``text`` tells of this."""
        return self._tells.search(text) is not None


def aspects(question: str) -> frozenset[Aspect]:
    """What ``question`` asks about; nothing when it names none of them.

    >>> sorted(aspect.name for aspect in aspects("교육에 참여하려면 어디로 전화하나요?"))
    ['CONTACT', 'WHERE']
    """
    return frozenset(aspect for aspect in Aspect if aspect.is_asked(question))


def told_share(asked: frozenset[Aspect], text: str) -> float:
    """Which share of ``asked`` the text tells, 0 to 1; 0 where nothing is asked.

    >>> told_share(aspects("어디로 전화하나요?"), "내용은 교육과 상담입니다."), told_share(frozenset(), "02-120")
    (0.5, 0.0)
    """
    return sum(aspect.is_told(text) for aspect in asked) / len(asked) if asked else 0.0
