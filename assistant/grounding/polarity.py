"""Whether a clause affirms or denies, and whether something costs nothing."""

import re

from indexing.lexical.hangul import NIEUN, RIEUL, syllables

_CANCELS = re.compile(
    r"(?:지\s?않으[면시]|지\s?아니하면|없으[면시]|안\s?[가-힣]+면)[가-힣]*\s?(?:안\s?[되됩돼된]|못|[^.,]{0,12}수\s없)|없지\s?않|같지\s?않[가-힣]*|따지지\s?않[가-힣]*|아닌\s?게\s?아니"
)
_BEFORE_NOUN = syllables(NIEUN) + syllables(RIEUL)
"""The syllables that end in ㄴ or ㄹ, as a verb does before a noun."""
# What is denied in passing: a noun's modifier (붙이지 않은 봉투), an adverb (관계없이), a limit (90cm가 안 되는).
_ASIDE = re.compile(
    r"\([^)]*\)|[않없][은는을던]\s|[않없]다고\s|아니라고\s|아니[한할]\s|아니하는\s|못[한하던]\s|못할\s(?!수)|아닌\s|빠[지진]는?\s|끝난\s|지난\s|"
    r"쉬는\s(?=날|시간)|지\s?않(?:도록|게)|안\s[가-힣]+게(?=\s)|안\s넘[가-힣]*|넘을\s수\s없[가-힣]*|"
    r"(?:관계|상관)\s?없이|없이|넘지\s?[않못][가-힣]*|[\d세살개터m원명장권월년][이가]\s안\s?[되된됐][가-힣]*|"
    rf"(?<![가-힣])[안못]\s[가-힣]*[{_BEFORE_NOUN}]\s(?!수(?:가|도|는)?\s)|"
    r"지\s?(?:못해|못하여|않아|아니하여)서?,?\s(?=\S+\s)"
)
_DENIES = re.compile(
    r"않|없|(?<![가-힣])미(?:보유|취업|가입|등록|설치|신청|납부|이수|지급|해당|제출|수급|참여|사용)|못\s?[하합했할받해드]|(?<![가-힣])못\s|(?<![가-힣])안(?:\s+(?=[가-힣])(?![가-힣]+(?:에서?|의|으로)\s)|[되된돼됩]|하[셔면는])|"
    r"아니(?!면|요)|아닙|불가|금지|제외|"
    r"빠[집져](?!나)|빼놓|사라[집져]|소멸|끝났|종료되|마감되|쉼(?!터)|(?<![가-힣])쉬[며고어지니는므려]|쉽니다|쉰다|쉬어|휴[관장원무](?:일(?:은\s|\s*$)|[합한하입])|"
    r"막[힙혀]|막힐|막히[고며]|멈[추춥춰췄]|중지|제한(?:이(?!\s없)|[됩된])|닫[습고아으]|지\s?(?:말(?!지)|마[시세])|삼가|운영정지"
)
_FEE = (
    r"(?:수수료|요금|비용|이용료|사용료|입장료|관람료|상담료|연체료|배송비|돈|값|[가-힣]{1,3}(?<![의진치자원재완종])료)"
)
_FREE = re.compile(
    rf"(?:무료|무상|공짜|면제)(?![는인가]?\s?(?:건\s)?아니)|비과세|{_FEE}(?:[은는이가을를도]|\s없이)?(?![^.,]{{0,14}}(?:돌려|반환|환불|환급|감면|할인|들어\s?있|포함))(?![^.,]{{0,14}}(?:넘지|안\s넘|같지|한도\s없|상관\s?없|관계\s?없|양과))[^.,]{{0,14}}?(?:없|안\s|않)|"
    r"부과(?:되지|하지)\s?않|부담[^.,]{0,6}(?:없|않)|세금이\s없"
)
_PAYS = re.compile(
    r"(?<!안\s)(?:내|부담하|납부하|지불하|부담해|납부해|지불해)(?:셔야|시고|시면|야|게)|(?<!안\s)내셔(?!도)|부과[되됩하합될]|유료|물[립려어게]"
)
_CONDITION = re.compile(
    r"^.*(?:[가-힣]면(?=[\s,])(?!\s(?:됩|되|돼|된|좋|안\s?[되됩돼]))|"
    r"[가-힣]도(?=\s)(?<=[어아해셔여라]도)(?!\s(?:됩|되|돼|된|괜찮|좋)))"
)


_NO_DENIAL = re.compile(  # of the range or of an only, or to come to the point: 전부는 아니고, 만은 아니에요, 아니라
    r"(?:만|다|전부|모두|전액|무조건|똑?같은|자동|아무[가-힣]*)\s?(?:(?:[가-힣]+\s)?(?:건|것은|게|것이)|은|는)?\s?아[니닙닌][가-힣]*"
)


_ANSWER = re.compile(
    r"^\s*(?:(?:네|예|아니요|아뇨),?\s+)?(?:(?:아니에요|아닙니다|안\s?(?:됩니다|돼요|되세요|그러셔도\s돼요))[.,]\s+)?(?=\S)"
)


def claimed(clause: str) -> str:
    """The clause without what it only limits: 전부는 아니고.

    >>> claimed("전부를 드리는 건 아니고 일부만 드려요"), claimed("다는 아니고요, 반은 내셔야 해요")
    ('전부를 드리는 건 아니고 일부만 드려요', ' , 반은 내셔야 해요')
    """
    return _NO_DENIAL.sub(" ", clause)


def denied_at(word: str, text: str) -> bool:
    """Whether a text denies a word, at once or with the verb after it: 예산이 없으면, 보험에 들지 않은."""
    after = r"[가-힣]{0,3}\s?(?:[안못]\s[가-힣]|(?:[가-힣]{1,4}지\s?)?(?:않|못|없|아니))"
    return re.search(f"{re.escape(word)}{after}", text) is not None


def denies(clause: str) -> bool:
    """Whether what a clause says in the end is denied, not what it answers; two denials cancel out.

    >>> denies("돌려주지 않는다"), denies("하지 않으면 안 됩니다"), denies("스티커를 붙이지 않은 봉투는 수거합니다")
    (True, False, False)
    >>> denies("아닙니다. 보험사에 직접 청구하셔야 합니다")
    False
    """
    main = _FREE.sub(" ", _CONDITION.sub("", _CANCELS.sub(" ", claimed(_ANSWER.sub("", clause)))))
    return len(_DENIES.findall(_ASIDE.sub(" ", main))) % 2 == 1


def costs_nothing(clause: str) -> bool:
    """Whether a clause says that something is free of charge.

    >>> costs_nothing("수수료는 안 받습니다"), costs_nothing("카드 수수료가 없다"), costs_nothing("수수료 400원")
    (True, True, False)
    """
    return bool(_FREE.search(_CONDITION.sub("", re.sub(r"\([^)]*\)", " ", clause))))


def costs(clause: str) -> bool:
    """Whether a clause says that something has to be paid."""
    return not costs_nothing(clause) and bool(_PAYS.search(_CONDITION.sub("", clause)))


_EXCLUDED = re.compile(
    r"([가-힣A-Za-z·]{2,}?)(?:[은는을를]|의\s경우)?\s?제외(?!\s?(?:하고는|되지))|"
    r"([가-힣A-Za-z·]{2,}?)[은는]\s지원되지\s?않|"
    r"([가-힣A-Za-z·]{2,}?)에\s해당(?:하|되)지\s(?:않|아니)"
)
_EXCLUDES = re.compile(r"제외|빠지|빠[집져]|빼|말고|아니|아닌|않|없|못|안\s")


def excluded(text: str) -> tuple[str, ...]:
    """What a text excludes.

    >>> excluded("사업자(전문직 제외), 기숙사는 제외한다"), excluded("식대와 약제비는 지원되지 않습니다")
    (('전문직', '기숙사'), ('약제비',))
    """
    return tuple(next(filter(None, match.groups())) for match in _EXCLUDED.finditer(text))


def includes(clause: str, word: str) -> bool:
    """Whether a clause speaks of ``word`` and does not exclude it."""
    return word in clause and _EXCLUDES.search(clause) is None
