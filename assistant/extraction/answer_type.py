"""What sort of fact a question asks for, and whether a text gives it."""

import re
from typing import NamedTuple

from assistant.extraction.passage import unsourced
from assistant.extraction.table import spelled
from knowledge_base.facts.finding import Fact, FactKind, facts
from knowledge_base.facts.units import unit_at_start
from knowledge_base.passages import sentences


class Wanted(NamedTuple):
    """What an answer must hold to be one: a fact of one of these kinds, or measured in one of these units.

    An amount may have to be a ``fee``, which no fine is, or a ``fine``; where nobody breaks a rule it is ``harmless``,
    and sentences on fines do not give it.
    """

    kinds: frozenset[FactKind]
    units: frozenset[str] = frozenset()
    fee: bool = False
    fine: bool = False
    harmless: bool = False

    def includes(self, fact: Fact) -> bool:
        """Whether a fact is of the sort, whatever the text says of it."""
        return fact.kind in self.kinds or fact.unit in self.units

    def is_within(self, other: "Wanted") -> bool:
        """Whether what is wanted is of a sort that ``other`` wants."""
        return self.kinds <= other.kinds and bool(self.kinds or self.units & other.units)


_FEE = "수수료|요금|비용|가격|(?:이용|입장|관람|사용|점용|대여|대관|임대|수강|체험|주차|견인|보관|발급)료"
_FINE = "과태료|벌금|범칙금|가산금|과징금|변상금|이행강제금"
_PRICE = f"{_FEE}|{_FINE}|금액"
_END = r"(?:[은는]요|[은는이가를]?\s?(?:\?|$|어떻|알려|궁금))"
_HOW_MUCH = r"[은는이가도]?\s?(?:(?:최대|최소|최장|총|모두|보통|대략|약)\s?)?얼마"
_HOURS = r"(?<![\d한두세네])(?<![\d한두세네]\s)시간"  # an hour of something has a price
_HOW_MANY = re.compile(r"몇\s?([가-힣%]+)")
PHONE = Wanted(frozenset({FactKind.PHONE}))
MONEY = Wanted(frozenset({FactKind.MONEY}))
_SHARE = Wanted(frozenset({FactKind.MONEY}), frozenset({"%"}))
_SAYS_FEE, _SAYS_FINE = re.compile(_FEE), re.compile(_FINE)
_CLOCK = Wanted(frozenset({FactKind.TIME}))
WHEN = Wanted(frozenset({FactKind.DATE, FactKind.TIME}), frozenset({"일", "개월", "분"}))
WEEKDAYS = Wanted(frozenset(), frozenset({"요일"}))
_MEASURES = {
    "나이|연령대?": ("세", "개월"),
    "(?:[비세요이]|이자|연체|감면|할인|공제|부담|지원|보조|보상|지급|환급|적용)[율률]|금리": ("%",),
    "면적|넓이": ("㎡", "평"),
    "인원|정원": ("명",),
    "횟수": ("회",),
    "거리|길이|높이|너비": ("mm",),
}
"""What is no amount of money though it is asked for with 얼마, and the common units it is told in."""
_ASKING: tuple[tuple[re.Pattern[str], Wanted], ...] = (
    (re.compile(r"전화\s?번호|전번|신고\s?번호|연락처|몇\s?번으로|어디로\s?전화"), PHONE),
    (re.compile(rf"요일{_END}|(?:무슨|어[느떤]|몇)\s?요일"), WEEKDAYS),
    (re.compile(rf"몇\s?시(?!간)|(?:운영|영업|이용|관람|근무)\s?시간{_END}"), _CLOCK),
    (
        re.compile(
            rf"언제|며[칠칟]|몇\s?[년월]|얼마(?:나\s?(?:걸|오래|살[아았]|거주)|\s?(?:동안|간|만에))|(?:기간|기한|{_HOURS}|일시|날짜|시기){_END}|"
            rf"(?:기간|기한|{_HOURS}){_HOW_MUCH}"
        ),
        WHEN,
    ),
    *(
        (re.compile(rf"(?:{measure}){_HOW_MUCH}"), Wanted(frozenset(), frozenset(units)))
        for measure, units in _MEASURES.items()
    ),
    (
        re.compile(
            r"얼마[나를]?\s?(?:\S+\s)?(?:깎|감면|할인|돌려|공제|환[급불])|(?:취소|위약|해지|연체|가산|할증|늦|보증금).*얼마(?!나)"
        ),
        _SHARE,
    ),
    (re.compile(rf"얼마(?!나)|얼만|(?:{_PRICE}){_END}"), MONEY),
    (re.compile(r"얼마나\s?(?:\S+\s)?(?:받|내|냅|나[오와]|지원|드[나는려]|들[어까]|[줘주]|[보배]상)"), _SHARE),
)
_NO_CHARGE = re.compile(
    rf"무료|무상|면제|(?:{_FEE}|{_FINE}|부담|[돈값비])\S{{0,3}}\s(?:따로\s|별도로\s|전혀\s)?"
    r"(?:없|(?:받|내|들|부과하|부과되|부담하)지\s?(?:않|아니)(?![은을]|하?(?:고|거나|면)|[한할]\s(?:때|경우|사람|자)))"
)
"""That nothing is to be paid, not that nothing is known or granted, nor that somebody does not pay."""
_BREAKS = re.compile(
    r"안\s?[하내받지]|않|못\s?[하내]|위반|어[기겨긴]|걸[리려렸]|늦|불법|무단|몰래|처벌|벌을|찍[히혀혔]|물(?:어|려|리)|단속"
)
_AGE = re.compile(r"생후\s?\d+\s?개월|\d+\s?개월령")
_FAX = re.compile(r"(?:팩스|FAX|Fax|fax)\W{0,3}[\d)~-]+")
_WEEKDAY = re.compile(r"[월화수목금토일]요일|공휴일|매일|연중|상시|수시|즉시|당일")
_DAY = "[월화수목금토일]"
_WEEKDAYS = re.compile(rf"(?<![가-힣\d]){_DAY}(?:(?:\s?[·,~∼/-]\s?{_DAY})+(?![가-힣])|(?=[,.)]|$))|평일|주말|격일|매주")


def wanted(question: str) -> Wanted | None:
    """What sort of fact the question asks for, or None when any words may answer it.

    >>> wanted("여권 재발급 수수료가 얼마예요?") == wanted("입장료 알려 주세요"), wanted("어떻게 하나요?")
    (True, None)
    >>> wanted("자동차세 연납하면 몇 프로 깎아줘요?").units
    frozenset({'%'})
    """
    for pattern, sort in _ASKING:
        if pattern.search(question):
            return _priced(question) if sort is MONEY else sort
    counted = _HOW_MANY.search(question)
    unit = unit_at_start(counted[1]) if counted else None
    return Wanted(frozenset(), frozenset({unit})) if unit else None


def gives(text: str, sort: Wanted | None, heading: str = "") -> bool:
    """Whether ``text`` holds what is wanted; ``heading`` may name the columns of its table.

    >>> gives("수수료는 1,000원입니다.", wanted("얼마예요?")), gives("민원과로 오세요.", wanted("얼마예요?"))
    (True, False)
    >>> gives("일반 차를 세우시면 과태료가 10만 원입니다.", wanted("전기차 충전 요금은 얼마인가요?"))
    False
    """
    if sort is None:
        return True
    text = unsourced(spelled(text, heading))
    if sort is WEEKDAYS:
        return (_WEEKDAY.search(text) or _WEEKDAYS.search(text)) is not None
    if sort is WHEN:
        if _WEEKDAY.search(text):
            return True
        text = _AGE.sub("", text)
    if sort is PHONE:
        text = _FAX.sub("", text)
    named = f"{heading}\n{text}"
    says_fine, says_fee = _SAYS_FINE.search(named), _SAYS_FEE.search(named)
    if (sort.fine and not says_fine) or (sort.fee and says_fine and not says_fee):
        return False
    if sort.kinds == MONEY.kinds and _NO_CHARGE.search(text):
        return True
    if sort.harmless and says_fine:
        text = "\n".join(
            each for each in sentences.split(text) if _SAYS_FEE.search(each) or not _SAYS_FINE.search(each)
        )
    return any(sort.includes(fact) for fact in facts(text))


def _priced(question: str) -> Wanted:
    fine = _SAYS_FINE.search(question) is not None
    fee = not fine and _SAYS_FEE.search(question) is not None
    return MONEY._replace(fine=fine, fee=fee, harmless=not fine and not _BREAKS.search(question))
