"""Sentences out of a text that is still being written."""

from collections.abc import Iterator

from knowledge_base import sentences


def whole_sentences(pieces: Iterator[str]) -> Iterator[str]:
    """Sentences as soon as they are complete.

    >>> list(whole_sentences(iter(["수수료는 5만", "원입니다. 여권", "과로 오세요."])))
    ['수수료는 5만원입니다.', '여권과로 오세요.']
    """
    buffer = ""
    for piece in pieces:
        buffer += piece
        *complete, last = sentences.spans(buffer) or [(0, 0)]
        if complete:
            yield from (buffer[start:end] for start, end in complete)
            buffer = buffer[last[0] :]
    yield from sentences.split(buffer)
