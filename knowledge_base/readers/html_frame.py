"""What stands around the text on every page of a web site: menus, the way to the page and to its neighbours, the
question whether it pleases."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

LEAST_TEXT = 40  # characters
_IDS = re.compile(r"^(?:site|page|wrap)?[-_]?(?:header|footer)$", re.I)
_NAMES = re.compile(r"^(?:gnb|lnb|snb|breadcrumbs?|paging|pagination|quick[-_]?menu|skip[-_]?\w*|copyright)$", re.I)
"""Ids and classes."""
_ROLES = ("navigation", "banner", "contentinfo", "search")
_NEIGHBOUR = re.compile(r"\s*(?:이전|다음)\s?글(?![가-힣]).{0,150}|\s*목록(?:으로|보기)?\s*$", re.DOTALL)
"""The ways from one article of a board to the next."""
_HOME = re.compile(r"^\s*(?:홈|home)\s*(?:$|[>›»])", re.I)
_WAY = re.compile(r"(?:홈|home)(?:[\s>›»]*[>›»]\s*[^>›».]{1,30}){1,6}", re.I)
"""The way from the first page to this one."""
_ANSWER = r"(?:매우|아주|대체로)?\s*(?:불?만족|보통|불만)(?:합니다|해요|함)?|의견|등록|제출|확인|평가"
_SURVEY = re.compile(
    r"[^.?!]{0,30}(?:페이지|콘텐츠|제공(?:하는|되는|된)\s(?:정보|자료))[^.?!]{0,40}만족[^.?!]{1,12}"
    rf"(?:[.?!]\s*)?(?:(?:{_ANSWER})[\s\d()점]*)*"
)


def frame(page: "BeautifulSoup") -> "list[Tag]":
    """What belongs to the site and not to the page; nothing that, left open by mistake, holds all of the page."""
    everything = len(page.get_text(strip=True))
    named = [*page(id=_IDS), *page(id=_NAMES), *page(class_=_NAMES), *page(role=_ROLES)]
    closed = [tag for tag in named if everything - len(tag.get_text(strip=True)) >= LEAST_TEXT]
    around = [tag for tag in (*page(("header", "footer")), *closed) if not tag.find_parent(("article", "main"))]
    surveys = [_survey(string.parent) for string in page(string=_SURVEY) if string.parent]
    return [*around, *_neighbours(page), *_way(page), *filter(None, surveys)]


def _neighbours(page: "BeautifulSoup") -> "Iterator[Tag]":
    for string in page(string=_NEIGHBOUR):
        tag = string.find_parent(("li", "tr", "dt", "p", "div", "a"))
        if tag and _NEIGHBOUR.fullmatch(_text(tag)):
            yield tag
            title = tag.find_next_sibling("dd") if tag.name == "dt" else None
            if title:
                yield title


def _way(page: "BeautifulSoup") -> "Iterator[Tag]":
    for string in page(string=_HOME):
        tag = string.find_parent(("ul", "ol", "p", "div", "td"))
        if tag and _WAY.fullmatch(" > ".join(tag.stripped_strings)):
            yield tag


def _survey(tag: "Tag") -> "Tag | None":
    """The widest tag from here on that asks whether the page pleases, and nothing else."""
    found = None
    while _SURVEY.fullmatch(_text(tag)) and tag.parent:
        found, tag = tag, tag.parent
    return found


def _text(tag: "Tag") -> str:
    return tag.get_text(" ").strip()
