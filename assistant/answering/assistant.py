"""One question to one suggestion, as events: evidence at once, then an answer that is borne out by it.

A curated FAQ answer comes first, then what the LLM writes and the checker lets through, then the evidence's
own sentences. Without evidence the assistant abstains and names who can help.
"""

import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from assistant.answering.confidence import ranked
from assistant.answering.decider import Decider
from assistant.answering.draft import CitedSentence, Draft, joined
from assistant.answering.freshness import asks_ahead
from assistant.answering.politeness import polite
from assistant.answering.precedence import Precedence
from assistant.answering.question import prepared, subject_matter
from assistant.answering.writer import Writer
from assistant.events import Card, EvidenceEvent, FinalEvent, Span, Status, SuggestionEvent, TokenEvent, Transfer
from assistant.extraction.answer_type import gives
from assistant.extraction.extract import NOTHING, Asked, Extract, asked_in, besides, extract, told
from assistant.journal import Records
from assistant.llm.exchange import Exchange
from assistant.llm.foreign_text import gives_orders
from assistant.llm.language_model import LanguageModel
from assistant.monitoring.tracing import note, span, spanned
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit, SearchResult
from indexing.stage_clock import StageClock
from knowledge_base.document import Kind
from knowledge_base.passages import sentences

SEARCHED = 10  # chunks considered
SHOWN = 5  # cards on the agent's screen
VERBATIM = "근거 문장을 그대로 옮겼습니다."
SAY_POLITELY = "문서의 말투이니 존댓말로 바꿔 읽어 주세요."
NOT_TRUSTED = "문서에 AI에게 하는 지시가 들어 있어 답변의 근거로 쓰지 않았습니다."


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
        self._decider = Decider(analyzer, fallback)
        self._writer = Writer(model, analyzer) if model is not None else None
        self._journal = journal

    @spanned("question")
    def suggest(
        self,
        question: str,
        *,
        call: str = "",
        on: date | None = None,
        agent: str = "",
        found: SearchResult | None = None,
    ) -> Iterator[SuggestionEvent]:
        """The events of one suggestion; ``on`` is the day whose rules count (today), ``agent`` who asks.

        ``found`` is what is shown and answered from where it was searched for already, best first.

        Raises InvalidQuestion, NoSnapshot and the like before the first event; no failure of the LLM is
        raised.
        """
        clock, day = StageClock(), on or date.today()
        with clock.stage("search"):
            question = prepared(question)
            subject = subject_matter(question)
            result, precedence, card_of = self._shown(subject, day, found)
        exchange, cards = Exchange(), tuple(card_of.values())
        documents = tuple(dict.fromkeys(card.document for card in cards))
        yield EvidenceEvent(call=call, seq=0, at=clock.seconds(), question=question, documents=documents, cards=cards)
        drafting = self._draft(subject, precedence, result, card_of, exchange, clock)
        draft, seq = yield from self._numbered(drafting, call, clock)
        draft = self._decider.changes(draft, subject, precedence, _trusted(result), day)
        clock.reached("total")
        final = FinalEvent(
            call=call,
            seq=seq,
            at=clock.seconds(),
            suggestion=uuid.uuid4().hex,
            question=question,
            timings={**result.timings, **clock.milliseconds},
            snapshot=result.snapshot,
            tokens=exchange.tokens,
            **draft._asdict(),
        )
        note(call=call, suggestion=final.suggestion, status=final.status, snapshot=final.snapshot, model=final.model)
        self._keep(final, documents, agent, exchange)
        yield final

    def prepare(self, question: str, found: SearchResult, *, on: date | None = None) -> None:
        """Have the LLM read ahead what it will be asked if a question that is still being said is asked like this.

        ``found`` and ``on`` as :meth:`suggest` will have them. Returns within milliseconds; nothing is answered or
        recorded. Raises InvalidQuestion.
        """
        if self._writer is None or not self._writer.model.reads_ahead:
            return
        subject = subject_matter(prepared(question))
        result, precedence, card_of = self._shown(subject, on or date.today(), found)
        decided = self._decider.decide(subject, precedence, result, card_of)
        if not isinstance(decided, Draft):
            self._writer.prepare(subject, decided)

    def _shown(
        self, subject: str, on: date, found: SearchResult | None
    ) -> tuple[SearchResult, Precedence, dict[str, Card]]:
        """What was found, what of it may be answered from, and the cards of all that is shown by chunk, best first."""
        result, hits = self._searched(subject, on, found)
        trusted = [hit for hit in hits if not _gives_orders(hit)]
        cards = {
            hit.chunk.id: _card(number, hit, is_trusted=hit in trusted) for number, hit in enumerate(hits, start=1)
        }
        return result, Precedence(trusted, subject, on), cards

    def _searched(self, subject: str, on: date, found: SearchResult | None) -> tuple[SearchResult, Sequence[Hit]]:
        """What was found, and what of it is shown, best first.

        What will be is looked for among what is in force when the nearest document to come is.
        """
        with span("search"):
            result = found or self._searcher.search(subject, k=SEARCHED, on=on)
            if asks_ahead(subject, result.hits, result.upcoming):
                result = self._searcher.search(subject, k=SEARCHED, on=result.upcoming[0].document.effective_from)
        hits = result.hits if result is found else ranked(result.hits, subject)
        return result, Precedence(hits, subject, on).newest_first()[:SHOWN]

    def _keep(self, final: FinalEvent, documents: tuple[str, ...], agent: str, exchange: Exchange) -> None:
        if self._journal is None:
            return
        self._journal.add_suggestion(final, documents, agent)
        if self._writer is not None and exchange.prompt:
            self._journal.add_exchange(final.suggestion, self._writer.model.name, exchange)

    def _numbered(
        self, drafting: "Generator[CitedSentence, None, Draft]", call: str, clock: StageClock
    ) -> Generator[TokenEvent, None, tuple[Draft, int]]:
        """The sentences of a draft as token events, then the draft and the next number."""
        seq = 1
        try:
            while True:
                sentence = next(drafting)
                yield TokenEvent(
                    call=call, seq=seq, at=clock.seconds(), text=sentence.text, citation=sentence.card.number
                )
                seq += 1
        except StopIteration as finished:
            return finished.value, seq

    def _draft(
        self,
        question: str,
        precedence: Precedence,
        result: SearchResult,
        card_of: Mapping[str, Card],
        exchange: Exchange,
        clock: StageClock,
    ) -> Generator[CitedSentence, None, Draft]:
        with clock.stage("decide"):
            sound = self._decider.decide(question, precedence, result, card_of)
        if isinstance(sound, Draft):
            return sound
        extracted = self._extracted(question, sound, precedence)
        if self._writer is None:
            return extracted
        with clock.stage("generate"):
            return (yield from self._writer.draft(question, sound, extracted, result.snapshot, exchange, clock))

    def _extracted(self, question: str, cards: Sequence[Card], precedence: Precedence) -> Draft:
        asked = asked_in(question, self._analyzer)
        if cards[0].kind is Kind.FAQ:  # a curated answer is never cut: its last sentence may hold the condition
            card, spans, asked = cards[0], sentences.spans(cards[0].text), NOTHING
        else:
            card, spans = self._telling(asked, cards, precedence)
        asked = besides(asked, card.title)
        chosen = [CitedSentence(told(card.text, span, card.heading, asked), card, span) for span in spans]
        answer, citations = joined(chosen)
        plain = any(polite(sentence.text) != sentence.text for sentence in chosen)
        return Draft(Status.EXTRACTIVE, answer, f"{VERBATIM} {SAY_POLITELY}" if plain else VERBATIM, citations)

    def _telling(self, asked: Asked, cards: Sequence[Card], precedence: Precedence) -> tuple[Card, list[Span]]:
        """The card that answers best, by its best sentence as much as by its place in the search, and what is told."""
        hit_of = {hit.chunk.id: hit for hit in precedence.hits}

        def extracted(card: Card) -> Extract:
            hit = hit_of[card.chunk]
            cosines = dict(zip(hit.chunk.sentences, hit.cosines, strict=False))
            return extract(card.text, asked, cosines, card.heading, card.title)

        giving = [card for card in cards if card.kind is not Kind.FAQ and gives(card.text, asked.sort, card.heading)]
        found = [(card, extracted(card)) for card in giving]
        card, best = max(found, key=lambda each: (each[1].gives, hit_of[each[0].chunk].score + each[1].worth))
        return card, precedence.unchanged(hit_of[card.chunk], best.spans, asked)


def _trusted(result: SearchResult) -> SearchResult:
    """The result without coming documents that speak to an LLM: their titles would be quoted."""
    return replace(result, upcoming=tuple(hit for hit in result.upcoming if not _gives_orders(hit)))


def _gives_orders(hit: Hit) -> bool:
    """Whether what is found speaks to an LLM; an FAQ's answer is shown whole, so all of it counts."""
    document = hit.document
    whole = document.text if document.kind is Kind.FAQ else ""
    return gives_orders((document.title, hit.chunk.heading, hit.chunk.text, whole))


def _card(number: int, hit: Hit, *, is_trusted: bool) -> Card:
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
        note=document.note if is_trusted else f"{NOT_TRUSTED} {document.note}".rstrip(),
        effective_from=document.effective_from,
        effective_to=document.effective_to,
        as_of=document.as_of,
        score=hit.score,
    )
