"""What the pages for people say can be looked up: tests, links, settings."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from pydantic.fields import FieldInfo

from assistant.settings import PREFIX, Settings

TESTS = Path(__file__).parent.parent
ROOT = TESTS.parent
DOCS = ROOT / "docs"
PAGES = sorted({*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *ROOT.glob("deploy/*.md")})


def test_every_test_that_is_named_is_there() -> None:
    named = re.findall(r"`((?:\w+/)?test_[\w*]+\.py)`", (DOCS / "security.md").read_text(encoding="utf-8"))
    assert len(named) > 30
    assert [each for each in named if not list(TESTS.rglob(each))] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page) if not is_there(page, link)] == []


def test_every_picture_is_shown_to_somebody() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page)}
    assert {*DOCS.glob("*.png"), *DOCS.glob("*.svg"), *DOCS.glob("*.html")} - shown == set()


def test_every_setting_is_explained_once_with_its_default() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    explained = re.findall(rf"^\| `{PREFIX}(\w+)` \| (?:`(.*?)`)? *\| .+ \|$", page, re.MULTILINE)
    assert sorted(explained) == sorted((name.upper(), written(field.default)) for name, field in fields())


def test_no_page_names_a_setting_that_is_none() -> None:
    known = {name.upper() for name, _ in fields()}
    files = [*PAGES, *(path for path in (ROOT / "deploy").rglob("*") if path.is_file() and path.suffix != ".pyc")]
    named = {name for file in files for name in re.findall(rf"{PREFIX}([A-Z_]+[A-Z])", file.read_text("utf-8"))}
    assert named - known == set()


def fields() -> list[tuple[str, FieldInfo]]:
    """The settings by name."""
    return list(Settings.model_fields.items())


def written(default: object) -> str:
    """As the page writes it: nothing for what is off unless asked for."""
    if isinstance(default, bool):
        return str(default).lower()
    return str(default) if isinstance(default, int | str | Path) else ""


def links(page: Path) -> Iterator[str]:
    """What a page links to or shows within the repository."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"", text)
    return (link for pair in found for link in pair if link and not link.startswith(("http://", "https://")))


def is_there(page: Path, link: str) -> bool:
    """Whether the file is there, and the heading in it."""
    path, _, heading = link.partition("#")
    target = (page.parent / unquote(path)) if path else page
    return target.exists() and (not heading or heading in headings(target))


def headings(page: Path) -> set[str]:
    """The anchors of a page, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
