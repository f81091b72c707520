"""Sentences out of a text that is still being written."""

import re
from collections.abc import Iterator

from knowledge_base.passages import sentences

_FINISHED = re.compile(r"(?:[.!?。][\"”’')\]]*|[다요까])(?:\s*\[[^\]]*\])*\s*[.]?$")


def whole_sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Sentences as soon as they are complete; what is cut off at the end is dropped.

    Half a sentence can say the opposite of the whole: 돌려주… may go on as 돌려주지 않습니다.

    >>> list(whole_sentences(iter(["수수료는 5만", "원입니다. 여권", "과로 오세요."])))
    ['수수료는 5만원입니다.', '여권과로 오세요.']
    >>> list(whole_sentences(iter(["5만원입니다 [1]"]))), list(whole_sentences(iter(["수수료를 돌려주"])))
    (['5만원입니다 [1]'], [])
    """
    buffer = ""
    for piece in pieces:
        buffer += piece
        *complete, last = sentences.spans(buffer) or [(0, 0)]
        if complete:
            yield from (buffer[start:end] for start, end in complete)
            buffer = buffer[last[0] :]
    *whole, rest = sentences.split(buffer) or [""]
    yield from whole
    if _FINISHED.search(rest):
        yield rest
