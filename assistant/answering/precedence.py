"""Which notice gives way to another: one that was corrected, put off or called off, and last year's to this year's.

A correction tells only what it changes, so the notice that it corrects stays in force: what is asked is answered from
the correction where that tells it, else from the notice, with a caution. What was called off, and an earlier edition
of the same thing, is answered from no more, unless a question names the past.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache

from assistant.answering.confidence import shared
from assistant.events import Caution, CautionKind, Span
from assistant.extraction.answer_type import gives
from assistant.extraction.extract import Asked
from indexing.lexical.things import covered
from indexing.retrieval.hit import Hit
from knowledge_base.document import Document, Kind
from knowledge_base.facts.finding import facts, is_borne_out
from knowledge_base.passages import sentences

HEAD = 200  # characters in which a notice tells what it is
_CORRECTS = re.compile(r"정정|변경|연장|취소|철회")
_CALLED_OFF = re.compile(r"(?:취소|철회)(?:합니다|하였|했|한다|함|되었|됐|됨|하기로)")
_ANNOUNCED = re.compile(
    r"당초|정정\s?전|변경\s?전|바로\s?잡|(?:공고|안내|공지|게시|알려)(?:한|하였|했|된|되었|드린)\s?"
)
"""That something was announced before; 요금 변경 안내 by itself announces what will be, and today's rule stands."""
_NUMBER = re.compile(r"(?:공고|고시)\s*제?\s*(\d{4}\s*-\s*\d+)\s*호")
_YEAR = re.compile(r"(?<!\d)20\d{2}(?!\d)")
_ORDINAL = re.compile(r"제\s*(\d+)\s*회")
_COMMON = re.compile(
    rf"{_CORRECTS.pattern}|{_YEAR.pattern}|{_ORDINAL.pattern}|\d차|안내문?|알림|공고|공지|일부|기간|일정|행사|개최|년도?(?=\W)|\W"
)
"""What titles of notices on the same thing need not share."""
_NAMES_PAST = re.compile(r"작년|재작년|지난\s?해|지난\s?번|예전|(?<!\d)20\d{2}년|\d+\s?회\s")


class Precedence:
    """The hits for a question and which of them give way to others on ``day``."""

    def __init__(self, hits: Sequence[Hit], question: str, day: date) -> None:
        self.hits = hits
        self._corrections = _corrections(hits)
        self._gone = _gone(hits, self._corrections, question, day)

    def newest_first(self) -> list[Hit]:
        """The hits, a correction before what it corrects, and what is answered from no more last."""
        ordered: list[Hit] = []
        for hit in sorted(self.hits, key=lambda each: each.document.id in self._gone):
            ordered += [each for each in [*self._of(hit.document), hit] if each not in ordered]
        return ordered

    def standing(self, asked: Asked) -> list[Hit]:
        """The hits to answer from: of a correction and what it corrects the one that tells best what is asked."""
        gone = set(self._gone)
        for corrected_one, correcting in self._corrections.items():
            told = _tells([hit for hit in self.hits if hit.document.id == corrected_one], asked)
            for correction in correcting:
                gone.add(corrected_one if _tells([correction], asked) >= told else correction.document.id)
        kept = [hit for hit in self.hits if hit.document.id not in gone]
        return shared(kept, [hit for hit in self.hits if hit not in kept])

    def unchanged(self, hit: Hit, spans: Sequence[Span], asked: Asked) -> list[Span]:
        """The spans of a notice that are told, without what only stands beside the answer and has figures that a
        correction names; all where that leaves none."""
        known = [fact for correction in self._of(hit.document) for fact in facts(correction.chunk.text)]
        told = [(span, hit.chunk.text[slice(*span)]) for span in spans]
        kept = [
            span
            for span, said in told
            if gives(said, asked.sort, hit.chunk.heading) or not any(is_borne_out(fact, known) for fact in facts(said))
        ]
        return kept or list(spans)

    def corrected(self, cited: Sequence[Hit]) -> Iterator[Caution]:
        """That a notice which is cited was changed by another of the hits."""
        for one in dict.fromkeys(hit.document for hit in cited):
            for correction in self._of(one)[:1]:
                other = correction.document
                text = f"「{one.title}」의 일부를 「{other.title}」이(가) 바꾸었습니다. 바뀐 내용을 확인해 주세요."
                yield Caution(kind=CautionKind.OUTDATED, text=text, documents=(other.id, one.id))

    def _of(self, document: Document) -> Sequence[Hit]:
        """The notices that correct ``document``."""
        return self._corrections.get(document.id, ())


def _gone(hits: Sequence[Hit], corrections: Mapping[str, Sequence[Hit]], question: str, day: date) -> set[str]:
    """The ids of the documents that were called off, or of which a later edition is among the hits."""
    called_off = {document for document, correcting in corrections.items() if any(map(_calls_off, correcting))}
    if _NAMES_PAST.search(question):
        return called_off
    editions: defaultdict[tuple[Kind, str], list[Document]] = defaultdict(list)
    for document in (hit.document for hit in hits):
        if thing := _thing(document.title):
            editions[document.kind, thing].append(document)
    groups = editions.values()
    return called_off | {
        one.id for group in groups for one in group if any(_is_earlier(one, each, day) for each in group)
    }


def _is_earlier(one: Document, other: Document, day: date) -> bool:
    """Whether the first of two editions is that of a year that is over, or of an earlier time."""
    mine, theirs = (_ORDINAL.search(each.title) for each in (one, other))
    if mine and theirs:
        return int(mine[1]) < int(theirs[1])
    years, later = (sorted(map(int, _YEAR.findall(each.title))) for each in (one, other))
    return bool(years and later) and years[0] < min(later[0], day.year) and later[0] <= day.year


def _corrections(hits: Sequence[Hit]) -> Mapping[str, Sequence[Hit]]:
    """The notices that correct a document, by its id, with no id of a document that none corrects."""
    found: defaultdict[str, list[Hit]] = defaultdict(list)
    notices = [hit for hit in hits if hit.document.kind is Kind.NOTICE]
    for correction in notices:
        if _CORRECTS.search(_head(correction)):
            for name in {hit.document.id for hit in notices if _corrects(correction, hit)}:
                found[name].append(correction)
    return found


def _corrects(correction: Hit, hit: Hit) -> bool:
    """Whether a notice that changes something refers to another by its number, or has the title of it."""
    if correction.document.id == hit.document.id:
        return False
    text, own, number = correction.chunk.text, _own_number(correction), _own_number(hit)
    if number and number != own and number in _numbers(text):
        return True
    title, years = correction.document.title, [set(_YEAR.findall(each.document.title)) for each in (correction, hit)]
    is_same = _thing(title) == _thing(hit.document.title) != ""
    if not is_same or (years[0] != years[1] and all(years)):
        return False
    is_titled = _CORRECTS.search(title) is not None and _CORRECTS.search(hit.document.title) is None
    return is_titled and (_ANNOUNCED.search(text) or _CALLED_OFF.search(text)) is not None


def _calls_off(hit: Hit) -> bool:
    return re.search("취소|철회", hit.document.title) is not None and _CALLED_OFF.search(hit.chunk.text) is not None


def _tells(hits: Sequence[Hit], asked: Asked) -> float:
    """How much of what is asked about a sentence names that gives the sort of fact, −1 where none does."""
    giving = (
        each for hit in hits for each in sentences.split(hit.chunk.text) if gives(each, asked.sort, hit.chunk.heading)
    )
    told = max((covered(asked.things, each) for each in giving), default=-1.0)
    return told if asked.sort or told > 0 else -1.0


def _head(hit: Hit) -> str:
    return f"{hit.document.title}\n{hit.chunk.text[:HEAD]}"


def _numbers(text: str) -> list[str]:
    return ["".join(number.split()) for number in _NUMBER.findall(text)]


def _own_number(hit: Hit) -> str:
    """The number of an announcement, which stands in its title or first line; '' without one."""
    head = _head(hit).split("\n")[:2]
    return next(iter(_numbers("\n".join(head))), "")


@lru_cache(maxsize=4096)  # the titles of an index come again and again
def _thing(title: str) -> str:
    """What a notice of this title is about: what is left without what notices on the same thing need not share."""
    return _COMMON.sub("", f"{title} ")
