"""A text that may be cited, cut into the statements it makes.

A statement is a sentence, an item of a list with what introduces it, or a row of a table with its header. It
falls into segments, one for each thing said ("1인용 5,000원, 2인용 8,000원이고" are two): what a figure is about
stands in its own segment, or in what all segments of the statement share.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from assistant.grounding.clauses import clauses, has_topic, only_topic_end, topic_end
from knowledge_base.facts.finding import FactKind, facts
from knowledge_base.passages import sentences

Span = tuple[int, int]


class Evidence(NamedTuple):
    """A text that may be cited: its titles, and the text that spans refer to."""

    titles: str
    text: str


class Segment(NamedTuple):
    """One thing said: ``own`` spans hold it, ``shared`` ones hold for it too; ``statement`` is all around it.

    ``listed`` introduces a list that it is an item of, ``frame`` is the case it is said of (…의 경우): both are among
    the shared. Half-open spans of the evidence's text.
    """

    own: tuple[Span, ...]
    shared: tuple[Span, ...]
    statement: tuple[Span, ...]
    listed: tuple[Span, ...]
    cited: Span
    frame: tuple[Span, ...] = ()


_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^[\s|:-]+$")
_CELL = re.compile(r"[^|]+")
_ITEM = re.compile(r"^\s*(?:\d{1,2}\.|[-*·•○]|[가나다라마바사아자차카타파하]\.|[①-⑳])\s+")
_ONLY_HOW = re.compile(
    r"\s*(?:그\s)?(?:대표\s?)?(?:전화\s?(?:번호)?|연락처|(?:웹\s?)?(?:사이트|누리집|홈페이지)\s?(?:주소)?)"
    r"(?:[은는]\s|\s?\(|\s?(?=\d|www|http))"
)
_FRAME = re.compile(r"[^,.]{1,40}?\s경우(?:에는|에|는|,)?\s")  # holds until the next: 무보증 대출의 경우 …이고, …
_BARE = re.compile(r"\s*(?:번|원)?(?:이?며|이?고|입니다|이다)?[,.]?\s*")
CITATION = re.compile(
    r"(?:\(|(?<=\())[^()]*(?:[「『｢]|제\s?\d+조|판결|\d\.\s?(?:발령|시행)|참조)[^()]*\)|\[[^\]]*[「『｢][^\]]*\]"
)
"""Brackets that say which law or judgment a statement follows."""
_TOLD = (FactKind.MONEY, FactKind.PHONE, FactKind.LINK, FactKind.TIME)
_NOT_SO = re.compile(r"[-–—×xX]")  # 면제 is not what "| 다자녀 | - |" says
_SLASH = re.compile(r"\s*[/·ㆍ]\s*")
_AND = re.compile(r"\s*[/·ㆍ,]\s*|(?:[와과]|하고)\s|\s(?:및|그리고)\s")
_EACH = re.compile(r"(?P<things>[^.]+?)(?:[은는이가]|에게는?|의\s경우(?:는|에는)?)?,?\s각각\s")
_ASIDE = re.compile(r"\(([^()]*)\)")
_PLAIN_LABEL = re.compile(
    r"월|연|최대|최소|약|시간당|매월|기준|또는|총|만|각각|하루|포함|전화|번호|연락처|유선|팩스|문의"
)
_LABEL = re.compile(r"[^:：,.]{1,20}[:：]\s")
_NUMBERED = re.compile(r"\s*[①-⑳]")
_ENTRY = re.compile(r"[^.?!다요](?:\([^()]*\))?$")  # a line of a list without a mark
_INTRODUCES = re.compile(r"(?:다음|아래)|[:은는]$")


def segments(text: str) -> list[Segment]:
    """Everything ``text`` says, in order."""
    found: list[Segment] = []
    header: list[Span] = []
    introduction: tuple[Span, ...] = ()
    for start, end in sentences.spans(text):
        line = text[start:end]
        if _ROW.match(line):
            cells = [_trimmed(text, start + cell.start(), start + cell.end()) for cell in _CELL.finditer(line)]
            if not header:
                header = cells
            elif not _RULE.match(line):
                found += _of_row(text, cells, header, (start, end))
            continue
        header = []
        item = _ITEM.match(line)
        own = (start + (item.end() if item else 0), end)
        entry = bool(item) or (bool(introduction) and _ENTRY.search(line) is not None)
        listed = introduction if entry and not _NUMBERED.match(line) else ()
        found += _of_sentence(text, own, listed, (start, end))
        if not entry or _NUMBERED.match(line):
            introduction = (own,) if _INTRODUCES.search(line) else ()
    return found


def _of_sentence(text: str, whole: Span, listed: tuple[Span, ...], cited: Span) -> Iterator[Segment]:
    sentence = text[slice(*whole)]
    if each := _respectively(sentence):
        for pair in each:
            yield Segment(_moved(pair, whole[0]), listed, (*listed, whole), listed, cited)
        return
    parts = clauses(sentence) or [(0, len(sentence))]  # an empty cell
    asides = [match.span(1) for match in _ASIDE.finditer(sentence) if _says_something(match[1])]
    shared = (*listed, *_moved(_shared(sentence, parts), whole[0]))
    before: tuple[Span, ...] = ()
    figured_topic = _moved(_figured_topic(sentence, parts), whole[0])
    frame: tuple[Span, ...] = ()
    for part in parts:
        own = _moved(_without(part, asides), whole[0])
        before = (*(before if _goes_on(sentence[slice(*part)]) else ()), *own)
        opening = _FRAME.match(sentence, *part)
        frame = _moved([opening.span()], whole[0]) if opening else frame or figured_topic
        yield Segment(before, (*shared, *frame), (*listed, whole), listed, cited, frame)
    for low, high in asides:
        start, end = next((part for part in parts if part[0] <= low < part[1]), (0, len(sentence)))
        around = (*shared, *_moved([(start, low), (high, end)], whole[0]))
        for inner in clauses(sentence[low:high]):
            yield Segment(_moved([inner], whole[0] + low), around, (*listed, whole), listed, cited)


def _respectively(sentence: str) -> list[tuple[Span, Span]]:
    """Each thing with its figure: 일반·청소년은 각각 3,000원, 2,000원입니다."""
    each = _EACH.match(sentence)
    found = [fact for fact in facts(sentence) if each and fact.span[0] >= each.end()]
    if each is None or len({(fact.kind, fact.unit) for fact in found}) != 1:
        return []
    things = _items(sentence, each.span("things"), _AND)
    edges = [*(fact.span[0] for fact in found[1:]), len(sentence)]
    told = [(fact.span[0], end) for fact, end in zip(found, edges, strict=True)]
    return list(zip(things, told, strict=True)) if len(things) == len(told) > 1 else []


def _goes_on(part: str) -> bool:
    """Whether a clause says no more than how to reach what the one before names, or one more figure of it."""
    found = facts(part)
    return _ONLY_HOW.match(part) is not None or (
        len(found) == 1 and _BARE.fullmatch(part, found[0].span[1]) is not None and not part[: found[0].span[0]].strip()
    )


def _shared(sentence: str, parts: list[Span]) -> Iterator[Span]:
    """What holds for all clauses of a sentence: its topic, unless each has its own, and the predicate at the end."""
    topic = topic_end(sentence)
    label = _LABEL.match(sentence)
    if label and not facts(label[0]) and not any(_LABEL.match(sentence, *part) for part in parts[1:]):
        yield label.span()
    nested = topic and topic_end(sentence[topic : parts[0][1]])
    parallel = not nested and any(topic_end(sentence[start:end]) for start, end in parts[1:])
    if topic and not parallel:
        yield 0, topic
    figured = [fact for fact in facts(sentence) if fact.kind is not FactKind.ARTICLE]
    if len(parts) > 1 and figured and figured[-1].span[0] >= parts[-1][0]:
        aside = _ASIDE.match(sentence, figured[-1].span[1])
        yield aside.end() if aside else figured[-1].span[1], len(sentence)


def _figured_topic(sentence: str, parts: list[Span]) -> Iterator[Span]:
    """The only topic of a sentence, if it holds a figure and what follows has none of the sort: 12세 이하의 접종은."""
    start, end = parts[0]
    topic = start + only_topic_end(sentence[start:end])
    inside = facts(sentence[start:topic])
    only = len(parts) > 1 and not any(has_topic(sentence[slice(*part)]) for part in parts[1:])
    sized = bool(inside) and all(fact.kind is FactKind.QUANTITY for fact in inside)
    if only and sized and _sorts(sentence[start:topic]).isdisjoint(_sorts(sentence[topic:])):
        yield start, topic


def _moved(spans: Iterable[Span], offset: int) -> tuple[Span, ...]:
    return tuple((offset + start, offset + end) for start, end in spans)


def _says_something(aside: str) -> bool:
    """Whether brackets say what their figure is about: (단독가구 122만 원), not (월 20만 원) or (「민법」 제4조)."""
    found = facts(aside)
    if CITATION.fullmatch(f"({aside})") and not any(fact.kind in _TOLD or fact.unit == "%" for fact in found):
        return False
    label = _PLAIN_LABEL.sub("", aside[: found[0].span[0]]) if found else ""
    return len(re.findall(r"[가-힣]", label)) > 1


def _without(span: Span, asides: list[Span]) -> Iterator[Span]:
    """What is left of a span outside the asides in it."""
    start, end = span
    for low, high in asides:
        if start <= low and high <= end:
            yield start, low
            start = high
    yield start, end


def _of_row(text: str, cells: list[Span], header: list[Span], row: Span) -> Iterator[Segment]:
    """A segment for each thing that a cell after the first says: what labels it, that and its column's header.

    A cell with the same sort of figure (another price) is no label.
    """
    everything = (*cells, *header)
    for column in range(1, len(cells)):
        if _NOT_SO.fullmatch(text, *cells[column]):
            continue
        sorts = _sorts(text[slice(*cells[column])])
        labels = [cell for cell in cells[:column] if not sorts & _sorts(text[slice(*cell)])]
        for named, cell in _in_turn(text, [*labels, *header[column : column + 1]], cells[column]):
            before, after = named[: len(labels)], named[len(labels) :]
            for said in _of_sentence(text, cell, (), row):
                own = (*chain(*before), *said.own, *chain(*after))
                yield Segment(own, (*header[:1], *said.shared), everything, (), row, said.frame)


def _in_turn(text: str, labels: Sequence[Span], cell: Span) -> list[tuple[list[tuple[Span, ...]], Span]]:
    """The items of a cell with their labels, where one of these lists as many: 어른/어린이 and 3,000원/2,000원.

    A cell with no such label is one item.
    """
    items = _items(text, cell)
    listed = [_listed(text, label) for label in labels]
    if all(len(each) != len(items) for each in listed):
        items = [cell]
    by_label = list(zip(listed, labels, strict=True))
    return [
        ([each[n] if len(each) == len(items) > 1 else (label,) for each, label in by_label], item)
        for n, item in enumerate(items)
    ]


def _listed(text: str, label: Span) -> list[tuple[Span, ...]]:
    """The items of a label; those of 평일(주간/야간) are all of 평일."""
    inside = _ASIDE.search(text, *label)
    if inside is None or inside.end() != label[1]:
        return [(item,) for item in _items(text, label)]
    return [((label[0], inside.start()), item) for item in _items(text, inside.span(1))]


def _items(text: str, span: Span, parted: re.Pattern[str] = _SLASH) -> list[Span]:
    start, end = span
    cuts = [start, *(edge for cut in parted.finditer(text, start, end) for edge in cut.span()), end]
    return list(zip(cuts[::2], cuts[1::2], strict=True))


def _sorts(cell: str) -> set[tuple[FactKind, str]]:
    return {(fact.kind, fact.unit) for fact in facts(cell)}


def _trimmed(text: str, start: int, end: int) -> Span:
    cell = text[start:end]
    return start + len(cell) - len(cell.lstrip()), start + len(cell.rstrip())
