"""What an agent types to what is searched for: cleaned, masked, and worth asking."""

import re

from assistant.masking import NAMES, mask
from knowledge_base.errors import InvalidQuestion
from knowledge_base.text import clean

MAX_CHARACTERS = 1000
_WORD = re.compile(r"[^\W_ㄱ-ㆎ]")
"""What a word has: letters of a Hangul syllable standing alone (ㅁㄴㅇㄹ, ㅠㅠ) are none."""
_MASKED = re.compile(rf"\[(?:{'|'.join(sorted(NAMES))})\]")


def prepared(text: str) -> str:
    """The question as it may be stored and searched; raises InvalidQuestion with what to do instead.

    >>> prepared("  여권은\\n어디서 만드나요? ")
    '여권은 어디서 만드나요?'
    """
    question = " ".join(clean(text).split())
    if not question:
        raise InvalidQuestion("질문이 비어 있습니다. 시민이 물은 내용을 적어 주세요.")
    if len(question) > MAX_CHARACTERS:
        raise InvalidQuestion(
            f"질문이 너무 깁니다({len(question):,}자). 핵심만 {MAX_CHARACTERS:,}자 이하로 줄여 주세요."
        )
    if not _WORD.search(question):
        raise InvalidQuestion("질문에 찾을 낱말이 없습니다. 예: '여권 재발급 수수료가 얼마예요?'처럼 적어 주세요.")
    return mask(question)


def subject_matter(question: str) -> str:
    """A masked question without the names of what was masked: who gives a phone number does not ask for one.

    >>> subject_matter("[이름]인데요 [전화번호]로 여권 수수료 알려 주세요"), subject_matter("[전화번호]")
    ('인데요 로 여권 수수료 알려 주세요', '[전화번호]')
    """
    return " ".join(_MASKED.sub("", question).split()) or question
