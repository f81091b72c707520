"""Which side of a service a question asks about (who gets it, where to go, whom to call), and which a sentence tells.

A sentence of the right service is no answer when it tells another side of it. The lack of an answer type rules a
sentence out; an aspect only speaks for one, since there are many words for where and who.
"""

import re
from enum import Enum


class Aspect(Enum):
    """A side of a service: how a question asks about it, and what tells of it."""

    WHO = (
        r"누가|누구|대상|자격|의무자|요건|조건|기준|해당[되하]|받을\s?수\s?있(?:나|는지|을까)|신청할\s?수\s?있는\s|어떤\s?(?:사람|분|가구|가족)",
        r"대상|자격|요건|해당|(?:자|사람|분|가구|가족|아동|청년|주민|시민)(?:입니다|이다|이며|에게)",
    )
    WHERE = (
        r"어디(?!\S{0,2}\s?(?:문의|연락|전화|물어|여쭤))|어느\s?(?:곳|기관|부서)|장소|창구|위치|구간|(?:접수|제출|구매|판매|배부|교부)처|[데곳][이가은는]?\s?있(?:나|어요|을까|는지|습니까)",
        r"센터|[시군구]청|공단|재단|보건소|지사|창구|누리집|홈페이지|https?:|주소지|방문|[가-힣]에서\s|[로길]\s?\d|\d층|위치",
    )
    CONTACT = (
        r"문의|연락|전화|상담(?:받|을)|어디\S{0,2}\s?(?:물어|여쭤|신고)",
        r"문의|전화|콜센터|☎|연락|상담|(?<!팩스)(?<!팩스\W)(?<![\d-])\d{2,4}-\d{3,4}",
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
        r"서류|준비물|구비|(?:뭐|뭘|무엇|무얼)(?:[가를]|를)?\s?(?:\S+\s)?(?:가[져지]|준비|내[나야요는]|들고|챙[겨기]|필요)",
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

    >>> sorted(aspect.name for aspect in aspects("어디서 신청하고 뭘 가져가요?"))
    ['PAPERS', 'WHERE']
    """
    return frozenset(aspect for aspect in Aspect if aspect.is_asked(question))


def told_share(asked: frozenset[Aspect], text: str, title: str = "") -> float:
    """Which share of ``asked`` the text tells or its title promises, 0 to 1; 0 where nothing is asked.

    >>> asked = aspects("어디서 신청하고 뭘 가져가요?")
    >>> told_share(asked, "신분증입니다."), told_share(asked, "신분증입니다.", "접수 장소")
    (0.5, 1.0)
    """
    told = sum(aspect.is_told(text) or aspect.is_asked(title) for aspect in asked)
    return told / len(asked) if asked else 0.0


def is_promised(asked: frozenset[Aspect], title: str) -> bool:
    """Whether what stands under ``title`` is there for one of these sides.

    >>> is_promised(aspects("뭘 가져가요?"), "준비물"), is_promised(aspects("뭘 가져가요?"), "접수 장소")
    (True, False)
    """
    return any(aspect.is_asked(title) for aspect in asked)
