"""What comes first and who does it to whom, which a sentence may turn round with every word of the evidence."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from assistant.grounding.mentions import placed_names
from indexing.lexical.tokens import Token

_DOES = r"(?:하시|되시|하|되|시)?"
_BEFORE = re.compile(
    rf"([가-힣]{{2,}}?){_DOES}기\s?(?:바로\s)?(?:이?전|까지)|(?<![가-힣])([가-힣]{{2,6}})\s전(?=[에까이\s])"
)
_AFTER = re.compile(
    r"([가-힣]{2,}?)(?:하신|되신|하고|한|된|신)\s?(?:뒤|후|다음에)|(?<![가-힣])([가-힣]{2,6})\s(?:뒤|후|이후)(?=[에\s])"
)
_ACTS = re.compile(r"(?:[은는이가]|께서|에서)(?=\s)")
_IS_ACTED_ON = re.compile(r"(?:에게|한테|께|으?로부터|[을를]\s통해)(?=[서\s,])")


def turned_in_time(said: str, known: str) -> list[str]:
    """What is said to come after (신청한 뒤) of which the evidence says before (신청하기 전), or the reverse.

    >>> turned_in_time("등기를 신청한 뒤에 내셔도 됩니다", "등기를 신청하기 전까지 내셔야 합니다")
    ['신청']
    """
    return [
        stem
        for mine, other in ((_BEFORE, _AFTER), (_AFTER, _BEFORE))
        for stem in sorted((_stems(mine, said) & _stems(other, known)) - _stems(other, said) - _stems(mine, known))
    ]


def _stems(pattern: re.Pattern[str], text: str) -> set[str]:
    return {match[1] or match[2] for match in pattern.finditer(text)}


class Roles(NamedTuple):
    """The names of those that act (은, 는, 이, 가) and of those that are acted on (에게, 께, 을 통해)."""

    acting: frozenset[str]
    acted_on: frozenset[str]


def roles(text: str, words: Iterable[Token], offset: int = 0) -> Roles:
    """The roles in ``text``; ``words`` are placed ``offset`` later than in it."""
    inside = (token for token in words if offset <= token.start and token.end <= offset + len(text))
    placed = [(name, end - offset) for name, end in placed_names(inside) if len(name) > 1]
    return Roles(
        frozenset(name for name, end in placed if _ACTS.match(text, end)),
        frozenset(name for name, end in placed if _IS_ACTED_ON.match(text, end)),
    )


def exchanged(said: Roles, told: Sequence[Roles]) -> list[str]:
    """Who acts on the one that acts on them and is nowhere acted on: 의뢰인이 중개사에게 of 중개사가 의뢰인에게.

    >>> broker, client = frozenset({"중개사"}), frozenset({"의뢰인"})
    >>> exchanged(Roles(client, broker), [Roles(broker, client)])
    ['의뢰인']
    >>> exchanged(Roles(client, broker), [Roles(broker, client), Roles(client, broker)])
    []
    """
    turned = said.acted_on.difference(*(known.acted_on for known in told))
    return sorted(
        {name for known in told if turned & known.acting for name in (said.acting & known.acted_on) - known.acting}
    )
