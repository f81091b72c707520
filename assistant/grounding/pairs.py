"""Sentences to be checked and their evidence, one pair a line of JSON: what ``onnuri check`` reads."""

import json
import re
import unicodedata
from typing import NamedTuple

from assistant.grounding.evidence import Evidence

LONGEST_TITLE = 80
_HEADING = re.compile(r"#{1,6}\s+")
_BODY = re.compile(r"[|*\-•]|\d+\.\s|.*(?:다|요|오|까)\.$")


class Pair(NamedTuple):
    """One line; ``question`` is '' where none is told."""

    question: str
    evidence: Evidence
    sentence: str


def parsed(line: str) -> Pair:
    """The pair of one line, in NFC; raises ValueError with a Korean sentence that says what is wrong with it."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("JSON이 아닙니다") from None
    if not isinstance(record, dict):
        raise ValueError('JSON 객체({"sentence": …})가 아닙니다')  # noqa: TRY004  (not a bug: a person's line)
    sentence, question = _text(record, "sentence"), _text(record, "question", required=False)
    return Pair(question, _evidence(record.get("evidence")), sentence)


def _evidence(value: object) -> Evidence:
    if isinstance(value, dict):
        titles = (_text(value, name, required=False) for name in ("title", "heading"))
        return Evidence("\n".join(filter(None, titles)), _text(value, "text"))
    if not isinstance(value, str) or not value.strip():
        raise ValueError("evidence가 글도 text를 가진 객체도 아닙니다")
    return Evidence(*titled(unicodedata.normalize("NFC", value.strip())))


def titled(text: str) -> tuple[str, str]:
    """The first line of a text and the rest where the first reads like a title, '' and all of it otherwise.

    >>> titled("확정일자 수수료는 얼마인가요?\\n1건에 600원입니다.")
    ('확정일자 수수료는 얼마인가요?', '1건에 600원입니다.')
    >>> titled("수수료는 600원입니다.\\n창구에서 받습니다.")[0]
    ''
    """
    first, _, rest = text.partition("\n")
    first = first.strip()
    if not rest.strip() or len(first) > LONGEST_TITLE or _BODY.match(first):
        return "", text
    return _HEADING.sub("", first), rest.strip()


def _text(record: dict[str, object], name: str, *, required: bool = True) -> str:
    value = record.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or (required and not value.strip()):
        raise ValueError(f"{name}이(가) 비었거나 글이 아닙니다")
    return unicodedata.normalize("NFC", value)
