"""Korean text to the morphemes worth searching for (Kiwi), with their places in the text."""

import ctypes
import hashlib
import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from indexing.lexical.word_list import words

if TYPE_CHECKING:
    from kiwipiepy import Kiwi
    from kiwipiepy import Token as KiwiToken

SUBJECT_TAGS = frozenset({"NNG", "NNP", "XPN", "XR", "SL", "SH", "SN", "NR", "W_SERIAL", "W_URL", "W_EMAIL"})
SEARCH_TAGS = SUBJECT_TAGS | {"VV", "VA", "VV-R", "VV-I", "VA-R", "VA-I"}
NOUN_TAGS = ("NNG", "NNP")
LONG_NOUN = 4  # syllables from which a noun is taken apart
OOV_HANDLING = "rule"  # Kiwi's default joins unknown compounds, and not the same way in every sentence
TERMS_VERSION = 4  # raised when the terms of a text change
ASKING_WORDS = frozenset(
    {"얼마", "언제", "어디", "무엇", "누구", "어느", "질문", "문의", "궁금", "프로", "퍼센트", "몇", "며칠"}
)
_OWN_WORDS = Path(__file__).with_name("municipal_words.txt")
OWN_WORD_SCORE = -1.0  # log probability: gives way where an ordinary reading is likelier (준공 in 기준공고)
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_PLAIN |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
# A character with the marks, vowels and final consonants that NFC may join to it.
_CLUSTER = re.compile(r"[^\u0300-\u036f\u1160-\u11ff\u3099\u309a]?[\u0300-\u036f\u1160-\u11ff\u3099\u309a]*", re.DOTALL)


class Token(NamedTuple):
    """A morpheme: its dictionary form, the half-open span it covers, whether it names a thing, and whether
    Kiwi's dictionary has it."""

    form: str
    start: int
    end: int
    names_thing: bool
    is_known: bool = True


class Morpheme(NamedTuple):
    """A morpheme of any sort: its form and part of speech (a tag of Kiwi's), and the half-open span it covers."""

    form: str
    tag: str
    start: int
    end: int


class Analyzer:
    """Kiwi, loaded at first use (about 1.3 s); may be called from several threads at once."""

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._parts = lru_cache(maxsize=65536)(self._split)
        self._recent = lru_cache(maxsize=512)(self._analysed)  # a question is read by search and answer alike

    @property
    def name(self) -> str:
        """Changes whenever the tokens of a text may change; kept in a snapshot's manifest."""
        tags = f"{sorted(SUBJECT_TAGS)} {sorted(SEARCH_TAGS)} {sorted(ASKING_WORDS)}"
        rules = f"{tags} {words(_OWN_WORDS)} {OWN_WORD_SCORE} {TERMS_VERSION}" + version("kiwipiepy_model")
        return f"kiwi-{version('kiwipiepy')}-{hashlib.sha256(rules.encode()).hexdigest()[:8]}"

    @property
    def _kiwi(self) -> "Kiwi":
        with self._loading:  # two threads asking first must not load it twice
            return self._loaded_kiwi

    @cached_property
    def _loaded_kiwi(self) -> "Kiwi":
        from kiwipiepy import Kiwi

        kiwi = Kiwi(load_multi_dict=False)  # WikiData's names of several words: 1 s and 190 MB, no use in search
        for word in words(_OWN_WORDS):
            kiwi.add_user_word(word, "NNG", OWN_WORD_SCORE)
        kiwi.tokenize("")  # makes it ready
        _give_back_what_loading_took()
        return kiwi

    def tokens(self, text: str) -> list[Token]:
        """The searchable morphemes of ``text``, in order; [] when there are none.

        Full-width characters and decomposed Hangul (NFD) give the same forms as ordinary ones; the spans
        are those of ``text`` as it was given.
        """
        return list(self._recent(text))

    def _analysed(self, text: str) -> list[Token]:
        normal, places = composed(plain(text))
        return self._kept(self._kiwi.tokenize(normal, oov_handling=OOV_HANDLING), places)

    def morphemes(self, text: str) -> list[Morpheme]:
        """All morphemes of ``text``, in order, endings and particles too: what shows how something is said.

        An irregular verb has the tag of a regular one.
        """
        normal, places = composed(plain(text))
        return [
            Morpheme(each.form, each.tag.partition("-")[0], places[each.start], places[each.end])
            for each in self._kiwi.tokenize(normal, oov_handling=OOV_HANDLING)
        ]

    def spaced(self, text: str) -> str:
        """``text`` with its spaces where the words part, whatever spaces it had (0.7 ms)."""
        spaced: str = self._kiwi.space(text, reset_whitespace=True)
        return spaced

    def token_lists(self, texts: Iterable[str]) -> Iterator[list[Token]]:
        """The same for many texts, on all cores, in order."""
        normal = [composed(plain(text)) for text in texts]
        morphemes = self._kiwi.tokenize([text for text, _ in normal], oov_handling=OOV_HANDLING)
        return map(self._kept, morphemes, (places for _, places in normal))

    def _kept(self, morphemes: Iterable["KiwiToken"], places: Sequence[int]) -> list[Token]:
        return [
            Token(form, places[start], places[end], morpheme.tag in SUBJECT_TAGS, not morpheme.oov)
            for morpheme in morphemes
            if morpheme.tag in SEARCH_TAGS and morpheme.form not in ASKING_WORDS
            for form, start, end in self._placed(morpheme)
        ]

    def _placed(self, morpheme: "KiwiToken") -> Iterator[tuple[str, int, int]]:
        """The form and its place; a long noun in its parts, so that 국가정원 finds 순천만국가정원."""
        form, start = _form(morpheme.form), morpheme.start
        if morpheme.tag not in NOUN_TAGS or len(form) < LONG_NOUN or len(form) != morpheme.len:
            yield form, start, morpheme.end
            return
        for part in self._parts(form):
            yield part, start, start + len(part)
            start += len(part)

    def _split(self, noun: str) -> tuple[str, ...]:
        """The nouns a compound is made of, down to those that cannot be taken apart; itself when it cannot."""
        parts = self._kiwi.tokenize(noun, oov_handling=OOV_HANDLING, blocklist=[(noun, tag) for tag in NOUN_TAGS])
        forms = [_form(part.form) for part in parts]
        if len(parts) == 1 or "".join(forms) != noun or any(part.tag not in NOUN_TAGS for part in parts):
            return (noun,)
        return tuple(
            smaller for form in forms for smaller in (self._parts(form) if len(form) >= LONG_NOUN else (form,))
        )


def search_terms(tokens: Sequence[Token]) -> list[str]:
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


def plain(text: str) -> str:
    """Full-width letters, digits and signs as ordinary ones, lone surrogates as U+FFFD, each in its place.

    >>> plain("０６１－７４９ ＡＢＣ")
    '061-749 ABC'
    """
    return text.translate(_PLAIN)


def composed(text: str) -> tuple[str, Sequence[int]]:
    """``text`` with its Hangul and accents composed, and where each of its characters (and its end) came from.

    NFC as far as it joins a character with what follows; Kiwi would take a decomposed 수수료 (as macOS
    writes it) for one unknown word.

    >>> composed(unicodedata.normalize("NFD", "각a"))
    ('각a', [0, 3, 4])
    """
    if unicodedata.is_normalized("NFC", text):
        return text, range(len(text) + 1)
    parts: list[str] = []
    places: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        part = unicodedata.normalize("NFC", cluster[0])
        parts.append(part)
        places += [cluster.start()] * len(part)
    return "".join(parts), [*places, len(text)]


def _give_back_what_loading_took() -> None:
    """30 MB, which Kiwi's own allocator (mimalloc) keeps; only the thread that loaded it can give them back."""
    import _kiwipiepy

    collect = getattr(ctypes.CDLL(_kiwipiepy.__file__), "mi_collect", None)
    if collect is not None:
        collect(True)


def _form(form: str) -> str:
    """Lower case and without the spaces that some names in Kiwi's dictionary have."""
    return "".join(form.lower().split())
