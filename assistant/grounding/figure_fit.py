"""How the figures of a clause fit a part of the evidence: which are not there, of something else, otherwise bound."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.grounding.clauses import has_topic
from assistant.grounding.figures import Bound, Figure, bound_fits, figures, rate_fits
from assistant.grounding.polarity import costs_nothing
from assistant.grounding.reading import Part, Source
from assistant.grounding.said import Clause
from knowledge_base.facts.finding import Fact, FactKind, same

_RATES = {
    ("개월", "12"): "년", ("개월", "1"): "월", ("일", "7"): "주", ("일", "1"): "일", ("분", "60"): "분",
    ("명", "1"): "명", ("회", "1"): "회", ("가구", "1"): "가구",
}  # fmt: skip


_COUNT = re.compile(
    r"(?:두|세|네|다섯|여섯|일곱|여덟|아홉|열|열한|열두)\s?(?:가지|군데|곳|개|단계|건|대|채)|한\s?(?:가지|군데|곳|대|채|장)"
)
_SEPARATOR = re.compile(r",\s?|(?<=[가-힣A-Za-z\d])(?:[와과]|하고|이?랑|이?나)\s|[·ㆍ]|\s(?:및|또는)\s")
_CASE = re.compile(
    r"(?:이|을|를|에)?\s?(?:이?(?:시|셨|었|였)?(?:면|라면|다면|니까?|라서|라고|어도|아도|여도)|이?라|[은는도]\s)"
)


class FigureFit(NamedTuple):
    """The stated figures that do not fit: not in the evidence, elsewhere, beside; with another bound or rate.

    Of those not in the evidence ``counted`` count things by a small native number (두 군데), ``asked`` are the
    caller's own (열네 살이면). ``vague`` counts dates of which the evidence says more.
    """

    absent: tuple[Figure, ...]
    counted: tuple[Figure, ...]
    asked: tuple[Figure, ...]
    unbound: tuple[Figure, ...]
    nearby: tuple[Figure, ...]
    bounds: tuple[Figure, ...]
    rates: tuple[Figure, ...]
    vague: int

    @property
    def misplaced(self) -> tuple[Figure, ...]:
        """Those that the evidence states, but not here."""
        return (*self.unbound, *self.nearby)


def figure_fit(clause: Clause, part: Part, source: Source, asked: Sequence[Fact]) -> FigureFit:
    """The figures of ``clause`` against ``part`` of ``source``; ``asked`` are the facts of the question."""
    missing: list[Figure] = []
    unbound: list[Figure] = []
    nearby: list[Figure] = []
    bounds: list[Figure] = []
    rates: list[Figure] = []
    vague = 0
    for figure in clause.figures:
        fact = figure.fact
        if _RATES.get((fact.unit, fact.value)) in part.rates or _is_per_one(figure, part):
            continue
        if not any(alike(fact, each) for each in source.facts):
            if not _counts_list(figure, clause.text):
                missing.append(figure)
            continue
        known = [each for each in part.statement_figures if alike(fact, each.fact)]
        own = known if fact.kind is FactKind.ARTICLE else [each for each in part.figures if alike(fact, each.fact)]
        if not known:
            if not any(alike(fact, each) for each in source.title_facts):
                (nearby if fact.value == "1" else unbound).append(figure)
            continue
        repeated = sum(alike(fact, each.fact) for each in clause.figures) > len(known)
        if repeated or not (own or _is_each(figure, clause.text) or _are_told_together(figure, clause, part)):
            nearby.append(figure)
        near = own or known
        if not _within_bounds(figure, near, part.limited, clause.limited):
            bounds.append(figure)
        if not rate_fits(figure, near, part.rates):
            rates.append(figure)
        vague += fact.kind is FactKind.DATE and all(fact.value != each.fact.value for each in near)
    own_case = tuple(each for each in missing if _is_own_case(each, clause.text, asked))
    counted = tuple(each for each in missing if each not in own_case and _COUNT.fullmatch(each.fact.text))
    absent = tuple(each for each in missing if each not in own_case and each not in counted)
    return FigureFit(absent, counted, own_case, tuple(unbound), tuple(nearby), tuple(bounds), tuple(rates), vague)


def _are_told_together(figure: Figure, clause: Clause, part: Part) -> bool:
    """Whether the statement tells the clause's figures one after the other as they are said, or nothing but them.

    Not where the part gives another figure of the sort, nor where it has a topic of its own that is not said, nor where
    something is free: of "18세 미만은 무료이고 어른은 3,000원" the figures are told in a row, but not of one thing.
    """
    stated, told, here = clause.figures, part.statement_figures, figures(part.text)
    if figure.sort in {each.sort for each in here} or not any(_agree(one, each) for one in stated for each in here):
        return False
    if costs_nothing(part.statement) or (
        has_topic(part.text) and not any(name in clause.text for name in part.subject)
    ):
        return False
    rows = (told[start : start + len(stated)] for start in range(len(told) - len(stated) + 1))
    only = len(told) == len(stated) == len({figure.sort for figure in told})
    return only or any(all(map(_agree, stated, row)) for row in rows)


def _is_each(figure: Figure, text: str) -> bool:
    """Whether the figure is but what another one is counted by: 1세제곱미터에, 한 건당."""
    return figure.fact.value == "1" and re.match(r"에\s|당|마다|씩", text[figure.fact.span[1] :]) is not None


def _agree(stated: Figure, found: Figure) -> bool:
    return alike(stated.fact, found.fact)


def _is_per_one(figure: Figure, part: Part) -> bool:
    """Whether 1리터에 is said where the evidence counts 리터당, or 한 달에 한 번 where it says 매월 or 4년마다."""
    fact = figure.fact
    if fact.value != "1":
        return False
    once = fact.unit == "회" and (bool(figure.per & part.rates) or "마다" in part.statement)
    return once or f"{fact.text.lstrip('1한 ')}당" in part.statement


def _counts_list(figure: Figure, text: str) -> bool:
    """Whether the figure counts what is listed before it: 문체부와 교육부 두 군데."""
    if figure.fact.kind is not FactKind.QUANTITY or not _COUNT.fullmatch(figure.fact.text):
        return False
    before = re.split(r"[은는]\s", text[: figure.fact.span[0]])[-1]
    listed = len(_SEPARATOR.findall(before.rstrip(" ,")))
    return listed > 0 and str(listed + 1) == figure.fact.value


def _is_own_case(figure: Figure, text: str, asked: Sequence[Fact]) -> bool:
    """Whether the figure is the caller's, and no more than the case of which something is said: 열네 살은, 2억이면."""
    return any(same(figure.fact, each) for each in asked) and _CASE.match(text, figure.fact.span[1]) is not None


def _within_bounds(figure: Figure, near: Sequence[Figure], limits: bool, limited: bool) -> bool:
    """Whether the bound is known, an upper limit is called one, an average an average, the end of a range no amount."""
    if figure.fact.kind is FactKind.MONEY and figure.bound is Bound.NONE and not figure.ranged:
        near = [each for each in near if not each.ranged]
    if limits and not limited and figure.bound is Bound.NONE and figure.fact.kind is FactKind.MONEY:
        return False
    return any(bound_fits(figure, each, limited) for each in near) and any(
        figure.average or not each.average for each in near
    )


def alike(stated: Fact, found: Fact) -> bool:
    """Whether the two are the same fact; 7일 is also the 7th of a month that was named before."""
    if stated.unit == "일" and found.kind is FactKind.DATE and stated.text[0].isdecimal():
        return found.value.rpartition("-")[2] == stated.value
    return same(stated, found)
