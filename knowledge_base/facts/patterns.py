"""How the facts of Korean public texts are written: one regular expression, its groups read by :mod:`reading`.

Spelled with figures (3만 원, 7월 1일, 061-749-3114) or as they are said (삼만 원, 칠월 초하루, 일오팔팔에 일이삼사).
"""

import re

from knowledge_base.facts.numerals import ARABIC, DAY_WORDS, NATIVE, SINO
from knowledge_base.facts.units import COUNTED, UNIT

_PHONE = r"(?<![\d-])(?:0\d{1,2}[-–.) ]\s?\d{3,4}[-–. ]\d{4}|1[5-8]\d{2}(?:[-–. ]|에\s?)\d{4})(?![\d-])"
DIGIT = "[공영일이삼사오육륙칠팔구]"
_SPOKEN_PHONE = (  # 일오칠칠에 공일구구, 공육일 칠사구 삼일일사, 일이구번; but 일일이 (one by one)
    rf"(?<![가-힣])(?P<spoken_phone>(?:일[오육팔]{DIGIT}{{2}}|공{DIGIT}{{1,2}}[\s,-]*(?:에|의|국에)?\s?{DIGIT}{{3,4}})"
    rf"(?:\s?(?:에|의|국에)\s?|[\s,-]+|(?<=일[오육팔]..)){DIGIT}{{4}})"
    rf"|(?<![가-힣])(?P<spoken_number>일{DIGIT}{{2,3}}?)(?=번|으?로\s|이에요|예요|입니다|이?나\s|하고\s|에\s|$)"
)
_LINK = (
    r"(?:https?://|www\.)[^\s<>()\"'가-힣]+"
    r"|[\w.+-]+@[\w-]+\.[\w.]+"
    r"|(?<![\w.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:kr|com|net|org)(?:/[^\s<>()가-힣]*)?"
)
_ARTICLE = (
    r"(?:제\s?|(?<=[법령칙례」])\s?)(?P<law>\d+)\s?조(?![각원])(?:의\s?(?P<branch>\d+))?"
    r"(?:\s?제?\s?(?P<paragraph>\d+)\s?항)?(?:\s?제?\s?(?P<item>\d+)\s?호)?"
)
_DAYS_SPOKEN = "|".join(sorted(DAY_WORDS.keys() - {"하루", "일주일"}, key=len, reverse=True))
_SPOKEN_DATE = (  # 이월 is rather what is carried over than February
    r"(?<![가-힣])(?P<month6>십[일이]?|[일이삼사오육유칠팔구시])월"
    rf"(?:\s?(?P<day6>{SINO})일|\s?(?P<day_spoken>초하루|{_DAYS_SPOKEN})(?!\s?(?:간|동안|안|이내))"
    r"|(?<!\b이월)(?=$|[\s에은는과까부말초중하이,.])|(?=에|까지|부터|하고|\s?[말초중]))"
)
_DATE = (
    r"(?P<year>(?:19|20)\d{2})\s?(?:년|[-./])\s?(?P<month>\d{1,2})\s?(?:월|[-./])\s?(?P<day>\d{1,2})(?:\s?일|\.)?(?!\d)"
    r"|(?P<year2>(?:19|20)\d{2})\s?년\s?(?P<month2>\d{1,2})\s?월"
    r"|(?P<month3>\d{1,2})\s?월\s?(?P<day3>\d{1,2})\s?일"
    r"|(?P<year4>(?:19|20)\d{2})\s?년(?!\s?(?:이[상하내]|간|동안|미만))"
    r"|(?P<year5>[5-9]\d)\s?년(?=도[에\s]|생|\s?이[전후]에\s|\s?(?P<month8>\d{1,2})\s?월\s?(?P<day8>\d{1,2})\s?일)"
    r"(?:\s?\d{1,2}\s?월\s?\d{1,2}\s?일)?"
    r"|(?P<month5>\d{1,2})\s?월(?!\s?\d)"
    r"|(?P<month7>\d{1,2})(?=\s?[~∼–-]\s?\d{1,2}\s?월)"
    rf"|{_SPOKEN_DATE}"
)
_HOUR = "열한|열두|한|두|세|네|다섯|여섯|일곱|여덟|아홉|열"
_TIME = (
    r"(?:(?P<half>오전|오후|아침|낮|밤|새벽|저녁)\s?)?"
    rf"(?:(?P<hour>\d{{1,2}})|(?<![가-힣])(?!두시[면는고던거기어었]|한시로)(?P<native_hour>{_HOUR}))\s?시(?!\s?[간군도적]|시)"
    r"(?:\s?(?P<minute>\d{1,2})\s?분|\s?(?P<thirty>반))?"
    r"|(?<![\d:])(?P<hour2>\d{1,2}):(?P<minute2>\d{2})(?![\d:])"
    r"|(?P<clock>정오|자정)"
)
_SHARE = r"(?P<whole>\d+)\s?분의\s?(?P<part>\d+(?:\.\d+)?)|(?P<half_price>반값|절반|반액)"
_LARGE_SINO = rf"(?=[일이삼사오육칠팔구\s]*[십백천만억]){SINO}"
_TENS = "열|스무|스물|서른|마흔|쉰|예순|일흔|여든|아흔"
_BARE = (
    "(?:스물|서른|마흔|예순|일흔|여든|아흔)(?:하나|둘|셋|넷)?"
    "|(?:열|스물|서른|마흔|쉰|예순|일흔|여든|아흔)?(?:다섯|여섯|일곱|여덟|아홉)"
)
_NOT_COUNTED = r"(?!한\s?쪽|세대|(?<=에\s)한해|(?<=기로\s)한\s|한\s가지\s않)"  # 한쪽, 무주택 세대, 청년에 한해
_MEASURED = (
    r"(?:(?P<nth_low>\d+)\s?[~∼–-]\s?)?(?P<nth>\d+)\s?년\s?차"
    r"|(?<![A-Za-z])(?P<roman>[ⅠⅡⅢⅣ]|I{1,3}|IV)\s?유형"
    r"|(?<![가-힣])(?P<whole_spoken>[영일이삼사오육칠팔구십백]+)\s?점\s?(?P<decimals>[영일이삼사오육칠팔구]+)\s?(?P<point_unit>퍼센트|프로|배)"
    rf"|(?P<number>{ARABIC})(?P<range>\s?(?:~|∼|–|-|에서)\s?(?P<upper>{ARABIC}))?\s?(?P<unit>원|{UNIT})?"
    rf"|(?<![가-힣])(?P<sino>{_LARGE_SINO})\s?(?P<won>원(?!서)|달러)"
    rf"|(?<![가-힣])(?!만일|십분|백분[위의]|만점)(?P<sino3>{_LARGE_SINO})\s?(?P<sino_counted>{COUNTED})"
    rf"|(?<![가-힣])(?!만일)(?P<sino2>{_LARGE_SINO}(?<=[십백천만억일이삼사오육칠팔구\s])|[일삼사오육칠팔구이](?=\s?(?:퍼센트|프로|개월)|\s년))\s?"
    r"(?P<sino_unit>퍼센트|프로|개월|년|일|주|명|세제곱미터|세제곱|세|회|배|제곱미터|미터|리터|톤|킬로)"
    rf"|(?<![가-힣])(?P<day_word>초하루|{'|'.join(sorted(DAY_WORDS, key=len, reverse=True))})"
    r"|(?<![가-힣])(?P<half_year>반\s?년)"
    rf"|(?<![가-힣])(?P<native_days>(?:{_TENS})(?:{NATIVE})?)\s?날(?=$|[^가-힣]|[이을로에은까부안])"
    rf"|(?<![가-힣])(?P<month_nth>{NATIVE})째\s?달"
    rf"|(?<![가-힣])(?P<order>첫|{NATIVE})째(?!\s?,)"
    rf"|(?<![가-힣]){_NOT_COUNTED}(?P<native>첫|{NATIVE})\s?(?P<native_unit>{COUNTED})(?![가-힣]*날)"
    rf"|(?<![가-힣])(?P<bare>{_BARE})(?=$|[^가-힣]|[이은을에도만]?\s|이?[고면며]|부터|까지|이[상하내]|으로|이[에나다라]|보다)"
)
FACT = re.compile(
    "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            ("phone", _PHONE), ("spoken", _SPOKEN_PHONE), ("link", _LINK), ("article", _ARTICLE), ("share", _SHARE),
            ("date", _DATE), ("time", _TIME), ("measured", _MEASURED),
        )
    ),
    re.IGNORECASE,
)  # fmt: skip
"""Any fact; the outermost group that matched tells which."""
