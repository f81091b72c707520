"""How far a clause of the sentence and a part of the evidence say the same: what each says that the other does not."""

from collections.abc import Iterator
from typing import NamedTuple

from assistant.grounding.figure_fit import FigureFit, figure_fit
from assistant.grounding.opposites import opposites
from assistant.grounding.polarity import claimed, costs, costs_nothing, denied_at, denies, includes
from assistant.grounding.reading import Condition, Part, Source
from assistant.grounding.said import Clause, Said
from assistant.grounding.vocabulary import same_words
from assistant.grounding.word_fit import WordFit, word_fit
from knowledge_base.facts.finding import Fact, same


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
        figures=figure_fit(clause, part, source, said.asked),
        words=word_fit(clause, part, source),
        flipped=denies(clause.text) != part.denies and not any(word in clause.text for word in part.excluded),
        opposed=(*opposites(claimed(clause.text), part.text), *_opposed(clause, part)),
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
        against = other & part.own.forms and not said & part.context.forms
        if against and not denied_at(plain, part.text if word.form.startswith("¬") else clause.text):
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


def _is_said(condition: Condition, said: Said) -> bool:
    """Whether a figure of the condition is said, or a third of its words where it has none."""
    if condition.facts:
        return any(same(fact, other) or same(other, fact) for other in said.facts for fact in condition.facts)
    return sum(map(said.words.mention, condition.words)) >= len(condition.words) / 3
