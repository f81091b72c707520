"""Numbers read out digit by digit: ``공일공에 일이삼사에 오육칠팔``, halting or over several lines.

A run is a chain of digits and digit words with nothing between them but pauses. What it is shows in how many
digits it has and how they begin, so the rules here are about digits alone.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from assistant.masking.view import MASKED

_VALUES = {
    **dict(zip("공영령빵일이삼사오육륙칠팔구", "00001234566789", strict=True)),
    **dict(zip(("하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"), "123456789", strict=True)),
}
_WORDS = "|".join(r"\s?".join(word) for word in sorted(_VALUES, key=len, reverse=True))
DIGIT_WORD = f"(?:{_WORDS})"
"""Also one that a stop cuts in two: 다, 섯."""
_DIGIT = re.compile(f"[0-9]|{DIGIT_WORD}")
_CHUNK = re.compile(f"(?:[0-9]|{DIGIT_WORD})++")
_PAUSES = (
    *("에", "의", "에는", "에서", "국에", "국의", "번에", r"다\s?시", r"대\s?시", "하이픈", "작대기"),
    *("요", "고요", "구요", "이요", "이고요", "이구요", "고", "이고", "하고", "땡", "그리고"),
    *(
        place + particle
        for place in ("뒤", "뒷자리", "뒷번호", "가운데", "중간", "끝", "끝자리", "다음", "그다음")
        for particle in ("", "은", "는", "이", "가", "에", "에는")
    ),
    *("맞아요", "잠깐만요", "잠시만요", "그러니까", "천천히"),
    *(
        "네",
        "예",
        "응",
        "어",
        "음",
        "아",
        "그",
        "저",
        "시민:",
        "민원인:",
        "고객:",
        "상담원:",
        "상담사:",
        "caller:",
        "agent:",
    ),
)
_PAUSE = "|".join(sorted(_PAUSES, key=len, reverse=True))
_GAP = re.compile(rf"(?:[\s,.\-/()·…:~]|{_PAUSE})*+")
_CUT = re.compile(rf"{_GAP.pattern}[하다여아대]?\Z")  # pauses, and half a digit or pause
_OPEN_END = re.compile(rf"{_GAP.pattern}[^\s]*+\Z")  # pauses, and what may become one
_INTERRUPTION = re.compile(r"[가-힣\n…a-z]|,\s")
_ENDINGS = (
    "요|고|고요|구요|에요|예요|네요|거든요|래요|라고|라고요|라는|라|야|며|인데|인데요|입니다|번|번이요|로|으로|만"
)
_ENDING = re.compile(rf"(?:{_ENDINGS})(?![가-힣])")
_WORD_END = re.compile(rf"(?:이?(?:{_ENDINGS})|{_PAUSE})?(?![가-힣])|(?:에|의|다시)(?={DIGIT_WORD}|[0-9])")
_LONGEST_GAP = 30
_NO_ACCIDENT = 3  # digit words in a row that are no other word
_ONE_BY_ONE = 7  # groups of one digit
_LONGEST_NUMBER = 16
_ENDLESS = 64  # digits in one run
FOUND_BY_LENGTH = 9  # so many digits read out one by one are somebody's number, whatever it is
_LEAST_BROKEN_OFF = 6  # digits of a number that is broken off, unless it was said what it will be
NUMBER = "식별번호"

_DATE = r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_CITY = "061749[0-9]{4}|749[0-9]{4}"  # its lines, often several in a row
_COMPANY = "1[568][0-9]{6}|080[0-9]{7}"
_PUBLIC = re.compile(f"(?:{_CITY}|{_COMPANY})+")
_RESIDENT = re.compile(rf"{_DATE}[0-9]{{7}}")
_MOBILE = re.compile(r"(?:0|(?:00)?820?)1(?:0[0-9]{8}|[16-9][0-9]{7,8})")
_FIXED = re.compile(r"050[0-9]{8,9}|0(?:2|[3-6][0-9]|70)[0-9]{7,8}")
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("", _PUBLIC),
    ("주민등록번호", _RESIDENT),
    ("전화번호", _MOBILE),
    ("전화번호", _FIXED),
    ("카드번호", re.compile(r"[2-9][0-9]{15}|3[47][0-9]{13}")),
)
_CUES: tuple[tuple[str, re.Pattern[str], int], ...] = (  # what was said just before, and how many digits then do
    ("생년월일", re.compile(r"생년월일|생일|출생"), 6),
    ("주민등록번호", re.compile(r"주민|외국인등록|앞자리|뒷자리"), 6),
    ("카드번호", re.compile(r"카드"), 12),
    ("운전면허번호", re.compile(r"면허"), 8),
    ("여권번호", re.compile(r"여권\s?(?:번호|은|이|:)"), 7),
    ("계좌번호", re.compile(r"계좌|은행|뱅크|농협|신협|수협|금고|우체국|통장|입금|송금"), 8),
    ("전화번호", re.compile(r"전화|연락처|휴대폰|핸드폰|폰\s?번호"), 7),
)
_CUE_REACH = 25
_BEGINNINGS = (("전화번호", re.compile("0|8210"), 1), ("주민등록번호", re.compile(_DATE), 6))  # and of how many digits
_ANY_CUE = re.compile(rf"번호|{MASKED}{_GAP.pattern}\Z")  # or the other half of the same number
_MAY_BE_PUBLIC = re.compile(  # several of them, or the beginning of one
    rf"(?:{_CITY}|{_COMPANY})+[0-9]{{0,5}}|(?:061)?749[0-9]{{0,3}}|1[568][0-9]{{1,5}}|080[0-9]{{0,6}}"
)


class Digit(NamedTuple):
    """One digit and the span of the text that says it."""

    value: str
    start: int
    end: int
    is_word: bool


class Run(NamedTuple):
    """A chain of digits, and after how many of them a group ends."""

    digits: tuple[Digit, ...]
    ends: tuple[int, ...]

    @property
    def values(self) -> str:
        return "".join(digit.value for digit in self.digits)

    @property
    def is_one_by_one(self) -> bool:
        """Whether at least one half of it is written digit by digit."""
        return sum(end - start == 1 for start, end in pairwise((0, *self.ends))) >= _ONE_BY_ONE


class _Chunk(NamedTuple):
    """Digits without a gap; the last ``doubtful`` ones (이, 구) may begin an ending instead: 팔이요, 팔구요."""

    digits: tuple[Digit, ...]
    doubtful: int


def spoken_numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """Spans of the numbers of persons that are read out or interrupted, with their names; merely written
    numbers are left to the written rules.

    >>> list(spoken_numbers("공일공에 일이삼사에 어 오육칠팔이요. 이사는 2026년에 갑니다"))
    [(0, 17, '전화번호')]
    """
    for chain in _chains(text):
        full = _run(chain)
        short = _run(chain, without_doubtful=True)
        if short.digits and sum(digit.is_word for digit in full.digits) >= _NO_ACCIDENT:
            yield from (
                _by_digits(short, _KINDS) or _by_cue(short, text) or _by_digits(full, _KINDS) or _by_length(short, full)
            )
        elif full.is_one_by_one or _INTERRUPTION.search(text, full.digits[0].end, full.digits[-1].start):
            yield from _whole(full)


def broken_off_numbers(text: str, edges: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    """Spans of the chains of digits that go over an edge, or up to the one at the end of ``text``, and may be part of
    a person's number: an edge is where somebody stopped speaking, perhaps in the middle of one.

    >>> list(broken_off_numbers("제 번호가 010-1234", [14])), list(broken_off_numbers("수수료가 123,400", [12]))
    ([(6, 14, '전화번호')], [])
    """
    for chain in _chains(text):
        run = _run(chain)
        start, end = run.digits[0].start, run.digits[-1].end
        reached = len(text) if _CUT.match(text, end) else end
        is_broken = any(start < edge < end or edge == reached == len(text) for edge in edges)
        if is_broken and not _may_be_public(run, _run(chain, without_doubtful=True)):
            yield from _broken_off(run, text)


def spoken_tail(text: str) -> int:
    """Where the last chain of digits begins that may still go on, ``len(text)`` when there is none."""
    start = len(text)
    for chain in _chains(text):
        if _OPEN_END.match(text, chain[-1].digits[-1].end, chain[-1].digits[-1].end + _LONGEST_GAP + 1):
            start = chain[0].digits[0].start
    return start


def _chains(text: str) -> Iterator[list[_Chunk]]:
    chain: list[_Chunk] = []
    for chunk in _chunks(text):
        if chain:
            start, end = chain[-1].digits[-1].end, chunk.digits[0].start
            if end - start > _LONGEST_GAP or not _GAP.fullmatch(text, start, end):
                yield chain
                chain = []
        chain.append(chunk)
    if chain:
        yield chain


def _chunks(text: str) -> Iterator[_Chunk]:
    for found in _CHUNK.finditer(text):
        digits = tuple(
            Digit(_VALUES.get("".join(digit[0].split()), digit[0]), digit.start(), digit.end(), not digit[0].isascii())
            for digit in _DIGIT.finditer(text, found.start(), found.end())
        )
        if len(digits) > 1 and digits[-1].is_word and not digits[-2].is_word:
            digits = digits[:-1]  # 27일, 5구, 5678이에요
        if sum(digit.is_word for digit in digits) >= _NO_ACCIDENT or _is_word(text, digits):
            yield _Chunk(digits, _doubtful(text, digits))
        elif not digits[0].is_word:
            written = next(n for n, digit in enumerate(digits) if digit.is_word)
            yield _Chunk(digits[:written], 0)


def _is_word(text: str, digits: Sequence[Digit]) -> bool:
    """Whether the digits are all there is of a word: 이사 of 이사오 are not."""
    if not any(digit.is_word for digit in digits):
        return True
    start, end = digits[0].start, digits[-1].end
    begins = not digits[0].is_word or start == 0 or not "가" <= text[start - 1] <= "힣" or text[start - 1] in "에의"
    return begins and _WORD_END.match(text, end) is not None


def _doubtful(text: str, digits: Sequence[Digit]) -> int:
    if not _ENDING.match(text, digits[-1].end):
        return 0
    tail = "".join(text[digit.start : digit.end] for digit in digits[-3:])
    endings = ("이구", "이", "구") if text.startswith("요", digits[-1].end) else ("이",)  # 팔이구요, 팔이에요, 팔구요
    is_apart = text[digits[0].start - 1 : digits[0].start].isspace()  # 팔 이요
    return next((len(end) for end in endings if tail.endswith(end) and len(digits) + is_apart > len(end)), 0)


def _run(chain: Sequence[_Chunk], *, without_doubtful: bool = False) -> Run:
    digits: list[Digit] = []
    ends = []
    for chunk in chain:
        digits += chunk.digits[: len(chunk.digits) - (chunk.doubtful if without_doubtful else 0)]
        ends.append(len(digits))
    return Run(tuple(digits), tuple(ends))


def _by_digits(run: Run, kinds: Sequence[tuple[str, re.Pattern[str]]]) -> list[tuple[int, int, str]]:
    """The numbers in a run that begin and end where a group does, if all its digits belong to one."""
    values = run.values
    if len(values) > _ENDLESS:
        return [(run.digits[0].start, run.digits[-1].end, NUMBER)]
    found = []
    start = 0
    while start < len(values):
        ends = [end for end in reversed(run.ends) if start < end <= start + _LONGEST_NUMBER]
        candidates = ((name, end) for name, kind in kinds for end in ends if kind.fullmatch(values, start, end))
        name, end = next(candidates, ("", 0))
        if not end:
            return []
        if name:
            found.append((run.digits[start].start, run.digits[end - 1].end, name))
        start = end
    return found


def _by_cue(run: Run, text: str) -> list[tuple[int, int, str]]:
    """The whole run by what was said before it."""
    start, count = run.digits[0].start, len(run.digits)
    before = text[max(0, start - _CUE_REACH) : start].rpartition(MASKED)[2]
    cued = [(cue.start(), name) for name, pattern, least in _CUES if count >= least for cue in pattern.finditer(before)]
    return [(start, run.digits[-1].end, max(cued)[1])] if cued and not _PUBLIC.fullmatch(run.values) else []


def _broken_off(run: Run, text: str) -> list[tuple[int, int, str]]:
    """The whole run by how it begins, by what was said before it, or because it is read out."""
    count, values = len(run.digits), run.values
    start = run.digits[0].start
    before = text[max(0, start - _CUE_REACH) : start]
    is_read_out = sum(digit.is_word for digit in run.digits) >= _NO_ACCIDENT
    cued = [name for name, cue, _ in _CUES if cue.search(before.rpartition(MASKED)[2])]
    is_certain = is_read_out and cued and cued[0] != "전화번호"  # 110 and 119 are phones, too
    if count < (_NO_ACCIDENT if is_certain else _LEAST_BROKEN_OFF):
        return []
    names = (
        *(name for name, beginning, least in _BEGINNINGS if beginning.match(values) and run.ends[0] >= least),
        *cued,
        *((NUMBER,) if is_read_out or count >= FOUND_BY_LENGTH or _ANY_CUE.search(before) else ()),
    )
    return [(start, run.digits[-1].end, names[0])] if names else []


def _by_length(*readings: Run) -> list[tuple[int, int, str]]:
    """The first of the readings of a run that is long enough, unless one of them may be public."""
    if _may_be_public(*readings):
        return []
    long = (run.digits for run in readings if len(run.digits) >= FOUND_BY_LENGTH)
    return [(digits[0].start, digits[-1].end, NUMBER) for digits in long][:1]


def _may_be_public(*readings: Run) -> bool:
    return any(_MAY_BE_PUBLIC.fullmatch(run.values) for run in readings)


def _whole(run: Run) -> list[tuple[int, int, str]]:
    """Written digits are only a number when they are all of it: a table has digits in rows, too."""
    kinds = (("주민등록번호", _RESIDENT, (6,)), ("전화번호", _MOBILE, (3,)), ("전화번호", _FIXED, (2, 3)))
    return [
        (run.digits[0].start, run.digits[-1].end, name)
        for name, kind, lengths in kinds  # of the first group
        if kind.fullmatch(run.values) and not _PUBLIC.fullmatch(run.values)
        if run.is_one_by_one or run.ends[0] in lengths
    ]
