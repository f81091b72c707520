"""What changed between two versions of a document: its fields, and the words of its text that went and came."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from indexing.admin_panel import markup
from indexing.admin_panel.markup import Html
from knowledge_base.storage import corrections
from knowledge_base.storage.history import Difference

ALIKE = 0.5
"""From which share of common words on two lines are one that was changed."""
_WORD = re.compile(r"\s+|\S+")


def difference_html(difference: Difference) -> Html:
    """Fields, then the lines of the text."""
    fields = "".join(
        f"<tr><th scope=row>{markup.text(_label(name))}</th><td><del>{markup.text(change.old or '없음')}</del></td>"
        f"<td><ins>{markup.text(change.new or '없음')}</ins></td></tr>"
        for name, change in difference.fields.items()
    )
    lines = "".join(_lines(difference.lines[2:]))  # the first two name the versions
    if not fields and not lines:
        return '<p class="hint">내용이 같습니다.</p>'
    return (
        f'<div class="difference">{f"<table>{fields}</table>" if fields else ""}'
        f"{f'<pre>{lines}</pre>' if lines else ''}</div>"
    )


def _label(name: str) -> str:
    return "종류" if name == "kind" else corrections.labels([name])[0]


def _lines(lines: Sequence[str]) -> Iterator[Html]:
    """The lines of a unified difference; those that took the place of as many others are compared word by word."""
    old: list[str] = []
    new: list[str] = []
    for line in lines:
        if line.startswith("-"):
            old.append(line[1:])
        elif line.startswith("+"):
            new.append(line[1:])
        else:
            yield from _replaced(old, new)
            old, new = [], []
            yield '<span class="gap">…</span>\n' if line.startswith("@@") else f"{markup.text(line[1:])}\n"
    yield from _replaced(old, new)


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Html]:
    if len(old) == len(new):
        pairs = [words(before, after) for before, after in zip(old, new, strict=True)]
        old, new = [before for before, _ in pairs], [after for _, after in pairs]
    else:
        old, new = list(map(markup.text, old)), list(map(markup.text, new))
    yield from (f"<del>{line}</del>\n" for line in old)
    yield from (f"<ins>{line}</ins>\n" for line in new)


def words(old: str, new: str) -> tuple[Html, Html]:
    """Two lines with what differs in bold; lines that have little in common as they are.

    >>> words("30분에 500원으로 한다", "30분에 700원으로 한다")
    ('30분에 <b>500원으로</b> 한다', '30분에 <b>700원으로</b> 한다')
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return markup.text(old), markup.text(new)
    changes = matcher.get_opcodes()
    return (
        "".join(_marked(before[start:end], tag) for tag, start, end, _, _ in changes),
        "".join(_marked(after[start:end], tag) for tag, _, _, start, end in changes),
    )


def _marked(found: Sequence[str], tag: str) -> Html:
    shown = markup.text("".join(found))
    return shown if tag == "equal" or not shown else f"<b>{shown}</b>"
