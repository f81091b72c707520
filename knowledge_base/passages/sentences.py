"""Where Korean sentences end, by rules that need no model.

Numbers before a full stop (``2026. 1. 1.``, ``3. 수수료``) do not end a sentence, nor do the marks of a
list (``가. 신청``, ``Q. 얼마인가요?``); a line break does.
"""

import re

_END = re.compile(
    r"(?<=[가-힣)\]\"”’'%][.!?])\s+|(?<=[가-힣)][.!?][\"”’')])\s+|(?<=[!?。])\s+|(?<=[A-Za-z]\.)\s+(?=[가-힣])|\n\s*"
)
_LIST_MARK = re.compile(r"(?:[가나다라마바사아자차카타파하]|[A-Za-z])\.")


def spans(text: str) -> list[tuple[int, int]]:
    """The half-open spans of the sentences of ``text``, in order, without surrounding white space.

    >>> text = "수수료는 2024. 7. 1.부터 5만원입니다. 문의는 민원과로 하세요."
    >>> [text[a:b] for a, b in spans(text)]
    ['수수료는 2024. 7. 1.부터 5만원입니다.', '문의는 민원과로 하세요.']
    """
    found: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for gap in _END.finditer(text):
        sentence = text[start : gap.start()].rstrip()
        if _LIST_MARK.fullmatch(sentence) and "\n" not in gap[0]:
            continue
        if sentence:
            found.append((start, start + len(sentence)))
        start = max(start, gap.end())
    end = len(text.rstrip())
    if end > start:
        found.append((start, end))
    return found


def split(text: str) -> list[str]:
    """The sentences of ``text`` themselves."""
    return [text[start:end] for start, end in spans(text)]
