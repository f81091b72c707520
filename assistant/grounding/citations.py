"""The markers of citations that a model writes into its sentences; ours are attached from the check instead."""

import re

_NUMBERS = r"(?:근거|번호|출처|문서|참고)?\s?\d{0,2}(?:\s?[,~·-]\s?\d{1,2})*(?:번)?"
_MARKER = re.compile(
    rf"\s*(?:\[{_NUMBERS}\]|【{_NUMBERS}】|"
    rf"\((?:근거|출처|참고)\s?:?\s?\d{{0,2}}(?:\s?,\s?\d{{1,2}})*\))"
)


def without_citations(sentence: str) -> str:
    """The sentence without the markers a model wrote.

    >>> without_citations("수수료는 5만원입니다 [1][번호]."), without_citations("5만원입니다(근거 1). [2, 3]")
    ('수수료는 5만원입니다.', '5만원입니다.')
    """
    return _MARKER.sub("", sentence).strip()
