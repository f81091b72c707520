"""Named things: what a reference names beyond the question, and whether an answer names it too.

The things are noun morphemes; what the question already says earns nothing. A thing inside a compound counts
(센터 in 행정복지센터).
"""

from collections.abc import Set as AbstractSet

from indexing.lexical.things import covered


def thing_recall(reference: AbstractSet[str], answer: str, question: AbstractSet[str]) -> float | None:
    """Of the things ``reference`` names and ``question`` does not, the share that ``answer`` mentions.

    None when there is none.

    >>> thing_recall({"여권", "사진", "신분증"}, "신분증을 가져오세요.", {"여권"})
    0.5
    """
    new = reference - question
    return covered(new, answer) if new else None


def thing_precision(answer: AbstractSet[str], reference: str, question: AbstractSet[str]) -> float | None:
    """Of the things ``answer`` names and ``question`` does not, the share that ``reference`` mentions."""
    return thing_recall(answer, reference, question)
