"""Which of the things a question names a passage names too: coverage, and where to highlight them."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import accumulate, chain
from pathlib import Path

from indexing.lexical.synonyms import synonyms
from indexing.lexical.tokens import Token, search_terms
from indexing.lexical.word_list import words
from indexing.retrieval.hit import Spans
from indexing.snapshots.chunks import Passage
from indexing.snapshots.snapshot import Snapshot

UNHEARD = 0.5
"""How much a word counts that no passage has, against one that others have: it may be just another way to say it."""
ACT = 2.0
"""How much what is done with a thing counts: documents on one thing differ in it."""

Weights = Mapping[str, float]
"""How much each thing the question names counts, by its form; all above 0."""


def weights(snapshot: Snapshot, tokens: Sequence[Token]) -> Weights:
    """The inverse document frequency (BM25's, smoothed) of each thing the question names."""
    return {token.form: weight(snapshot, token.form) for token in tokens if token.names_thing}


def weight(snapshot: Snapshot, form: str) -> float:
    """How well a term tells the chunks of a snapshot apart: its inverse document frequency, above 0."""
    return math.log1p((len(snapshot) + 0.5) / (snapshot.frequency(form) + 0.5))


def coverage(passage: Passage, named: Weights) -> float:
    """The share, by weight, of the things named that occur in the passage or its titles; 0 when none is named."""
    total = sum(named.values())
    return sum(weight for form, weight in named.items() if _names(passage, form)) / total if total else 0.0


def compound_share(passage: Passage, tokens: Sequence[Token]) -> float:
    """The share of the compounds in a question (주민등록, 재발급) that the passage has too; 1 when it has none."""
    forms = {token.form for token in tokens}
    compounds = [term for term in dict.fromkeys(search_terms(tokens)) if term not in forms]
    found = sum(term in passage.title_terms or term in passage.body_terms for term in compounds)
    return found / len(compounds) if compounds else 1.0


def about(snapshot: Snapshot, named: Weights, unsaid: Collection[str], unknown: Iterable[str]) -> Weights:
    """What a question is about, of the things it names: no everyday words, no official ones that nobody said.

    What is done with a thing counts ACT times, a word that no passage has UNHEARD times; so do citizen's words that are
    ``unknown`` to the index, which their official ones will do for.
    """
    everyday, acts = _words("everyday_words.txt"), _words("acts.txt")
    unheard = weight(snapshot, "")
    own = {
        form: value * (ACT if form in acts else 1.0) * (UNHEARD if value >= unheard else 1.0)
        for form, value in named.items()
        if form not in everyday and form not in unsaid and not form.isdecimal()
    }
    return own | dict.fromkeys(unknown, unheard * UNHEARD)


def left_out(passage: Passage, about: Weights) -> float:
    """The share, by weight, of what a question is about that a passage does not have; 0 when it is about nothing.

    A passage on the amount of a fine leaves out 조회. The official words for a citizen's will do.
    """
    total = sum(about.values())
    missing = (
        value
        for form, value in about.items()
        if not _names(passage, form) and not any(_names(passage, word) for word in _officially(form))
    )
    return sum(missing) / total if total else 0.0


def highlights(passage: Passage, named: Weights) -> Spans:
    """Where the text names what the question names, in order; spans that touch are joined."""
    stands = [place for place, form in enumerate(passage.body_terms[: len(passage.spans)]) if form in named]
    morphemes = map(tuple, passage.spans[stands].tolist())
    written = (span for form in named for span in _written(form, passage.plain_text))
    return joined(chain(morphemes, written))


def joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """The same characters as sorted spans that neither overlap nor touch.

    >>> joined([(4, 6), (0, 2), (1, 4), (8, 9)])
    ((0, 6), (8, 9))
    """
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return tuple(apart)


def _names(passage: Passage, form: str) -> bool:
    if form in passage.title_terms or form in passage.body_terms:
        return True
    return any(_written(form, text) for text in (passage.plain_titles, passage.plain_text))


def _officially(form: str) -> list[str]:
    return [word for synonym in synonyms(form) for word in synonym.official.split()]


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(words(Path(__file__).with_name(name)))


@lru_cache(maxsize=8192)
def _written(form: str, text: str) -> Sequence[tuple[int, int]]:
    """Where ``form`` is written in a plain text, also inside a longer compound or with spaces.

    A single syllable would be found anywhere; it counts as a morpheme only.
    """
    if len(form) == 1:
        return []
    if form.lower() == form.upper():  # Hangul and digits: seldom with spaces, and a pattern takes ten times as long
        times = text.count(form)
        if times == _squeezed(text).count(form):
            return _places(form, text) if times else []
    return [match.span() for match in _pattern(form).finditer(text)]


def _places(form: str, text: str) -> list[tuple[int, int]]:
    """Those of every time it is written without spaces.

    >>> _places("가나", "가나다 가나")
    [(0, 2), (4, 6)]
    """
    ends = accumulate(len(part) + len(form) for part in text.split(form)[:-1])
    return [(end - len(form), end) for end in ends]


@lru_cache(maxsize=8192)
def _squeezed(text: str) -> str:
    return "".join(text.split())


@lru_cache(maxsize=4096)
def _pattern(form: str) -> re.Pattern[str]:
    """Written with spaces it must begin a word: 국가 정원 names 국가정원, but 접수 시 does not name 수시."""
    spaced = r"\s*".join(map(re.escape, form))
    return re.compile(rf"{re.escape(form)}|(?<!\w){spaced}", re.IGNORECASE)
