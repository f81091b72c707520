"""Words that widen or narrow what is said: 누구나, 매일, 전액, 관계없이, 만. Each must be borne out."""

import re
from typing import NamedTuple


class Scope(NamedTuple):
    """What a sentence says of its reach (``said``), and what in the evidence bears it out (``borne_out``)."""

    name: str
    said: re.Pattern[str]
    borne_out: re.Pattern[str]


_ANYHOW = (
    r"관계\s?없|상관\s?없|불문|없이|않아도|않으[셔시]도|않더라도|안\s?[가-힣]+도|아니어도|아니라도|무관|따지지|없어도"
)
_TO_ALL = r"받|신청|면제|내|지원|대상|됩|신고|가능"
_IS_FINE = r"(?!\s(?:됩|되|돼|된|괜찮|좋))"
_EVEN = "아어여셔해라와려겨쳐켜져써서러워봐돼나가사자"
_ENOUGH = "있으면|있어도|가지고|가져|챙기|하시면|하면|내시면|내면|맞으면|넘으면"


def _scope(name: str, said: str, borne_out: str) -> Scope:
    return Scope(name, re.compile(said), re.compile(borne_out))


SCOPES = (
    _scope(
        "누구나",
        rf"누구나|누구든|누구라도|모두(?!\s?\d)(?=\s?(?:[가-힣]+\s)*(?:{_TO_ALL}))|전원",
        rf"누구나|누구든|모든|모두|전원|{_ANYHOW}",
    ),
    _scope(
        "어디서나",
        r"어디서[나든]?|어디든|어느\s?곳이?나|아무\s?데|어디\s사[시든]",
        rf"어디|어느|전국|모든|아무|{_ANYHOW}",
    ),
    _scope(
        "언제나",
        r"언제[나든](?!\s?까지)|아무\s?때|항상|언제라도|수시로|언제\s[가-힣]+[도나든]",
        rf"언제|수시|24시간|연중|상시|아무\s?때|{_ANYHOW}",
    ),
    _scope("매일", r"매일|날마다|연중무휴", r"매일|날마다|연중|모든\s?날|하루도|365일"),
    _scope("해마다", r"해마다|매년|매해", r"해마다|매년|매해|(?<![가-힣])연(?=[\s\d간])|연차|1년|년마다|차년도"),
    _scope(
        "달마다",
        r"매달|매월|다달이|달마다",
        r"매달|매월|다달이|달마다|(?<![가-힣\d])월(?=[\s\d평최])|[가-힣]월\s|1개월|한\s?달|월세",
    ),
    _scope("요일마다", r"요일마다|매주", r"요일마다|매주|요일(?![^,.]{0,4}마지막)"),
    _scope("모든", r"모든\s", r"모든|모두|전\s|누구|어느|어떤|전체|각|불문|관계\s?없"),
    _scope("매번", r"(?:할|실|릴|을|낼|길|받을|올)\s?때마다|매번|번번이", r"때마다|매번|매회|마다|번번이"),
    _scope(
        "전액",
        r"전액|전부|전체|모두\s?(?:다|돌려|받)",
        r"전액|전부|모두|모든|전체|100분의\s?100|100%|각각|다\s",
    ),
    _scope(
        "조건 없이",
        r"관계\s?없|상관\s?없|불문하|무관하|따지지\s?않|무조건|무제한|몇\s?번이[고든나]|그냥|문제\s?없",
        rf"무조건|제한\s?없|{_ANYHOW}",
    ),
    _scope(
        "없이도",
        r"[가-힣]\s?없이도?\s(?!수)|(?:안|않)[가-힣\s]{0,6}[도]\s(?:됩|되|돼|된|괜찮)|필요[가는]?\s?없|"
        r"(?:하지|되지|받지)\s않은\s[가-힣]+도\s|기\s전에도\s",
        rf"필요[가는]?\s?없|무료|무상|면제|바로|자동|생략|{_ANYHOW}",
    ),
    _scope(
        "만",
        r"(?:[가-힣](?<![지그다얼조십백천일이삼사오육칠팔구몇수원])|요일|[수이]에게)만(?=\s|[이을은]\s)|뿐(?:이|만|입)|밖에|오직|오로지|"
        r"아야만|여야만|해야만|어야만",
        r"만(?=[\s이을은])|한해|한하|한정|뿐|밖에|제외|않|불가|직접|나머지",
    ),
    _scope(
        "만 있으면",
        rf"(?<![\d원%])만\s?(?:{_ENOUGH})|기만\s?하[면시]|신고만|신청만|예약만",
        r"만\s?(?:있|가지|가져|으로|하|내|맞)|기만|만도",
    ),
    _scope("꼭", r"예외\s?없|아무리", r"예외|반드시"),
    _scope(
        "라도",
        rf"(?<![가-힣]아니)[가-힣][아어여셔해라와봐더]도(?=\s){_IS_FINE}",
        rf"[{_EVEN}]도(?=\s)|더라도|전국|언제|바로|이거나|각각|자유롭|중복|따로|{_ANYHOW}",
    ),
)


def unfounded(said: str, statement: str) -> list[Scope]:
    """The scopes that ``said`` claims and ``statement`` does not.

    >>> [scope.name for scope in unfounded("매일 엽니다", "평일에 엽니다")]
    ['매일']
    """
    return [scope for scope in SCOPES if scope.said.search(said) and not scope.borne_out.search(statement)]
