"""A caller's words to clauses, each as it was heard and as it is understood."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.calls.speech import cleaned
from assistant.calls.utterance import Utterance

# A sign that ends a sentence, or a word that does so in speech, where no sign is written.
_ENDS = re.compile(
    r"[.?!]+(?=\s|$)"
    r"|(?:얼마|언제|어디|며칠)\S*고(?=\s)"
    r"|(?:[가-힣](?:요|죠|(?<![쪼째아])까|니다|당가|대요|잖아|라우|지라|것소)|(?:는|은|ㄴ|인|한|된)가)(?=[\s,]|$)"
)


class Clause(NamedTuple):
    """``heard`` is ``[start, end)`` of utterance ``line``; ``text`` is what is understood, '' when nothing is said.

    ``is_asked`` when a question mark was heard; ``is_closed`` when its end was.
    """

    line: int
    start: int
    end: int
    heard: str
    text: str
    is_asked: bool
    is_closed: bool


def clauses(utterance: Utterance) -> Iterator[Clause]:
    """The clauses of one utterance that say something, in order.

    >>> line = Utterance(line=3, speaker="caller", text="네 이사를 했어요 전입신고는 어디서 해요", at=1)
    >>> [(each.start, each.end, each.text) for each in clauses(line)]
    [(0, 9, '이사를 했어요'), (10, 22, '전입신고는 어디서 해요')]
    """
    text = utterance.text
    at = 0
    for end in [*(match.end() for match in _ENDS.finditer(text)), len(text)]:
        heard = text[at:end]
        start = at + len(heard) - len(heard.lstrip(" ,."))
        at = end
        said = cleaned(text[start:end])
        if said:
            is_closed = end < len(text) or is_complete(text[start:end])
            yield Clause(utterance.line, start, end, text[start:end], said, said.endswith("?"), is_closed)


def is_complete(heard: str) -> bool:
    """Whether the end of a clause was heard.

    >>> is_complete("수수료가 얼마예요"), is_complete("수수료가")
    (True, False)
    """
    return _ENDS.search(heard) is not None
