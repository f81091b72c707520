"""When a caller takes a word back, and when an agent puts the question into words."""

import re
from typing import NamedTuple

_INSTEAD = re.compile(
    r"^(?:아니(?:요|야|에요|예요|지)?|아뇨|그거\s?말고|그게\s?아니(?:라|고))?[\s,.]*"
    r"(?P<wrong>\S+(?:\s\S+)?)\s?(?:말고요?|(?:[이가]\s)?아니(?:라|고)요?)[\s,.]+(?P<right>\S.*)$"
)
_BESIDES = re.compile(r"말고(?:요)?[\s,.]+\S+도(?=\s|$)")  # 주택 말고 창고도: both
_NO = re.compile(
    r"^(?:아니(?:요|야|에요|예요|지)?|아뇨)[\s,.]+(?:그게\s?아니(?:라|고)\s|제가\s|제\s?말은\s)?"
    r"(?P<right>\S+(?:\s\S+){0,2}?(?:이?요))[.!]?$"
)
_TAIL = re.compile(r"(?:이에요|예요|이요|요|이라고요|라고요|말이에요|말이요|말예요|말입니다|입니다)[.?!]*$")
_OFFERS = re.compile(
    r"(?:[을를이가에]?\s?(?:대해서?\s?|관련해서?\s?)?)?"
    r"(?:말씀|문의|여쭤|(?:궁금하|하고\s?싶으|맞으)[시신]|(?:원하|찾으)시는|(?:하|받으)시려는|하신다는"
    r"|맞나요|맞죠|이신가요|인가요|이시죠|이요|거죠|건가요|거예요|거네요)\S*(?:\s\S+){0,2}[.?!]*$"
)
_YES = r"(?:네|예|응|그거|그거요|그거예요|그래요|맞아요|맞습니다|그렇습니다|그렇죠|그라제|그라지라)"
_AGREES = re.compile(rf"^(?:아\s)?(?:{_YES}[\s,.!]*)+$")
_POLITE = re.compile(r"^(?:아\s|네[\s,.]*|예[\s,.]*|고객님[\s,.]*|그러시면\s|그럼\s|그러니까\s|지금\s)+")


_WITHIN = re.compile(
    r"^.*?(?:\S+\s)??\S+?(?:[이가]\s(?:아니라|아니고)|\s?말고)[\s,.]+(?=\S)|^.*\s(?:아니다?|아니\s?그게\s?아니고)[\s,.]+(?=\S)"
)


class Correction(NamedTuple):
    """``right`` was meant; ``wrong`` was said or understood, '' when it is not repeated."""

    wrong: str
    right: str


def correction_of(text: str) -> Correction | None:
    """What a clause takes back, None when nothing.

    >>> correction_of("아니 여권 말고 주민등록증이요")
    Correction(wrong='여권', right='주민등록증')
    >>> correction_of("아니요 초본이요"), correction_of("여권 수수료가 얼마예요")
    (Correction(wrong='', right='초본'), None)
    """
    found = _INSTEAD.search(text)
    if found and not _BESIDES.search(text):
        return Correction(found["wrong"], _TAIL.sub("", found["right"]) or found["right"])
    found = _NO.search(text)
    return Correction("", _TAIL.sub("", found["right"])) if found else None


def meant(text: str) -> str:
    """A clause without what is taken back within it.

    >>> meant("초본 떼려고 하는데 초본이 아니라 가족관계증명서요")
    '가족관계증명서요'
    """
    return text if _BESIDES.search(text) else _WITHIN.sub("", text)


def rephrased(text: str) -> str:
    """The question that an agent puts into words to have it confirmed, '' when an utterance does not.

    >>> rephrased("네 고객님, 여권 재발급 수수료 말씀이신가요?")
    '여권 재발급 수수료'
    """
    sentence = re.split(r"(?<=[.?!])\s+", text.strip())[-1]
    found = _OFFERS.search(sentence)
    return _POLITE.sub("", sentence[: found.start()]).strip(" ,.") if found else ""


def agrees(text: str) -> bool:
    """Whether a caller only says yes.

    >>> agrees("네 네, 맞아요."), agrees("네 그런데 수수료는요?")
    (True, False)
    """
    return _AGREES.search(text.strip()) is not None
