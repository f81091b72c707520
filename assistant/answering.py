"""One question to one suggestion, as events: evidence at once, then an answer that is borne out by it.

A curated FAQ answer comes first, then what the LLM writes and the checker lets through, then the evidence's
own sentences. Without evidence the assistant abstains and names who can help.
"""

import uuid
from collections.abc import Generator, Iterator, Sequence
from datetime import date
from typing import Protocol

from assistant import prompt
from assistant.decision import faq_match, likely_department, ranked, usable
from assistant.draft import CitedSentence, Draft, joined
from assistant.events import Card, Check, EvidenceEvent, FinalEvent, Status, SuggestionEvent, TokenEvent, Transfer
from assistant.extract import extract
from assistant.grounding import Evidence, GroundingChecker, without_citations
from assistant.journal import Records
from assistant.llm import LanguageModel
from assistant.particles import with_particle
from assistant.question import prepared
from assistant.sentence_stream import whole_sentences
from assistant.stopwatch import Stopwatch
from assistant.subject import gives, wanted
from indexing.hit import Hit, SearchResult
from indexing.things import named
from indexing.tokens import Analyzer
from knowledge_base import sentences
from knowledge_base.document import Kind
from knowledge_base.errors import LLMUnavailable

SEARCHED = 10  # chunks considered
SHOWN = 5  # cards on the agent's screen
IN_PROMPT = 2  # pieces of evidence the LLM reads: its prompt's length is its latency
MAX_SENTENCES = 4


class Searches(Protocol):
    """What the assistant needs of a search back end."""

    def search(self, question: str, *, k: int, on: date | None = None) -> SearchResult: ...


class Assistant:
    """Answers questions; holds no state of a call, so any number of threads may ask at once.

    ``model`` is None for evidence and FAQ answers only; ``journal`` is None where nothing is to be kept.
    ``fallback`` is who takes the calls for which no department is known.
    """

    def __init__(
        self,
        searcher: Searches,
        analyzer: Analyzer,
        fallback: Transfer,
        model: LanguageModel | None = None,
        journal: Records | None = None,
    ) -> None:
        self._searcher = searcher
        self._analyzer = analyzer
        self._fallback = fallback
        self._model = model
        self._journal = journal
        self._checker = GroundingChecker(analyzer)

    def suggest(
        self, question: str, *, call: str = "", on: date | None = None, agent: str = ""
    ) -> Iterator[SuggestionEvent]:
        """The events of one suggestion; ``on`` is the day whose rules count (today), ``agent`` who asks.

        Raises InvalidQuestion, NoSnapshot and the like before the first event; no failure of the LLM is
        raised.
        """
        stopwatch = Stopwatch()
        question = prepared(question)
        sort = wanted(question)
        result = self._searcher.search(question, k=SEARCHED, on=on)
        hits = ranked(result.hits, sort)[:SHOWN]
        cards = tuple(_card(number, hit) for number, hit in enumerate(hits, start=1))
        stopwatch.note("search")
        documents = tuple(dict.fromkeys(card.document for card in cards))
        yield EvidenceEvent(
            call=call, seq=0, at=stopwatch.seconds(), question=question, documents=documents, cards=cards
        )
        draft, seq = yield from self._numbered(
            self._draft(question, hits, result.candidates, cards, stopwatch), call, stopwatch
        )
        stopwatch.note("total")
        final = FinalEvent(
            call=call,
            seq=seq,
            at=stopwatch.seconds(),
            suggestion=uuid.uuid4().hex,
            question=question,
            timings={**result.timings, **stopwatch.notes},
            snapshot=result.snapshot,
            **draft._asdict(),
        )
        if self._journal is not None:
            self._journal.add_suggestion(final, documents, agent)
        yield final

    def _numbered(
        self, drafting: "Generator[CitedSentence, None, Draft]", call: str, stopwatch: Stopwatch
    ) -> Generator[TokenEvent, None, tuple[Draft, int]]:
        """The sentences of a draft as token events, then the draft and the next number."""
        seq = 1
        try:
            while True:
                sentence = next(drafting)
                yield TokenEvent(
                    call=call, seq=seq, at=stopwatch.seconds(), text=sentence.text, citation=sentence.card.number
                )
                seq += 1
        except StopIteration as finished:
            return finished.value, seq

    def _draft(
        self, question: str, hits: Sequence[Hit], candidates: int, cards: Sequence[Card], stopwatch: Stopwatch
    ) -> Generator[CitedSentence, None, Draft]:
        sort = wanted(question)
        card_of = dict(zip((hit.chunk.id for hit in hits), cards, strict=True))
        if (faq := faq_match(hits, candidates, question, sort, self._analyzer)) is not None:
            return _faq(faq, card_of[faq.chunk.id])
        sound = [card_of[hit.chunk.id] for hit in usable(hits, candidates, sort)]
        if not sound:
            return self._abstained(hits, candidates)
        extracted = self._extracted(question, sound[0])
        if self._model is None:
            return extracted
        kept: list[CitedSentence] = []
        checks: list[Check] = []
        try:
            for sentence in self._generated(self._model, question, sound[:IN_PROMPT], checks, stopwatch):
                kept.append(sentence)
                yield sentence
        except LLMUnavailable as error:
            return extracted._replace(reason=f"{error}. {extracted.reason}", checks=tuple(checks))
        finally:
            stopwatch.note("generate")
        answer, citations = joined(kept)
        if not kept or not gives(answer, sort):
            reason = f"LLM이 쓴 답은 근거와 맞지 않아 뺐습니다. {extracted.reason}"
            return extracted._replace(reason=reason, checks=tuple(checks), model=self._model.name)
        reason = "문장마다 근거에서 확인했습니다."
        return Draft(Status.GENERATED, answer, reason, citations, tuple(checks), model=self._model.name)

    def _generated(
        self,
        model: LanguageModel,
        question: str,
        cards: Sequence[Card],
        checks: list[Check],
        stopwatch: Stopwatch,
    ) -> Iterator[CitedSentence]:
        """The sentences of the LLM that a card bears out; every verdict is added to ``checks``."""
        evidence = [_evidence(card) for card in cards]
        values = {"evidence": evidence, "question": question}
        pieces = stopwatch.first(model.stream(prompt.template(), values), "first_token")
        seen: set[str] = set()
        for sentence in whole_sentences(pieces):
            text = without_citations(sentence)
            if not text or text in seen or not named(text, self._analyzer):
                continue
            seen.add(text)
            supports = [self._checker.check(text, each, question) for each in evidence]
            best = max(range(len(cards)), key=lambda n: (supports[n].check.supported, supports[n].strength))
            checks.append(supports[best].check)
            if supports[best].check.supported:
                yield CitedSentence(text, cards[best], supports[best].span)
            if len(seen) == MAX_SENTENCES:
                return

    def _extracted(self, question: str, card: Card) -> Draft:
        things = named(question, self._analyzer)
        # a curated answer is never cut: its last sentence may hold the condition
        whole = card.kind is Kind.FAQ
        spans = sentences.spans(card.text) if whole else extract(card.text, things, wanted(question))
        chosen = [CitedSentence(card.text[start:end], card, (start, end)) for start, end in spans]
        answer, citations = joined(chosen)
        return Draft(Status.EXTRACTIVE, answer, "근거 문장을 그대로 옮겼습니다.", citations)

    def _abstained(self, hits: Sequence[Hit], candidates: int) -> Draft:
        document = likely_department(hits, candidates)
        transfer = (
            Transfer(department=document.department, phone=document.phone or self._fallback.phone)
            if document
            else self._fallback
        )
        department = with_particle(transfer.department)
        answer = f"정확한 확인이 필요해 {department} 연결해 드리겠습니다. 전화번호는 {transfer.phone}입니다."
        return Draft(Status.ABSTAINED, answer, "질문에 답하는 근거를 찾지 못했습니다.", transfer=transfer)


def _faq(hit: Hit, card: Card) -> Draft:
    answer, citations = joined([CitedSentence(" ".join(hit.document.text.split()), card, (0, len(card.text)))])
    return Draft(Status.FAQ, answer, "등록된 FAQ 답변 그대로입니다.", citations)


def _evidence(card: Card) -> Evidence:
    return Evidence("\n".join(filter(None, (card.title, card.heading))), card.text)


def _card(number: int, hit: Hit) -> Card:
    document = hit.document
    return Card(
        number=number,
        document=document.id,
        chunk=hit.chunk.id,
        kind=Kind(document.kind),
        title=document.title,
        heading=hit.chunk.heading,
        text=hit.chunk.text,
        highlights=hit.highlights,
        category=document.category,
        department=document.department,
        phone=document.phone,
        source=document.source,
        note=document.note,
        effective_from=document.effective_from,
        effective_to=document.effective_to,
        as_of=document.as_of,
        score=hit.score,
    )
