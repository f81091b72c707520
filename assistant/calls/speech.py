"""Spoken Korean to the words worth searching for: no fillers, no false starts, standard words."""

import re

from assistant.calls.spoken_words import CALLED, DIALECT, FILLERS
from indexing.lexical.hangul import NIEUN, RIEUL, syllables, with_final

_REPEATED = re.compile(r"(?<!\S)(\S+)(?:[\s,]+\1)+(?!\S)")
_STUTTER = re.compile(r"(?<!\S)([가-힣]{1,3})[\s,.…~-]+(?=\1[가-힣])")
_TAKEN_BACK = re.compile(r"(?<!\S)\S+[\s,]+(?:아\s)?(?:아니(?:다|지)?|아니아니|아 참)[\s,]+(?=[가-힣])")
_LOOSE_SIGNS = re.compile(r"\s*[,…~]+|\.{2,}|(?<=\s)[.]|^[\s,.…~]+")

_TANGGA = re.compile(rf"([{syllables(NIEUN)}])당가요?(?=[\s,.?!]|$)")
_LLAGO = re.compile(rf"([{syllables(RIEUL)}])라(고|면|는데)")


def cleaned(text: str) -> str:
    """``text`` without what says nothing, in standard words; '' when nothing is left.

    >>> cleaned("어, 저기 그 뭐냐 여권을 여권을 잃어부렀는디요잉")
    '여권을 잃어버렸는데요'
    >>> cleaned("초본 아니 등본 수수료가 얼매당가")
    '주민등록등본 수수료가 얼마인가요'
    >>> cleaned("쓰레기를 언제 가져간당가?")
    '쓰레기를 언제 가져가나요?'
    >>> cleaned("아 네네 음...")
    ''
    """
    text = _TAKEN_BACK.sub("", text, count=1)
    for spoken in (*FILLERS, *DIALECT):
        text = spoken.pattern.sub(spoken.standard, text)
    text = _TANGGA.sub(lambda heard: f"{with_final(heard[1], 0)}나요", text)
    text = _LLAGO.sub(lambda heard: f"{with_final(heard[1], 0)}려{heard[2]}", text)
    text = _LOOSE_SIGNS.sub(" ", text)
    text = _STUTTER.sub("", _REPEATED.sub(r"\1", _spaced(text)))
    for spoken in CALLED:
        text = spoken.pattern.sub(spoken.standard, text)
    text = _spaced(text)
    return text if re.search(r"\w", text) else ""


def _spaced(text: str) -> str:
    return re.sub(r"\s+(?=[.?!])", "", " ".join(text.split()))
