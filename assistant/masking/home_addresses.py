"""Home addresses: a street or a lot becomes personal with a flat's number, or when someone is said to live there.

The address of a public building is an answer, and a street alone is where something happens; both stay.
"""

import re
from collections.abc import Iterator

from assistant.masking.view import MASKED

ADDRESS = "주소"

_NUMBERS = "[일이삼사오육칠팔구십백천공영]"
_UNIT = (
    r"(?:(?<![0-9])(?:[0-9]{1,4}|[A-Da-d]|(?<![가-힣])[가나다라마바사아])\s?동에?\s?(?:제\s?|지하\s?|[0-9]{1,2}층\s?)?[Bb]?[0-9]{1,4}\s?호"
    r"|(?<![0-9])[0-9]{3,4}\s?동\s?[0-9]{3,4}(?![0-9]|\s?동)|(?<![0-9제-])[0-9]{2,3}-[0-9]{3,4}\s?(?:호|(?=에?\s?(?:살|사는|거주)|\s?으?로\s?(?:보내|배송)))"
    rf"|(?:(?<![0-9])[0-9]{{1,4}}|(?<![가-힣]){_NUMBERS}{{2,7}})\s?동에?\s?(?:{_NUMBERS}{{2,8}}|[0-9]{{3,4}})\s?호)"
)
_BRANDS = (
    "빌리지|타운|하이츠|주공|팰리스|캐슬|자이|푸르지오|힐스테이트|e편한세상|부영|래미안|더샵|아이파크|위브|우미린|베르디움|"
    "클래스|어울림|휴먼시아|수자인|코아루|데시앙|스위첸|센트레빌|비발디|꿈에그린|포레나|리슈빌|엘크루"
)
_BUILDING = (
    rf"(?<![가-힣A-Za-z])[가-힣A-Za-z0-9]{{0,15}}"
    rf"(?:아파트|빌라|맨션|오피스텔|연립|원룸|{_BRANDS})(?:\s?[0-9]{{1,2}}(?:차|단지))?"
)
_NOT_COUNTED = (
    r"(?![0-9])(?!\s?(?:원|년|월|일|명|개|시간|분|초|회|건|만|천|억|%|퍼센트|미터|m|km|부|장|통|인|차|급|세|살))"
)
_HOUSE_NUMBER = rf"(?:지하\s?)?[0-9]{{1,4}}(?:\s?(?:-|의|다시)\s?[0-9]{{1,4}})?{_NOT_COUNTED}"
_SAID_TWICE = rf"{_NUMBERS}{{1,9}}\s?(?:다시|대시|의)\s?{_NUMBERS}{{1,4}}"
_SAID_ONCE = (
    rf"[일이삼사오육칠팔구]?[십백]{_NUMBERS}{{0,4}}(?=\s?번지|이?(?:요|에요|예요|인데|고|입니다)|에\s|\s{_NUMBERS}층)"
)
_ROAD = (
    rf"(?<![가-힣0-9])[가-힣][가-힣0-9·]{{0,10}}(?:로|길)\s?(?:[0-9]{{1,4}}\s?번?[가나다라]?길\s?)?"
    rf"(?:{_HOUSE_NUMBER}|{_SAID_TWICE}|{_SAID_ONCE})"
)
_LOT_NUMBER = rf"(?:{_HOUSE_NUMBER}(?:\s?번지)?|(?:{_SAID_TWICE}|{_NUMBERS}{{1,9}})\s?번지)"
_LOT = rf"(?<![가-힣0-9])[가-힣]{{1,6}}[0-9]{{0,2}}(?:동|리|읍|면)\s?(?:산\s?)?{_LOT_NUMBER}"
_STREET = re.compile(rf"(?:{_ROAD}|{_LOT})(?:,?\s?(?:[0-9]{{1,2}}|{_NUMBERS})층)?")
_HOME = re.compile(rf"(?:{_BUILDING}\s?)?{_UNIT}|{_BUILDING}\s?(?:[0-9]{{2,4}}\s?호|[0-9]{{3}}-[0-9]{{3,4}})")
_ROOM = re.compile(
    rf"(?:\s?\([^()\n]{{1,20}}\))?[,\s]{{0,2}}(?:[가-힣A-Za-z0-9]{{1,15}}[,\s]{{1,2}}(?:[0-9]{{1,2}}(?:차|단지)\s)?)?(?:{_BUILDING}\s?)?(?:{_UNIT}|(?:[0-9]{{1,2}}층\s?)?[0-9]{{1,4}}\s?호(?!선|기|차))"
)
_LIVES = re.compile(
    r"(?:번지)?\s?(?:에서?|이)?\s?(?:(?:혼자|같이|계속|지금)\s)?(?:사는|사[시세셔]|살[고아았다던거]|삽니다|거주|이사|전입)|(?:으?로)\s?(?:이사|전입|보내|배송)|(?:이|가)?\s?(?:우리|저희|제)\s?집|(?:이|가)?\s집(?:이에요|입니다|이고|인데|이요)"
)
_CUE = re.compile(
    r"(?:우리\s?집|저희\s?집|제\s?집|사는\s?(?:곳|데)|거주지|자택|본가|집은|집이|댁[은이]|배송지|이사\s?온\s?[데곳]|(?:보내실|받으실|받을)\s?[데곳]|집\s?주소|주소[는가이지란:]|주소\s?:)|주소\s*$"
)
_NOTHING_ELSE = re.compile(r"(?:번지)?\s?(?:이?요|이?에요|예요|입니다)?[.\s]*\Z")
_CUE_REACH = 30
_FACILITY = re.compile(
    r"시청|청사|구청|군청|센터|도서관|보건소|민원실|사무소|우체국|경찰서|소방서|법원|세무서|회관|공원|정원|학교|병원|박물관|터미널|체육관|공단|공사|기관|교육장|접수처|제출처"
)
_PUBLIC_ROOM = re.compile(rf"(?:{_FACILITY.pattern}|본관|별관|신관|학습관|복지관|문화원)\s?(?:본관|별관|신관)?\s?\Z")
_NAME_OF_BUILDING = re.compile(r"[가-힣A-Za-z0-9]{2,12}")
PLACE_PART = re.compile(r"[^\s,:=(\"']+")
PLACE_WORD = re.compile(
    r"(?!우리|빨리|거리|[가-힣]*[러하되라보다려]면|혹시|다시|역시|잠시|즉시|누구|친구|가구|이동)[가-힣0-9]{1,10}(?:시|군|구|읍|면|동|리|길)"
    r"|(?:경기|강원|충청[남북]|전라[남북]|경상[남북]|제주(?:특별자치)?|강원특별자치|전북특별자치)도|[가-힣]{1,4}[0-9]가|전남|전북|경남|경북|충남|충북|경기|강원|서울|부산|대구|인천|광주|대전|울산|세종|제주"
    rf"|[0-9]{{1,4}}(?:-[0-9]{{1,4}})?(?:번지)?|{_BUILDING}"
)
_PREFIX_REACH = 45


def addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """The spans of home addresses, from the province to the flat as far as they are said.

    >>> text = "주소는 순천시 장천2길 5 101동 1203호예요. 민원실은 순천시 장명로 30입니다."
    >>> [text[start:end] for start, end, _ in addresses(text)]
    ['순천시 장천2길 5 101동 1203호']
    """
    reached = 0
    for place in sorted([*_STREET.finditer(text), *_HOME.finditer(text)], key=lambda match: match.start()):
        if place.start() < reached:
            continue
        start = _start(text, place.start(), reached, may_be_named=place.re is _HOME)
        if place.re is _HOME:
            if _PUBLIC_ROOM.search(text[max(0, start - _CUE_REACH) : start]):
                continue
            reached = place.end()
        elif room := _ROOM.match(text, place.end()):
            reached = room.end()
        elif _is_home(text, start, place.end()):
            reached = place.end()
        else:
            continue
        yield start, reached, ADDRESS


def _is_home(text: str, start: int, end: int) -> bool:
    """Whether it is said that someone lives there, or nothing else is said, and no public building is there."""
    if _LIVES.match(text, end) or (text[max(0, start - 2) : start] in ("", "네 ") and _NOTHING_ELSE.match(text, end)):
        return True
    before = re.split(r"[.!?\n" + MASKED + "]", text[max(0, start - _CUE_REACH) : start])[-1]
    return bool(_CUE.search(before)) and not _FACILITY.search(before) and not _FACILITY.search(text[end : end + 15])


def _start(text: str, start: int, earliest: int, *, may_be_named: bool) -> int:
    """Where the place words before ``start`` begin, not before ``earliest``; the last may be a building's name."""
    first = max(earliest, start - _PREFIX_REACH)
    for word in reversed(list(PLACE_PART.finditer(text[first:start]))):
        if word.start() == 0 and first > earliest:
            break
        if PLACE_WORD.fullmatch(word[0]):
            start = first + word.start()
        elif may_be_named and _NAME_OF_BUILDING.fullmatch(word[0]):
            may_be_named = False
        else:
            break
    return start
