"""``onnuri check``: the grounding checker by itself, for QA and for tests kept elsewhere."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from assistant.cli import given
from knowledge_base.errors import AssistantError

if TYPE_CHECKING:
    from assistant.grounding import Evidence

LONGEST_TITLE = 80
_HEADING = re.compile(r"#{1,6}\s+")
_BODY = re.compile(r"[|*\-•]|\d+\.\s|.*(?:다|요|오|까)\.$")


class Pair(NamedTuple):
    """One line of the input."""

    question: str
    evidence: "Evidence"
    sentence: str


def check(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="JSON 줄 파일. 없으면 표준 입력.")] = None,
) -> None:
    """문장이 근거에 있는 말인지 확인합니다.

    한 줄에 하나씩 {"question": …, "evidence": …, "sentence": …}를 읽어 {"supported": …, "reasons": […]}를 씁니다.
    evidence는 글이거나 title, heading, text를 가진 객체입니다. question은 없어도 됩니다.
    """
    from assistant.grounding import GroundingChecker
    from indexing.tokens import Analyzer

    checker = GroundingChecker(Analyzer())
    broken = 0
    for number, line in _lines(file):
        try:
            pair = parsed(line)
        except ValueError as error:
            broken += 1
            typer.echo(f"{number}번째 줄을 건너뜁니다: {error}", err=True)
            continue
        verdict = checker.check(pair.sentence, pair.evidence, pair.question).check
        result = {"supported": verdict.supported, "reasons": list(verdict.reasons)}
        typer.echo(json.dumps(result, ensure_ascii=False))
    if broken:
        raise AssistantError(f"{broken}줄을 읽지 못했습니다. 위에 적힌 줄을 고쳐 다시 실행하세요.")


def parsed(line: str) -> Pair:
    """The pair of one line; raises ValueError with a Korean sentence that says what is wrong with it."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("JSON이 아닙니다") from None
    if not isinstance(record, dict):
        raise ValueError('JSON 객체({"sentence": …})가 아닙니다')  # noqa: TRY004  (not a bug: a person's line)
    sentence, question = _text(record, "sentence"), _text(record, "question", required=False)
    return Pair(question, _evidence(record.get("evidence")), sentence)


def _evidence(value: object) -> "Evidence":
    from assistant.grounding import Evidence

    if isinstance(value, dict):
        titles = (_text(value, name, required=False) for name in ("title", "heading"))
        return Evidence("\n".join(filter(None, titles)), _text(value, "text"))
    if not isinstance(value, str) or not value.strip():
        raise ValueError("evidence가 글도 text를 가진 객체도 아닙니다")
    return Evidence(*titled(value.strip()))


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
    return value


def _lines(file: Path | None) -> Iterator[tuple[int, str]]:
    """Each line that is not blank, with its number from 1."""
    for number, line in enumerate(given(file).split("\n"), start=1):
        if line.strip():
            yield number, line
