"""Whom to call about a document, where its text names one department and the number of that."""

import re

_DEPARTMENT = re.compile(
    r"(?:^|  |/)(?:[^\w\n]|ㅇ){0,9}(?:(?:\d{1,2}|[가-하])[.)]\s*)?"
    r"(?:(?:담당|처리|소관)?\s?부서|담당|문의처?)\s*[:：]\s*(?!.* (?:또는|및) )"
    r"(?P<name>[가-힣][가-힣\d· ]{1,25}(?:과|팀|실|국|소|관|단|센터))"
    r"\s*(?:\([^()\n]*\))?[\s☎(:,]*(?:전화)?[\s☎(:,]*(?:0[\d-]+\)?)?\s*$",
    re.MULTILINE,
)
_PHONE = r"0\d{1,2}-\d{3,4}-\d{4}"


def contact(text: str) -> dict[str, str]:
    """The department and phone of a document as its metadata; nothing unless there is one of both.

    >>> contact("- 담당부서: 민원과 여권팀(1층)\\n문의: 여권팀 ☎ 055-330-2114, 당직실 055-330-2222")
    {'department': '민원과 여권팀', 'phone': '055-330-2114'}
    """
    names = {" ".join(match["name"].split()) for match in _DEPARTMENT.finditer(text)}
    if len(names) != 1:
        return {}
    [department] = names
    own = re.findall(rf"{department.split()[-1]}\s*(?:\([^()\n]*\))?[\s☎(:,]*(?:전화)?[\s☎(:,]*({_PHONE})", text)
    phones = set(own or re.findall(_PHONE, text))
    return {"department": department, "phone": phones.pop()} if len(phones) == 1 else {}
