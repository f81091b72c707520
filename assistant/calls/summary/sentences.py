"""An agent's turns to sentences, each with its morphemes: a recogniser writes no full stops."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from assistant.calls.utterance import Speaker, Utterance
from indexing.lexical.hangul import BIEUP, RIEUL, final, with_final
from indexing.lexical.tokens import Analyzer, Morpheme

NODS = 2  # words that a caller says without taking the turn
_OPENINGS = re.compile(
    r"(?:[\s,.…~]*(?:네+|예+|아+|어|음+|아이고|저기요?|혹시|잠시만요|(?:고객|선생|사모|어머|아버)님|어르신)(?=[\s,.…~])[\s,.…~]*)+"
)
_VERBS = frozenset({"VV", "VA", "VX", "XSV", "XSA"})
_FOLLOWS = ("SF", "SP", "SS", "JX", "EF", "JKQ", "VCP")


class Sentence(NamedTuple):
    """One sentence of the turn that began with utterance ``line``; spans of morphemes are those of ``text``."""

    line: int
    text: str
    morphemes: tuple[Morpheme, ...]

    @property
    def ending(self) -> str:
        """The ending that closes it, '' for a fragment."""
        return next((each.form for each in reversed(self.morphemes) if each.tag == "EF"), "")

    @property
    def last_verb(self) -> str:
        """The last verb or adjective, auxiliaries too; '' without one."""
        return next((each.form for each in reversed(self.morphemes) if each.tag in _VERBS), "")

    @property
    def closed(self) -> str:
        """The text, closed as a statement where it was left open: 600원이고요 becomes 600원입니다."""
        said = [each for each in self.morphemes if each.tag not in ("SF", "SP", "JX")]
        if len(said) < 2 or said[-1].form not in ("고", "고요"):
            return self.text
        *before, last = said
        if before[-1].tag == "VCP":
            noun = self.text[: before[-1].start]
            return f"{noun[:-1]}겁니다" if noun.endswith("거") else f"{noun}입니다"
        stem = self.text[: last.start].rstrip()
        if final(stem[-1]) in (0, RIEUL):
            return f"{stem[:-1]}{with_final(stem[-1], BIEUP)}니다"
        return f"{stem}습니다"


def turns(utterances: Iterable[Utterance]) -> Iterator[Utterance]:
    """What the agent says, a turn that goes on after the caller's nod as one: 육백 원이고요 – 네 – 그리고 ….

    >>> said = [("agent", "위임장하고"), ("caller", "네"), ("agent", "신분증이요"), ("caller", "그럼 수수료는 얼마죠")]
    >>> lines = [Utterance(line=n, speaker=who, text=text, at=n) for n, (who, text) in enumerate(said)]
    >>> [turn.text for turn in turns(lines)]
    ['위임장하고 신분증이요']
    """
    open_turn: Utterance | None = None
    for each in utterances:
        if each.speaker is Speaker.CALLER:
            if open_turn is not None and len(each.text.split()) > NODS:
                yield open_turn
                open_turn = None
        elif open_turn is not None and not _is_closed(open_turn.text):
            open_turn = open_turn.model_copy(update={"text": f"{open_turn.text} {each.text}"})
        else:
            if open_turn is not None:
                yield open_turn
            open_turn = each
    if open_turn is not None:
        yield open_turn


def _is_closed(text: str) -> bool:
    return re.search(r"(?:[다까죠오]|(?<!면)요|[.?!])\s*$", text) is not None


def sentences(turn: Utterance, analyzer: Analyzer) -> list[Sentence]:
    """The sentences of a turn, without fillers and forms of address at their beginnings."""
    morphemes = analyzer.morphemes(turn.text)
    found = []
    for start, end in _spans(turn.text, morphemes):
        opening = _OPENINGS.match(turn.text, start, end)
        start = opening.end() if opening else start
        if text := turn.text[start:end].strip():
            within = (each for each in morphemes if start <= each.start and each.end <= end)
            found.append(Sentence(turn.line, text, tuple(_moved(each, -start) for each in within)))
    return found


def _moved(morpheme: Morpheme, by: int) -> Morpheme:
    return morpheme._replace(start=morpheme.start + by, end=morpheme.end + by)


def _spans(text: str, morphemes: list[Morpheme]) -> Iterator[tuple[int, int]]:
    """A sentence ends at an ending that closes it (EF), unless something is still joined to it."""
    start = 0
    for each, following in pairwise(morphemes):
        is_end = each.tag == "SF" or (each.tag == "EF" and following.tag not in _FOLLOWS)
        if is_end and following.start > each.end and following.tag != "SF":
            yield start, each.end
            start = following.start
    yield start, len(text)
