"""What stands around the text on every page of a web site: menus, the way to the page and to its neighbours, links
that share it or lead down it, the question whether it pleases, who keeps it."""

import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from knowledge_base.validity.dates import DAY, first_day

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, PageElement, Tag

LEAST_TEXT, MOST_TEXT = 40, 500  # characters
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
_MEDIUM = r"(?:페이스북|트위터|X|카카오\s?(?:톡|스토리)|네이버|밴드|블로그|라인|인스타그램|링크|URL)"
_SHARE = re.compile(
    rf"{_MEDIUM}?(?:\s?(?:에|로|으로))?\s?(?:공유|보내기|복사)(?:\s?하기)?|{_MEDIUM}|(?:인쇄|프린트)(?:\s?하기)?", re.I
)
_CHANGED = re.compile(r"(?:최종|최근)\s?(?:수정|갱신|변경|업데이트)")
_KEPT = re.compile(
    r"\W*(?:(?:(?:자료|콘텐츠)?\s?(?:담당|관리)\s?부서\W{0,3}"
    r"(?P<department>[가-힣][가-힣\d· ]{1,30}?)(?:\s?\([^()]*\))?"
    r"|(?:담당\s?)?(?:전화(?:\s?번호)?|연락처)\W{0,3}(?P<phone>0\d{1,2}-\d{3,4}-\d{4}|\d{4}-\d{4})"
    rf"|{_CHANGED.pattern}\s?(?:일자?|일시)?\W{{0,3}}(?P<as_of>{DAY})(?:\s\d\d(?::\d\d){{1,2}})?"
    r"|담당자\W{0,3}[가-힣]{2,4}|팩스(?:\s?번호)?\W{0,3}[\d-]{7,14}|조회\s?수?\W{0,3}[\d,]+)(?:\W+|$)){1,6}"
)
"""Who keeps a page and when it was last changed, by the names of fields: 담당부서 교통과 최종수정일 2026-02-27."""


def frame(page: "BeautifulSoup") -> "list[Tag]":
    """What belongs to the site and not to the page; nothing that, left open by mistake, holds all of the page."""
    everything = len(page.get_text(strip=True))
    named = [*page(id=_IDS), *page(id=_NAMES), *page(class_=_NAMES), *page(role=_ROLES)]
    closed = [tag for tag in named if everything - len(tag.get_text(strip=True)) >= LEAST_TEXT]
    around = [tag for tag in (*page(("header", "footer")), *closed) if not tag.find_parent(("article", "main"))]
    surveys = [_widest(string, _is_survey) for string in page(string=_SURVEY)]
    return [*around, *_neighbours(page), *_way(page), *_links(page), *filter(None, surveys)]


def keeper(page: "BeautifulSoup") -> dict[str, str]:
    """What the page says of who keeps it and when it was last changed, as metadata; it is taken out of the page."""
    known: dict[str, str] = {}
    for string in page(string=_CHANGED):
        tag = _widest(string, _is_of_keeper)
        if tag and (said := _KEPT.fullmatch(_text(tag))) and (day := first_day(said["as_of"] or "")):
            known = {"department": said["department"] or "", "phone": said["phone"] or "", "as_of": str(day)}
            tag.decompose()
    return known


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


def _links(page: "BeautifulSoup") -> "Iterator[Tag]":
    """Links that share or print the page, and lists of those to its own parts (the names of tabs)."""
    parts = [f"#{tag['id']}" for tag in page(id=True)]
    for link in page("a"):
        if found := _widest(link, _shares):
            yield found
    for link in page("a", href=parts):
        found = _widest(link, lambda tag: _words(*tag("a", href=parts)) == _words(tag))
        if found and len(found("a")) > 1:
            yield found


def _shares(tag: "Tag") -> bool:
    strings = list(tag.stripped_strings)
    return any("공유" in string or "인쇄" in string for string in strings) and all(map(_SHARE.fullmatch, strings))


def _is_survey(tag: "Tag") -> bool:
    return _SURVEY.fullmatch(_text(tag)) is not None


def _is_of_keeper(tag: "Tag") -> bool:
    return _KEPT.fullmatch(_text(tag)) is not None


def _widest(inside: "PageElement", test: "Callable[[Tag], bool]") -> "Tag | None":
    """The widest tag around a place that holds little, and nothing but what is tested for."""
    near = takewhile(lambda tag: len(_text(tag)) <= MOST_TEXT, inside.parents)
    return next((tag for tag in reversed([*near]) if test(tag)), None)


def _words(*tags: "Tag") -> list[str]:
    return [word for tag in tags for word in _text(tag).split()]


def _text(tag: "Tag") -> str:
    return tag.get_text(" ").strip()
