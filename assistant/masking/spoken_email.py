"""E-mail addresses as they are read out: ``홍길동 골뱅이 네이버 점 컴``."""

import re
from collections.abc import Iterator, Sequence

EMAIL = "이메일"
_AT = re.compile(r"\s?(?:골뱅이|앳|(?<![가-힣])엣)\s?|(?<=[A-Za-z0-9])\s(?i:at)\s")
_SAID_PROVIDER = "네이버|지메일|쥐메일|다음|한메일|카카오|네이트|핫메일|아웃룩|야후|코리아"
_PROVIDER = rf"{_SAID_PROVIDER}|[A-Za-z0-9-]+"
_TOP = "컴|콤|넷|케이알|씨오|오알|지오|에이씨|com|net|org|kr|co|go|or|ac"
_DOT = r"(?:점|쩜|닷|\.|(?<=\s)(?i:dot)(?=\s))"
_DOMAIN = re.compile(
    rf"(?:{_PROVIDER})(?:\s?{_DOT}\s?(?:{_TOP}|[가-힣A-Za-z]{{1,10}}\s?(?={_DOT}))){{1,3}}"
    rf"|(?:{_SAID_PROVIDER})\s?(?:{_TOP})(?=이?(?:요|에요|예요|입니다|고|로)|[^가-힣]|$)|(?:[가-힣]{{1,8}}\s?){{1,2}}(?:점|쩜|닷)\s?(?:{_TOP})(?:\s?{_DOT}\s?(?:{_TOP}))?|(?:네이버|지메일|한메일|네이트|naver|gmail|daum)"
)
_LETTERS = (
    "에이|비|씨|디|이|에프|지|에이치|아이|제이|케이|엘|엠|엔|오|피|큐|알|에스|티|유|브이|더블유|더블류|엑스|와이|제트|"
    "하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|[공영일이삼사오육칠팔구]|점|쩜|언더바|언더스코어|대시|하이픈"
)
SPELLED = re.compile(rf"(?:[A-Za-z0-9._%+-]|{_LETTERS})+")
_ASKED = re.compile(  # the first half of the answer to a question for it
    rf"메일[^\n]{{0,20}}\n(?:네,?\s)?(?P<name>{SPELLED.pattern}(?:\s{SPELLED.pattern})*)(?=이?(?:요|고요|에요|예요)?\s*(?:\n|\Z))"
)
_LEAST_SPELLED = 4
_JOINERS = ("점", "언더바", "언더스코어", "대시", "하이픈")
_SYLLABLE = re.compile("(?!메일|주소)[가-힣]{1,2}")
_MOST_WORDS = 14
_FARTHEST = 100


def spoken_emails(text: str) -> Iterator[tuple[int, int, str]]:
    """The spans of addresses read out: the word before 골뱅이, with all before it that are spelled out, to the domain.

    >>> list(spoken_emails("메일은 에이비 일이삼 골뱅이 네이버 닷컴이에요")), list(spoken_emails("골뱅이 무침"))
    ([(4, 22, '이메일')], [])
    """
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        if domain and (start := _start(text, at.start())) < at.start():
            yield start, domain.end(), EMAIL
    for asked in _ASKED.finditer(text):
        if len(asked["name"]) >= _LEAST_SPELLED:
            yield *asked.span("name"), EMAIL


def _start(text: str, end: int) -> int:
    """Where the name before the at sign begins."""
    first = max(0, end - _FARTHEST)
    words = list(re.finditer(r"\S+", text[first:end]))[-_MOST_WORDS:]
    if not words:
        return end
    at = len(words) - 1
    while at and (SPELLED.fullmatch(words[at - 1][0]) or words[at][0] in _JOINERS or _is_within(words[:at])):
        at -= 1
    return first + words[at].start()


def _is_within(words: Sequence[re.Match[str]]) -> bool:
    """Whether the last word is said as a syllable among letters: 킴 in 제이 에스 킴."""
    return len(words) > 1 and bool(_SYLLABLE.fullmatch(words[-1][0]) and SPELLED.fullmatch(words[-2][0]))
