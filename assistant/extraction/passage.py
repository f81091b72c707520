"""What each sentence of a passage is to the others: a statement, an item of a list, a title, a row of a table.

A sentence is not always to be understood alone. An item needs what introduces its list, "이를 위반하면 …" the sentence
before it, and a sentence that "다만, …" follows is not the whole truth.
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from assistant.events import Span
from knowledge_base.facts.finding import FactKind, facts
from knowledge_base.facts.tables import RULE
from knowledge_base.passages import sentences

LONGEST_TITLE = 30  # characters; half of it in a list, where a line without an end may be an item
BULLET = re.compile(r"^(?:(?:[-*•·▪■□￭○◦●▶⇨❍√]|[①-⑳]|\d{1,2}[.)]|[가-하][.)])\s+|※\s*)")
SOURCE = re.compile(
    r"\s?(?:\(\s?[「『](?:[^()]|\([^()]*\))*\)|\[\s?[「『](?:[^\[\]]|\[[^\[\]]*\])*\]|[(<]\s?출처[^()<>]*[)>]"
    r"|[<〈\[(]\s?(?:전문|본조|일부|제목)?\s?(?:개정|신설|이동|삭제)\s?(?:[\d,.\s]|제목)+[>〉\])])"
)
"""Brackets that name a law or a book, or the day of an amendment: where a sentence is from, which nobody reads out."""
_LABEL = re.compile(r"([가-힣][^:：.?!|]{0,19}?)(?<![\d다])\s?[:：]\s?(?!//)\S")
_NOTE = "※"
_PARAGRAPH = re.compile(r"[①-⑳].*다\.?$", re.DOTALL)
"""A paragraph of an article, which may introduce a list of its own."""
_ENDS = re.compile(r"(?:[.?!]|다|요|죠)[\"”’)\]]*$")
_ASKS = re.compile(r"\?[\"”’)>]*\s?(?:[QA]\d?\.|\(?답변?\))?$")  # also with what opens the answer, written close behind
_OPENS_QUESTION = re.compile(r"(?:^|[^\w])Q\d?\.|[(\[<]\s?질문\s?[)\]>]|질문\s?[:：]")
_REFERS = re.compile(r"[「『<][^」』>]*[」』>][^.]*(?:참조|참고|확인)")  # to another law or page
_INTRODUCES = re.compile(r"(?:다음|아래).*(?:다|요|오)[.:：]?$|[:：]$", re.DOTALL)
_AS_FOLLOWS = re.compile(r"(?:다음과|아래와)\s같이")
_FORMAL = re.compile(
    r"(?:[가-힣]+\s)?(?:공고|고시|공시)\s제\d+\s?-\s?\d+호|[가-힣]{1,12}(?:시장|군수|구청장|도지사|이?사장|관장|소장)(?:\s?\(직인\))?"
    r"|\d{4}\s?[년.]\s?\d{1,2}\s?[월.]\s?\d{1,2}\s?[일.]?(?:\s?\([월화수목금토일]\))?"
)
"""The number of a notice, the day of it and who gives it."""
_LEANS = re.compile(
    r"(?:이를|이에|이는|이와|이[러]?한|이런|그\s|그러[므한]|그리고|따라서|또한|또는|위[의에와를]?\s|해당\s)"
)
_MARK = re.compile(rf"^[{_NOTE}①-⑳]\s*")
_NARROWS = re.compile(r"다만|단[,\s]|그러나|하지만|예외|이\s?경우|이\s?때")


class Role(Enum):
    """What a sentence is."""

    STATEMENT = auto()
    QUESTION = auto()
    ITEM = auto()
    TITLE = auto()
    ROW = auto()
    FRAME = auto()
    """The header of a table, the rule below it, where more is to be read, or who gives notice and when."""


class Part(NamedTuple):
    """One sentence of a passage, by its half-open span of the text.

    ``listed`` is the place of the part that introduces the list an item is of, None without one; a statement
    ``introduces`` when it announces what follows, be that a list or not, and ``opens`` when
    that is labelled lines: ...을 다음과 같이 모집합니다. A part ``leans`` on
    the one before when it takes up what that says, and ``narrows`` it when it makes an exception or adds a condition.
    """

    span: Span
    role: Role
    listed: int | None = None
    leans: bool = False
    narrows: bool = False
    introduces: bool = False
    opens: bool = False
    label: str = ""


def parts(text: str, heading: str = "") -> list[Part]:
    r"""The sentences of ``text``, in order; under a ``heading`` a line without an end is a title only over sentences.

    >>> [part.role.name for part in parts("신고 기간\n한 달입니다. 서류는 다음과 같습니다.\n신분증\n신청서")]
    ['TITLE', 'STATEMENT', 'STATEMENT', 'ITEM', 'ITEM']
    """
    return list(_parts(text, sentences.spans(text), bool(heading)))


def label(line: str) -> str:
    """What a line or a row says first that it is on, '' for one that does not.

    >>> label("2. 신청기간: 12. 1. ~ 12. 7."), label("| 신청기간 | 12. 1.부터 |"), label("신청은 12:30까지입니다.")
    ('신청기간', '신청기간', '')
    """
    if line.startswith("|"):
        return line.strip("| ").partition("|")[0].strip()
    match = _LABEL.match(BULLET.sub("", line))
    return match[1] if match else ""


def unsourced(sentence: str) -> str:
    """A sentence without the brackets that say where it is from.

    >>> unsourced("한 달 안에 신고합니다(「민법」 제3조(기간)제1항).")
    '한 달 안에 신고합니다.'
    """
    return SOURCE.sub("", sentence)


def _parts(text: str, spans: list[Span], is_titled: bool) -> Iterator[Part]:
    introduction: int | None = None
    is_asking = False
    for place, span in enumerate(spans):
        said = _MARK.sub("", unsourced(text[slice(*span)]))
        role = _role(text, spans, place, introduction)
        if is_titled and role is Role.TITLE and not _stands_over_sentences(text, spans, place):
            role = Role.ITEM
        is_asking = role is not Role.QUESTION and (is_asking or _opens_question(said))
        if role is Role.FRAME and _FORMAL.fullmatch(said):
            yield Part(span, role)  # between what opens a notice and its lines
        elif is_asking:  # what the question tells first
            yield Part(span, Role.QUESTION)
        elif role is Role.ITEM:
            yield Part(span, role, introduction, label=label(said))
        else:
            introduces = role is Role.STATEMENT and _INTRODUCES.search(said) is not None
            introduction = place if introduces else None
            narrows = _NARROWS.match(said) is not None
            leans = narrows or _LEANS.match(said) is not None
            opens = introduces and _AS_FOLLOWS.search(said) is not None and _is_labelled(text, spans[place + 1 :])
            yield Part(span, role, None, leans, narrows, introduces, opens, label(said))


def _is_labelled(text: str, spans: list[Span]) -> bool:
    """Whether the first of these lines, but for who gives notice and when, has a label."""
    lines = (text[slice(*span)] for span in spans)
    return label(next((line for line in lines if not _FORMAL.fullmatch(line)), "")) != ""


def _opens_question(said: str) -> bool:
    """Whether a question begins that this sentence, which does not end it, does not answer either."""
    return _OPENS_QUESTION.search(said) is not None and "?" not in said


def _role(text: str, spans: list[Span], place: int, introduction: int | None) -> Role:
    start, end = spans[place]
    said = unsourced(text[start:end])
    if said.startswith("|"):
        below = text[end:].lstrip().partition("\n")[0].strip()
        return Role.FRAME if RULE.fullmatch(said) or RULE.fullmatch(below) else Role.ROW
    if not said or _REFERS.search(said) or _FORMAL.fullmatch(said):
        return Role.FRAME
    if BULLET.match(said) and not said.startswith(_NOTE) and not _PARAGRAPH.match(said):
        return Role.ITEM
    if _ASKS.search(said):
        return Role.QUESTION
    if _ENDS.search(said) or said.startswith(_NOTE) or said.endswith(":"):
        return Role.STATEMENT
    return Role.TITLE if _is_title(text, spans, place, introduction) else Role.ITEM


def _is_title(text: str, spans: list[Span], place: int, introduction: int | None) -> bool:
    """Whether a line without an end stands over what comes next; the first of a list does not."""
    line = text[slice(*spans[place])]
    is_listed = introduction is not None
    if label(line) or len(line) > (LONGEST_TITLE // 2 if is_listed else LONGEST_TITLE) or introduction == place - 1:
        return False
    if any(fact.kind is not FactKind.QUANTITY or is_listed for fact in facts(line)):
        return False
    if place + 1 == len(spans):
        return not is_listed
    return not is_listed or _stands_over_sentences(text, spans, place)


def _stands_over_sentences(text: str, spans: list[Span], place: int) -> bool:
    """Whether a sentence comes next that neither leans on this one nor narrows it."""
    following = unsourced(text[slice(*spans[place + 1])]).removeprefix(_NOTE).lstrip() if place + 1 < len(spans) else ""
    return _ENDS.search(following) is not None and not _NARROWS.match(following) and not _LEANS.match(following)
