"""Every spelling of a value is the same fact, and no spelling of another value is."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.facts.finding import Fact, facts, same

_ONES = ("", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
_NATIVE_ONES = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
_NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")


def _thousands(number: int, ones: Callable[[int], str] = lambda digit: _ONES[digit] if digit > 1 else "") -> str:
    """A number below 10,000 as it is said: 오천이백."""
    digits = [int(digit) for digit in f"{number:04}"]
    scaled = (ones(digit) + scale for digit, scale in zip(digits[:3], "천백십", strict=True) if digit)
    return "".join(scaled) + _ONES[digits[3]]


def said(number: int) -> str:
    """A number as it is said: 삼만 오천, 일억 이천만."""
    groups = [(number // 10**power % 10_000, scale) for power, scale in ((8, "억"), (4, "만"), (0, ""))]
    parts = [_thousands(group) + scale for group, scale in groups if group]
    return " ".join(parts).replace("일만", "만", parts[0] == "일만")


def mixed(number: int) -> str:
    """A number with figures and 억, 만 and 천: 1억 2천만, 3만 5천."""
    found = []
    for power, scale in ((8, "억"), (4, "만"), (0, "")):
        group = number // 10**power % 10_000
        if group and group % 1000 == 0:
            found.append(f"{group // 1000}천{scale}")
        elif group:
            found.append(f"{group:,}{scale}")
    return " ".join(found)


def native(number: int) -> str:
    """A number below 100 as things are counted: 스무, 예순다섯."""
    word = _NATIVE_TENS[number // 10] + _NATIVE_ONES[number % 10]
    return "스무" if word == "스물" else word


def money(won: int) -> set[str]:
    spellings = {f"{won}원", f"{won:,}원", f"{won:,} 원", f"일금 {won:,}원정", f"{said(won)} 원", f"{mixed(won)} 원"}
    spellings |= {said(won).replace(" ", "") + "원", mixed(won).replace(" ", "") + "원"}
    for unit, name in ((1000, "천원"), (10_000, "만원"), (1_000_000, "백만원")):
        if won % (unit // 100) == 0:
            amount = f"{Decimal(won) / unit:,f}"
            spellings |= {f"{amount}{name}", f"{amount}{name[:-1]} 원"} if "." not in amount or unit > 1000 else set()
    return spellings


def period(months: int) -> set[str]:
    years, rest = divmod(months, 12)
    spellings = {f"{months}개월", f"{months} 개월간"}
    if months < 100:
        spellings |= {f"{native(months)} 달", f"{months}달"}
    if years and rest:
        spellings |= {f"{years}년 {rest}개월", f"{years}년{rest}개월", f"{years}년 {native(rest)} 달"}
    if years and rest == 6:
        spellings |= {f"{years}년 반"}
    if not rest:
        spellings |= {f"{years}년", f"{years}년간", f"{said(years)} 년"}
    return spellings


def duration(minutes: int) -> set[str]:
    hours, rest = divmod(minutes, 60)
    spellings = {f"{minutes}분", f"{minutes}분간"}
    if hours and rest:
        spellings |= {f"{hours}시간 {rest}분", f"{hours}시간{rest}분", f"{native(hours)} 시간 {rest}분"}
    if hours and rest == 30:
        spellings |= {f"{hours}시간 반", f"{native(hours)} 시간 반", f"{hours}.5시간"}
    if not rest:
        spellings |= {f"{hours}시간", f"{native(hours)} 시간", f"{native(hours)}시간"}
    return spellings


def clock(minutes: int) -> set[str]:
    hour, minute = divmod(minutes, 60)
    half, short = ("오전" if hour < 12 else "오후"), hour % 12 or 12
    spellings = {f"{hour:02}:{minute:02}", f"{half} {short}:{minute:02}", f"{short}:{minute:02} {'ap'[hour >= 12]}m"}
    if minute:
        return spellings | {f"{half} {short}시 {minute}분", f"{half} {native(short)} 시 {minute}분"}
    return spellings | {f"{half} {short}시", f"{half} {native(short)} 시", f"{half}{native(short)}시"}


def day(number: int) -> set[str]:
    month, date = number // 31 % 12 + 1, number % 31 + 1
    months = {6: "유월", 10: "시월"}.get(month, f"{said(month)}월")
    spellings = {f"{year} {month}월 {date}일" for year in ("2026년", "’26년", "26년")} | {
        f"이천이십육년 {months} {said(date)}일"
    }
    return spellings | {
        f"2026. {month}. {date}.",
        f"2026-{month:02}-{date:02}",
        f"’26. {month}. {date}.",
        f"2026/{month}/{date}",
    }


def share(percent: int) -> set[str]:
    spellings = {f"{percent}%", f"{percent} 퍼센트", f"{percent}프로", f"100분의 {percent}", f"{percent}/100"}
    spellings |= {
        f"{percent * 10}‰",
        f"1천분의 {percent * 10}",
        f"{said(percent)} 퍼센트",
        f"백분의 {said(percent)} 이상",
    }
    return spellings | ({f"{percent // 10}할", f"10분의 {percent // 10}"} if percent % 10 == 0 else set())


def age(years: int) -> set[str]:
    return {
        f"{years}세",
        f"만 {years}세",
        f"{native(years)} 살",
        f"만 {native(years)} 살",
        f"{said(years)} 세",
        f"만 {said(years)} 세",
    }


def phone(line: int) -> set[str]:
    exchange, last = 200 + line // 10_000, line % 10_000
    spoken = " ".join(
        "".join("공일이삼사오육칠팔구"[int(digit)] for digit in part) for part in ("061", f"{exchange}", f"{last:04}")
    )
    spellings = {f"061{sep}{exchange}-{last:04}" for sep in ("-", ") ", ")")} | {f"(061) {exchange}-{last:04}", spoken}
    return spellings | {f"061.{exchange}.{last:04}", f"061{exchange}{last:04}", f"+82-61-{exchange}-{last:04}"}


def article(number: int) -> set[str]:
    law, branch, paragraph = number // 30 + 1, number // 6 % 5 + 2, number % 6 + 1
    return {
        f"제{law}조의{branch}제{paragraph}항",
        f"제{law}조의{branch} 제{paragraph}항",
        f"{law}조의{branch} {paragraph}항",
    }


_WON = (st.integers(10, 9_999), st.integers(1, 9_999).map(lambda won: won * 1000), st.integers(10, 9 * 10**11))
_SPELT: dict[Callable[[int], set[str]], st.SearchStrategy[int]] = {
    money: st.one_of(*_WON),
    period: st.integers(2, 99),
    duration: st.integers(10, 23 * 60),
    clock: st.integers(0, 24 * 60 - 1),
    day: st.integers(0, 371),
    share: st.integers(1, 99),
    age: st.integers(10, 99),
    phone: st.integers(0, 7_999_999),
    article: st.integers(0, 899),
}
VALUES = st.sampled_from(list(_SPELT)).flatmap(lambda spelt: st.tuples(st.just(spelt), _SPELT[spelt], _SPELT[spelt]))


def _one(spelling: str) -> Fact:
    found = facts(spelling)
    assert len(found) == 1, (spelling, found)
    return found[0]


@given(VALUES)
def test_spellings_are_the_same_exactly_where_the_values_are(
    drawn: tuple[Callable[[int], set[str]], int, int],
) -> None:
    spelt, number, other = drawn
    known = _one(min(spelt(number)))
    for spelling in spelt(number):
        assert same(known, _one(spelling)), spelling
        assert same(_one(spelling), known), spelling
    for spelling in spelt(other) if other != number else ():
        assert not same(known, _one(spelling)), spelling


PIECES = [
    "2026년", "26년", "7월", "1일", "6개월", "반", "1시간", "30분", "오후", "6시", "9~18시", "061-749-3114", "~6",
    "제7조제1항", "및 제2항", "2,3차", "3만", "5천", "원", "십", "만 육십오 세", "분의", "1/2", "(단위: 천원)", ".",
    "말", "2할", "5푼", "이분의 일",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=8), st.sampled_from(["", " "]))
def test_whatever_is_written_facts_lie_in_order_in_the_text(pieces: list[str], gap: str) -> None:
    text = gap.join(pieces)
    ends = 0
    for fact in facts(text):
        start, end = fact.span
        assert 0 <= start < end <= len(text)
        assert end >= ends
        ends = end
