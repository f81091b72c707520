"""What speaks against a clause, held against the part of the evidence that fits it best."""

import re
from collections.abc import Iterator, Sequence

from assistant.grounding.actions import untold_action
from assistant.grounding.bases import bases, other_base
from assistant.grounding.clauses import has_topic, topic_end
from assistant.grounding.comparison import Comparison, ambiguous
from assistant.grounding.figures import Figure, figures
from assistant.grounding.findings import Finding, Sort
from assistant.grounding.mentions import Words, compact, names
from assistant.grounding.order import turned_in_time
from assistant.grounding.polarity import costs_nothing
from assistant.grounding.scope import unfounded
from assistant.grounding.shares import taken_for_paid
from knowledge_base.facts.finding import FactKind, same

_NEXT = re.compile(r",|\s(?:및|또는|혹은)\s|[와과고며]\s|\s\S+[은는]\s|[()<>☎]")
_ASIDE = re.compile(r"\s?\([^()]*\)")
_TO = re.compile(r"(?:\([^()]*\))?\s?(?:[~∼～–-]|부터|에서)\s?")


def findings(best: Comparison, others: Sequence[Comparison]) -> Iterator[Finding]:
    """What speaks against a clause; ``best`` is the part it is held against, ``others`` are the other parts."""
    yield from _of_figures(best)
    yield from _of_words(best)
    yield from _of_meaning(best)
    untold = untold_action(best.clause.text, f"{best.part.statement}\n{best.part.titles}")
    if untold and not best.part.around.mention(untold):
        yield Finding(Sort.ACTION, 1, f"근거는 '{untold}'에 관한 내용이 아닙니다: {_short(best.part.text)}")
    yield from _of_conditions(best)
    yield from _of_rivals(best, others)


def _of_figures(best: Comparison) -> Iterator[Finding]:
    fit, told = best.figures, _short(best.part.text)
    for figure in fit.absent:
        yield Finding(Sort.ABSENT, 1, f"'{figure.fact.text}'이(가) 근거에 없습니다")
    for sort, untold in ((Sort.COUNTED, fit.counted), (Sort.ASKED, fit.asked)):
        for figure in untold:
            yield Finding(sort, 1, f"'{figure.fact.text}'은(는) 근거에 적혀 있지 않습니다")
    lone = [figure for figure in fit.nearby if _is_lone(figure, best.part.statement_figures)]
    nearby = [figure for figure in fit.nearby if figure not in lone]
    for sort, misplaced in ((Sort.UNBOUND, fit.unbound), (Sort.NEARBY, nearby), (Sort.LONE, lone)):
        for figure in misplaced:
            yield Finding(sort, 1, f"근거의 '{figure.fact.text}'은(는) 다른 것에 관한 내용입니다")
    for figure in fit.bounds:
        yield Finding(Sort.BOUND, 1, f"'{_bounded(figure)}'의 범위가 근거와 다릅니다: {told}")
    if other := other_base(list(bases(best.clause.text, best.clause.words)), best.part.bases):
        yield Finding(Sort.BASE, 1, f"근거는 '{other}'을(를) 기준으로 하지 않습니다: {told}")
    for figure in fit.rates:
        yield Finding(Sort.RATE, 1, f"'{figure.fact.text}'을(를) 세는 단위가 근거와 다릅니다: {told}")


def _is_lone(figure: Figure, told: Sequence[Figure]) -> bool:
    """Whether a statement tells no other figure that ``figure`` could be taken for."""
    return all(same(figure.fact, each.fact) for each in told if each.sort == figure.sort)


def _of_words(best: Comparison) -> Iterator[Finding]:
    new = best.words.new
    if new:
        yield Finding(Sort.NEW, len(new), f"근거에 없는 내용입니다: {', '.join(new)}")
        for figure in best.clause.figures[:1] if not best.figures.absent else ():
            yield Finding(Sort.NEW, 0, f"근거의 '{figure.fact.text}'은(는) 다른 것에 관한 내용입니다")
    missing = [word for word in best.clause.subject if not best.part.own.mention(word)]
    unsaid = [word for word in best.part.subject if word in best.omitted or not _says(best, word)]
    if missing and unsaid:
        known = any(word in (*best.words.beside, *best.words.elsewhere) for word in missing)
        yield Finding(Sort.SUBJECT, 2 if known else 1, f"근거는 다른 것({', '.join(unsaid)})에 관한 내용입니다")


def _of_meaning(best: Comparison) -> Iterator[Finding]:
    told = _short(best.part.text)
    if best.flipped:
        yield Finding(Sort.FLIPPED, 1, f"근거와 반대로 말합니다: {told}")
    for word in best.opposed:
        yield Finding(Sort.OPPOSITE, 1, f"근거와 반대로 말합니다('{word}'): {told}")
    for stem in turned_in_time(best.clause.text, best.part.statement):
        yield Finding(Sort.OPPOSITE, 1, f"'{stem}'의 앞뒤가 근거와 다릅니다: {told}")
    for figure in taken_for_paid(best.clause, best.part):
        yield Finding(Sort.OPPOSITE, 1, f"'{figure.fact.text}'은(는) 내는 몫이 아니라 줄여 주는 몫입니다: {told}")
    if best.charged and (best.part.priced or best.part.free):
        yield Finding(Sort.OPPOSITE, 1, f"비용이 드는지를 근거와 반대로 말합니다: {told}")
    for scope in unfounded(best.clause.text, best.part.statement):
        yield Finding(Sort.SCOPE, 1, f"근거에 없는 범위('{scope.name}')를 말합니다: {told}")


def _of_conditions(best: Comparison) -> Iterator[Finding]:
    for condition in best.unsaid:
        yield Finding(Sort.CONDITION, 1, f"조건({_short(condition.text)})이 빠졌습니다")
    if best.part.listed and best.part.content and len(best.omitted) == len(best.part.content):
        yield Finding(Sort.CONDITION, 1, f"열거된 것({_short(best.part.text)})에 해당해야 한다는 말이 빠졌습니다")
    if best.omitted:
        amount = len(best.omitted) / (len(best.part.content) + 1)
        yield Finding(Sort.OMITTED, amount, f"근거에 함께 적힌 말이 빠졌습니다: {', '.join(best.omitted)}")


def _of_rivals(best: Comparison, others: Sequence[Comparison]) -> Iterator[Finding]:
    if best.figures.misplaced:
        return
    if crossed := _crossed(best, others):
        figure = best.clause.figures[0].fact.text if best.clause.figures else "무료"
        yield Finding(Sort.CROSSED, 1, f"근거의 '{figure}'은(는) '{crossed[0]}'에 관한 내용이 아닙니다")
    for other in others:
        if only := ambiguous(best, other):
            figure = other.figures.misplaced[0].fact.text
            sized = sum(any(each.isdecimal() for each in word) for word in only)
            yield Finding(
                Sort.AMBIGUOUS, 2 if sized else 1, f"'{figure}'의 조건({', '.join(dict.fromkeys(only))})이 빠졌습니다"
            )
            return


def _crossed(best: Comparison, others: Sequence[Comparison]) -> list[str]:
    """The names that the evidence gives another figure of the sort."""
    things = names(best.clause.words) if best.clause.figures or costs_nothing(best.clause.text) else []
    return [*_exchanged(best, things), *(name for other in others for name in _crossing(best, other, things))]


def _crossing(best: Comparison, other: Comparison, things: Sequence[str]) -> list[str]:
    """The things of a clause with a figure that only another part names, with another figure of that sort.

    Of "A센터(02-1), B센터(02-2)" the sentence "A센터는 02-2" takes the figure of the second and the name of the first.
    """
    said = {figure.fact.value for figure in best.clause.figures}
    sorts = {figure.sort for figure in best.clause.figures if figure.fact.kind is not FactKind.ARTICLE}
    if costs_nothing(best.clause.text):
        sorts.add((FactKind.MONEY, "원"))
    if not any(figure.sort in sorts and figure.fact.value not in said for figure in other.part.figures):
        return []
    if _is_about_its_part(best):
        return []
    return [name for name in things if _only_in(name, other.part.own, best.part.own)]


def _is_about_its_part(best: Comparison) -> bool:
    """Whether clause and part have the same topic: 경차는 취득가격의 4% of 승용차는 취득가격의 7%이고, 경차는 4%."""
    topic = best.part.subject
    return bool(topic) and has_topic(best.part.text) and set(topic) == set(best.clause.subject)


def _only_in(name: str, one: Words, two: Words) -> bool:
    """Whether only the first mentions a name, at least as one word."""
    if len(name) > 1 and name in one.compact:
        return name not in two.compact
    return one.mention(name) and not two.mention(name)


def _exchanged(best: Comparison, things: Sequence[str]) -> Iterator[str]:
    """The things before a figure that the part names only beside another figure of that sort."""
    known = figures(best.part.text)
    end = 0
    for figure in best.clause.figures:
        if figure.fact.kind is FactKind.ARTICLE:
            continue
        before = compact(best.clause.text[end : figure.fact.span[0]])
        end = figure.fact.span[1]
        named = [name for name in things if len(name) > 1 and name in before]
        sort = [each for each in known if each.sort == figure.sort]
        beside = _beside(best.part.text, figure, sort) if named else {}
        if beside.get(True) and not any(name in beside[True] and name not in beside[False] for name in named):
            yield from (name for name in named if name in beside[False] and name not in beside[True])


def _beside(text: str, figure: Figure, sort: Sequence[Figure]) -> dict[bool, str]:
    """What stands beside the figures of one sort that are the same as ``figure`` (True), and beside the others.

    The topic of a text stands beside none, unless there is another one further on.
    """
    topic = topic_end(text)
    edges = [0 if has_topic(text[topic:]) else topic, *(each.fact.span[1] for each in sort)]
    beside = {True: "", False: ""}
    starts = [*(each.fact.span[0] for each in sort), len(text)]
    before = ""
    for place, each in enumerate(sort):
        its_own = same(figure.fact, each.fact)
        gap = text[edges[place] : starts[place]]
        before = before if place and _TO.fullmatch(gap) else gap
        beside[its_own] += compact(before) + "\n"
        if its_own:  # also 8만 원(아동), but not what the next figure belongs to
            after = text[edges[place + 1] : starts[place + 1]]
            aside = _ASIDE.match(after)
            beside[True] += compact(aside[0] if aside else _NEXT.split(after)[0]) + "\n"
    return beside


def _says(best: Comparison, word: str) -> bool:
    return any(token.form == word for token in best.clause.words)


def _bounded(figure: Figure) -> str:
    return f"{figure.fact.text} {figure.bound.value}".strip()


def _short(text: str, length: int = 60) -> str:
    """One line of at most ``length`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[: length - 1]}…"
