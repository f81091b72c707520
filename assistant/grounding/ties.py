"""Whether what a clause says together stands together anywhere in the evidence."""

from collections.abc import Iterator, Sequence

from assistant.grounding.comparison import Comparison
from assistant.grounding.figure_fit import alike
from assistant.grounding.figures import Figure
from assistant.grounding.findings import Finding, Sort
from assistant.grounding.mentions import Words
from assistant.grounding.reading import Part
from assistant.grounding.vocabulary import asking_words


def apart(best: Sequence[tuple[Comparison, Sequence[Comparison]]], asked: Words) -> Iterator[Finding]:
    """The thing or figure of a clause that no statement says together with most of the others of it: how many.

    What the question speaks of is taken up in the answer wherever the evidence names it.
    """
    untied = [each for fit, others in best for each in _untied(fit, [fit.part, *(other.part for other in others)])]
    share, word = max((each for each in untied if not asked.mention(each[1])), default=(0.0, ""))
    if share:
        yield Finding(Sort.APART, share, f"근거는 '{word}'을(를) 여기 함께 적힌 말과 따로 말합니다")


def _untied(fit: Comparison, parts: Sequence[Part]) -> Iterator[tuple[float, str]]:
    """Each thing and figure of a clause with the share of the others that stand in other statements only.

    What the evidence does not say at all and a figure told of something else are other faults; what its titles say
    holds everywhere.
    """
    clause, heading = fit.clause, fit.part.heading
    forms = [token.form for token in clause.words if token.names_thing and len(token.form) > 1]
    told = {form: _telling(parts, form) for form in forms if form not in asking_words() and not heading.mention(form)}
    told |= {each.fact.text: _stating(parts, each) for each in clause.figures if each.fact.value != "1"}
    known = [(word, statements) for word, statements in told.items() if statements]
    misplaced = {each.fact.text for each in fit.figures.misplaced}
    for word, statements in known:
        if word not in misplaced:
            elsewhere = sum(statements.isdisjoint(others) for _, others in known)
            yield elsewhere / max(len(known) - 1, 1), word


def _telling(parts: Sequence[Part], form: str) -> frozenset[str]:
    """The statements that mention a thing."""
    return frozenset(part.statement for part in parts if part.around.mention(form))


def _stating(parts: Sequence[Part], figure: Figure) -> frozenset[str]:
    """The statements that state a figure."""
    return frozenset(
        part.statement for part in parts if any(alike(figure.fact, each.fact) for each in part.statement_figures)
    )
