"""Rules for numbers that are written down, e-mail addresses, and what is no personal datum though it looks like one.

Earlier rules win. A group called ``datum`` is what is masked; without one the whole match is.
"""

import re
from typing import NamedTuple

from assistant.masking.spoken import DIGIT_WORD
from assistant.masking.view import MASKED

CITY_EXCHANGE = "061-749"

PUBLIC = ""
"""The name of what stays as it is."""


class Rule(NamedTuple):
    """``pattern`` finds data called ``name``; ``reason`` says why it looks like this."""

    name: str
    pattern: re.Pattern[str]
    reason: str


_BEGIN = rf"(?<![0-9{MASKED}])"
_END = rf"(?![0-9{MASKED}])"
_SEP = r"[-. /_]{0,3}"
_PHONE_SEP = r"[-. /_,·、:~*]{0,3}"  # speech recognition writes a pause as a comma
_PAUSE = r"(?:[- \n]|, |-\n)?"
_TO_NUMBER = rf"[^0-9{MASKED}\n]{{0,12}}"
_BANK = r"계좌|은행|뱅크|카뱅|농협|신협|수협|금고|우체국|통장|입금|송금|이체"
_BANK_NAME = "신한|국민|우리|하나|기업|토스|카카오|케이|새마을|씨티|제일|산업|부산|대구|광주|전북|경남|제주"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_AREA = rf"(?:0|{_BEGIN}(?:(?:\+|00)82{_SEP}|82[-. ])\(?0?\)?)"
_MOBILE_AREA = rf"(?:0|{_BEGIN}(?:\+|0{{0,2}})82{_SEP}\(?0?\)?)"
_CITY_PHONE = rf"(?:(?:\(?0|\+82{_SEP})61\)?{_SEP}749{_SEP}|749-)[0-9]{{4}}"
_REGION = "서울|부산|대구|인천|광주|대전|울산|세종|경기남부|경기북부|경기|강원|충북|충남|전북|전남|경북|경남|제주"
_PLATE_SYLLABLE = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배허하호"
_SAID_PLATE_SYLLABLE = "가나다라마거너더러머버서어저고노도로모보소조누두루무부수우주바아자배허하호"  # no digit words
_SAID_NUMBER = "[공영령빵일이삼사오육륙칠팔구십백]"
_NOT_COUNTED = r"(?!\s?(?:원|년|명|개|억|만|천|백|호|세대|건|가구|회|㎡|m|번(?!호)|km|톤|평|점|일|시|분|%|,[0-9]))"
_MOTORCYCLE = rf"[{_PLATE_SYLLABLE}]\s?[0-9]{{4}}{_END}{_NOT_COUNTED}"
_CALENDAR = (
    r"(?:(?:19|20)?[0-9]{2}\s?(?:[-./]|년)\s?[0-9]{1,2}\s?(?:[-./]|월)\s?[0-9]{1,2}(?:\s?일)?"
    rf"|(?:19|20)?[0-9]{{2}}{_MONTH}{_DAY}|[일이천구백팔칠육오사삼십공영]{{2,9}}\s?년\s?[일이삼사오육유칠팔구시십]{{1,2}}\s?월"
    r"\s?[일이삼사오육칠팔구십]{1,3}일)"
)
_LETTER = "엠|에스|알|디|지|피"

RULES: tuple[Rule, ...] = (
    Rule(
        "이메일",
        re.compile(
            r"(?:(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+|(?<![가-힣])[가-힣]{2,10})"
            r"\s?(?:@|[([]\s?(?i:at|골뱅이)\s?[])])\s?[A-Za-z0-9가-힣-]+"
            r"(?:\s?(?:\.|점|[([]\s?(?i:dot|점)\s?[])])\s?[A-Za-z0-9-]+)+"
        ),
        "a name at a domain, also with the spaces of speech recognition, or written so that no robot reads it",
    ),
    Rule(
        PUBLIC,
        re.compile(
            rf"{_BEGIN}(?:(?<![0-9][-. ]){_CITY_PHONE}(?:[-. ]{{1,2}}{_CITY_PHONE})*"
            rf"|(?<![0-9][-.]){CITY_EXCHANGE}-[0-9]{{4}}){_END}"
        ),
        f"the city's own exchange, {CITY_EXCHANGE}: departments, not people; what follows other digits may belong to "
        "them, unless it is written with hyphens after a space",
    ),
    Rule(
        PUBLIC,
        re.compile(
            rf"{_BEGIN}(?<![0-9][-. )])(?:1[568][0-9]{{2}}[-. ]?[0-9]{{4}}"
            rf"|0[68]0[-. )]{{1,2}}[0-9]{{3,4}}[-. ][0-9]{{4}}){_END}(?![-. ]?[0-9])"
        ),
        "nationwide lines of institutions and companies",
    ),
    Rule(
        PUBLIC,
        re.compile(r"제?\s?(?:19|20)[0-9]{2}\s?-\s?[0-9]{1,7}\s?호"),
        "the number of a notice or of an ordinance",
    ),
    Rule(
        PUBLIC,
        re.compile(
            r"(?:선고|법원|사건)\s?[0-9]{2,4}[가-힣]{1,3}[0-9]{1,6}"
            r"|(?<![0-9])[0-9]{2,4}[가-힣]{1,3}[0-9]{1,6}(?=[^가-힣\n]{0,12}(?:판결|결정|전원합의체|사건))"
        ),
        "the number of a court case, which looks like a plate",
    ),
    Rule(
        PUBLIC,
        re.compile(
            r"(?:바코드|ISBN|(?:접수|문서|고지|납부|관리|주문|송장|상품|품목|제품|공고)\s?(?:번호|코드))[^0-9\n]{0,6}"
            rf"(?!01[016789]|[0-9]{{6}}-)(?P<datum>[0-9][0-9-]{{7,}}[0-9]){_END}"
        ),
        "the number of a thing or of a paper",
    ),
    Rule(
        "주민등록번호",
        re.compile(
            rf"{_BEGIN}[0-9]{{2}} ?{_MONTH} ?{_DAY}\s{{0,2}}[-.~/_:·]?\s{{0,2}}"
            rf"[0-9](?:[- ]?[0-9]{{6}}|[*xX●○]{{3,6}}){_END}"
        ),
        "six digits that are a date, then seven; newer ones have no checksum, so none is asked for",
    ),
    Rule(
        "주민등록번호",
        re.compile(rf"{_BEGIN}[0-9]{{6}}\s?-\s?[1-8][0-9]{{6}}{_END}"),
        "six and seven digits with a hyphen, also when the date is mistyped",
    ),
    Rule(
        "주민등록번호",
        re.compile(
            rf"(?:주민\s?(?:등록)?\s?번호|외국인\s?등록\s?번호|앞자리|뒷자리)[^0-9{MASKED}]{{0,14}}"
            rf"(?P<datum>[0-9]{{6,7}}(?:\s?(?:에|다시|하고|이고|,)\s?[0-9]{{6,7}}|\s?-\s?[0-9])?){_END}"
        ),
        "one half of it, said to be that",
    ),
    Rule(
        "카드번호",
        re.compile(
            rf"{_BEGIN}(?!(?:(?:19|20)[0-9]{{2}}{_SEP}){{4}})"
            rf"(?:[0-9]{{4}}{_SEP}[0-9]{{4}}{_SEP}[0-9]{{4}}{_SEP}[0-9]{{4}}|3[47][0-9]{{2}}{_SEP}[0-9]{{6}}{_SEP}[0-9]{{5}}){_END}"
        ),
        "four times four digits, or 4-6-5; a misheard one fails the checksum, so none is asked for",
    ),
    Rule(
        "카드번호",
        re.compile(
            rf"{_BEGIN}[0-9]{{4}}{_SEP}[0-9]{{0,4}}[xX*●○]{{2,4}}{_SEP}[xX*●○]{{0,4}}[0-9]{{0,4}}{_SEP}[0-9]{{3,4}}{_END}"
        ),
        "a card's number as it is printed on a receipt",
    ),
    Rule(
        "카드번호",
        re.compile(rf"카드{_TO_NUMBER}(?P<datum>[0-9](?:{_PAUSE}[0-9]){{11,15}}+){_END}"),
        "any long number said to be a card's",
    ),
    Rule(
        "카드번호",
        re.compile(
            rf"(?i:CVC|CVV|씨브이씨|보안\s?코드){_TO_NUMBER}?(?P<datum>[0-9]{{3,4}}{_END}|{DIGIT_WORD}(?:\s?{DIGIT_WORD}){{2}})"
        ),
        "the code on its back",
    ),
    Rule(
        "전화번호",
        re.compile(
            rf"(?:{_BEGIN}|(?=\+)){_MOBILE_AREA}1[016789][-. )/_,·、:~*]{{0,3}}[0-9]{{3,4}}{_PHONE_SEP}[0-9]{{4}}{_END}"
        ),
        "mobile phones",
    ),
    Rule(
        "전화번호",
        re.compile(rf"{_BEGIN}(?:01[016789]|0 1 [016789])(?:{_PHONE_SEP}[0-9]){{7,8}}+{_END}(?!-[0-9])"),
        "mobile phones in groups of any length",
    ),
    Rule(
        "전화번호",
        re.compile(
            rf"(?:{_BEGIN}\(?|(?=\+))(?:050[0-9]?|{_AREA}(?:2|[3-7][0-9]))[-. )/_,]{{0,3}}"
            rf"[0-9]{{3,4}}{_PHONE_SEP}[0-9]{{4}}{_END}"
        ),
        "fixed lines, internet phones, and the safe numbers 050x",
    ),
    Rule(
        "전화번호",
        re.compile(
            rf"(?:전화|연락처|휴대폰|핸드폰|폰\s?번호){_TO_NUMBER}"
            rf"(?P<datum>(?!1[568]|19|20)[1-9][0-9]{{2,3}}(?:[- ]|국?에\s?)[0-9]{{4}}){_END}"
        ),
        "a phone without its area code, said to be one",
    ),
    Rule(
        "전화번호",
        re.compile(
            rf"{_BEGIN}(?<![0-9][-.])(?P<datum>(?!1[568]|19|20)[1-9][0-9]{{2,3}}(?:-|국?에\s?)?[0-9]{{4}})번?으?로\s?(?:전화|연락|문자)"
        ),
        "the same, said after it",
    ),
    Rule(
        "운전면허번호",
        re.compile(
            rf"(?:{_BEGIN}[0-9]{{2}}|(?:{_REGION}))[-. ]{{0,3}}(?<=[-. 가-힣])"
            rf"[0-9]{{2}}[-. ]{{1,3}}[0-9]{{6}}[-. ]{{1,3}}[0-9]{{2}}{_END}"
        ),
        "2-2-6-2, the first two also as the name of a region",
    ),
    Rule(
        "운전면허번호",
        re.compile(rf"면허{_TO_NUMBER}(?P<datum>[0-9]{{2}}(?:[- ]?[0-9]){{8,10}}+){_END}"),
        "any such number said to be a licence's",
    ),
    Rule(
        "계좌번호",
        re.compile(
            rf"(?:{_BANK})[^0-9{MASKED}\n]{{0,15}}(?!(?:19|20)[0-9]{{2}}[-.])"
            rf"(?P<datum>[0-9](?:(?:\.|{_PAUSE})[0-9]){{8,15}}+){_END}(?!\s?[원만억])"
        ),
        "any long number after a bank or an account",
    ),
    Rule(
        "계좌번호",
        re.compile(rf"(?:{_BANK_NAME})\s(?P<datum>[0-9](?:{_PAUSE}[0-9]){{9,13}}+){_END}"),
        "a number right after the name of a bank",
    ),
    Rule(
        "계좌번호",
        re.compile(
            rf"{_BEGIN}[0-9](?:{_PAUSE}[0-9]){{9,13}}+(?=,?\s?(?:농협|수협|신협|새마을금고|우체국|[가-힣]{{2,3}}(?:은행|뱅크)))"
        ),
        "a number right before it",
    ),
    Rule(
        "사업자등록번호",
        re.compile(rf"{_BEGIN}(?<![0-9]-)[0-9]{{3}}-[0-9]{{2}}-[0-9]{{5}}{_END}(?!-[0-9])"),
        "3-2-5: the number of a business is that of its owner",
    ),
    Rule(
        "계좌번호",
        re.compile(rf"{_BEGIN}(?<![0-9]-)[0-9]{{3,6}}-[0-9]{{2,6}}-[0-9]{{4,7}}(?:-[0-9]{{1,3}})?{_END}(?!-[0-9])"),
        "three or four groups in the way of Korean banks",
    ),
    Rule(
        "여권번호",
        re.compile(
            r"(?<![A-Za-z0-9-])[MSRODGPmsrodgp][- ]?(?:[0-9]{8}|[0-9]{3}[A-Za-z][0-9]{4}"
            r"|[0-9](?:[- ]?[0-9]){7}(?=[^0-9\n]{0,6}여권))(?![A-Za-z0-9])"
        ),
        "a letter and eight characters: M12345678, or M123A4567 since 2021",
    ),
    Rule(
        "여권번호",
        re.compile(
            rf"(?:여권|(?i:passport))(?:\s?(?:번호|(?i:no|number))[^0-9A-Za-z{MASKED}\n]{{0,12}}|[^0-9A-Za-z{MASKED}\n]{{0,8}}(?=[A-Za-z]))"
            rf"(?P<datum>[A-Za-z]{{0,2}}[- ]?[0-9](?:[- ]?[0-9]){{6,8}}+){_END}"
        ),
        "any such number said to be a passport's",
    ),
    Rule(
        "여권번호",
        re.compile(
            rf"(?<![가-힣])(?:{_LETTER})\s?(?:{DIGIT_WORD}\s?){{3}}(?:(?:에이|비|씨|디|이|에프|지|[A-Za-z])\s?(?:{DIGIT_WORD}\s?){{3}}"
            rf"{DIGIT_WORD}|(?:{DIGIT_WORD}\s?){{4}}{DIGIT_WORD})"
        ),
        "a passport's number as it is read out",
    ),
    Rule(
        "차량번호",
        re.compile(
            rf"(?:{_BEGIN}|(?<=[가-힣]))(?<![제])(?:(?:{_REGION})\s?)?{_BEGIN}(?:[0-9]{{1,2}}|[1-9][0-9]{{2}})\s?[{_PLATE_SYLLABLE}](?:[\s-]|에\s?)?[0-9]{{4}}"
            rf"{_END}{_NOT_COUNTED}"
        ),
        "two or three digits (one in the oldest), a syllable used on plates, four digits",
    ),
    Rule(
        "차량번호",
        re.compile(rf"(?:{_REGION})\s?(?:[가-힣]{{2,3}}\s)?{_MOTORCYCLE}"),
        "motorcycles: region, syllable, four digits",
    ),
    Rule(
        "차량번호",
        re.compile(rf"(?:이륜차|오토바이|스쿠터)[^0-9\n]{{0,10}}?(?<![가-힣])(?P<datum>[가-힣]{{2,3}}\s{_MOTORCYCLE})"),
        "the same with a city for its region, said to be a motorcycle's",
    ),
    Rule(
        "차량번호",
        re.compile(rf"(?:외교|영사|준외|준영|국기|협정)[\s-]?[0-9]{{3}}-[0-9]{{3}}{_END}"),
        "vehicles of embassies and international bodies",
    ),
    Rule(
        "차량번호",
        re.compile(
            rf"(?<![가-힣0-9])(?:(?:{_SAID_NUMBER}{{2,5}}|[0-9]{{2,3}})\s?[{_SAID_PLATE_SYLLABLE}]에?"
            rf"\s?(?:{DIGIT_WORD}\s?){{3}}{DIGIT_WORD}"
            rf"|{_SAID_NUMBER}{{2,5}}\s?[{_SAID_PLATE_SYLLABLE}]에?\s?[0-9]{{4}}{_END})(?=이?(?:요|에요|고|예요|인데|입니다|번)|[에를은는이가]|[^가-힣]|$)"
        ),
        "a plate as it is read out: 십이가 삼사오육",
    ),
    Rule(
        "차량번호",
        re.compile(
            rf"(?:{_REGION})\s?(?:{_SAID_NUMBER}{{1,4}}|[0-9]{{1,3}})\s?[{_SAID_PLATE_SYLLABLE}]에?\s?[일이삼사오육칠팔구]?천"
            r"[일이삼사오육칠팔구백십]{0,6}"
        ),
        "the same with its last four digits as one number",
    ),
    Rule(
        "차량번호",
        re.compile(
            rf"(?<![가-힣0-9])(?:{_SAID_NUMBER}{{2,5}}|[0-9]{{2,3}})\s?[{_SAID_PLATE_SYLLABLE}]에?\s?[일이삼사오육칠팔구]?천"
            rf"[일이삼사오육칠팔구]?[백십][일이삼사오육칠팔구백십]{{0,4}}{_NOT_COUNTED}"
        ),
        "the same without a region, when it is no round number",
    ),
    Rule(
        "생년월일",
        re.compile(
            rf"(?:(?:생년월일|생일|출생일|태어난\s?날|출생|\b(?i:born|birth|dob)\b)[^0-9{MASKED}\n]{{0,8}}?"
            rf"|생년월일[^0-9{MASKED}\n]{{0,20}}\n(?:[가-힣]{{2,3}}:\s?)?(?:네[ ,]{{0,2}})?)"
            rf"(?P<datum>{_CALENDAR}|{_DAY}[-./]{_DAY}[-./](?:19|20)[0-9]{{2}}){_END}"
        ),
        "a date said to be that of a birth, also as the answer to a question for it",
    ),
    Rule(
        "생년월일",
        re.compile(
            rf"{_BEGIN}(?P<datum>{_CALENDAR})(?:\.?\s?생(?!신|활|산|태|일|\s?(?:부터|까지|이후|이전|이상|이하))"
            r"|\s?출생(?!아|자|률)|에\s?태어)"
        ),
        "a date someone is born on, but not one from which on births count",
    ),
    Rule(
        "전화번호",
        re.compile(
            r"(?:공\s?일\s?[공일육칠팔구]|01[016789])(?:\s?에)?[\s,-]{0,2}(?=[일이삼사오육칠팔구영공]{0,3}[천백십])"
            r"[일이삼사오육칠팔구영공천백십]{2,9}(?:\s?에\s?|[\s-])[일이삼사오육칠팔구영공천백십]{2,9}?(?=이?(?:요|에요|고|예요|인데|입니다|번|로)|[^가-힣]|$)"
        ),
        "a phone in numbers instead of digits: 공일공 천이백에 삼천사백",
    ),
)
