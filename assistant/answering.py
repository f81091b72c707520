"""One question to one suggestion, as events: evidence at once, then an answer that is borne out by it.

A curated FAQ answer comes first, then what the LLM writes and the checker lets through, then the evidence's
own sentences. Without evidence the assistant abstains and names who can help.
"""

import uuid
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from assistant import prompt
from assistant.deciding import Decider
from assistant.decision import ranked
from assistant.draft import CitedSentence, Draft, joined
from assistant.events import Card, Check, EvidenceEvent, FinalEvent, Status, SuggestionEvent, TokenEvent, Transfer
from assistant.excerpt import excerpts
from assistant.exchange import Exchange
from assistant.extract import extract
from assistant.foreign_text import gives_orders, visible
from assistant.grounding import Evidence, GroundingChecker, without_citations
from assistant.journal import Records
from assistant.llm import LanguageModel
from assistant.masking import NAMES, mask
from assistant.question import prepared, subject_matter
from assistant.sentence_stream import whole_sentences
from assistant.stopwatch import Stopwatch
from assistant.subject import gives, wanted
from indexing.hit import Hit, Meaning, SearchResult
from indexing.things import named
from indexing.tokens import Analyzer
from knowledge_base import sentences
from knowledge_base.document import Kind
from knowledge_base.errors import LLMUnavailable

SEARCHED = 10  # chunks considered
SHOWN = 5  # cards on the agent's screen
IN_PROMPT = 2  # pieces of evidence the LLM reads: its prompt's length is its latency
MAX_SENTENCES = 4
NOT_TRUSTED = "문서에 AI에게 하는 지시가 들어 있어 답변의 근거로 쓰지 않았습니다."
GIVEN_AWAY = "(LLM에 준 지시를 되풀이한 문장)"


class Searches(Protocol):
    """What the assistant needs of a search back end."""

    def search(self, question: str, *, k: int, on: date | None = None) -> SearchResult: ...

    def closeness(self, meaning: Meaning, hits: Sequence[Hit]) -> Sequence[float]: ...


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
        self._decider = Decider(searcher, analyzer, fallback)
        self._model = model
        self._journal = journal
        self._checker = GroundingChecker(analyzer)

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
        stopwatch = Stopwatch()
        question = prepared(question)
        subject = subject_matter(question)
        result = found or self._searcher.search(subject, k=SEARCHED, on=on)
        hits = list(found.hits if found else ranked(result.hits, wanted(subject)))[:SHOWN]
        trusted = [hit for hit in hits if not _gives_orders(hit)]
        cards = tuple(_card(number, hit, is_trusted=hit in trusted) for number, hit in enumerate(hits, start=1))
        card_of = {hit.chunk.id: card for hit, card in zip(hits, cards, strict=True)}
        exchange = Exchange()
        stopwatch.note("search")
        documents = tuple(dict.fromkeys(card.document for card in cards))
        yield EvidenceEvent(
            call=call, seq=0, at=stopwatch.seconds(), question=question, documents=documents, cards=cards
        )
        draft, seq = yield from self._numbered(
            self._draft(subject, trusted, result, card_of, exchange, stopwatch), call, stopwatch
        )
        draft = self._decider.changes(draft, subject, trusted, _trusted(result), on or date.today())
        stopwatch.note("total")
        final = FinalEvent(
            call=call,
            seq=seq,
            at=stopwatch.seconds(),
            suggestion=uuid.uuid4().hex,
            question=question,
            timings={**result.timings, **stopwatch.notes},
            snapshot=result.snapshot,
            tokens=exchange.tokens,
            **draft._asdict(),
        )
        if self._journal is not None:
            self._journal.add_suggestion(final, documents, agent)
            if self._model is not None and exchange.prompt:
                self._journal.add_exchange(final.suggestion, self._model.name, exchange)
        yield final

    def prepare(self, question: str, found: SearchResult) -> None:
        """Have the LLM read ahead what it will be asked if a question that is still being said is asked like this.

        Returns within milliseconds; nothing is answered or recorded. Raises InvalidQuestion.
        """
        if self._model is None or not self._model.reads_ahead:
            return
        subject = subject_matter(prepared(question))
        hits = [hit for hit in found.hits[:SHOWN] if not _gives_orders(hit)]
        cards = {hit.chunk.id: _card(number, hit, is_trusted=True) for number, hit in enumerate(hits, start=1)}
        decided = self._decider.decide(subject, hits, found, cards)
        if not isinstance(decided, Draft):
            self._model.prepare(prompt.template(), self._asked(self._model, subject, decided[:IN_PROMPT]))

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
        self,
        question: str,
        hits: Sequence[Hit],
        result: SearchResult,
        card_of: Mapping[str, Card],
        exchange: Exchange,
        stopwatch: Stopwatch,
    ) -> Generator[CitedSentence, None, Draft]:
        sound = self._decider.decide(question, hits, result, card_of)
        stopwatch.note("decide")
        if isinstance(sound, Draft):
            return sound
        extracted = self._extracted(question, sound[0])
        if self._model is None:
            return extracted
        kept: list[CitedSentence] = []
        checks: list[Check] = []
        try:
            pieces = self._written(self._model, question, sound[:IN_PROMPT], exchange, stopwatch)
            for sentence in self._supported(pieces, question, sound[:IN_PROMPT], checks):
                kept.append(sentence)
                yield sentence
        except LLMUnavailable as error:
            return extracted._replace(reason=f"{error}. {extracted.reason}", checks=tuple(checks))
        finally:
            stopwatch.note("generate")
        answer, citations = joined(kept)
        if not kept or not gives(answer, wanted(question)):
            reason = f"LLM이 쓴 답은 근거와 맞지 않아 뺐습니다. {extracted.reason}"
            return extracted._replace(reason=reason, checks=tuple(checks), model=self._model.name)
        reason = "문장마다 근거에서 확인했습니다."
        return Draft(Status.GENERATED, answer, reason, citations, tuple(checks), model=self._model.name)

    def _written(
        self, model: LanguageModel, question: str, cards: Sequence[Card], exchange: Exchange, stopwatch: Stopwatch
    ) -> Iterator[str]:
        """The pieces of what the LLM writes."""
        values = self._asked(model, question, cards)
        return stopwatch.first(model.stream(prompt.template(), values, exchange), "first_token")

    def _asked(self, model: LanguageModel, question: str, cards: Sequence[Card]) -> dict[str, object]:
        """The values of the prompt; an LLM on another machine gets documents masked like questions."""
        whole = [_evidence(card) for card in cards]
        evidence = excerpts(whole, named(question, self._analyzer), wanted(question))
        if model.is_hosted:
            evidence = [Evidence(mask(titles), mask(text)) for titles, text in evidence]
        return {"evidence": evidence, "question": question}

    def _supported(
        self, pieces: Iterator[str], question: str, cards: Sequence[Card], checks: list[Check]
    ) -> Iterator[CitedSentence]:
        """The sentences of the LLM that a card bears out; every verdict is added to ``checks``."""
        evidence = [_evidence(card) for card in cards]
        seen: set[str] = set()
        for sentence in whole_sentences(pieces):
            text = without_citations(visible(sentence))
            if not text or text in seen or not named(text, self._analyzer):
                continue
            seen.add(text)
            if refusal := _unfit(text):
                checks.append(refusal)
                continue
            supports = [self._checker.check(text, each, question) for each in evidence]
            best = max(range(len(cards)), key=lambda n: (supports[n].check.supported, supports[n].strength))
            checks.append(_recorded(supports[best].check))
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


def _evidence(card: Card) -> Evidence:
    return Evidence("\n".join(filter(None, (card.title, card.heading))), card.text)


def _unfit(sentence: str) -> Check | None:
    """The verdict on a sentence that no evidence can bear out, whatever it says; None for all others."""
    if prompt.repeats_rules(sentence):
        return Check(sentence=GIVEN_AWAY, supported=False, reasons=("답이 아닙니다",))
    if any(f"[{name}]" in sentence for name in NAMES):
        return Check(sentence=mask(sentence), supported=False, reasons=("가린 개인정보는 읽어 드릴 수 없습니다",))
    return None


def _recorded(check: Check) -> Check:
    """A verdict as it is kept: what no document bears out may be about anybody."""
    masked = mask(check.sentence)
    if check.supported or masked == check.sentence:
        return check
    return Check(sentence=masked, supported=False, reasons=("근거에 없는 개인정보가 들어 있습니다",))


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
