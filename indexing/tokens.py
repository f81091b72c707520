"""Korean text to the morphemes worth searching for (Kiwi), with their places in the text."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kiwipiepy import Kiwi
    from kiwipiepy import Token as Morpheme

SUBJECT_TAGS = frozenset({"NNG", "NNP", "XPN", "XR", "SL", "SH", "SN", "NR", "W_SERIAL", "W_URL", "W_EMAIL"})
SEARCH_TAGS = SUBJECT_TAGS | {"VV", "VA", "VV-R", "VV-I", "VA-R", "VA-I"}
TERMS_VERSION = 1  # raised when search_terms changes
ASKING_WORDS = frozenset({"얼마", "언제", "어디", "무엇", "누구", "어느", "질문", "문의", "궁금", "프로", "퍼센트"})
# Words Kiwi takes apart wrongly (이의신청 → 이 + 의 + 신청) or not always the same way.
OWN_WORDS = (("이의신청", "NNG"), ("온누리", "NNP"))


class Token(NamedTuple):
    """A morpheme: its dictionary form, the half-open span it covers, and whether it names a thing."""

    form: str
    start: int
    end: int
    names_thing: bool


class Analyzer:
    """Kiwi, loaded at first use (about 2 s); may be called from several threads at once."""

    @property
    def name(self) -> str:
        """Changes whenever the tokens of a text may change; kept in a snapshot's manifest."""
        rules = " ".join(sorted(SEARCH_TAGS | ASKING_WORDS)) + str((OWN_WORDS, TERMS_VERSION))
        return f"kiwi-{version('kiwipiepy')}-{hashlib.sha256(rules.encode()).hexdigest()[:8]}"

    @cached_property
    def _kiwi(self) -> "Kiwi":
        from kiwipiepy import Kiwi

        kiwi = Kiwi()
        for word, tag in OWN_WORDS:
            kiwi.add_user_word(word, tag)
        return kiwi

    def tokens(self, text: str) -> list[Token]:
        """The searchable morphemes of ``text``, in order; [] when there are none."""
        return _kept(self._kiwi.tokenize(text))

    def token_lists(self, texts: Iterable[str]) -> Iterator[list[Token]]:
        """The same for many texts, on all cores, in order."""
        return map(_kept, self._kiwi.tokenize(texts))


def search_terms(tokens: list[Token]) -> list[str]:
    """The terms of BM25: each morpheme, and each compound of two nouns written without a space.

    The compounds keep 재발급 apart from 발급 and 주민등록 from 주민 and 등록 in some other order.

    >>> search_terms([Token("주민", 0, 2, True), Token("등록", 2, 4, True), Token("떼", 5, 6, False)])
    ['주민', '등록', '떼', '주민등록']
    """
    compounds = [
        first.form + second.form
        for first, second in pairwise(tokens)
        if first.end == second.start and first.names_thing and second.names_thing
    ]
    return [token.form for token in tokens] + compounds


def _kept(morphemes: Iterable["Morpheme"]) -> list[Token]:
    return [
        Token(morpheme.form.lower(), morpheme.start, morpheme.end, morpheme.tag in SUBJECT_TAGS)
        for morpheme in morphemes
        if morpheme.tag in SEARCH_TAGS and morpheme.form not in ASKING_WORDS
    ]
