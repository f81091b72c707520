"""Texts as the checker reads them: the words and figures of each part, looked up but once."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.grounding.bases import Base, bases
from assistant.grounding.clauses import TOPIC, unlisted
from assistant.grounding.conditions import conditions
from assistant.grounding.evidence import CITATION, Evidence, Segment, Span, segments
from assistant.grounding.figures import Figure, figures, is_limited, rates
from assistant.grounding.mentions import Words, compact, spellings
from assistant.grounding.order import Roles, roles
from assistant.grounding.polarity import costs, costs_nothing, denies, excluded
from assistant.grounding.vocabulary import light_words
from indexing.lexical.tokens import Analyzer, Token
from knowledge_base.facts.finding import Fact, FactKind, facts
from knowledge_base.facts.tables import written
from knowledge_base.passages import sentences

_DENIED = re.compile(r"(?:[하되]?지\s?(?:않[은는]|아니(?:한|하는))|\s?없이|[이가]?\s없는)(?=[\s도])")
_PREFIX = re.compile(r"(?<![가-힣])[미무비]$")
_OR = re.compile(r"거나,?\s*$")
_LABEL = re.compile(r"(?<![가-힣])(?:[가나다라마바사아자차카타파하]|[A-Z])[형급군](?=[^가-힣]|[은는의이가과와을를])")
_SUBJECT = re.compile(rf"{TOPIC}|[가-힣A-Za-z\d)](?:도|(?<![없같])이|가)(?=\s)|[가-힣A-Za-z)]이?(?:시면|라면)(?=[\s,])")


class Condition(NamedTuple):
    """A condition of the evidence: its text, the words and the facts in it."""

    text: str
    words: tuple[str, ...]
    facts: tuple[Fact, ...]


class Part(NamedTuple):
    """A segment of the evidence with all that a clause is compared with.

    ``own`` mentions what the segment and what it shares say, ``heading`` what the titles say, ``context`` both,
    ``around`` the whole statement; ``content`` are its words beyond the titles, ``bare`` its text without blanks
    and citations; ``priced`` unless the evidence is free of charge as a whole.
    """

    text: str
    bare: str
    statement: str
    titles: str
    cited: Span
    own: Words
    heading: Words
    context: Words
    around: Words
    figures: tuple[Figure, ...]
    statement_figures: tuple[Figure, ...]
    rates: frozenset[str]
    denies: bool
    free: bool
    costs: bool
    priced: bool
    limited: bool
    listed: bool
    excluded: tuple[str, ...]
    conditions: tuple[Condition, ...]
    subject: tuple[str, ...]
    content: tuple[str, ...]
    bases: tuple[Base, ...]
    roles: tuple[Roles, ...]


class Source(NamedTuple):
    """A piece of evidence, read."""

    parts: tuple[Part, ...]
    whole: Words
    facts: tuple[Fact, ...]
    title_facts: tuple[Fact, ...]
    sentences: frozenset[str]


class Reader:
    """Reads evidence (kept for the next sentence), sentences and questions."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self.source = lru_cache(maxsize=256)(self._source)
        self.tokens = lru_cache(maxsize=256)(self._tokens)

    def _tokens(self, text: str) -> tuple[Token, ...]:
        """The morphemes of a text, 나형 and 심하지 않은 (¬심하) as one."""
        labels = (Token(match[0], *match.span(), True) for match in _LABEL.finditer(text))
        return (
            *labels,
            *(
                token._replace(form=f"¬{token.form}") if _denied(token, text) else token
                for token in self._analyzer.tokens(text)
            ),
        )

    def content(self, text: str) -> tuple[Token, ...]:
        """The morphemes that stand in no figure and are not light."""
        return _content(text, self.tokens(text))

    def words(self, text: str) -> Words:
        """What a text mentions."""
        return Words(frozenset(token.form for token in self.tokens(text)), spellings(text))

    def _source(self, evidence: Evidence) -> Source:
        text = written(evidence.text, evidence.titles)
        titles = self.words(evidence.titles)
        cited = _cited(evidence.text, text)
        found = [segment._replace(cited=cited[segment.cited]) for segment in segments(text)]
        title_facts = tuple(fact for fact in facts(evidence.titles) if fact.kind is not FactKind.NUMBER)
        return Source(
            parts=tuple(self._part(text, segment, titles, evidence.titles) for segment in found),
            whole=titles.joined(self.words(text)),
            facts=(*title_facts, *facts(text)),
            title_facts=title_facts,
            sentences=frozenset(compact(unlisted(each)) for each in sentences.split(evidence.text)),
        )

    def _part(self, text: str, segment: Segment, titles: Words, evidence_titles: str) -> Part:
        own, listed = _joined(text, segment.own), _joined(text, segment.listed)
        statement = " | ".join(text[start:end] for start, end in segment.statement)  # 3. 16. | 9. 14. are two days
        aside = text[: segment.own[0][0]].endswith("(") if segment.own else False
        tokens = self.tokens(text)
        own_words = _within(text, (*segment.own, *segment.shared), tokens)
        cited = [match.span() for match in CITATION.finditer(own)]
        own_tokens = _joined_tokens(segment.own, tokens)
        content = [
            each for each in _content(own, own_tokens) if not any(low <= each.start < high for low, high in cited)
        ]
        return Part(
            text=own.strip(),
            bare=compact(CITATION.sub("", own)).rstrip("."),
            statement=statement,
            titles=evidence_titles,
            cited=segment.cited,
            own=own_words,
            heading=titles,
            context=own_words.joined(titles),
            around=_within(text, segment.statement, tokens),
            figures=(*figures(own), *figures(listed), *figures(_joined(text, segment.frame))),
            statement_figures=tuple(figures(statement)),
            rates=rates(statement),
            denies=denies(statement if _OR.search(own) else own) != denies(listed),
            free=any(map(costs_nothing, (own, listed, statement if aside and not _has_price(own) else ""))),
            costs=costs(own),
            priced=_is_priced(text),
            limited=is_limited(statement),
            listed=bool(segment.listed),
            excluded=tuple(word for word in excluded(statement) if word not in light_words()),
            conditions=tuple(_condition(own, own_tokens, span) for span in conditions(own)),
            subject=subject(own, content),
            content=tuple(dict.fromkeys(token.form for token in content if not titles.mention(token.form))),
            bases=tuple(base for low, high in segment.statement for base in bases(text[low:high], tokens, low)),
            roles=tuple(roles(text[low:high], tokens, low) for low, high in (*segment.statement, *segment.own)),
        )


def _cited(text: str, written: str) -> dict[Span, Span]:
    """The sentences of ``text`` by those of the same text with its tables written out, which may have a header more."""
    pairs = zip(reversed(sentences.spans(written)), reversed(sentences.spans(text)), strict=False)
    return dict(pairs)


def subject(text: str, tokens: Iterable[Token]) -> tuple[str, ...]:
    """The nouns up to the first 은/는/이/가/도."""
    end = _SUBJECT.search(text)
    return tuple(t.form for t in tokens if t.names_thing and t.start < end.end()) if end else ()


@lru_cache(maxsize=256)
def _is_priced(text: str) -> bool:
    """Whether a text names an amount of money, or does not say of anything that it is free of charge."""
    return _has_price(text) or not any(map(costs_nothing, sentences.split(text)))


def _has_price(text: str) -> bool:
    return any(fact.kind is FactKind.MONEY for fact in facts(text))


def _denied(token: Token, text: str) -> bool:
    prefix = token.names_thing and _PREFIX.search(text, max(0, token.start - 2), token.start)
    if prefix and len(token.form) > 1:
        return True
    return _DENIED.match(text, token.end) is not None and not costs_nothing(text[token.start : token.end + 4])


def _content(text: str, tokens: Iterable[Token]) -> tuple[Token, ...]:
    inside = [fact.span for fact in facts(text)]
    labels = [match.span() for match in _LABEL.finditer(text)]
    return tuple(
        token
        for token in tokens
        if token.form.lstrip("¬") not in light_words()
        and not any(character.isdecimal() for character in token.form)
        and not any(start <= token.start < end for start, end in inside)
        and ((token.start, token.end) in labels or not any(low <= token.start < high for low, high in labels))
    )


def _joined_tokens(spans: Sequence[Span], tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens of a text that lie within ``spans``, placed as in the spans joined by blanks."""
    found: list[Token] = []
    length = 0
    for start, end in spans:
        shift = length - start
        inside = (token for token in tokens if start <= token.start and token.end <= end)
        found += (token._replace(start=token.start + shift, end=token.end + shift) for token in inside)
        length += end - start + 1
    return tuple(found)


def _condition(text: str, tokens: Iterable[Token], span: Span) -> Condition:
    start, end = span
    within = (token for token in tokens if start <= token.start < end)
    words = tuple(dict.fromkeys(t.form for t in within if t.names_thing or t.form not in light_words()))
    return Condition(text[start:end].strip(" ,("), words, tuple(facts(text[start:end])))


def _joined(text: str, spans: Sequence[Span]) -> str:
    return " ".join(text[start:end] for start, end in spans)


def _within(text: str, spans: Sequence[Span], tokens: Iterable[Token]) -> Words:
    forms = frozenset(token.form for token in tokens if any(start <= token.start < end for start, end in spans))
    return Words(forms, "\n".join(spellings(text[start:end]) for start, end in spans))
