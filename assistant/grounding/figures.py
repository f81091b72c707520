"""A figure with what belongs to it: its bound (이하, 까지, 전), its rate (월, 1인당) and how exact it is (약, 평균)."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from knowledge_base.facts.finding import Fact, FactKind, facts


class Bound(StrEnum):
    """How a figure bounds what is said."""

    NONE = ""
    AT_LEAST = "이상"
    FROM = "부터"
    AT_MOST = "이하"
    MORE = "초과"
    OVER = "넘는"  # 2시간 넘게 is said of 2시간 초과 and of 2시간 이상
    LESS = "미만"
    BEFORE = "전"
    AFTER = "후"
    ON = "에"


class Figure(NamedTuple):
    """``per`` holds the common names of its rates (월, 년, 명, 통, …), empty when it has none.

    ``ranged`` is one end of a range: 3만 and 5만 of 3~5만 원.
    """

    fact: Fact
    bound: Bound
    per: frozenset[str]
    average: bool
    ranged: bool

    @property
    def sort(self) -> tuple[FactKind, str]:
        """What it counts: figures of one sort may be taken for each other."""
        return self.fact.kind, self.fact.unit


_ASIDE = r"(?:\([^)]*\)|\s*(?:정도|가량|쯤|씩|원|내외|초|중순|말))*\s*"
_NOT = r"(?:(?:을|를|이|가)\s?)?(?:안\s|넘지\s?(?:않|아니|못))"
_AFTER_IT: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        Bound.AT_MOST,
        re.compile(rf"{_ASIDE}(?:(?:[을를이]\s)?안\s넘|(?:(?:을|를)\s)?(?:넘|초과하)지\s?[않못]|한도|범위|상한)"),
    ),
    (
        Bound.LESS,
        re.compile(rf"{_ASIDE}(?:미만|(?:[이가]\s)?(?:안\s?[되된될돼됐]|되지\s?않)|(?:보다|에)\s(?:적|작|모자))"),
    ),
    (Bound.MORE, re.compile(rf"{_ASIDE}(?:(?:[을를]\s)?초과|보다\s[크많])")),
    (Bound.OVER, re.compile(rf"{_ASIDE}(?:[을를이]\s)?넘")),
    (Bound.BEFORE, re.compile(r"\s*(?:\([^)]*\)\s*)?(?:이?전(?!국|체|부|액|화|자|문)|앞|되기\s전)")),
    (Bound.AFTER, re.compile(r"\s*(?:\([^)]*\)\s*)?(?:이?후|뒤|지나|[이가]\s지[나난]|넘어)")),
    (
        Bound.AT_MOST,
        re.compile(
            rf"{_ASIDE}(?:동안\s)?"
            r"(?:이하|이내|안(?:에서?|은|이)?(?=[\s,.]|$)|안으로|내에?(?=\s)|까지|한도|사이)"
        ),
    ),
    (Bound.AT_LEAST, re.compile(rf"{_ASIDE}(?:이상|[은는]\s(?:되어야|돼야|있어야|넘어야|채우셔야))")),
    (Bound.FROM, re.compile(rf"{_ASIDE}\s?(?:부터|에서(?=\s))")),
)
_BEFORE_IT: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        Bound.AT_MOST,
        re.compile(
            r"(?:최대|최고|최장|상한액?[은는이]?|상한:?|한도[은는]?|길게는|많게는|늦어도|많아[야도]|길어[야도])"
            r"\s*(?:월|연|매월|매년)?\s*$"
        ),
    ),
    (Bound.AT_LEAST, re.compile(r"(?:최소|최저|하한액?[은는이]?|적어도)\s*(?:월|연)?\s*$")),
)
_TO = re.compile(r"\s?(?:[~∼～–-]|부터|에서|이상)\s?")
_REPLACED = re.compile(r"\s?(?:→|⇒|➔|->)")  # 5,000원→4,000원
_ON = re.compile(r"\s?(?:초|중순|말)?에\s")
_AVERAGE = re.compile(r"(?:평균)\s*$")
_PERIODS = {
    "년": r"매년|해마다|연간?|1년|일\s?년|한\s?해|년",
    "월": r"매월|매달|다달이|한\s?달|1개월|월",
    "주": r"매주|1주일?|일주일|한\s?주|주",
    "일": r"매일|날마다|하루|1일|일",
    "분": r"매?\s?시간|1시간|한\s?시간",
    "회": r"매회|1회|한\s?번|한\s?차례|회",
    "명": r"1인|한\s?사람|한\s?명|한\s?분|1명|사람|명|출생아\s1인|자녀",
    "가구": r"가구|1가구|한\s?가구|세대|한\s?세대|한\s?집",
}
_PER = (
    r"\s?(?:당|마다|에|씩|간|치|의)|\s평균|\s최[대고]|\s?기준|\s?[가-힣]{0,4}(?:료|요금|액)(?=[은는이가\s]|$)|"
    r"(?=\s*(?:\d|[일이삼사오육칠팔구십백천만]+\s?원|최대|약|평균))"
)
_RATE = re.compile(
    "|".join(
        rf"(?P<{name}>(?<![가-힣\d])(?:{words})(?:{_PER})|(?:{words})이?\s?지날\s?때마다)"
        for name, words in _PERIODS.items()
    )
)
_COUNTED = (FactKind.MONEY, FactKind.QUANTITY)
_STANDING = {name: re.compile(rf"(?<![가-힣\d]){name}(?=\s)") for name in ("년", "월", "주")} | {
    "년": re.compile(r"연간|매년|(?<![가-힣])연\s"),
    "월": re.compile(r"매월|매달|다달이|(?<![가-힣\d])월(?=\s)"),
}


def figures(text: str) -> list[Figure]:
    """The figures of a clause, in order; a count that is but a rate (1년에, 한 사람당) belongs to the others.

    >>> [(each.fact.value, each.bound.value, sorted(each.per)) for each in figures("한 해에 세 번까지")]
    [('3', '이하', ['년'])]
    """
    return list(_figures(text))


@lru_cache(maxsize=4096)
def _figures(text: str) -> tuple[Figure, ...]:
    rates = list(_RATE.finditer(text))
    stated = facts(text)
    last = max((fact.span[0] for fact in stated if fact.kind in _COUNTED), default=0)
    rates = [rate for rate in rates if rate.start() < last and rate.end() <= last]
    ranged = {end for ends in pairwise(stated) if _are_range(*ends, text) for end in ends}
    found = []
    before = 0
    for fact in stated:
        start, end = fact.span
        if any(rate.start() <= start and end <= rate.end() for rate in rates) or _REPLACED.match(text, end):
            continue
        per = frozenset(str(rate.lastgroup) for rate in rates if before <= rate.start() and rate.end() <= start)
        average = bool(_AVERAGE.search(text[:start]))
        found.append(Figure(fact, _bound(fact, text), per, average, fact in ranged))
        before = end if fact.kind is FactKind.MONEY or fact.unit == "%" else before
    return tuple(found)


def _are_range(low: Fact, high: Fact, text: str) -> bool:
    """Whether two figures are the ends of a range: 3~5만 원, 3만 원에서 5만 원."""
    alike = (low.kind, low.unit) == (high.kind, high.unit)
    return alike and (low.span == high.span or _TO.fullmatch(text, low.span[1], high.span[0]) is not None)


def _bound(fact: Fact, text: str) -> Bound:
    start, end = fact.span
    if fact.kind is FactKind.DATE and _ON.match(text, end):
        return Bound.ON
    if "~" in fact.text or "∼" in fact.text:
        return Bound.NONE
    for bound, pattern in _AFTER_IT:
        if pattern.match(text, end):
            return bound
    for bound, pattern in _BEFORE_IT:
        if pattern.search(text[:start]):
            return bound
    return Bound.NONE


def rates(text: str) -> frozenset[str]:
    """The rates a text names."""
    named = {str(match.lastgroup) for match in _RATE.finditer(text)}
    return frozenset(named | {name for name, word in _STANDING.items() if word.search(text)})


_LIMITED = re.compile(r"(?:(?:상한|한도)[가-힣]{0,2}|최[대고][가-힣]{0,4}액)[은는]")


def is_limited(statement: str) -> bool:
    """Whether a statement gives upper limits: 월 상한액은 250만 원, 4개월부터 200만 원."""
    return bool(_LIMITED.search(statement))


_STRICT = frozenset({FactKind.MONEY, FactKind.QUANTITY, FactKind.TIME, FactKind.DATE})
_LOOSE = {
    (Bound.AT_MOST, Bound.NONE), (Bound.NONE, Bound.AT_LEAST), (Bound.NONE, Bound.FROM),
    (Bound.FROM, Bound.NONE), (Bound.FROM, Bound.AT_LEAST), (Bound.FROM, Bound.AFTER), (Bound.AT_LEAST, Bound.FROM),
    (Bound.AFTER, Bound.NONE), (Bound.NONE, Bound.AFTER), (Bound.AFTER, Bound.FROM),
    (Bound.AFTER, Bound.AT_LEAST), (Bound.AT_LEAST, Bound.AFTER),
    (Bound.AFTER, Bound.MORE), (Bound.MORE, Bound.AFTER), (Bound.OVER, Bound.MORE), (Bound.MORE, Bound.OVER),
    (Bound.OVER, Bound.AT_LEAST), (Bound.OVER, Bound.AFTER), (Bound.AFTER, Bound.OVER),
    (Bound.ON, Bound.NONE), (Bound.NONE, Bound.ON), (Bound.ON, Bound.AT_MOST), (Bound.ON, Bound.FROM),
    (Bound.FROM, Bound.ON), (Bound.ON, Bound.AT_LEAST), (Bound.ON, Bound.AFTER), (Bound.AFTER, Bound.ON),
}  # fmt: skip


def bound_fits(stated: Figure, found: Figure, limited: bool = False) -> bool:
    """Whether the stated bound is the found one, or says no more than it.

    A limit must not become an amount: "5만 원 이하의 과태료" is not "과태료 5만 원".
    """
    if stated.fact.kind not in _STRICT or stated.bound is found.bound:
        return True
    if (stated.bound, found.bound) in _LOOSE:
        return True
    bare = (stated.bound, found.bound) == (Bound.NONE, Bound.AT_MOST)
    return bare and (limited or stated.fact.kind in (FactKind.TIME, FactKind.DATE))


def rate_fits(stated: Figure, found: Iterable[Figure], around: frozenset[str]) -> bool:
    """Whether what the figure is counted by (월, 1인당) is what the evidence counts it by."""
    periods = {"년", "월", "주", "일", "분"}
    if stated.per and not stated.per & around and all(each.per and not each.per & stated.per for each in found):
        return False
    return all(
        any(mine & each.per or (not each.per & group and (mine & around or group is not periods)) for each in found)
        for group in (periods, {"명", "가구"}, {"회", "년", "월"})
        if (mine := stated.per & group)
    )
