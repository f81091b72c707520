"""A rule that changes soon: said by a document that comes into force in the next weeks, or by the cited text itself;
an application that is closed, and figures of years ago."""

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import pairwise

from assistant.answering.confidence import holds
from assistant.answering.conflict import States
from assistant.events import Caution, CautionKind
from assistant.extraction.answer_type import Wanted
from indexing.contradictions.claims import Weigh, contradiction
from indexing.retrieval.hit import Hit
from indexing.retrieval.search import SOON
from knowledge_base.facts.finding import FactKind, facts, is_borne_out
from knowledge_base.passages import sentences
from knowledge_base.validity.stated import applications

SAME_SUBJECT = 0.75  # of what the question names, in the coming document
LONGEST_QUOTE = 160  # characters
AGED = timedelta(days=730)  # prices and amounts are fixed anew every year or two
_CHANGES = re.compile(
    r"바뀌|바뀝|바꿉|변경|인상|인하|오르|오릅|올립|올리|내립|조정|폐지|없앱|신설|개편|갱신|확대|축소|새로|늦[추춥춰]|앞당"
)
_STAYS = re.compile(
    r"(?:바뀌|변하|달라지|변경되|오르)지\s?(?:는\s)?않|그대로(?:입니다|예요|이며|이고|다)|변동이?\s?없|변경이?\s?없"
)
_AHEAD = re.compile(
    r"내년|내달|새해|다음\s?(?:달|해)|앞으로"
    r"|(?:오르|오른|올[린라]|내리|내린|바뀌|바뀐|달라[지진]|인상|인하|변경|조정|개편|폐지)\S{0,3}(?:다던데|다는데|다고|다며|다면서|나요)"
)
_SINCE = re.compile(r"언제\s?부터")
_REST = re.compile(r"나머지|그\s?밖")
_CLAUSE_END = re.compile(r"(?:고|며|지만),?\s")
_FROM = re.compile(r"(?:\([^)]*\))?\s?부터(?!\s?\d{1,4}\s?[.년월일/]|[^.?!]*까지)")
_APPLIES = re.compile(r"신청|접수|모집|응모|원서|마감|지원(?:할|하려|하고|해도|서)")


def changes(
    cited: Sequence[Hit], upcoming: Sequence[Hit], day: date, sort: Wanted | None, states: States, weigh: Weigh
) -> tuple[Caution, ...]:
    """The changes to what is cited within ``SOON`` of ``day``, each document's once, the coming documents first."""
    found = [*_not_yet(cited, day), *_successors(cited, upcoming, sort, states, weigh), *_announced(cited, day)]
    return tuple({caution.documents: caution for caution in reversed(found)}.values())[::-1]


def closed(cited: Sequence[Hit], question: str, day: date) -> Iterator[Caution]:
    """That the time to apply is over, for who asks how or when to."""
    if not _APPLIES.search(question):
        return
    for hit in cited:
        stated = list(applications(hit.chunk.text))
        if stated and all(open_for and open_for.last < day for _, open_for in stated):
            text = f"신청이 끝났습니다: “{stated[-1][0]}”. 다시 받는지는 담당 부서에 확인해 주세요."
            yield Caution(kind=CautionKind.OUTDATED, text=text, documents=(hit.document.id,))


def aged(cited: Sequence[Hit], sort: Wanted | None, day: date) -> Iterator[Caution]:
    """That a figure is asked for and what is cited was written ``AGED`` before ``day``, each document once."""
    for document in dict.fromkeys(hit.document for hit in cited) if sort else ():
        if document.as_of and document.as_of + AGED < day:
            text = f"「{document.title}」은(는) {_korean(document.as_of)} 기준입니다. 그 뒤 바뀌었는지 확인해 주세요."
            yield Caution(kind=CautionKind.OUTDATED, text=text, documents=(document.id,))


def asks_ahead(question: str, hits: Sequence[Hit], upcoming: Sequence[Hit]) -> bool:
    """Whether a question is about what will be, not about what is.

    Since when something is may be asked of both: of what will be where that is nearer than all that is.
    """
    if _AHEAD.search(question):
        return bool(upcoming)
    return _SINCE.search(question) is not None and any(_is_nearer(coming, hits) for coming in upcoming[:1])


def awaited(hits: Sequence[Hit], upcoming: Sequence[Hit], sort: Wanted | None) -> Iterator[Caution]:
    """The document that comes into force soon and tells what nothing in force does."""
    for coming in upcoming[:1]:
        document = coming.document
        if document.effective_from and _is_nearer(coming, hits) and holds(coming, sort):
            text = (
                f"{_korean(document.effective_from)}부터 시행되는 「{document.title}」이(가) 있습니다. 확인해 주세요."
            )
            yield Caution(kind=CautionKind.CHANGES, text=text, documents=(document.id,))


def _is_nearer(coming: Hit, hits: Sequence[Hit]) -> bool:
    """Whether it names more of what is asked, and is nearer in meaning, than any of the hits."""
    return all(coming.coverage > hit.coverage and coming.dense > hit.dense for hit in hits)


def _not_yet(cited: Sequence[Hit], day: date) -> Iterator[Caution]:
    """Cited documents that are not in force yet."""
    for document in (hit.document for hit in cited):
        if document.effective_from and document.effective_from > day:
            starts = _korean(document.effective_from)
            text = f"아직 시행 전입니다. 「{document.title}」은(는) {starts}부터 시행됩니다."
            yield Caution(kind=CautionKind.CHANGES, text=text, documents=(document.id,))


def _successors(
    cited: Sequence[Hit], upcoming: Sequence[Hit], sort: Wanted | None, states: States, weigh: Weigh
) -> Iterator[Caution]:
    for coming in upcoming:
        starts = coming.document.effective_from
        if starts is None or not any(_follows(coming, hit, sort) for hit in cited):
            continue
        value = next(filter(None, (_new_value(hit, coming, sort, states, weigh) for hit in cited)), "")
        told = f"{value}(으)로 바뀝니다" if value else "바뀌는 내용이 있습니다"
        text = f"{_korean(starts)}부터 {told}. 「{coming.document.title}」을(를) 확인해 주세요."
        yield Caution(kind=CautionKind.CHANGES, text=text, documents=(coming.document.id,))


def _follows(coming: Hit, cited: Hit, sort: Wanted | None) -> bool:
    """Whether a coming document takes the place of a cited one, or changes what the question names."""
    document = cited.document
    if coming.document.id == document.id or coming.document.supersedes in (document.id, document.title):
        return True
    if not _changes(f"{coming.document.title} {coming.chunk.text}") or _stays(coming, cited, sort):
        return False
    return coming.coverage >= SAME_SUBJECT and coming.dense >= cited.dense - (1 - cited.dense)  # at most twice as far


def _changes(text: str) -> bool:
    """Whether something changes, what does not aside.

    >>> _changes("버스 요금은 바뀌지 않습니다."), _changes("하수도 사용료만 바뀌고 수도요금은 그대로입니다.")
    (False, True)
    """
    return _CHANGES.search(_STAYS.sub("", text)) is not None


def _stays(coming: Hit, cited: Hit, sort: Wanted | None) -> bool:
    """Whether what a coming passage says nearest to the question is what is cited: no change, or the same figures."""
    text = coming.chunk.text
    named = [(_marked(coming, span), text[slice(*span)]) for span in _clauses(text)]
    most = max((marked for marked, _ in named), default=0)
    nearest = " ".join(clause for marked, clause in named if marked == most > 0)
    if _STAYS.search(nearest) and not _changes(nearest) and not _REST.search(nearest):
        return True
    asked = [fact for fact in facts(nearest) if sort and sort.includes(fact)]
    known = facts(cited.chunk.text)
    return bool(asked) and all(is_borne_out(fact, known) for fact in asked)


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    for start, end in sentences.spans(text):
        ends = [each.end() for each in _CLAUSE_END.finditer(text, start, end)]
        yield from pairwise([start, *ends, end])


def _marked(hit: Hit, span: tuple[int, int]) -> int:
    return sum(max(0, min(end, span[1]) - max(start, span[0])) for start, end in hit.highlights)


def _new_value(cited: Hit, coming: Hit, sort: Wanted | None, states: States, weigh: Weigh) -> str:
    """The one figure of the asked sort that the coming passage states instead; '' when that is not certain."""
    if sort is None:
        return ""
    new = states(coming)
    asked = [claim for claim in new.claims if sort.includes(claim.fact)]
    found = contradiction(states(cited), new, weigh) if len(asked) == 1 else None
    return asked[0].fact.text if found and found.right_claim is asked[0] else ""


def _announced(cited: Sequence[Hit], day: date) -> Iterator[Caution]:
    """Sentences of the cited passages that name a day soon from which something changes."""
    for hit in cited:
        for sentence in sentences.split(hit.chunk.text):
            if len(sentence) > LONGEST_QUOTE or not _CHANGES.search(sentence):
                continue
            if any(day < start <= day + SOON for start in _starts(sentence, day)):
                text = f"곧 바뀌는 내용이 문서에 있습니다: “{sentence}”"
                yield Caution(kind=CautionKind.CHANGES, text=text, documents=(hit.document.id,))
                break


def _starts(sentence: str, day: date) -> Iterator[date]:
    """The days followed by 부터; one without a year may be this year's or the next's, and 12월 말 is its last."""
    for fact in facts(sentence):
        if fact.kind is FactKind.DATE and _FROM.match(sentence, fact.span[1]):
            year, month, number = fact.value.split("-")
            if month == "*":
                continue
            for each in (day.year, day.year + 1) if year == "*" else (int(year),):
                with suppress(ValueError):  # 29 February, 31 November
                    last = {"초": 10, "중순": 20, "말": monthrange(each, int(month))[1]}
                    yield date(each, int(month), last.get(fact.unit, 1) if number == "*" else int(number))


def _korean(day: date) -> str:
    return f"{day.year}년 {day.month}월 {day.day}일"
