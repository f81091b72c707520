"""Whether a piece of evidence bears out a sentence, by rules that need no second LLM.

Each clause of the sentence is held against the part of the evidence that fits it best. What does not fit is a
finding; the findings together make the verdict, and their reasons are kept for the agent and QA.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.events import Check, Span
from assistant.grounding.clause_findings import findings
from assistant.grounding.clauses import clauses, has_topic, unlisted
from assistant.grounding.comparison import Comparison, compare
from assistant.grounding.evidence import Evidence
from assistant.grounding.figures import figures
from assistant.grounding.findings import Finding, Sort
from assistant.grounding.mentions import Words, compact
from assistant.grounding.offices import is_named, offices
from assistant.grounding.order import roles
from assistant.grounding.reading import Reader, Source, subject
from assistant.grounding.said import Clause, Said
from assistant.grounding.sentence_findings import echoed, turned_round, unclear, uprooted
from assistant.grounding.ties import apart
from assistant.grounding.verdict import Examined, reasons, weights
from assistant.grounding.vocabulary import asking_words
from indexing.lexical.tokens import Analyzer
from knowledge_base.facts.finding import facts

_LIMITS = ("상한", "한도", "최대")


Fits = Sequence[tuple[Comparison, Sequence[Comparison]]]
"""For each clause the part that fits it best, and the other parts."""


class Support(NamedTuple):
    """The verdict on a sentence against one piece of evidence.

    ``span`` is the sentence or row of the text that bears it out best; ``strength`` (0 to 1) how surely.
    """

    check: Check
    span: Span
    strength: float


class GroundingChecker:
    """Checks sentences against evidence; needs a morphological analyser to see what they name."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._reader = Reader(analyzer)

    def check(self, sentence: str, evidence: Evidence, question: str = "") -> Support:
        """Whether ``evidence`` bears out ``sentence`` as an answer to ``question`` ('' for none)."""
        source = self._reader.source(evidence)
        said = unlisted(sentence)
        best = self._best(said, source, question)
        examined = self._examined(said, source, question, best)
        using = weights()
        supported = bool(source.parts) and examined.stands(using)
        why = () if supported else reasons(examined.findings, using) or ("근거에 글이 없습니다",)
        fits = [fit for fit, _ in best]
        closest = max(fits, key=lambda fit: (fit.words.matched, len(fit.clause.figures)), default=None)
        return Support(
            check=Check(sentence=sentence, supported=supported, reasons=why),
            span=closest.part.cited if closest else (0, len(evidence.text)),
            strength=1 - examined.doubt(using),
        )

    def examined(self, sentence: str, evidence: Evidence, question: str = "") -> Examined:
        """What the verdict on ``sentence`` rests on, and the weights are fitted on."""
        source = self._reader.source(evidence)
        said = unlisted(sentence)
        return self._examined(said, source, question, self._best(said, source, question))

    def findings(self, sentence: str, evidence: Evidence, question: str = "") -> list[Finding]:
        """All that speaks against ``sentence``."""
        return list(self.examined(sentence, evidence, question).findings)

    def _examined(self, sentence: str, source: Source, question: str, best: Fits) -> Examined:
        found = list(self._of_question(sentence, source, question))
        if compact(sentence) not in source.sentences:  # word for word
            found += self._of_sentence(sentence, source, question, best)
            found += self._echoed(sentence, question, best)
        return Examined(found, len(best))

    def _of_sentence(self, sentence: str, source: Source, question: str, best: Fits) -> list[Finding]:
        tokens = self._reader.tokens(sentence)
        found = [Finding(Sort.ASKING, 1, "답이 아니라 물음입니다")] if sentence.rstrip().endswith("?") else []
        found += [
            Finding(Sort.OFFICE, 1, f"'{office}'이(가) 근거에 없습니다")
            for office in offices(sentence, tokens, question)
            if not is_named(office, source.whole.compact)
        ]
        said = roles(sentence, tokens)
        topic: tuple[str, ...] = ()
        for fit, others in best:
            found += findings(fit, others)
            found += uprooted(fit, others, topic)
            found += turned_round(fit, said)
            topic = fit.clause.subject if has_topic(fit.clause.text) else topic
        found += unclear(best)
        found += apart(best, self._reader.words(question))
        left_out = [finding for finding in found if finding.sort is Sort.OMITTED]
        most = max(left_out, key=lambda finding: finding.amount, default=None)
        return [finding for finding in found if finding.sort is not Sort.OMITTED or finding is most]

    def _echoed(self, sentence: str, question: str, best: Fits) -> Iterator[Finding]:
        known = Words(frozenset(), "")
        for fit, _ in best:
            known = known.joined(fit.part.context).joined(fit.part.around)
        content = [token for token in self._reader.content(sentence) if token.form not in asking_words()]
        return echoed(content, known, self._reader.words(question))

    def _best(self, sentence: str, source: Source, question: str) -> list[tuple[Comparison, list[Comparison]]]:
        """For each clause the part that fits it best, and the other parts."""
        words = self._reader.words(sentence).joined(self._reader.words(question))
        asked = tuple(facts(question))
        said = Said(words, (*facts(sentence), *asked), asked)
        found = []
        for clause in self._clauses(sentence, question):
            compared = [compare(clause, part, source, said) for part in source.parts]
            if compared:
                best = min(compared, key=lambda fit: fit.distance)
                found.append((best, [fit for fit in compared if fit is not best]))
        return found

    def _clauses(self, sentence: str, question: str) -> Iterator[Clause]:
        """The clauses that claim something: what is only denied to come to the point (시청이 아니라) does not."""
        tokens = self._reader.content(sentence)
        limited = any(word in sentence or word in question for word in _LIMITS)
        spans = clauses(sentence)
        for start, end in spans:
            text = sentence[start:end]
            if text.rstrip().endswith("아니라") and len(spans) > 1:
                continue
            words = tuple(
                token._replace(start=token.start - start, end=token.end - start)
                for token in tokens
                if start <= token.start < end
            )
            yield Clause(text, words, tuple(figures(text)), subject(text, words), limited)

    def _of_question(self, sentence: str, source: Source, question: str) -> Iterator[Finding]:
        """What the question is about (its first noun), if the evidence does not mention it.

        Not where the sentence says itself what it is about, and the evidence mentions the rest of the question.
        """
        asked = [
            token.form
            for token in self._reader.content(question)
            if token.names_thing and len(token.form) > 1 and token.form not in asking_words()
        ]
        missing = [form for form in asked if not source.whole.mention(form)]
        named = sum(token.names_thing for token in self._reader.content(sentence))
        if missing and missing[0] == asked[0] and (named <= 1 or len(missing) == len(asked)):
            amount = 3 if len(missing) == len(asked) else 2 if named == 0 else 1
            yield Finding(Sort.QUESTION, amount, f"근거가 질문의 대상({', '.join(missing)})을 다루지 않습니다")
