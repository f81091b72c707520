"""Grounding: a sentence reaches the agent only if its evidence says so about the same thing.

>>> from indexing.lexical.tokens import Analyzer
>>> check = GroundingChecker(Analyzer()).check
>>> evidence = Evidence("매트리스 수수료", "매트리스는 1인용 5,000원, 2인용 8,000원입니다.")
>>> check("2인용은 8천 원입니다.", evidence).check.supported
True
>>> check("1인용은 8천 원입니다.", evidence).check.supported
False
"""

from assistant.grounding.checker import GroundingChecker, Support
from assistant.grounding.citations import without_citations
from assistant.grounding.evidence import Evidence

__all__ = ["Evidence", "GroundingChecker", "Support", "without_citations"]
