"""From which day a period counts: 고지서를 받은 날부터, 해제일부터, 신청한 달의 다음 달부터."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from assistant.grounding.clauses import TOPIC
from indexing.lexical.tokens import Token

_MARK = re.compile(r"(?P<next>(?:다음|익|이튿)\s?)?(?<!\d)(?<!\d\s)(?:날|달|(?<=[가-힣])(?<!요)일)(?:로|으로)?부터")
_REACH = 40
_LAST_WORDS = 2
_TOPIC = re.compile(TOPIC)
_SAME = {
    word: frozenset(words)
    for words in (
        ("태어나", "출생"), ("사", "살", "구입", "취득"), ("바뀌", "변경", "변동"), ("시작", "개시"),
        ("옮기", "이사", "전입"), ("돌려받", "반환"), ("돌아가", "돌아가시", "사망"), ("끝나", "종료", "만료"),
        ("풀리", "해제"),
    )
    for word in words
}  # fmt: skip


class Base(NamedTuple):
    """A day from which something counts: the words before it, the last one last, and whether it is the day after."""

    text: str
    words: tuple[str, ...]
    is_next: bool


def bases(text: str, words: Iterable[Token], offset: int = 0) -> Iterator[Base]:
    """The bases that ``text`` names; ``words`` are placed ``offset`` later than in it.

    >>> [found.words for found in bases("고지서를 받은 날부터", [Token("고지서", 0, 3, True)])]
    [('고지서',)]
    """
    for mark in _MARK.finditer(text):
        earliest, last = max(0, mark.start() - _REACH), mark.start() - 1  # 입은 in 입은 날부터 is no topic
        topics = [topic.end() for topic in _TOPIC.finditer(text, earliest) if topic.end() < last]
        start, end = max([earliest, *topics]) + offset, mark.start() + offset
        near = tuple(token.form for token in words if start <= token.start and token.end <= end)
        yield Base(text[: mark.end()][-_LAST_WORDS * 8 :].strip(), near, bool(mark["next"]))


def other_base(said: Sequence[Base], known: Sequence[Base]) -> str | None:
    """What is counted from, where the evidence counts only from other days."""
    for base in said if known else ():
        last = base.words[-_LAST_WORDS:]
        named = any(form in other.words for each in last for form in _SAME.get(each, (each,)) for other in known)
        if (last and not named) or all(other.is_next != base.is_next for other in known):
            return base.text
    return None
