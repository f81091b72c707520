"""Regulations and notices: Markdown with front matter, plain text, HTML."""

import re

from knowledge_base.document import Document, Kind
from knowledge_base.errors import UnreadableFile
from knowledge_base.metadata import field_of, fields
from knowledge_base.text import clean, decode

_ARTICLE = re.compile(r"^(?:#+\s*)?제\s*\d+\s*조(?:의\s*\d+)?\s*\(", re.MULTILINE)
_HEADING = re.compile(r"^#\s+(.+?)\s*#*$")
_KEY_LINE = re.compile(r"^([^:：\n]{1,12})[:：]\s*(.*)$")
_DISCARDED_TAGS = ("script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "iframe")
MAX_TITLE = 100


def read_text(data: bytes, document_id: str) -> Document:
    """Plain text or Markdown; YAML front matter or leading ``이름: 값`` lines name its metadata."""
    text = decode(data)
    values, body = _front_matter(text) if text.lstrip().startswith("---") else _key_lines(clean(text))
    return _document(values, body, document_id)


def read_html(data: bytes, document_id: str) -> Document:
    """A web page as Markdown, without scripts, navigation, links and images; ``<meta>`` names metadata."""
    from bs4 import BeautifulSoup
    from markdownify import MarkdownConverter

    page = BeautifulSoup(decode(data), "lxml")
    values = {
        str(tag["name"]): str(tag["content"]) for tag in page.find_all("meta", attrs={"name": True, "content": True})
    }
    if page.title and page.title.string:
        values.setdefault("제목", page.title.string)
    for tag in page(_DISCARDED_TAGS):
        tag.decompose()
    converter = MarkdownConverter(heading_style="ATX", strip=["a", "img"], escape_misc=False, escape_underscores=False)
    body = page.body or page
    return _document(values, converter.convert_soup(body), document_id)


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    import frontmatter
    import yaml

    try:
        parsed = frontmatter.loads(text.lstrip())
    except yaml.YAMLError as error:
        raise UnreadableFile("머리말(---)의 형식이 잘못되었습니다. '이름: 값' 꼴로 적어 주세요.") from error
    return dict(parsed.metadata), parsed.content


def _key_lines(text: str) -> tuple[dict[str, object], str]:
    """Leading ``제목: …`` lines up to the first blank one, when all of them are fields of ours."""
    head, _, body = text.partition("\n\n")
    matches = [_KEY_LINE.match(line) for line in head.splitlines()]
    if matches and all(match and field_of(match[1]) for match in matches):
        return {match[1]: match[2] for match in matches if match}, body
    return {}, text


def _document(values: dict[str, object], body: str, document_id: str) -> Document:
    known = fields(values)
    known.pop("text", None)
    title, text = _title(clean(body))
    known.setdefault("title", title or document_id.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("_", " "))
    known.setdefault("kind", Kind.REGULATION if len(_ARTICLE.findall(text)) >= 2 else Kind.NOTICE)
    if not text:
        raise UnreadableFile("글이 없는 빈 파일입니다. 내용을 확인해 주세요.")
    return Document(**{**known, "text": text, "id": document_id})


def _title(text: str) -> tuple[str, str]:
    """The title in the first line, if it looks like one, and the text below it."""
    first, _, rest = text.partition("\n")
    heading = _HEADING.match(first)
    looks_like_title = len(first) <= MAX_TITLE and not first.endswith((".", "다", "요"))
    if not rest.strip() or not (heading or looks_like_title):
        return "", text
    return (heading[1] if heading else first.strip()), rest.strip()
