"""What a call is about, and which words lean on it."""

import re
from pathlib import Path
from typing import NamedTuple

from assistant.calls.needs import asking_words
from indexing.lexical.things import named
from indexing.lexical.tokens import Analyzer

# What can be asked about almost any service: alone it names no subject.
LEANING = frozenset(Path(__file__).with_name("leaning_words.txt").read_text("utf-8").split())

_MOST_WORDS = 4
_PARTICLE = re.compile(r"(?:에서는|에서|으로|에게|한테|까지|부터|이랑|하고|은|는|이|가|을|를|에|로|도|의|와|과|랑|만)$")
_LIGHT = re.compile(
    r"^(?:그러면|그럼|그면|그리고|그런데|근데|그래서|또|아니면|아니|그때|다시|아까|지금|됐고요"
    r"|건|그건|그거[는를]?|그것[은도]?|그걸로?|그게|이거는?|이건|이걸로?|이것[도이]|이게|그런|이런|저런|거기서?|여기"
    r"|제가|저는|저희가?|내가|나는|우리가?)$"
)


class Topic(NamedTuple):
    """The subject of the question last understood, its most telling word first, and the words that asked about it."""

    subject: str
    asked: str

    @property
    def head(self) -> str:
        """The first word of the subject."""
        return self.subject.split(" ")[0]


NO_TOPIC = Topic("", "")


def stands_alone(text: str, analyzer: Analyzer) -> bool:
    """Whether ``text`` names a subject of its own."""
    return any(thing not in LEANING for thing in named(text, analyzer))


def topic_of(question: str, analyzer: Analyzer) -> Topic:
    """The subject of a question and its asking words; the subject is '' when nothing of it stands alone."""
    asking = " ".join(asking_words(question))
    words = question[: len(question) - len(asking)].split() or question.split()
    subject = [word for word in words if stands_alone(word, analyzer)]
    after = words[words.index(subject[-1]) + 1 :] if subject else words
    return Topic(
        " ".join(_PARTICLE.sub("", word.rstrip(".?!")) for word in subject[:_MOST_WORDS]), " ".join([*after, asking])
    )


def named_in(text: str, analyzer: Analyzer) -> Topic:
    """What a text names of its own as a subject, nothing asked about it."""
    words = [_PARTICLE.sub("", word.rstrip(".?!")) for word in text.split() if stands_alone(word, analyzer)]
    return Topic(" ".join(words[:_MOST_WORDS]), "")


def without_light_words(text: str) -> str:
    """``text`` without the words that only point at something or join sentences.

    >>> without_light_words("그럼 그거 수수료는 얼마예요?")
    '수수료는 얼마예요?'
    """
    return " ".join(word for word in text.split() if not _LIGHT.match(word))
