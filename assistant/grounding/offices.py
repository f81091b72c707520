"""The offices, agencies and sites a sentence sends a citizen to."""

from collections.abc import Iterable

from indexing.tokens import Token

_ENDINGS = (
    *("과", "팀", "실", "센터", "공단", "공사", "청", "은행", "보건소", "법원", "경찰서", "소방서", "세무서"),
    *("위원회", "협회", "재단", "진흥원", "관리원", "상담소", "병원", "도서관", "사무소", "누리집", "앱"),
    *("학교", "기관", "부서", "택스", "플랫폼"),
)
_PARTICLES = "에로으은는이가을를도과와의나"


def offices(text: str, tokens: Iterable[Token]) -> list[str]:
    """The words that name an office, without blanks and particles; ``tokens`` are those of ``text``.

    >>> text = "세정과로 오세요."
    >>> offices(text, [Token("정과", 1, 3, True)]), offices("결과로", [])
    (['세정과'], [])
    """
    found = []
    for token in tokens:
        start = max(text.rfind(blank, 0, token.start) for blank in " ,·(") + 1
        name = text[start : token.end]
        after = text[token.end : token.end + 1]
        ends = not after.isalnum() or after in _PARTICLES
        if token.names_thing and ends and len(name) > 2 and name.endswith(_ENDINGS):
            found.append(name.lower())
    return found
