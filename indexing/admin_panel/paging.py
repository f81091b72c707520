"""Long lists a page at a time, and the way from one page to the next."""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from indexing.admin_panel import markup
from indexing.admin_panel.markup import Html

Row = TypeVar("Row")


class Page(NamedTuple, Generic[Row]):
    """The rows of page ``number`` (from 0) of a list of ``total`` rows, ``size`` on a page."""

    rows: Sequence[Row]
    total: int
    size: int
    number: int

    @property
    def pages(self) -> int:
        """How many there are, at least one."""
        return max(1, -(-self.total // self.size))


def nearest(asked: int, total: int, size: int) -> int:
    """The page there is, nearest to the one asked for.

    >>> nearest(0, total=0, size=50), nearest(9, total=51, size=50), nearest(-1, total=51, size=50)
    (0, 1, 0)
    """
    return max(0, min(asked, -(-total // size) - 1))


def page_of(rows: Sequence[Row], asked: int, size: int) -> Page[Row]:
    """A page of the whole list ``rows``."""
    number = nearest(asked, len(rows), size)
    return Page(rows[number * size : (number + 1) * size], len(rows), size, number)


def pager_html(page: Page[Row], told: str, do: str) -> Html:
    """What the page shows, as ``told``, and the buttons to the pages beside it, which ``do`` turns to."""
    number, pages = page.number, page.pages
    before = markup.button("이전", do, told="이전 쪽", number=str(number - 1)) if number else ""
    after = markup.button("다음", do, told="다음 쪽", number=str(number + 1)) if number + 1 < pages else ""
    turning = f'<span class="buttons">{before}<span>{number + 1} / {pages}쪽</span>{after}</span>' if pages > 1 else ""
    return f'<nav class="pager" aria-label="쪽"><span>{told}</span>{turning}</nav>'
