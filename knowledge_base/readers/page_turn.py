"""Which way up a page of a PDF is read: one with a wide table may lie on its side, or be turned to be shown."""

import math
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

MAX_ANGLES = 300  # letters that are looked at


class Turn(NamedTuple):
    """The quarters, clockwise, that a page lies turned by, and its size as it lies; its points once set upright."""

    quarters: int
    page_width: float
    page_height: float

    @property
    def height(self) -> float:
        return self.page_width if self.quarters % 2 else self.page_height

    def point(self, x: float, y: float) -> tuple[float, float]:
        match self.quarters:
            case 1:
                return self.page_height - y, x
            case 2:
                return self.page_width - x, self.page_height - y
            case 3:
                return y, self.page_width - x
        return x, y

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        (x1, y1), (x2, y2) = self.point(left, bottom), self.point(right, top)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def upright(page: "PdfPage") -> Turn:
    """The turn that sets most of the letters upright."""
    from pypdfium2 import raw

    width, height = page.get_size() if page.get_rotation() % 180 == 0 else page.get_size()[::-1]
    text = page.get_textpage()
    try:
        seen = (index for index in range(text.count_chars()) if raw.FPDFText_GetUnicode(text, index) > ord(" "))
        angles = [raw.FPDFText_GetCharAngle(text, index) for index in islice(seen, MAX_ANGLES)]
    finally:
        text.close()
    quarters = Counter(round(angle / (math.pi / 2)) % 4 for angle in angles)
    return Turn(quarters.most_common(1)[0][0] if quarters else 0, width, height)
