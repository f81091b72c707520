"""Personal data out of a text before it is stored, logged or sent anywhere.

Phone numbers of institutions (the city's own exchange, 15xx-xxxx and three-digit numbers) stay: they
are answers, not people.
"""

import re

CITY_EXCHANGE = "061-749"

_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("이메일", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
    ("카드번호", re.compile(r"(?<!\d)\d{4}[- ]?\d{4}[- ]?\d{4}[- ]?\d{4}(?!\d)")),
    ("주민등록번호", re.compile(r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?-?\s?[0-9]\d{6}(?!\d)")),
    ("운전면허번호", re.compile(r"(?<!\d)(?:\d{2}|[가-힣]{2})[- ]\d{2}[- ]\d{6}[- ]\d{2}(?!\d)")),
    ("계좌번호", re.compile(r"(?<=계좌)(?P<kept>\D{0,12})\d[\d-]{8,}\d|(?<=은행)(?P<kept2>\D{0,8})\d[\d-]{8,}\d")),
    ("전화번호", re.compile(rf"(?<![\d-])(?!{CITY_EXCHANGE})0\d{{1,2}}[-. )]?\s?\d{{3,4}}[-. ]?\d{{4}}(?![\d-])")),
    ("계좌번호", re.compile(rf"(?<![\d-])(?!{CITY_EXCHANGE})\d{{3,6}}-\d{{2,6}}-\d{{4,7}}(?:-\d{{1,3}})?(?![\d-])")),
    ("여권번호", re.compile(r"(?<![A-Za-z0-9])[MSRODGmsrodg]\d{3}[A-Za-z0-9]\d{4}(?![A-Za-z0-9])")),
    ("차량번호", re.compile(r"(?<!\d)(?:[가-힣]{2}\s?)?\d{2,3}\s?[가-힣]\s?\d{4}(?!\d|\s?[가-힣]{0,2}원)")),
)


def mask(text: str) -> str:
    """``text`` with each personal number replaced by its name in brackets.

    >>> mask("900101-1234567이고 010-1234-5678로 연락 주세요. 시청은 061-749-3114죠?")
    '[주민등록번호]이고 [전화번호]로 연락 주세요. 시청은 061-749-3114죠?'
    """
    for name, pattern in _RULES:
        text = pattern.sub(lambda match, name=name: _replaced(match, name), text)  # type: ignore[misc]
    return text


def _replaced(match: re.Match[str], name: str) -> str:
    groups = match.groupdict()
    return f"{groups.get('kept') or groups.get('kept2') or ''}[{name}]"
