"""Words of which the evidence says one and the sentence the other: 같다 and 다르다, 상한 and 하한."""

import re

_PAIRS = tuple(
    (re.compile(one), re.compile(other))
    for one, other in (
        ("같은|같습|같다|같아|똑같(?!지)|동일", "다르|다를|달라|차이|차등"),
        ("빼고|뺀|제외", "포함"),
        ("함께|같이", "따로|별도"),
        ("포함", "따로|별도"),
        ("에 따라|마다 다", "(?:관계|상관)\\s?없이|똑같|동일"),
        (r"(?:한\s?(?:사람|명|분)|1인)\s?(?:당|마다|에)|각각", "합하|합해|합쳐|합산|통틀|모두 합"),
        ("파신|팔았|판 분|매도", "산 분|사신|매수"),
        ("상한", "하한"),
        ("최대", "최소"),
        ("전날", "당일"),
        ("마감 ?뒤|지난 ?뒤|지나서|지난 후", "전까지|기한까지|이내"),
        ("늘[리려어]|늘었|증가|올[리라]", "줄[이여어]|줄었|감소|내[리려]|낮"),
        ("유료", "무료"),
        ("연장", "단축"),
        ("인상", "인하"),
        ("시작", "종료"),
        ("국내", "해외"),
        ("실내", "실외|야외|바깥"),
        ("개인", "단체"),
        ("평일", "주말|토요일|일요일"),
        ("오전", "오후"),
        ("한쪽", "양쪽"),
        ("신규", "재발급|갱신"),
        ("먼저", "나중"),
        (r"(?:신청|접수)(?!\s?(?:관련\s)?문의)", "문의|물어"),
    )
)


def opposites(said: str, known: str) -> list[str]:
    """What is said where the evidence says the opposite.

    >>> opposites("연체료는 하한 5만 원입니다", "연체료의 상한은 5만 원이다")
    ['하한']
    """
    return [
        match[0]
        for pair in _PAIRS
        for mine, other in (pair, pair[::-1])
        if (match := mine.search(said)) and other.search(known) and not mine.search(known) and not other.search(said)
    ]
