"""An answer in the LLM's words from evidence, of which only what the evidence bears out gets through."""

from collections.abc import Generator, Iterator, Sequence

from assistant.answering.answer_cache import Answer, AnswerCache
from assistant.answering.draft import CitedSentence, Draft, joined
from assistant.answering.politeness import polite
from assistant.answering.sentence_stream import whole_sentences
from assistant.events import Card, Check, Status
from assistant.extraction.answer_type import gives, wanted
from assistant.extraction.aspect import aspects, told_share
from assistant.extraction.excerpt import excerpts
from assistant.extraction.passage import BULLET
from assistant.grounding import Evidence, GroundingChecker, without_citations
from assistant.llm import prompt
from assistant.llm.exchange import Exchange
from assistant.llm.foreign_text import visible
from assistant.llm.language_model import LanguageModel
from assistant.masking import NAMES, mask
from assistant.monitoring.tracing import span
from indexing.lexical.things import named
from indexing.lexical.tokens import Analyzer
from indexing.stage_clock import StageClock
from knowledge_base.errors import LLMUnavailable

IN_PROMPT = 2  # pieces of evidence the LLM reads: its prompt's length is its latency
MAX_SENTENCES = 4
GIVEN_AWAY = "(LLM에 준 지시를 되풀이한 문장)"


class Writer:
    """Holds nothing of a call but the answers written before; any number of threads may ask at once."""

    def __init__(self, model: LanguageModel, analyzer: Analyzer) -> None:
        self.model = model
        self._analyzer = analyzer
        self._checker = GroundingChecker(analyzer)
        self._cache = AnswerCache()

    def prepare(self, question: str, cards: Sequence[Card]) -> None:
        """Have the LLM read ahead what :meth:`draft` would ask it."""
        self.model.prepare(prompt.template(), self._asked(question, cards[:IN_PROMPT]))

    def draft(
        self,
        question: str,
        cards: Sequence[Card],
        extracted: Draft,
        snapshot: str,
        exchange: Exchange,
        clock: StageClock,
    ) -> Generator[CitedSentence, None, Draft]:
        """The sentences as they are let through, then the draft; ``cards`` come best first.

        The draft is ``extracted``, with the reason, when the LLM fails or nothing that it wrote answers.
        """
        cards = cards[:IN_PROMPT]
        kept: list[CitedSentence] = []
        checks: list[Check] = []
        try:
            if known := self._cache.get(snapshot, question, cards):
                checks += known.checks
                sentences = iter(known.sentences)
            else:
                pieces = self._written(question, cards, exchange, clock)
                sentences = self._supported(pieces, question, cards, checks)
            for sentence in sentences:
                kept.append(sentence)
                yield sentence
        except LLMUnavailable as error:
            return extracted._replace(reason=f"{error}. {extracted.reason}", checks=tuple(checks))
        self._cache.put(snapshot, question, cards, Answer(tuple(kept), tuple(checks)))
        answer, citations = joined(kept)
        if not kept or _is_torn(kept, checks) or not _answers(answer, question, extracted):
            why = "물은 것에 다 답하지 않아" if kept else "근거와 맞지 않아"
            reason = f"LLM이 쓴 답은 {why} 뺐습니다. {extracted.reason}"
            return extracted._replace(reason=reason, checks=tuple(checks), model=self.model.name)
        reason = "문장마다 근거에서 확인했습니다."
        return Draft(Status.GENERATED, answer, reason, citations, tuple(checks), model=self.model.name)

    def _written(self, question: str, cards: Sequence[Card], exchange: Exchange, clock: StageClock) -> Iterator[str]:
        """The pieces of what the LLM writes."""
        for piece in self.model.stream(prompt.template(), self._asked(question, cards), exchange):
            clock.reached("first_token")
            yield piece

    def _asked(self, question: str, cards: Sequence[Card]) -> dict[str, object]:
        """The values of the prompt; an LLM on another machine gets documents masked like questions."""
        whole = [evidence_of(card) for card in cards]
        evidence = excerpts(whole, named(question, self._analyzer), wanted(question))
        if self.model.is_hosted:
            evidence = [Evidence(mask(titles), mask(text)) for titles, text in evidence]
        return {"evidence": evidence, "question": question}

    def _supported(
        self, pieces: Iterator[str], question: str, cards: Sequence[Card], checks: list[Check]
    ) -> Iterator[CitedSentence]:
        """The sentences of the LLM that a card bears out; every verdict is added to ``checks``."""
        evidence = [evidence_of(card) for card in cards]
        seen: set[str] = set()
        for sentence in whole_sentences(pieces):
            text = polite(without_citations(visible(sentence)))
            if not text or text in seen or not named(text, self._analyzer):
                continue
            if len(seen) == MAX_SENTENCES:  # a list goes on
                if BULLET.match(text):
                    checks.append(Check(sentence=text, supported=False, reasons=("목록이 너무 깁니다",)))
                return
            seen.add(text)
            if refusal := _unfit(text):
                checks.append(refusal)
                continue
            with span("grounding"):
                supports = [self._checker.check(text, each, question) for each in evidence]
            best = max(range(len(cards)), key=lambda n: (supports[n].check.supported, supports[n].strength))
            checks.append(_recorded(supports[best].check))
            if supports[best].check.supported:
                yield CitedSentence(text, cards[best], supports[best].span)
            if len(seen) == MAX_SENTENCES and not BULLET.match(text):
                return


def _answers(answer: str, question: str, extracted: Draft) -> bool:
    """Whether an answer gives the sort of fact asked for or, where any words may answer, tells no less than the extract
    of the sides asked about."""
    if sort := wanted(question):
        return gives(answer, sort)
    asked = aspects(question)
    return told_share(asked, answer) >= told_share(asked, extracted.answer)


def _is_torn(kept: Sequence[CitedSentence], checks: Sequence[Check]) -> bool:
    """Whether items of a list are left and others withheld or cut off: they would be taken for the whole list."""
    withheld = [check for check in checks if not check.supported and BULLET.match(check.sentence)]
    return bool(withheld) and any(BULLET.match(sentence.text) for sentence in kept)


def evidence_of(card: Card) -> Evidence:
    """What a card says, for the checker."""
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
