"""How far a clause of the sentence and a part of the evidence say the same: what each says that the other does not."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.grounding.figures import Bound, Figure, bound_fits, rate_fits
from assistant.grounding.opposites import opposites
from assistant.grounding.polarity import costs, costs_nothing, denies, includes
from assistant.grounding.reading import Condition, Part, Source, Words
from assistant.grounding.vocabulary import same_words
from indexing.tokens import Token
from knowledge_base.facts import Fact, FactKind, same

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


class Clause(NamedTuple):
    """A clause of the sentence with its content words.

    ``limited`` tells that sentence or question speak of a limit (상한, 최대); ``subject`` are its nouns up to
    the first particle of a subject.
    """

    text: str
    words: tuple[Token, ...]
    figures: tuple[Figure, ...]
    subject: tuple[str, ...]
    limited: bool


class Said(NamedTuple):
    """All that the sentence and the question mention and state; ``asked`` are the question's facts."""

    words: Words
    facts: tuple[Fact, ...]
    asked: tuple[Fact, ...] = ()


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

    @property
    def faulty(self) -> frozenset[Figure]:
        """Those that the part does not bear out as they are said."""
        missing = (*self.absent, *self.counted, *self.asked)
        return frozenset((*missing, *self.misplaced, *self.bounds, *self.rates))


class WordFit(NamedTuple):
    """The clause's words that the evidence does not mention, mentions elsewhere or beside the part."""

    new: tuple[str, ...]
    elsewhere: tuple[str, ...]
    beside: tuple[str, ...]
    matched: float


class Comparison(NamedTuple):
    """A clause held against a part."""

    clause: Clause
    part: Part
    figures: FigureFit
    words: WordFit
    flipped: bool
    opposed: tuple[str, ...]
    charged: bool
    unsaid: tuple[Condition, ...]
    omitted: tuple[str, ...]
    said_facts: tuple[Fact, ...]

    @property
    def content(self) -> float:
        """How badly the words fit, whatever is said of them; less is better."""
        words = self.words
        omitted = len(self.omitted) / (len(self.part.content) + 1)
        return 1.2 * len(words.elsewhere) + 1.0 * len(words.beside) - words.matched + 0.4 * omitted

    @property
    def distance(self) -> float:
        """How badly the part fits; a clause is held against the part that fits it best."""
        figures = self.figures
        return (
            self.content
            + 3.0 * len(figures.unbound)
            + 2.0 * len(figures.nearby)
            + 1.5 * len(figures.bounds)
            + 1.0 * len(figures.rates)
            + 0.6 * figures.vague
            + 0.7 * (self.flipped + self.charged + bool(self.opposed))
            + 0.3 * len(self.unsaid)
        )


def compare(clause: Clause, part: Part, source: Source, said: Said) -> Comparison:
    """``clause`` against ``part`` of ``source``; ``said`` is the whole sentence with its question."""
    free = costs_nothing(clause.text)
    return Comparison(
        clause=clause,
        part=part,
        figures=_figures(clause, part, source, said.asked),
        words=_words(clause, part, source),
        flipped=denies(clause.text) != part.denies and not any(word in clause.text for word in part.excluded),
        opposed=(*opposites(clause.text, part.text), *_opposed(clause, part)),
        charged=(free and not part.free) or (part.free and not part.costs and costs(clause.text)),
        unsaid=tuple(condition for condition in part.conditions if not _is_said(condition, said)),
        omitted=tuple(word for word in part.content if not said.words.mention(word)),
        said_facts=said.facts,
    )


def _opposed(clause: Clause, part: Part) -> Iterator[str]:
    """What is said of what the part excludes, and what only one of the two denies: 심한 of 심하지 않은."""
    yield from (word for word in part.excluded if includes(clause.text, word))
    for word in clause.words:
        plain = word.form.removeprefix("¬")
        alike = same_words().get(plain, frozenset((plain,)))
        denied = frozenset(f"¬{form}" for form in alike)
        said, other = (denied, alike) if word.form.startswith("¬") else (alike, denied)
        if other & part.own.forms and not said & part.context.forms:
            yield plain


def ambiguous(best: Comparison, other: Comparison) -> tuple[str, ...]:
    """What tells the best part from another one that fits all but a figure of the same sort, if it is not said.

    "2인용 8,000원" and "1인용 5,000원" both fit "매트리스는 8,000원" but for the figure: 2인용 must be said.
    """
    missing = other.figures.misplaced
    if len({figure.sort for figure in missing}) != 1 or other.content > best.content + 0.3:
        return ()
    if missing[0].sort not in {figure.sort for figure in other.part.figures}:
        return ()
    only = tuple(word for word in best.part.content if not other.part.own.mention(word))
    apart = [
        figure
        for figure in best.part.figures
        if figure.sort != missing[0].sort and not any(same(figure.fact, each.fact) for each in other.part.figures)
    ]
    told = any(same(each, figure.fact) for figure in apart for each in best.said_facts)
    untold = (*only, *(figure.fact.text for figure in apart))
    return untold if set(only) <= set(best.omitted) and not told else ()


def alike(stated: Fact, found: Fact) -> bool:
    """Whether the two are the same fact; 7일 is also the 7th of a month that was named before."""
    if stated.unit == "일" and found.kind is FactKind.DATE and stated.text[0].isdecimal():
        return found.value.rpartition("-")[2] == stated.value
    return same(stated, found)


def _figures(clause: Clause, part: Part, source: Source, asked: Sequence[Fact]) -> FigureFit:
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
        own = [each for each in part.figures if alike(fact, each.fact)]
        if not known:
            if not any(alike(fact, each) for each in source.title_facts):
                (nearby if fact.value == "1" else unbound).append(figure)
            continue
        if not own or sum(alike(fact, each.fact) for each in clause.figures) > len(known):
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
    """Whether the bound is known, an upper limit is called one, and an average an average."""
    if limits and not limited and figure.bound is Bound.NONE and figure.fact.kind is FactKind.MONEY:
        return False
    return any(bound_fits(figure, each, limited) for each in near) and any(
        figure.average or not each.average for each in near
    )


def _words(clause: Clause, part: Part, source: Source) -> WordFit:
    new, elsewhere, beside = [], [], []
    matched = 0.0
    for word in clause.words:
        if part.context.mention(word.form):
            exact = 1.0 if word.form in part.context.forms else 0.7
            near = 1.0 if part.own.mention(word.form) else 0.6
            matched += (1.0 if word.names_thing else 0.7) * exact * near
        elif part.around.mention(word.form):
            beside.append(word.form)
        elif source.whole.mention(word.form):
            elsewhere.append(word.form)
        elif word.names_thing and len(word.form) > 1:  # one syllable is as likely a piece of a compound
            new.append(word.form)
    return WordFit(tuple(new), tuple(elsewhere), tuple(beside), matched)


def _is_said(condition: Condition, said: Said) -> bool:
    """Whether a figure of the condition is said, or a third of its words where it has none."""
    if condition.facts:
        return any(same(fact, other) or same(other, fact) for other in said.facts for fact in condition.facts)
    return sum(map(said.words.mention, condition.words)) >= len(condition.words) / 3
