"""Which lines are headings: Markdown's, and the parts of a Korean regulation (편, 장, 절, 관, 조, 부칙, 별표)."""

import re
from typing import NamedTuple

from knowledge_base.document import Kind

MAX_HEADING = 120
_MARKDOWN = re.compile(r"(#{1,6})\s+(?=\S)")
_PART = re.compile(r"제\s*\d+\s*(?P<unit>[편장절관])(?:의\s*\d+)?(?=\s|$|[(\[<])")
_TITLE = r"(?:\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]|【[^】]*】)"
# A line may also begin by citing an article: 제10조(과태료)에 따른 …
_ARTICLE = re.compile(
    rf"제\s*\d+\s*조(?:의\s*\d+)?(?:\s*{_TITLE}(?!에|의|을|를|와|과|부터|까지|제\s*\d+\s*[항호]|[,·])|(?=\s+삭제))"
)
_APPENDIX = re.compile(r"(?:부\s*칙|\[?(?:별표|별지)\s*(?:제?\s*\d+(?:의\s*\d+)?(?:호\s*서식)?)?\]?)(?=\s|$|[(\[<])")
_LEVELS = {"편": 1, "장": 2, "절": 3, "관": 4, "조": 5}
_APPENDIX_LEVEL = 1
_BELOW_MARKDOWN = 6


class Heading(NamedTuple):
    """``title`` is what the path shows; the heading takes up the first ``length`` characters of its line."""

    level: int
    title: str
    length: int


def heading_of(line: str, kind: Kind) -> Heading | None:
    """The heading that a line (without surrounding white space) is or begins with, or None.

    >>> heading_of("제7조(감면) ① 다음 사람은 …", Kind.REGULATION)
    Heading(level=11, title='제7조(감면)', length=7)
    """
    markdown = _MARKDOWN.match(line)
    if markdown is None:
        return _statute(line) if kind is Kind.REGULATION else None
    start = markdown.end()
    title = line[start:].rstrip("#").rstrip() or line[start:]
    statute = _statute(title) if kind is Kind.REGULATION else None
    if statute is not None:
        return Heading(len(markdown[1]), statute.title, start + statute.length)
    return Heading(len(markdown[1]), title, len(line)) if len(line) <= MAX_HEADING else None


def _statute(line: str) -> Heading | None:
    if article := _ARTICLE.match(line):
        return Heading(_LEVELS["조"] + _BELOW_MARKDOWN, article[0], article.end())
    if len(line) > MAX_HEADING or line.endswith((".", "다")):  # a sentence that begins with 별표 1
        return None
    if part := _PART.match(line):
        return Heading(_LEVELS[part["unit"]] + _BELOW_MARKDOWN, line, len(line))
    if _APPENDIX.match(line):
        return Heading(_APPENDIX_LEVEL + _BELOW_MARKDOWN, line, len(line))
    return None
