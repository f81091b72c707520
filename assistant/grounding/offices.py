"""The offices, agencies and sites a sentence sends a citizen to."""

import re
from collections.abc import Iterable

from assistant.grounding.vocabulary import same_words
from indexing.lexical.tokens import Token

_ENDINGS = (
    *("과", "팀", "실", "센터", "공단", "공사", "청", "은행", "보건소", "법원", "경찰서", "소방서", "세무서"),
    *("위원회", "협회", "재단", "진흥원", "관리원", "상담소", "병원", "도서관", "사무소", "누리집", "앱"),
    *("학교", "기관", "부서", "택스", "플랫폼"),
)
_NO_OFFICES = ("신청", "화장실", "사무실", "교실", "초등학교", "중학교", "고등학교", "대학교")
_PARTICLES = "에로으은는이가을를도과와의나"
_DENIED = re.compile(r"(?:[이가]\s?아니|[은는]\s[^.,]{0,12}(?:없|아니))")
_LONGER = re.compile("|".join(ending for ending in _ENDINGS if len(ending) > 1))


def offices(text: str, tokens: Iterable[Token], question: str = "") -> list[str]:
    """The words that name an office, without blanks and particles; ``tokens`` are those of ``text``.

    What the ``question`` asks for and the text denies (하나은행은 없어요) is no office to go to.

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
        if not (token.names_thing and ends and len(name) > 2 and name.endswith(_ENDINGS)):
            continue
        denied = name in question and _DENIED.match(text, token.end)
        if not denied and not name.endswith(_NO_OFFICES):
            found.append(name.lower())
    return found


def is_named(office: str, known: str) -> bool:
    """Whether ``known`` (without blanks) names an office, be it at greater length or in a list of its sort.

    >>> [is_named("육아센터", "육아종합지원센터"), is_named("국민은행", "국민,신한은행"), is_named("세정과", "세무과")]
    [True, True, False]
    """
    if any(name in known for name in same_words().get(office, {office})):
        return True
    ending = next((end for end in _LONGER.findall(office) if office.endswith(end)), None)
    if ending is None or len(office) < len(ending) + 2:
        return False
    stem = re.escape(office.removesuffix(ending))
    return re.search(rf"{stem}(?:[가-힣()·‧]{{0,10}}|[,·/][가-힣,·/]{{0,40}}){ending}", known) is not None
