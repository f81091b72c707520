"""Numbers as a spreadsheet shows them: 1200 is 1,200원 in one cell and 120000% in another."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

BUILT_IN = {
    **dict(zip((1, 2, 3, 4, 9, 10), ("0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%"), strict=True)),
    **dict.fromkeys((5, 6, 42), '"₩"#,##0'),
    **dict.fromkeys((7, 8, 44), '"₩"#,##0.00'),
    **dict.fromkeys((37, 38, 41), "#,##0"),
    **dict.fromkeys((39, 40, 43), "#,##0.00"),
    17: "mmm-yy",
}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]'
    r"|(?P<colour>\[[^\]=<>]+\])|(?P<width>[_*].)|(?P<place>General|[0#?.,])|(?P<plain>[^a-zA-Z@/\[\]])",
    re.S,
)


class _Section(NamedTuple):
    """What stands around the digits, and the places for them, with the signs among these (000-0000)."""

    before: str
    places: str
    after: str


_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')


def shows_a_month(code: str) -> bool:
    """Whether a code shows of a day its month and year alone: what was typed as 2026년 12월 is stored as its first day.

    >>> [shows_a_month(code) for code in ('yyyy"년" m"월"', "mmm-yy", "yyyy-mm-dd", "h:mm", "General")]
    [True, True, False, False, False]
    """
    letters = set(_LITERAL.sub("", code.lower())) & set("ymdhs")
    return letters == {"y", "m"}


def shown(number: float, code: str) -> str:
    """A number under a format code; as it is under one for dates, fractions or powers of ten, or without one.

    >>> [shown(1200, code) for code in ('#,##0"원"', "0%", "#,##0,", "[Red]0.0;-0.0", 'General"명"', "yyyy", "")]
    ['1,200원', '120000%', '1', '1200.0', '1200명', '1200', '1200']
    >>> [shown(-0.125, code) for code in ("0%", "0.0#%", '_-* 0.000_-;"△"0.000_-')], shown(61712345, "000-000-0000")
    (['-13%', '-12.5%', '△0.125'], '006-171-2345')
    """
    sections = _sections(code)
    if not sections:
        return _as_it_is(number)
    has_own = len(sections) > 1 and number < 0
    section = sections[1] if has_own else sections[2] if len(sections) > 2 and not number else sections[0]
    digits = _digits(number, section)
    sign = "-" if number < 0 and not has_own and re.search("[1-9]", digits) else ""
    return f"{sign}{section.before}{digits}{section.after}".strip()


def _as_it_is(number: float) -> str:
    """Eleven digits, as Excel has it: 0.1 + 0.2 is 0.3."""
    return str(int(number)) if float(number).is_integer() else format(Decimal(f"{number:.11g}"), "f")


def _digits(number: float, section: _Section) -> str:
    whole, _, fraction = section.places.partition(".")
    if section.places in ("", "General"):
        return _as_it_is(abs(number)) if section.places else ""
    thousands = len(whole) - len(whole.rstrip(","))
    value = abs(Decimal(repr(number))).scaleb(2 * (section.before + section.after).count("%") - 3 * thousands)
    rounded = value.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    ones, _, rest = format(rounded, ",f" if "," in whole.rstrip(",") else "f").partition(".")
    while rest and rest.endswith("0") and fraction[len(rest) - 1] in "#?":
        rest = rest[:-1]
    return _in_places(ones, whole) + (f".{rest}" if rest else "")


def _in_places(digits: str, places: str) -> str:
    """Digits from the right into places; what has no place stands before them."""
    if "," in places:
        return digits
    written, left = "", digits if digits != "0" else ""
    for place in reversed(places):
        if place in "0#?":
            written, left = (left[-1:] or "0" * (place == "0")) + written, left[:-1]
        else:
            written = place + written
    return left + written


@lru_cache(maxsize=1000)
def _sections(code: str) -> tuple[_Section, ...]:
    """The formats for positive, negative and no amounts; none for a code with anything unknown in it."""
    sections = [_section(part) for part in re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)[:3]]
    known = [section for section in sections if section is not None]
    return tuple(known) if len(known) == len(sections) and any(section.places for section in known) else ()


def _section(code: str) -> _Section | None:
    before = places = after = ""
    at = 0
    while at < len(code):
        token = _TOKEN.match(code, at)
        if token is None:
            return None
        at = token.end()
        if token["place"]:
            places, after = places + after + token["place"], ""
        else:
            text = token["quoted"] or token["escaped"] or token["currency"] or token["plain"] or ""
            before, after = (before, after + text) if places else (before + text, after)
    return _Section(before, places, after)
