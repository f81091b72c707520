"""Whether other words say the same as what was said."""

import re

from assistant.calls.summary.times import time_words
from assistant.grounding import Evidence, GroundingChecker
from assistant.grounding.findings import Sort
from assistant.grounding.polarity import costs_nothing, denies
from assistant.grounding.reading import Reader
from assistant.llm.foreign_text import gives_orders
from indexing.lexical.tokens import Analyzer
from knowledge_base.facts.finding import FactKind, facts, is_borne_out

ENOUGH = 0.7
"""The least share of what was named that must be named again: less would leave out a condition."""
_REPORTING = frozenset({"안내", "문의", "요청", "가능", "불가", "필요", "예정", "약속"})
"""Words of a report, which need not have been said."""
_REPORTED = re.compile(rf"\s(?:{'|'.join(sorted(_REPORTING - {'가능', '불가'}))})(?=[\s.]|$)")
_LEFT_OUT = frozenset({Sort.OMITTED, Sort.APART, Sort.UNCLEAR})
"""Findings of the checker that say what is missing or where it stands: there is but one sentence here, and most of it
must come back. Any other finding is enough to refuse."""
_MASKED = re.compile(r"\[[가-힣 ]+\]")


class Faithfulness:
    """Stricter than the check of an answer: what was said is the only evidence, and short."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._reader = Reader(analyzer)
        self._checker = GroundingChecker(analyzer)

    def holds(self, written: str, said: str) -> bool:
        """Whether ``written`` states nothing but what was ``said``, and leaves out nothing that matters.

        Every figure, day, masked datum and word must have been said; figures, days and most words must come back;
        what was denied stays denied; and the checker finds nothing against it.
        """
        return (
            not gives_orders([written])
            and sorted(_MASKED.findall(written)) == sorted(_MASKED.findall(said))
            and self._has_same_facts(written, said)
            and self._names_same_times(written, said)
            and self._has_same_words(written, said)
            and denies(written) == denies(said)
            and costs_nothing(written) == costs_nothing(said)
            and self._is_borne_out(written, said)
        )

    def _is_borne_out(self, written: str, said: str) -> bool:
        found = self._checker.findings(_REPORTED.sub("", written), Evidence("", said))
        return all(finding.sort in _LEFT_OUT for finding in found)

    def _has_same_facts(self, written: str, said: str) -> bool:
        new, old = facts(written), facts(said)
        stated = [fact for fact in old if fact.kind is not FactKind.NUMBER]
        return all(is_borne_out(fact, old) for fact in new) and all(is_borne_out(fact, new) for fact in stated)

    def _names_same_times(self, written: str, said: str) -> bool:
        return time_words(self._analyzer.morphemes(written)) == time_words(self._analyzer.morphemes(said))

    def _has_same_words(self, written: str, said: str) -> bool:
        new, old = self._reader.words(written), self._reader.words(said)
        named = [token.form for token in self._reader.content(said)]
        added = [token.form for token in self._reader.content(written) if not old.mention(token.form)]
        kept = sum(map(new.mention, named))
        return set(added) <= _REPORTING and kept >= ENOUGH * len(named)
