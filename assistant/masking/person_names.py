"""Names of persons, where someone says that it is one: ``저는 김철수인데요``, ``성함은 홍길동``, ``김철수 님``.

A name is a Korean surname and one or two syllables that names are made of. Many nouns look the same (전입, 이장,
지방세); they are in ``not_names.txt``, and the less a cue promises a name, the more a word must look like one.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from assistant.masking.view import MASKED
from indexing.lexical.hangul import final

NAME = "이름"

_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류유홍전고문손양배백허나남심노하곽성차주우구민진지엄채원천방공현함변염여추"
    "도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용라봉"
)
_LONG_SURNAMES = "(?:남궁|황보|제갈|독고) ?|사공|선우|서문|동방"
_SYLLABLES = (
    "가강건겸결경계고관광교구국군권규균근금기길나남노늘다달담대덕도돈동두든들라란람랑래량련령례록룡루류률리린림마만매말명모목무묵문미민방배백"
    "범별병보복봄봉부분비빈빛산삼상새샘서석선설섭성세소솔송수숙순술슬승시식신실심아안애양언여연열엽영예오옥온완용우욱운울웅원월위유"
    "윤율은을음의이익인일임자장재전정제조종주준중지진집찬창채천철청초춘출충치칠태택평표필하학한해향헌혁현형혜호홍화환황회효후훈"
    "휘휴흠흥희"
)
_FULL = rf"(?:(?:{_LONG_SURNAMES})|[{_SURNAMES}])[{_SYLLABLES}]{{1,2}}"
_THREE = rf"(?:(?:{_LONG_SURNAMES})[{_SYLLABLES}]{{1,2}}|[{_SURNAMES}][{_SYLLABLES}]{{2}})"
_SPACED = rf"[{_SURNAMES}],? [{_SYLLABLES}],? ?[{_SYLLABLES}]"
_IS = (
    r"(?:\s?이?라고|이?라는|이?라 합|입니다|이었습니다|이?거든|이?에요|이?예요|인데|이?고요?(?![가-힣])|이?구요"
    r"|이?요(?![가-힣])|이야|이?라서|이?며|임(?![가-힣])|인가요|이신|이십니다|이세요|\s(?:되[시세십]|맞으[시세십]|맞[나습죠]))"
)
_PARTICLE = r"(?:이|가|은|는|을|를|의|에게|한테|께|도|와|과|로|으로)?(?![가-힣])"
_ROLE = (
    "피부양자|부양자|세대원|동거인|배우자|자녀|피?상속인|예약자|접수자|통화자|집주인|학생|사망자|임차인|임대인|매수인|매도인|입금자|수취인|수령인|"
    "받는 사람|받는 분|보내는 사람|보내는 분|작성자|상담원|상담사|고인|"
    "신청자|신청인|신고자|신고인|민원인|대표자|예금주|보호자|세대주|명의자|계약자|소유자|수급자|대리인|위임인|피해자|환자|"
    "본인|아들|딸|아이|딸아이|남편|아내|아내분|신랑|와이프|(?:시|친정 ?)?(?:어머니|아버지|어머님|아버님)|엄마|아빠|"
    "할머니|할아버지|동생|형|오빠|언니|누나|"
    "며느리|사위|손자|손녀|이모|고모|삼촌|조카|친구"
)
_LABEL = "(?:이름|성함|성명|존함|고객명|[Nn]ame)"
_LABELS = r"""(?:["']?\s?(?:은요?|이?요|이|는|[:=,(])[\s"'(]{0,3}|\s)"""
_VIETNAMESE = r"(?:응우옌|쩐|레|팜|판|호앙|부이|즈엉|응오|당|도|보|부|리)\s(?:티|반|득|티엔)\s[가-힣]{1,3}"
_FOREIGN = (  # has a syllable that Korean names do not
    r"(?![가-힣]{0,4}(?:아르바이트|프리랜서|파트|센터|카드|기타|오톡|앱))"
    "(?=[가-힣]{0,4}[닉드딕릭믹벤벨브블뷔샤셰쇼슈스옌웬웨윌잭젠츠카커켄켈쿠퀸크클키타탕터텐토톰투튜트티틱파팜팡페펜폴푸프플핸])[가-힣]{2,6}?"
)
_LATIN = "[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+){1,3}"


class _Cue(NamedTuple):
    """``pattern`` finds a ``name``; ``reason`` says what promises one; ``promised`` when nouns count as names too."""

    pattern: re.Pattern[str]
    reason: str
    promised: bool = False


_CUES = (
    _Cue(
        re.compile(rf"{_LABEL}{_LABELS}(?P<name>{_SPACED})(?={_IS}|\s*[.,?!]|\s*$)"),
        "a name is announced, and its syllables are apart",
        promised=True,
    ),
    _Cue(
        re.compile(rf"{_LABEL}{_LABELS}(?P<name>{_FULL})(?={_IS}|{_PARTICLE}|(?<=[가-힣]{{3}})(?:세요|십니다))"),
        "a name is announced",
        promised=True,
    ),
    _Cue(
        re.compile(
            rf"(?:제|저의|내)\s?(?:이름|성함)\s?(?:은요?|이|는)\s?"
            rf"(?P<name>[가-힣]{{2,6}}?"
            rf"|[가-힣]{{1,4}}(?: [가-힣]{{1,5}}){{1,2}}?(?<![거것건게데지중로])(?=입니다|이에요)|"
            rf"[A-Za-z]+(?: [A-Za-z]+){{0,3}})(?={_IS})"
        ),
        "someone gives their own name, of whatever form",
        promised=True,
    ),
    _Cue(
        re.compile(
            rf"(?:(?:제|{_ROLE})\s?이름|성함|성명|존함|^이름|\n이름)(?:은요?|이|는|:)?\s"
            rf"(?P<name>{_FOREIGN}(?:\s{_FOREIGN})?)(?={_IS}|\s*[.,])"
        ),
        "a foreign name is announced",
        promised=True,
    ),
    _Cue(
        re.compile(rf"(?<![가-힣])(?P<name>{_VIETNAMESE}?)(?={_IS}|{_PARTICLE}|\s?[님씨])"),
        "the names of the largest group of foreigners by their middle syllable",
        promised=True,
    ),
    _Cue(
        re.compile(r"(?i:my name is|i am called) (?P<name>[A-Za-z]+(?: [A-Z][A-Za-z]+){0,3})"),
        "the same in English",
        promised=True,
    ),
    _Cue(
        re.compile(rf"(?:(?<!파일 ){_LABEL}{_LABELS}|\bI(?:'m| am) |(?:{_ROLE})\s)(?P<name>{_LATIN})"),
        "a name in Latin letters",
        promised=True,
    ),
    _Cue(
        re.compile(
            rf"(?:{_LABEL}|(?:{_ROLE})[이가은는]\s(?=어떻게|누구))[^.?!\n{MASKED}]{{0,12}}(?:[.?!]\s?|\n|\s)"
            rf"(?P<name>{_THREE})(?={_IS}|\s*[.,?!]|\s*$)"
        ),
        "the answer to a question for a name",
    ),
    _Cue(
        re.compile(
            rf"(?<![가-힣])성[은이]\s?[{_SURNAMES}]씨?이?고요?\s(?:이름|성함)[은이]\s?(?P<name>[가-힣]{{2,3}}?)(?={_IS})"
        ),
        "surname and given name apart",
        promised=True,
    ),
    _Cue(
        re.compile(
            rf"(?<![가-힣])(?P<name>(?:{_LONG_SURNAMES}|[{_SURNAMES}])[,\s]{{0,2}}(?:자,?\s)?(?![남여]\s?자)[{_SYLLABLES}]\s?자,?\s"
            rf"[{_SYLLABLES}]\s?자)(?=예요|입니다|이?고|인데|\s?[쓰씁써]|[이를은]|요)"
        ),
        "the syllables of a name one by one: 김 민 자 수 자",
        promised=True,
    ),
    _Cue(
        re.compile(
            rf"(?<![가-힣])(?P<name>{_THREE})[\"']?\s?[,;|/\t]\s?[\"']?{MASKED}"
            rf"|{MASKED}(?:[\"']?\s?[,;|/\t]\s?[\"']?|\s)(?P<next>{_THREE})(?=[\"']?\s*(?:[,;|/)\n]|$))"
        ),
        "a field of a record beside another personal one",
    ),
    _Cue(
        re.compile(rf"(?P<name>{_SPACED}|{_THREE})이?가?\s(?:제\s?)?이름(?=이에요|입니다|이고|이요|인데)"),
        "a name, then what it is",
        promised=True,
    ),
    _Cue(
        re.compile(
            r"(?<![가-힣])저는요?\s(?P<name>[가-힣]{1,5}(?<![인민생원람음들층상급족중])이)라고\s(?:합니다|해요|불러|불리)"
        ),
        "an introduction with a name of whatever form",
    ),
    _Cue(
        re.compile(
            rf"(?:^|\n|[.?!]\s|(?<![가-힣])저는?요?\s)(?P<name>{_FOREIGN})라고\s(?:합니다|해요|하는데|하고|불러|불리)"
        ),
        "an introduction with a foreign name",
    ),
    _Cue(
        re.compile(
            rf"(?<![가-힣])(?:저는요?|전|나는|난|제가|저|본인은)[\s,]{{1,2}}"
            r"(?:[가-힣]{2,8}(?:에|에서|의)?\s(?:사는|살고 있는)\s)?"
            rf"(?P<name>{_SPACED}|{_FULL})(?={_IS})"
        ),
        "someone says who they are",
    ),
    _Cue(
        re.compile(rf"(?:사는|살고\s?있는|(?:전화|통화)(?:했던|한|드렸던|드린))\s(?P<name>{_FULL})(?={_IS})"),
        "someone who lives somewhere, or has called before",
    ),
    _Cue(
        re.compile(
            rf"(?:^|[.?!,\n]\s?|(?<![가-힣])(?:네|예|여보세요|안녕하세요|여기|저는)[\s,.]{{1,3}})(?P<name>{_FULL}|{_SPACED})이?라고\s?(?:합니다|하는|해요|하고|하거|불|적|써)"
        ),
        "an introduction: …라고 합니다",
    ),
    _Cue(
        re.compile(
            rf"(?:^|[.?!]\s|\n|(?<![가-힣])(?:네|예|여보세요|안녕하세요)[\s,.]{{1,3}})(?P<name>{_THREE})(?=입니다|인데요|이?에요|예요|이라고|이?고요(?![가-힣])"
            r"|\s(?:되|맞으)[시세십])"
        ),
        "an utterance that begins with a name",
    ),
    _Cue(
        re.compile(
            rf"(?<![가-힣])(?:{_ROLE})(?:\s?(?:성함|이름)|명)?(?:(?:은|는|:)?[\s:,(]{{1,3}}(?P<name>{_THREE})"
            rf"(?={_IS}|{_PARTICLE}|\s?[님씨])|[이가]\s(?P<said>{_THREE})(?={_IS}))"
        ),
        "a role of a person, then the name",
    ),
    _Cue(
        re.compile(rf"(?<![가-힣])(?P<name>{_FULL})\s?(?:님|씨)(?![가-힣]{{3}})"),
        "an address: 님 or 씨",
    ),
    _Cue(
        re.compile(
            rf"(?<![가-힣])(?P<name>{_THREE})\s?(?:고객님|선생님|어르신|할머니|할아버지|어머니|어머님|아버님|여사|대신\s(?:전화|신청|문의|왔)|"
            rf"(?:이라는 |이란 )?이름으로|(?<=\s)명의|앞으로\s(?:된|온|나온|왔|고지|발급|되어))"
        ),
        "what is in a person's name",
    ),
)
_NEVER = frozenset(
    [
        *(
            "뭐",
            "무엇",
            "무슨",
            "누구",
            "누군지",
            "어떻게",
            "어디",
            "어떤",
            "같은",
            "다른",
            "비슷",
            "적혀",
            "이름",
            "성명",
            "성함",
        ),
        *(
            "한글",
            "영어",
            "영문",
            "한자",
            "가명",
            "실명",
            "본명",
            "개명",
            "예명",
            "중복",
            "변경",
            "기재",
            "기입",
            "조회",
            "등록",
        ),
        *("표시", "공개", "성별", "주소", "전화", "연락처"),
    ]
)
_SAID = re.compile(rf"{_IS}|\s?(?:님|씨)(?![가-힣])")
_NOUN_ENDINGS = "의을은는이가인한하해도로와과여지된적만"
_MOST_REPEATED = 8


def names(text: str) -> Iterator[tuple[int, int, str]]:
    """The spans of names, also where one that was given is said again.

    >>> text = "저는 김철수인데요, 김철수 앞으로 온 고지서요. 저는 시민인데요."
    >>> sorted({(start, text[start:end]) for start, end, _ in names(text)})
    [(3, '김철수'), (11, '김철수')]
    """
    given: dict[str, int] = {}
    for cue in _CUES:
        for found in cue.pattern.finditer(text):
            start, end = found.span(found.lastgroup or 0)
            end -= _copula_begins(text, start, end)
            name = text[start:end]
            if _ends_in_a_noun(text, end) or not _is_name(
                name, promised=cue.promised, is_said_to_be=bool(_SAID.match(text, end))
            ):
                continue
            yield start, end, NAME
            if len(name) >= 3:
                given[name] = min(end, given.get(name, len(text)))
    for name, end in list(given.items())[:_MOST_REPEATED]:
        for again in re.compile(re.escape(name)).finditer(text, end):
            yield *again.span(), NAME


def _copula_begins(text: str, start: int, end: int) -> int:
    """How many of the last syllables are the beginning of 예요, 이에요 or 라고 instead of the end of a name."""
    is_yeyo = text[end - 1] == "예" and text.startswith("요", end)
    is_rago = text[end - 1] == "라" and text.startswith(("고", "는"), end) and end - start > 3
    is_ieyo = text[end - 1] == "이" and text.startswith(("에요", "요", "고", "라", "며", "야"), end)
    has_final = final(text[end - 2]) > 0
    return int(is_yeyo or (is_ieyo and has_final) or (is_rago and not has_final))


def _ends_in_a_noun(text: str, end: int) -> bool:
    """Whether 고 ends a word, as in 변경신고: after a final consonant the copula is 이고."""
    return text.startswith("고", end) and not text.startswith("고객", end) and final(text[end - 1]) > 0


def _is_name(word: str, *, promised: bool, is_said_to_be: bool) -> bool:
    """Whether a word of a name's form is one; what a copula follows is a whole word, not a noun and a particle."""
    if word in _NEVER or len(word) < 2:
        return False
    if promised and is_said_to_be:
        return True
    if word in not_names():
        return False
    is_inflected = len(word) > 2 and word[:-1] in not_names() and word[-1] in _NOUN_ENDINGS
    return not is_inflected or (is_said_to_be and word[-1] not in "하이")


@cache
def not_names() -> frozenset[str]:
    """Nouns of municipal texts that look like names."""
    return frozenset(Path(__file__).with_name("not_names.txt").read_text(encoding="utf-8").split())
