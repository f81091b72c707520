"""Words of time that bind what is said to this call: after it, or by when."""

from collections.abc import Sequence
from itertools import pairwise

from indexing.lexical.tokens import Morpheme
from knowledge_base.facts.finding import FactKind, facts

_SOON = frozenset({"내일", "모레", "글피", "이따", "이따가", "나중", "추후", "조만간", "곧", "차후"})
_THESE_DAYS = frozenset({"오늘", "금일", "명일", "익일", "오전", "오후", "저녁", "아침", "점심", "퇴근", "업무"})
_NEAR = frozenset({"이번", "다음", "담", "내", "돌아오"})
_SPANS = frozenset({"주", "달", "주말", "주중", "월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"})
_WEEKDAYS = frozenset(each for each in _SPANS if each.endswith("요일"))
_LENGTHS = frozenset({"분", "시간", "일", "주", "주일", "개월", "달", "하루", "이틀", "사흘", "나흘", "일주일"})
_LIMITS = frozenset({"까지", "안", "이내", "내", "전", "이전", "중", "내로", "안쪽"})
_AFTER = frozenset({"뒤", "후", "있다가"})
_SURELY = frozenset({"꼭", "반드시", "책임지"})


def is_later(morphemes: Sequence[Morpheme]) -> bool:
    """Whether a time after the call is named: 내일, 다음 주, 세 시까지, 두 시간 뒤, 확인되는 대로."""
    forms = [each.form for each in morphemes]
    return (
        any(form in _SOON or form in _SURELY for form in forms)
        or any(each.form == "대로" and each.tag == "NNB" for each in morphemes)
        or _has_pair(forms, _NEAR, _SPANS)
        or _has_pair(forms, _LENGTHS, _AFTER)
        or _is_awaited(morphemes)
        or names_deadline(morphemes)
    )


def is_deictic(morphemes: Sequence[Morpheme]) -> bool:
    """Whether a day is named as seen from today, which no rule does: 내일, 오늘 중으로, 다음 주 월요일."""
    forms = [each.form for each in morphemes]
    return any(form in _SOON for form in forms) or "오늘" in forms or _has_pair(forms, _NEAR, _SPANS)


def names_deadline(morphemes: Sequence[Morpheme]) -> bool:
    """Whether a day or an hour limits something: 금요일까지, 3시 전에, 오늘 중으로; not 9시부터 6시까지."""
    for at, each in enumerate(morphemes):
        if each.form in _LIMITS and each.tag != "MAG" and at and _is_day(morphemes, at - 1):
            return not any(other.form in ("부터", "에서") for other in morphemes[max(0, at - 5) : at])
    return False


def names_length(morphemes: Sequence[Morpheme]) -> bool:
    """Whether a length of time limits something: 사흘 안에, 일주일 이내로."""
    forms = [each.form for each in morphemes]
    return _has_pair(forms, _LENGTHS, _LIMITS) and not {"부터", "날"} & set(forms)


def _is_day(morphemes: Sequence[Morpheme], at: int) -> bool:
    """Whether the word that ends ``at`` names a day or an hour."""
    form = morphemes[at].form
    if form in _SOON or form in _THESE_DAYS or form in _WEEKDAYS or (at and _is_near(morphemes, at)):
        return True
    start = max(0, at - 4)
    return any(fact.kind in (FactKind.DATE, FactKind.TIME) for fact in facts(_text(morphemes[start : at + 1])))


def _is_near(morphemes: Sequence[Morpheme], at: int) -> bool:
    return morphemes[at].form in _SPANS and morphemes[at - 1].form in _NEAR


def _text(morphemes: Sequence[Morpheme]) -> str:
    """The morphemes as they were written, near enough: nouns and numbers do not change."""
    written, end = "", morphemes[0].start
    for each in morphemes:
        written += " " * (each.start > end) + each.form
        end = each.end
    return written


def _is_awaited(morphemes: Sequence[Morpheme]) -> bool:
    """Whether something else has to happen first: 결과가 나오면, 접수되면; not what the caller says (알려 주시면)."""
    return any(
        each.form in ("면", "으면") and each.tag == "EC" and at and morphemes[at - 1].form not in ("시", "으시")
        for at, each in enumerate(morphemes)
    )


def _has_pair(forms: Sequence[str], firsts: frozenset[str], seconds: frozenset[str]) -> bool:
    return any(first in firsts and second in seconds for first, second in pairwise(forms))


def time_words(morphemes: Sequence[Morpheme]) -> frozenset[str]:
    """The words of time as seen from the call, which are no figures: 내일, 오전, 다음, 금요일."""
    known = _SOON | _THESE_DAYS | _NEAR | _WEEKDAYS
    return frozenset(each.form for each in morphemes if each.form in known and each.tag in ("NNG", "NNP", "MM", "MAG"))
