"""What a citizen or the city does: applying, asking, paying back. The evidence must speak of the same."""

import re

_ALIKE = (
    *(("신청", "접수"), ("문의", "상담", "연락", "전화"), ("지급", "지원"), ("감면", "공제", "면제")),
    *(("방문",), ("예약",), ("예매",), ("발급",), ("등록",), ("가입",), ("제출",), ("반납",), ("구입",), ("신고",)),
    *(("납부",), ("확인",), ("환급",)),
)
_SAME = {action: actions for actions in _ALIKE for action in actions}
_DONE = re.compile(
    rf"({'|'.join(_SAME)})(?:은|는|을|를|이|도|만)?\s?(?:하|해|할|합|한|됩|되|된|돼|드|받|가능|방법|입|이|서)"
)


def untold_action(clause: str, known: str) -> str | None:
    """The last action that a clause speaks of, if ``known`` names neither it nor another word for it.

    >>> untold_action("보건소에 신청하시면 됩니다", "문의는 보건소로 하시면 됩니다")
    '신청'
    """
    action = next((match[1] for match in reversed([*_DONE.finditer(clause)])), None)
    return action if action and not any(each in known for each in _SAME[action]) else None
