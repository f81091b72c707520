"""The conditions of a clause: what has to be so for what it says to hold."""

import re
from collections.abc import Iterator

Span = tuple[int, int]

_MARK = re.compile(
    r"[가-힣](?<![도표전측서화읍단양정·])면(?=[\s,])(?!\s?(?:됩|되[고는어며]?|돼|된|좋|안\s))"
    r"|(?<=[는은인한된던신간른]\s)(?:분|사람|자|가구|세대|차|자동차|아동|청년|근로자)(?=[은는이가에만])"
    r"|넘는(?=\s)|(?:이상|이하|미만|초과)이고(?=,?\s)"
    r"|경우(?=[\s,에는만]|$)|때(?=[에는만\s,])(?!마다)|한해|한하여|한하[는며]|한정"
    r"|(?<=[가-힣])만(?=\s(?:해당|가능|인정|수거|받|이용|신청|적용|감면|지원))"
    r"|(?:이상|이하|미만|초과)(?:인|이면서|이고|이거나)?(?=\s[가-힣]+(?:에게|만|이|가|은|는|의|을|를)?)(?![^,.]{0,14}[가-힣]면[\s,])"
)
_NOUNS = ("경우", "한해", "한정")
_START = re.compile(r",(?!\d)\s*|[은는]\s(?![^\s]*면)|[가-힣](?:고|며|지만|거나),?\s")


def conditions(text: str) -> Iterator[Span]:
    """The half-open span of each condition, without the word that marks it.

    >>> text = "세액이 250만 원을 넘으면 나누어 내실 수 있습니다."
    >>> [text[start:end] for start, end in conditions(text)]
    ['세액이 250만 원을 넘으면']
    """
    since = 0
    for mark in _MARK.finditer(text):
        start = since
        for boundary in _START.finditer(text, since, mark.start()):
            start = boundary.end()
        if text[start : mark.start()].strip():  # not the 사람 of 15세 이상인 사람
            yield start, mark.end() - (2 if mark[0] in _NOUNS else 1 if mark[0] == "때" else 0)
        since = mark.end()
