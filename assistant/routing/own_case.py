"""Whether a question asks for one person's case, told by its grammar.

It does where somebody's own thing, or what one did with the city before, meets a predicate that asks how it stands
(past tense, a stage, a look-up). The predicate is in the last clause: 신고했는데 취소하면 환불되나요 asks for a rule,
신고한 거 처리됐나요 for a case.
"""

import re

from indexing.lexical.hangul import NIEUN, syllables

_N = syllables(NIEUN)
_PAST = "".join(sorted(set(syllables(20)) - set("있겠")))  # 됐, 나왔, 들어갔: the final ㅆ of 았/었


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_CLAUSE_END = re.compile(rf"(?:[{_N}는]데|지만|니까|거든요?|[어아해]서|으?려고)[\s,]+")
"""Where a clause ends that only tells the circumstances."""

_OWNER = _any(
    r"(?:^|\s)(?:제|내|저|나|본인(?!\s?부담)|저희|우리)(?=\s)(?!\s(?:동네|시|시청|나라|고장)\b)",
    r"(?:^|\s)(?:제가|제\s?(?:꺼|거|것)|내가|저는|저도|나는|저한테|저에게|나한테|저희가|저희는|본인이)",
)
_OWN_ACT = re.compile(
    r"(?:신청|접수|신고|제출|예약|문의|이의\s?신청|청구|등록|민원)\s?(?:한|했던|드린|넣은|낸)(?!\s?(?:지|날|뒤|후|다음|경우)\b)"
    r"|(?:^|\s)(?:낸|넣은|올린|보낸|맡긴|전화한|전화드린|문의드린|말씀드린)\s"
)
"""What the caller did before: 신청한, 전화드린."""
_STILL_OPEN = re.compile(r"(?:^|\s)아직\s?(?:도\s?)?[안못]")
_STANDS = _any(
    rf"[{_PAST}](?:나|는가|는지|습니까|을까|죠|지요|냐|다던데)",
    rf"(?:어디|얼마|언제|어떻게|왜|몇|누가|누구|뭐)\S*\s[^.?!]*[{_PAST}](?:어|던|대|다)",
    rf"[{_PAST}]어요?\s?\?",
    rf"[{_N}]\s?거\s?(?:예요|에요|죠|맞|있|없)|[{_N}]대요",
    r"어디까지(?!\s?인)|어느\s?(?:단계|부서에\s?있)|어떻게\s?되고|처리\s?중|진행\s?(?:상황|되고)|몇\s?번째",
    r"(?:순번|순서)\S*\s(?:몇|얼마)",
)
"""The end of a question that asks how a thing stands: 처리됐나요, 얼마 나왔어요, 어디까지."""
_LOOK_UP = re.compile(
    r"(?:조회|확인)\s?(?:좀\s?)?(?:해|부탁|가능)|봐\s?(?:주|줘)|찾아\s?(?:주|줘)|말씀\s?(?:해\s)?\S*주"
)
_AMOUNT = re.compile(r"얼마|왜")
_RECORD = re.compile(
    r"체납|미납|과태료|환급|고지서|(?:수도|하수도|전기)?요금|세금|내역|이력|순번|순서|대기|잔액|포인트|마일리지|서류|결과"
    r"|(?:돼|되어)\s?있는지"
)
"""What the city keeps about one person."""
_IS_RULE = _any(
    r"어떻게\s?(?:하|해|신청|받|내|알|확인|조회|정)",
    r"어디(?:서|에서|에다?|로)\s?(?:\S+\s)?(?:하|해|받|내|알아|확인|조회|문의|전화|가|신고|떼|신청)",
    r"방법|절차|기준|자격|필요|준비물|구비|언제까지|며칠|수\s?있는지|하려면|싶",
    r"[다라]고\s?(?:하|그러|말씀)\S*[죠지]|뭐였",
    r"면\s?(?:되|돼|어떻)|도\s?(?:되|돼)|(?:야|어야)\s?(?:되|돼|하|해)",
)
"""What asks for the rule all the same."""


def asks_for_own_case(question: str) -> bool:
    """Whether how a thing of the caller's stands is asked.

    >>> asks_for_own_case("지난주에 낸 여권 신청 어디까지 됐어요?"), asks_for_own_case("과태료 조회는 어디서 하나요?")
    (True, False)
    >>> asks_for_own_case("저 기초생활수급자인데 수도요금 감면되나요?")
    False
    """
    asked = _CLAUSE_END.split(question.strip())[-1]
    if _IS_RULE.search(asked):
        return False
    stands = _STANDS.search(asked) is not None
    if _OWN_ACT.search(question) or _STILL_OPEN.search(question):
        return stands
    return (stands and _OWNER.search(question) is not None) or _asks_for_record(asked)


def _asks_for_record(asked: str) -> bool:
    """Whether one's own record is asked for: 내 과태료 얼마예요, but not 제가 장애인인데 주차 요금 얼마예요."""
    sought = _LOOK_UP.search(asked) or _AMOUNT.search(asked)
    return bool(sought and _RECORD.search(asked) and _OWNER.search(asked))
