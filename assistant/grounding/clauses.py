"""A sentence cut into what it says one after the other."""

import re
from itertools import pairwise

from knowledge_base.facts.finding import FactKind, facts

Span = tuple[int, int]

_CONNECTIVE = re.compile(
    r"(?:[으하이되지]며|지만|[는은]데|인데|으나|[이되않없있하시리르붙들니]고|거나|(?:초과|이상|이하|미만)이?나|아니라서?|"
    r"수\s없어|[으하되]니|므로|[가-힣](?:으?니|므로|아서|어서)(?=,))"
    r"(?<!이상이고)(?<!이하이고)(?<!미만이고)(?<!초과이고)(?P<gap>,?\s+)(?!있|싶|나서|난\s|계)"
)
_COMMA = re.compile(
    r",\s*(?!\d)|\s(?:혹은|또는)\s|(?<=\d\))(?:이?나|와|과)\s|\s/\s|(?<=[원일시분회개명%.)])\s?[·ㆍ/]\s?(?=[가-힣])"
)
# 않은, 받는 before a noun are no topics; there are few stems before 은 and 는 that are not nouns.
TOPIC = (
    r"(?:[가-힣A-Za-z\d)\]」’'\"])"
    r"(?:(?<![않같많작적높낮넓좁좋얻받맺찍낳남넣찾묻붙닫])은|(?<![하되있없않받쓰르내주보라])는)(?=\s)"
)
_TOPIC = re.compile(TOPIC)
_POLITE_END = re.compile(r"[가-힣]{2}(?<!아니)(?<!아뇨)(?:요|죠|니다)(?P<gap>[,.]\s+)")
_WHEN = re.compile(r"(?:까지|부터|동안|이내에?|안에|날|때|매[월년주]\s?\S+일),\s*$")
"""When or how long something is so, of which the text goes on to say what."""
_FULL_STOP = re.compile(r"다\.(?=[가-힣])")  # the blank after it forgotten
_NO_CHARGE = re.compile(r"무료|무상|면제|없")
_OPEN = re.compile(r"\([^)]*\)|「[^」]*」")


_LIST_MARK = re.compile(r"\s*(?:\d{1,2}[.)]|[①-⑳]|[-*•○])\s+(?!\d{1,2}\.)")


def unlisted(sentence: str) -> str:
    """The sentence without the mark of a list before it, which is no figure; a date keeps its month.

    >>> unlisted("2. 서류를 내세요."), unlisted("12. 1.부터 받습니다.")
    ('서류를 내세요.', '12. 1.부터 받습니다.')
    """
    mark = _LIST_MARK.match(sentence)
    return sentence[mark.end() :] if mark else sentence


def clauses(sentence: str) -> list[Span]:
    """Half-open spans of the clauses, without the commas and blanks between them.

    A comma parts two clauses only where figures stand on both sides: 냉장고, 세탁기 go together.

    >>> sentence = "토요일에는 열지만 일요일에는 1인용 5천 원, 2인용 8천 원입니다."
    >>> [sentence[start:end] for start, end in clauses(sentence)]
    ['토요일에는 열지만', '일요일에는 1인용 5천 원', '2인용 8천 원입니다.']
    """
    aside = [match.span() for match in _OPEN.finditer(sentence)]
    cuts = {match.start("gap"): match.end() for match in _CONNECTIVE.finditer(sentence)}
    cuts |= {match.start(): match.end() for match in _figure_commas(sentence)}
    cuts |= {match.end(): match.end() for match in _FULL_STOP.finditer(sentence)}
    cuts |= {match.start("gap"): match.end() for match in _POLITE_END.finditer(sentence)}
    found = []
    start = 0
    for cut in sorted(cuts):
        while sentence[start : start + 1].isspace():
            start += 1
        if cut >= start and not any(low <= cut < high for low, high in aside):
            if sentence[start:cut].strip():
                found.append((start, cut))
            start = cuts[cut]
    if sentence[start:].strip():
        found.append((start + len(sentence[start:]) - len(sentence[start:].lstrip()), len(sentence)))
    return found


def _figure_commas(sentence: str) -> list[re.Match[str]]:
    commas = list(_COMMA.finditer(sentence))
    edges = [0, *(comma.end() for comma in commas), len(sentence)]
    parts = [sentence[start:end] for start, end in pairwise(edges)]
    figured = [_has_figure(part) and not _is_figure(part) for part in parts]
    topical = [topic_end(part) > 0 for part in parts]
    return [
        comma
        for n, comma in enumerate(commas)
        if (topical[n] and topical[n + 1])
        or (
            figured[n]
            and not (_WHEN.search(parts[n]) and _sorts(parts[n]).isdisjoint(_sorts(parts[n + 1])))
            and figured[n + 1]
            and (
                "," in comma[0]
                or comma[0][0] not in "/·ㆍ \t\n"
                or _are_told_apart(sentence[edges[n] : comma.start()], parts[n + 1])
            )
        )
    ]


def _sorts(text: str) -> set[tuple[FactKind, str]]:
    return {(fact.kind, fact.unit) for fact in facts(text)}


def _are_told_apart(one: str, other: str) -> bool:
    """Whether 또는 stands between two things with a figure each.

    Not in 3년 또는 4년, nor in 7세 미만 또는 83개월 이하이면 30만 원.
    """
    known, following = facts(one), facts(other)
    if not known or not following or (known[-1].kind, known[-1].unit) != (following[-1].kind, following[-1].unit):
        return False
    return bool(one[known[-1].span[1] :].strip()) or following[0].span[0] > 0 or len(following) > 1


def _has_figure(text: str) -> bool:
    return bool(_NO_CHARGE.search(text)) or any(fact.kind is not FactKind.ARTICLE for fact in facts(text))


def _is_figure(text: str) -> bool:
    """Whether there is nothing but one figure: 3월 in 1월, 3월, 6월."""
    found = facts(text)
    return len(found) == 1 and found[0].text == text.strip()


def only_topic_end(text: str) -> int:
    """Where the first topic of a text ends, whatever stands in it; 0 without one."""
    topic = _TOPIC.search(text)
    return topic.end() if topic else 0


def has_topic(clause: str) -> bool:
    """Whether a clause says with 은 or 는 what it is about; one without goes on about the topic before."""
    return _TOPIC.search(clause) is not None


def topic_end(sentence: str) -> int:
    """Where the topic of the whole sentence ends: after the first 은/는 before any figure but a date; 0 without one.

    >>> topic_end("매트리스 수수료는 1인용 5,000원"), topic_end("1인용은 5,000원")
    (9, 0)
    """
    topic = _TOPIC.search(sentence)
    if topic is None:
        return 0
    figured = any(fact.kind is not FactKind.DATE for fact in facts(_OPEN.sub("", sentence[: topic.end()])))
    return 0 if figured else topic.end()
