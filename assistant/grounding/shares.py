"""What a figure is the share of: what is taken off (20% 감면) or what is left to pay (20%만 부담)."""

import re

from assistant.grounding.figure_fit import alike
from assistant.grounding.figures import Figure
from assistant.grounding.reading import Part
from assistant.grounding.said import Clause
from knowledge_base.facts.finding import FactKind

_PAID = re.compile(r"부담|납부|지불|(?<![가-힣])(?:내[시고면야]|냅니다)")
_TAKEN_OFF = re.compile(r"감면|경감|감경|할인|공제|깎|면제|덜|빼")
_HALF = "50"  # what is taken off is also what is left


def taken_for_paid(clause: Clause, part: Part) -> list[Figure]:
    """The figures that a clause says are paid, of which the part says that they are taken off."""
    return [figure for figure in clause.figures if _is_share(figure) and _is_paid(figure, clause.text, part)]


def _is_share(figure: Figure) -> bool:
    return figure.fact.kind is FactKind.MONEY or (figure.fact.unit == "%" and figure.fact.value != _HALF)


def _is_paid(figure: Figure, text: str, part: Part) -> bool:
    after = text[figure.fact.span[1] :]
    if not _PAID.search(after) or _TAKEN_OFF.search(after):
        return False
    told = [part.statement[each.fact.span[1] :] for each in part.statement_figures if alike(figure.fact, each.fact)]
    return bool(told) and all(_TAKEN_OFF.search(each) and not _PAID.search(each) for each in told)
