"""How the facts of Korean public texts are written: one regular expression, its groups read by :mod:`reading`.

Spelled with figures (3만 원, 7월 1일, 061-749-3114) or as they are said (삼만 원, 칠월 초하루, 일오팔팔에 일이삼사).
"""

import re

from knowledge_base.facts.numerals import ARABIC, DAY_WORDS, NATIVE, SINO
from knowledge_base.facts.units import COUNTED, UNIT_AFTER

_PHONE = (
    r"(?<![\d-])(?:(?:\+82[-. ]?0?|0)(?:50\d|\d{1,2})[-.) ]\s?\d{3,4}[-. ]?\d{4}"
    r"|0(?:2|1[016-9]|70|[3-6][1-5])\d{7,8}"
    r"|1[5-8]\d{2}(?:[-. ]|에\s?)\d{4}"
    r"|(?!(?:19|20)\d\d-)[2-9]\d{2,3}-\d{4}(?!\s?(?:[원만천%명호년])))(?![\d-])"  # not 제2018-1015호
)
DIGIT = "[공영일이삼사오육륙칠팔구]"
_SPOKEN_PHONE = (  # 일오칠칠에 공일구구, 공육일 칠사구 삼일일사, 일이구번; but 일일이 (one by one)
    rf"(?<![가-힣])(?P<spoken_phone>(?:일[오육팔]{DIGIT}{{2}}|공{DIGIT}{{1,2}}[\s,-]*(?:에|의|국에)?\s?{DIGIT}{{3,4}})"
    rf"(?:\s?(?:에|의|국에)\s?|[\s,-]+|(?<=일[오육팔]..)){DIGIT}{{4}})"
    rf"|(?<![가-힣])(?P<spoken_number>일{DIGIT}{{2,3}}?)(?=번|으?로\s|이에요|예요|입니다|이?나\s|하고\s|에\s|$)"
)
_LINK = (
    r"(?:https?://|www\.)[^\s<>()\"'가-힣]+"
    r"|(?<![a-z\d_.+-])[a-z\d_.+-]+@[\w-]+\.[\w.]+"
    r"|(?<![\w.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:kr|com|net|org)(?:/[^\s<>()가-힣]*)?"
)
_ARTICLE = (
    r"(?:제\s?|(?<=[법령칙례」])|(?<=[법령칙례」]\s)|(?<![\d가-힣.])(?=\d+\s?조(?:의\s?\d|\s?제?\s?\d+\s?항)))"
    r"(?P<law>\d+)\s?조(?![각원])(?:의\s?(?P<branch>\d+))?(?:\s?제?\s?(?P<paragraph>\d+)\s?항)?"
    r"(?:\s?제?\s?(?P<item>\d+)\s?호(?:의(?P<item_branch>\d+))?)?(?:\s?(?P<point>[가나다라마바사아자차카타파하])목)?"
)
_THIRD = r"(?:\s?(?P<third{}>초순?|중순|하순|말일?)(?=$|[^가-힣]|[에의까부이경]))?"
_DAYS_SPOKEN = "|".join(sorted(DAY_WORDS.keys() - {"하루", "일주일"}, key=len, reverse=True))
_SPOKEN_DATE = (  # 이월 is rather what is carried over than February
    r"(?<![가-힣])(?P<month6>십[일이]?|[일이삼사오육유칠팔구시])월"
    rf"(?:\s?(?P<day6>{SINO})일|\s?(?P<day_spoken>초하루|{_DAYS_SPOKEN})(?!\s?(?:간|동안|안|이내))"
    rf"|(?<!\b이월)(?=$|[\s에은는과까부말초중하이,.])|(?=에|까지|부터|하고|\s?[말초중])){_THIRD.format(2)}"
)
_MONTH, _DAY = "(?:1[0-2]|0?[1-9])", "(?:3[01]|[12]\\d|0?[1-9])"
_DATE = (
    rf"(?P<year>(?:19|20)\d{{2}}|(?<!\d)['’‘]\d{{2}}|(?<![\d.])2\d(?=\.\s?{_MONTH}\.\s?{_DAY}(?!\d)))"
    r"\s?(?:년|[-./])\s?(?P<month>\d{1,2})\s?(?:월|[-./])\s?(?P<day>\d{1,2})"
    r"(?:\s?일|\.)?(?!\d)"
    r"|(?P<year2>(?:19|20)\d{2}|(?<!\d)['’‘]\d{2})\s?[년.]\s?(?P<month2>\d{1,2})\s?(?:월|\.(?!\s?\d))"
    r"|(?P<month3>\d{1,2})\s?월\s?(?P<day3>\d{1,2})\s?일"
    r"|(?P<year4>(?:19|20)\d{2}|(?<!\d)’\d{2})\s?년(?!\s?(?:이[상하내]|간|동안|미만))"
    r"|(?<!\d)(?P<year5>\d{2})\s?년(?=도(?!\s?(?:안|더|넘|되|못|채|지나|걸))|생|\s?\d{1,2}\s?월(?!\s?이내|간)|(?<=[5-9]\d년)\s?이[전후]에\s)"
    r"|(?P<month8>\d{1,2})\s?월\s?(?P<day8>\d{1,2})(?=\s?[~-]\s?\d{1,2}\s?일)"
    rf"|(?P<month5>\d{{1,2}})\s?월(?!\s?\d|간|\s?이내){_THIRD.format(1)}"
    rf"|(?P<month7>{_MONTH})(?=(?:\s?[~,·ㆍ-]\s?\d{{1,2}}){{1,11}}\s?월)"
    r"|(?<![\d./])(?:(?<=~)|(?<=~\s)|(?=\d{1,2}(?:\.\s?\d{1,2}\.|/\d{1,2})\s?(?:\([월화수목금토일]|~\s?(?:[내익]년\s|['’‘]?(?:20)?\d\d[.년]\s?)?\d{1,2}[./]\s?\d"
    r"|부터(?!\s?\d{1,2}\.\s?까지)|까지))"
    rf"|(?:(?<=[가-힣):,/(|]\s)|(?<=[:/(]))(?={_MONTH}\.\s{_DAY}\.))"
    rf"(?P<month9>{_MONTH})(?:\.\s?(?P<day9>{_DAY})\.|/(?P<day10>{_DAY})(?!\d))"
    rf"|{_SPOKEN_DATE}"
)
_HOUR = (
    "(?:열|스물)?(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉)|열|스무"
    r"|(?:이?십[삼사오육칠팔구]|이십[일이]?)(?=\s?시(?:$|[^가-힣]|에|까지|부터|이[전후]|정각))"
)
_O_CLOCK = r"\s?시(?!\s?[간군도적]|시)"
_TIME = (
    r"(?:(?P<half>오전|오후|아침|낮|밤|새벽|저녁|(?<![a-z])[ap]\.?m\.?)\s?)?"
    rf"(?:(?:(?P<hour>\d{{1,2}})|(?:(?<![가-힣])|(?<=오[전후]))(?!두시[면는고던거기어었]|한시로)(?P<native_hour>{_HOUR})){_O_CLOCK}"
    r"(?:\s?(?P<minute>\d{1,2})\s?분|\s?(?P<thirty>반))?"
    rf"|(?<!\d)(?P<hour_low>\d{{1,2}})(?=\s?[~-]\s?\d{{1,2}}{_O_CLOCK})"
    r"|(?<![\d:])(?P<hour2>\d{1,2}):(?P<minute2>\d{2})(?![\d:])(?:\s?(?P<half_after>[ap]\.?m(?![a-z])\.?))?)"
    r"|(?P<clock>정오|자정)"
)
_SINO_DIGITS = "[일이삼사오육칠팔구십백천만]"
_SHARE = (
    rf"(?P<whole>{ARABIC})\s?분의\s?(?P<part>\d+(?:\.\d+)?)"
    rf"|(?<![가-힣\d])(?!이\s|이분의\s?일[을이은도])(?P<whole_said>{_SINO_DIGITS}+)\s?분의\s?(?P<part_said>{_SINO_DIGITS}+)"
    r"(?=$|[^가-힣]|[을를이가은는의로만씩]|으로|까지|이[상하내]|입니다|이?에요|정도)"
    r"|(?<![\d/.,-])(?P<over>\d{1,4}(?:\.\d+)?)/(?P<under>1,?0?,?000?|(?:(?<=의\s\d/)|(?<=의\s\d\d/))\d{1,2}"
    r"|\d{1,2}(?=\s?(?:이[상하내]|[을를의로만씩]|미만|초과|감면|경감|할인|지분|범위)))(?![\d/,.])"
    r"|(?P<half_price>반값|절반|반액)"
)
_LARGE_SINO = rf"(?=[일이삼사오육칠팔구\s]*[십백천만억]){SINO}"
_TENS = "열|스무|스물|서른|마흔|쉰|예순|일흔|여든|아흔"
_BARE = (
    "(?:스물|서른|마흔|예순|일흔|여든|아흔)(?:하나|둘|셋|넷)?"
    "|(?:열|스물|서른|마흔|쉰|예순|일흔|여든|아흔)?(?:다섯|여섯|일곱|여덟|아홉)"
)
_SINGLE = (  # but 이 일 (this work), 이주 후 (after moving), 사회
    "[일이삼사오육칠팔구](?=\\s?(?:퍼센트|프로|개월|주일|학년|인\\s?(?:가구|가족))|\\s년|층|학기)"
    "|[삼사오육칠팔구](?=\\s층|\\s?일\\s?(?:간|동안|안|이내|전|후|뒤|까지|이상|정도|쯤|째|씩))"
    "|[이삼사](?=\\s주\\s?(?:간|동안|안|이내|전|후|뒤|정도|쯤))"
)
_NOT_COUNTED = r"(?!한\s?쪽|세대|(?<=에\s)한해|(?<=기로\s)한\s|한\s가지\s않)"  # 한쪽, 무주택 세대, 청년에 한해
_MEASURED = (
    r"(?:(?P<nth_low>\d+)\s?[~∼–-]\s?)?(?P<nth>\d+)\s?년\s?차"
    r"|(?<![A-Za-z])(?P<roman>[ⅠⅡⅢⅣ]|I{1,3}|IV)\s?유형"
    r"|(?<![가-힣])(?P<whole_spoken>[영일이삼사오육칠팔구십백]+)\s?점\s?(?P<decimals>[영일이삼사오육칠팔구]+)\s?(?P<point_unit>퍼센트|프로|배|톤|시간)"
    r"|(?P<quarter>[1-4])\s?/\s?4\s?(?P<quarter_unit>분기)"
    rf"|(?P<number>{ARABIC})(?P<more>(?:[,·ㆍ]{ARABIC})*(?:\s?(?:[~-]|에서|내지)\s?{ARABIC})?)(?:여\s?)?(?:{UNIT_AFTER})?"
    rf"|(?<![가-힣])(?P<sino>{_LARGE_SINO})\s?(?P<won>원(?!서)|달러)"
    rf"|(?<![가-힣])(?!만일|십분|백분[위의]|만점)(?P<sino3>{_LARGE_SINO})\s?(?P<sino_counted>{COUNTED})"
    rf"|(?<![가-힣])(?!만일)(?P<sino2>{_LARGE_SINO}(?<=[십백천만억일이삼사오육칠팔구\s])|{_SINGLE})\s?"
    r"(?P<sino_unit>퍼센트|프로|개월|년|일(?![흔곱])|주일|주|명|인|층|학년|학기|세제곱미터|세제곱|세|회|배|제곱미터|미터|리터|톤|킬로)"
    rf"|(?<![가-힣])(?P<day_word>초하루|{'|'.join(sorted(DAY_WORDS, key=len, reverse=True))})"
    r"|(?<![가-힣])(?:(?P<half_year>반\s?년)|(?P<half_hour>반\s?시간))"
    rf"|(?<![가-힣])(?P<native_days>(?:{_TENS})(?:{NATIVE})?)\s?날(?=$|[^가-힣]|[이을로에은까부안])"
    rf"|(?<![가-힣])(?P<month_nth>{NATIVE})째\s?달"
    rf"|(?<![가-힣])(?P<order>첫|{NATIVE})째(?!\s?,)"
    rf"|(?<![가-힣]){_NOT_COUNTED}(?P<native>첫|{NATIVE})\s?(?P<native_unit>{COUNTED})(?![가-힣]*날)"
    rf"|(?<![가-힣])(?P<bare>{_BARE})(?=$|[^가-힣]|[이은을에도만]?\s|이?[고면며]|부터|까지|이[상하내]|으로|이[에나다라]|보다)"
)
# The characters any fact begins with: looked for first, for most characters begin none.
_FIRST = (
    r"\da-zⅠ-Ⅳ_.+'’‘\-제"
    "공영일이삼사오육륙칠팔구십백천만억시유초하나닷엿여아열보스반절낮밤새저정자한두세네다서마쉰예둘셋넷석넉너첫"
)
FACT = re.compile(
    rf"(?=[{_FIRST}])(?:"
    + "|".join(
        f"(?P<{name}>{pattern})"
        for name, pattern in (
            ("phone", _PHONE), ("spoken", _SPOKEN_PHONE), ("link", _LINK), ("article", _ARTICLE), ("share", _SHARE),
            ("date", _DATE), ("time", _TIME), ("measured", _MEASURED),
        )
    )
    + ")",
    re.IGNORECASE,
)  # fmt: skip
"""Any fact; the outermost group that matched tells which."""
