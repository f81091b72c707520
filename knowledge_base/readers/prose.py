"""Regulations and notices as text: Markdown with front matter, plain text with ``이름: 값`` lines above."""

import re
import unicodedata
from collections.abc import Mapping

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.metadata import alias, field_of, fields
from knowledge_base.readers.contact import contact
from knowledge_base.readers.text_table import with_tables
from knowledge_base.text import clean, one_line
from knowledge_base.validity.dates import first_day

MAX_TITLE = 100
HEAD = 600  # characters, in which the subject of a paper stands
_ARTICLE = re.compile(r"^(?:#+\s*)?제\s*\d+\s*조(?:의\s*\d+)?\s*[(\[【]", re.MULTILINE)
_MARKED_LINE = re.compile(r"^(?:#{2,}\s|[|>①-⑳]|[-*+]\s|\d{1,2}[.)]\s|[가-하][.)]\s|제\s*\d+\s*[장조])")
_NUMBER = re.compile(r"\S{0,20}\s?(?:공고|고시|공시|훈령)\s*제\s*\d{4}\s*-\s*\d+\s*호")  # 가람시 공고 제2026-12호
_STRUCK = re.compile(r"~~(?=\S)[^~\n]+(?<=\S)~~")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.I)
_KEY_LINE = re.compile(r"^([^:：\n]{1,12})[:：]\s*(.*)$")
_MAIL = {"보낸사람", "받는사람", "참조", "숨은참조", "from", "to", "cc"}
_SENT = {"보낸날짜", "날짜", "date", "sent"}
_FORM = re.compile(r"보도자료|민원(?:사무)?편람|협조문|업무연락|회람|메모")
"""What sort of paper it is, above its title."""
_NOTE_BESIDE = re.compile(r"\A([^\n]{2,100}?) {2,}(?=※)")
_SUBJECT = re.compile(r"^[^\w\n]*(?:제\s?목|건\s?명|(?:민원|사무|사업)명)\s*[:：]\s*(\S.*)$", re.MULTILINE)
_FOLDED = re.compile(r"^(?=\S)([^:：\n]{2,12}?) *[:：] *(\S.*(?:\n {8,}\S.*)+)$", re.MULTILINE)
_ALIGNED = re.compile(r"^([가-힣]{2,10}) {2,}: +(?=\S)", re.MULTILINE)
_FRONT_MATTER = re.compile(r"^---\n(.*?)^(?:---|\.\.\.)(?:\n|$)", re.MULTILINE | re.DOTALL)


def read_text(text: str, document_id: str) -> Document:
    """Plain text or Markdown; YAML front matter or leading ``이름: 값`` lines name its metadata."""
    text = clean(with_tables(_unfolded(unicodedata.normalize("NFC", text))))
    front_matter = _FRONT_MATTER.match(text)
    values = _yaml(front_matter[1]) if front_matter else None
    if front_matter is None or values is None:
        return document(*_key_lines(text.removeprefix("---\n")), document_id)
    return document(values, text[front_matter.end() :], document_id)


def _unfolded(text: str) -> str:
    """The values of terms, set over several lines below one another, as one line."""
    text = text.replace("\r\n", "\n")
    text = _FOLDED.sub(lambda term: f"{term[1]}: {' '.join(map(str.strip, term[2].splitlines()))}", text)
    return _ALIGNED.sub(r"\1: ", text)


def shown(text: str) -> str:
    """Markdown without what a reader of it does not see: comments, and text struck out as no longer valid.

    >>> shown("수수료는 ~~300원~~ 400원<!-- 내부: 500원 -->입니다.<br>")
    '수수료는  400원입니다. '
    """
    first, *others = text.split("<!--")
    text = first + "".join(
        after if closed else f"<!--{inside}" for inside, closed, after in (other.partition("-->") for other in others)
    )
    return _LINE_BREAK.sub(" ", _STRUCK.sub("", text))


def document(values: Mapping[str, str], body: str, document_id: str) -> Document:
    """The document of a body and what is known about it; its title, kind and department are found when not named.

    A first line that repeats the title is left out of the text. Raises UnreadableFile without any text.
    """
    known = fields(values)
    text = clean("\n\n".join(filter(None, (known.pop("text", ""), body))))
    title, below = _title(text)
    if not known.get("title"):
        known["title"] = title or _file_title(document_id)
    if one_line(known["title"]) == title:
        text = below
    if not text:
        raise UnreadableFile("글이 없는 빈 파일입니다. 내용을 확인해 주세요.")
    if not known.get("department"):
        known |= contact(text)
    known.setdefault("kind", Kind.REGULATION if len(_ARTICLE.findall(text)) >= 2 else Kind.NOTICE)
    return Document(**{**known, "text": text, "id": document_id})


def _yaml(block: str) -> dict[str, str] | None:
    """The entries of front matter as text; None when it is no mapping (a rule above a paragraph)."""
    import yaml

    try:
        # BaseLoader leaves 061 and 2026-02-30 as they are written; the latter is a mistake to report.
        values = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506  (it makes text, lists and mappings only)
    except (yaml.YAMLError, RecursionError) as error:
        raise UnreadableFile("머리말(---)의 형식이 잘못되었습니다. '이름: 값' 꼴로 적어 주세요.") from error
    if not isinstance(values, dict):
        return None
    return {str(name): _entry(value) for name, value in values.items()}


def _entry(value: object) -> str:
    entries = value if isinstance(value, list) else [value]
    return ", ".join(entry for entry in entries if isinstance(entry, str))


def _key_lines(text: str) -> tuple[dict[str, str], str]:
    """Leading ``제목: …`` lines up to the first blank one, when all of them are fields of ours or those of a letter."""
    head, _, body = text.partition("\n\n")
    matches = [match for line in head.splitlines() if (match := _KEY_LINE.match(line))]
    if not matches or len(matches) < len(head.splitlines()):
        return {}, text
    values = {match[1]: match[2] for match in matches}
    if not all(field_of(name) or alias(name) in _MAIL | _SENT for name in values):
        return {}, text
    sent = next((day for name in values if alias(name) in _SENT and (day := first_day(values[name]))), None)
    return ({"기준일": str(sent)} if sent else {}) | values, body


def _title(text: str) -> tuple[str, str]:
    """The title of a text, if it begins with one, and the text without it.

    The number of an announcement stands above its title and stays with the text: corrections refer to it. Of a sort of
    paper the title is its subject.
    """
    first, _, rest = text.partition("\n")
    if number := _NUMBER.match(first.strip("# ")):
        beside = first.strip("# ")[number.end() :].strip()
        title, below = _headline(f"{beside}\n{rest}".lstrip())
        return (title, f"{number[0]}\n{below}") if title else ("", text)
    sort, _, beside = first.strip("# ").partition("  ")
    if _FORM.fullmatch(sort.replace(" ", "")):
        lines = [line for line in rest[:HEAD].splitlines() if line.strip() and not _KEY_LINE.match(line)]
        subject = _SUBJECT.search(rest[:HEAD])
        title = subject[1] if subject else _headline("\n".join(lines))[0]
        if title and len(title) <= MAX_TITLE:
            return one_line(title), text if beside else rest.strip()
    return _headline(text)


def _headline(text: str) -> tuple[str, str]:
    """The title in the first line, if it looks like one and text follows, and the text below it."""
    first, _, rest = _NOTE_BESIDE.sub(r"\1\n", text).partition("\n")
    heading = first[1:].strip().rstrip("#").rstrip() if re.match(r"#\s+\S", first) else ""
    is_sentence = first.endswith((".", "다", "요"))
    looks_like_title = len(first) <= MAX_TITLE and not is_sentence and not _MARKED_LINE.match(first)
    if not rest.strip() or not (heading or looks_like_title):
        return "", text
    return one_line(heading or first), rest.strip()


def _file_title(document_id: str) -> str:
    return one_line(document_id.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " "))
