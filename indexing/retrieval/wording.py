"""A question in words that the documents know: spaces and spelling mended, official words beside the citizen's.

Measured on questions damaged on purpose, see docs/decisions/008-retrieval.md.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from indexing.lexical.synonyms import Synonym, synonyms
from indexing.lexical.tokens import Analyzer, Token, composed, plain, search_terms
from indexing.snapshots.snapshot import Snapshot

TORN = 0.3
"""The share of one-syllable words from which a question's spaces are not to be trusted; seven in a thousand have it."""
_FEW = 4  # words

_SYLLABLE = re.compile(r"(?<!\S)[가-힣](?!\S)")


class Wording(NamedTuple):
    """How the index is asked.

    ``text`` is embedded. ``tokens`` are what the question names: its own words, and the official ones
    instead of a citizen's that occur nowhere in the index. ``terms`` are searched for, and so are
    ``official``, which nobody said and which count less. ``unknown`` are the citizen's words that ``tokens`` lack.
    """

    text: str
    tokens: Sequence[Token]
    terms: Sequence[str]
    official: Sequence[str]
    unknown: Sequence[str] = ()


def worded(question: str, snapshot: Snapshot, analyzer: Analyzer) -> Wording:
    """``question`` as ``snapshot`` is to be asked; nothing is changed that the index knows as it is."""
    text, tokens = _mended(composed(plain(question))[0], snapshot, analyzer)
    terms = search_terms(tokens)
    found = synonyms(text)
    if not found:
        return Wording(text, tokens, terms, ())
    official = {synonym: analyzer.tokens(synonym.official) for synonym in found}
    unsaid = dict.fromkeys(term for each in official.values() for term in search_terms(each))
    unknown = {each: lost for each in found if (lost := _unknown(_within(tokens, each), snapshot))}
    meant = ", ".join(dict.fromkeys(synonym.official for synonym in found))
    return Wording(
        text=f"{text} ({meant})",
        tokens=list(_named(tokens, official, unknown)),
        terms=terms,
        official=[term for term in unsaid if term not in terms],
        unknown=["".join(text[each.start : each.end].split()) for each in unknown],
    )


def _mended(text: str, snapshot: Snapshot, analyzer: Analyzer) -> tuple[str, Sequence[Token]]:
    if is_torn(text):
        text = analyzer.spaced(text)
    tokens = analyzer.tokens(text)
    mended = snapshot.spelling.mended(text, tokens)
    return (text, tokens) if mended == text else (mended, analyzer.tokens(mended))


def is_torn(text: str) -> bool:
    """Whether words seem to be torn apart by spaces, as transcripts and copied text have them.

    >>> is_torn("대 형 폐기물 은 어떻 게 버리 나요"), is_torn("대형폐기물은 어떻게 버릴 수 있나요")
    (True, False)
    """
    words = len(text.split())
    return words >= _FEW and len(_SYLLABLE.findall(text)) >= TORN * words


def _named(
    tokens: Sequence[Token], official: dict[Synonym, list[Token]], unknown: dict[Synonym, list[Token]]
) -> Iterator[Token]:
    """Official tokens in the place of those that are part of a citizen's word and that no chunk has."""
    replaced = set(chain.from_iterable(unknown.values()))
    yield from (token for token in tokens if token not in replaced)
    yield from chain.from_iterable(official[synonym] for synonym in unknown)


def _unknown(said: Sequence[Token], snapshot: Snapshot) -> list[Token]:
    """Those of a citizen's word that no chunk has; all, when no chunk has them joined: 방세 is no 방 and no 세."""
    forms = {token.form for token in said}
    joined = [term for term in search_terms(said) if term not in forms]
    if joined and not any(map(snapshot.frequency, joined)):
        return list(said)
    return [token for token in said if not snapshot.frequency(token.form)]


def _within(tokens: Sequence[Token], synonym: Synonym) -> list[Token]:
    return [token for token in tokens if synonym.start <= token.start and token.end <= synonym.end]
