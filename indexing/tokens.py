"""Korean text to the morphemes worth searching for (Kiwi), with their places in the text."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from importlib.metadata import version
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from kiwipiepy import Kiwi
    from kiwipiepy import Token as Morpheme

SUBJECT_TAGS = frozenset({"NNG", "NNP", "XPN", "XR", "SL", "SH", "SN", "NR", "W_SERIAL", "W_URL", "W_EMAIL"})
SEARCH_TAGS = SUBJECT_TAGS | {"VV", "VA", "VV-R", "VV-I", "VA-R", "VA-I"}
NOUN_TAGS = ("NNG", "NNP")
LONG_NOUN = 4  # syllables from which a noun is taken apart
OOV_HANDLING = "rule"  # the default makes one word of any unknown compound, and not always the same
TERMS_VERSION = 2  # raised when the terms of a text change
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

    def __init__(self) -> None:
        self._split = lru_cache(maxsize=65536)(self._split_noun)

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
        return self._searchable(self._kiwi.tokenize(text, oov_handling=OOV_HANDLING))

    def token_lists(self, texts: Iterable[str]) -> Iterator[list[Token]]:
        """The same for many texts, on all cores, in order."""
        return map(self._searchable, self._kiwi.tokenize(texts, oov_handling=OOV_HANDLING))

    def _searchable(self, morphemes: Iterable["Morpheme"]) -> list[Token]:
        return [
            token
            for morpheme in morphemes
            if morpheme.tag in SEARCH_TAGS and morpheme.form not in ASKING_WORDS
            for token in self._parts(morpheme)
        ]

    def _parts(self, morpheme: "Morpheme") -> Iterator[Token]:
        """A long noun in its parts, so that 국가정원 finds 순천만국가정원; anything else as it is."""
        form, start = morpheme.form.lower(), morpheme.start
        names_thing = morpheme.tag in SUBJECT_TAGS
        if morpheme.tag not in NOUN_TAGS or len(form) < LONG_NOUN or morpheme.len != len(form):
            yield Token(form, start, morpheme.end, names_thing)
            return
        for part in self._split(form):
            yield Token(part, start, start + len(part), names_thing)
            start += len(part)

    def _split_noun(self, form: str) -> tuple[str, ...]:
        """The nouns a compound is made of; the compound itself when it cannot be taken apart."""
        whole = [(form, tag) for tag in NOUN_TAGS]
        parts = self._kiwi.tokenize(form, oov_handling=OOV_HANDLING, blocklist=whole)
        forms = [part.form for part in parts]
        if len(parts) == 1 or "".join(forms) != form or any(part.tag not in NOUN_TAGS for part in parts):
            return (form,)
        return tuple(
            smaller for part in forms for smaller in (self._split(part) if len(part) >= LONG_NOUN else (part,))
        )


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
