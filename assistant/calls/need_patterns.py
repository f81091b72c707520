"""How spoken Korean asks, wishes, complains and chats: the patterns that ``needs`` decides by.

They are looked for in one clause, cleaned of fillers (see ``speech``).
"""

import re

from indexing.lexical.hangul import BIEUP, NIEUN, RIEUL, syllables

_END = r"[\s,.!~]*$"
# Syllables by their final consonant: 은가 and 을까 ask, 수수료가 and 하니까 do not.
_N, _L, _B = map(syllables, (NIEUN, RIEUL, BIEUP))
_OPEN = "".join(each for each in syllables(0) if (ord(each) - 0xAC00) % 588 // 28 in (0, 1, 4, 6, 9, 10, 14))
"""Where 아요 and 어요 end, also contracted: 가, 해, 서, 써, 와, 돼, 줘."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


def _at_end(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(patterns)}){_END}")


QUESTION_WORD = _any(
    r"얼마|얼만|언제|어디|어떻|어떡|어떤|어느|무엇|무슨|누가|누구|누군|누굴|며칠|몇\s?[가-힣]|왜\s|왜$|어째서|공짜",
    r"뭐[가를예에로랑]|뭘|뭔|뭐뭐|(?:^|\s)뭐\s?(?!하)\S",
)
GOES_ON = _at_end(r"(?:서|니까|거든|지만|더라고|더라니까|라고)요?")
"""A clause that gives a reason: its question word asks nothing."""
ASKING_END = _at_end(
    rf"(?:[{_N}]가|[{_L}되쓰하]까|[{_B}]니까|[가-힣](?<![하이그러니구])나|랑가|[느으하되]냐|당가|는감)요?",
    rf"(?:는|[{_N}])\s?거(?:예요|에요|여|야)(?:\s?뭐야)?",
    r"(?:다|라|자)면서요?|다던데요?|다든데요?|라던데요?|다고\s?하던데요?",
    r"(?<!안\s)(?<!못\s)[되있]겠네요?|(?:거|것|게|것도|거도)\s있(?:죠|지|지요|잖아요?)",
    r"(?:거|것|데|곳|방법|수)[은는도이]?\s?(?:있|없)(?:어요?|습니까|소|는가요?)",
    rf"[{_N}]\s?거고요?|[도면야만]\s?(?:되|돼)고요?|야\s?(?:하|되)고요|면요|도\s?\S*고\s그래요",
    r"면\s(?:\S+\s)?\S+겠지",  # 못 가면 벌금이겠지
    rf"[{_N}]다요|대요|나요|죠|지요|[{_N}{_L}]지요?|[{_N}{_L}]지도?\s?모르겠\S*",
)
WHETHER = re.compile(
    rf"(?:[{_N}{_L}]지|[있되하]는가|나|까)\s?(?:좀\s?|를\s?|가\s?|도\s?|는\s?|잘\s?)*"
    r"(?:궁금|알고\s?싶|알아보|알\s?수|여쭤|여쭙|물어|문의|확인|모르|몰라|알려|가르쳐|해서요?$|싶어서요?$|해서\s|싶어서)"
)
PLEASE_TELL = _any(
    r"궁금|헷갈|알고\s?싶|여쭤|여쭙|물어[보볼]|문의|알아보려",
    r"알려\s?(?:주|줘|달)|가르쳐\s?(?:주|줘)|갈쳐",
)
SPOKEN_QUESTION = re.compile(
    r"(?:수\s?(?:있|없)|도\s?(?:되|돼|가능|하|해|있|받|괜찮)|만\s?(?:되|돼|있으면|가져가면)"
    rf"|면\s?(?:되|돼)|야\s?(?:되|돼|하|해)|필요(?:해|하)|가능(?:해|하)|걸려|걸리)\S*(?:요|여|지라|라우){_END}"
)
"""What ends as a statement would, without a question mark: 토요일에도 해요, 사진도 필요해요."""
ELLIPSIS = _at_end(r"(?:은|는|도|이나)\s?(?:요|\?|요\?)")
"""The thing alone, what is asked about it left out: 수수료는요."""
TRAILS_OFF = re.compile(rf"^(?:(?:\S+\s){{0,2}}[가-힣]+(?:은|는|(?<!고)이|가|도)|.+\s(?:거는|건|것은)){_END}")
"""The thing alone, nothing said after it: 토요일은."""

WANTS = _any(
    r"[고구]\s?싶|려고|려는데|려면|려구요?|야\s?(?:되|하)는데|야\s?(?:될|할)\s?것\s?같|야\s?(?:되|하|돼|해)겠[는네거]|알아보고\s?있",
    r"부탁|(?:신청|신고)\s?(?:하|할|좀)|해\s?주세요|해\s?줘요|해\s?주실|봐\s?주세요|방법\s?(?:이|을|은|좀)|때문에\s?전화",
    r"(?:다|라|자)(?:고\s?(?:하|그러|글|그라)?)?(?:[던든]데|더라)|있던데",  # hearsay, to be confirmed
    r"(?:[다라자]고|대|라는|다는)\s?(?:들었|해서|하길래|얘기[를가]?\s?들)",
    r"[다라자]고?\s?(?:해|그래)(?:\s?(?:가지고|갖고)|서요?)|[다라]길래|[다라]는\s?(?:말|소리|얘기)[도이을를가]",
    r"[는은던한인된]\s(?:거|것)요$",  # 지원 나오는 거요
)
TELLS = _at_end(r"(?:거든|는데|은데|던데|잖아|니까|어서|아서|해서|싶어서|것\s?같)\S*", r"[어아]요", r"이요")
TELLS_MORE = _at_end(rf"[{_N}]데요?", rf"[{_OPEN}예에]요", r"(?:거든|라서|어서|아서|해서|(?<![다라자])고)요?", r"기가")
"""After an answer, what may be said to ask whether it holds here too: 저는 부부예요, 차가 아들 차인데."""
ASKS_OF_RULE = _at_end(r"(?:있어|없어|받아|줘|붙어|와|들어|(?<!\S)내|돼|되|걸려|가져가|깎아)\s?요")
"""After an answer, what the city or its rule does, as one asks it without a question word: 벌금 있어요, 돈 받아요."""
OF_CALLER = _any(
    r"(?:^|\s)(?:제|내|저희\S*|우리\S*|저는|제가|나는|내가)\s",
    r"고\s(?:있|계)\S*$",
    r"(?:하나|둘|셋|[대개명장])\s있어요",
)
"""What the caller tells of themselves."""
ELDER = _any(
    r"(?:어머니|엄마|아버지|아빠|부모님|할머니|할아버지|장인|장모|남편|아내|어르신)\S*[은는이가도께서]\s",
)
"""Whom a caller honours in what they tell."""
TROUBLE = _any(
    r"[안못]\s?(?:나|되|돼|와|오|가져|치|들어|열|받|내|뜨|보이|찾|돌아|해|켜|맞)|안\s?된|못\s?했|잘못|억울",
    r"[잃잊]어버[렸려리]|두고\s?(?:내|왔)|분실|고장|파손|막[혔히]|터[졌지]|깨[졌지]|꺼[졌지]|쓰러|방치|무단",
    r"(?:물|가스|비)\S*\s(?:새|샌|샜)|누수|얼[었어]|동파|역류|냄새|악취|시끄|소음",
    r"늦[었어]|끊[겼기어]|넘[었겼]|밀렸|나왔(?:어요|는데|던데|네요)|날아왔|찍혔|걸렸",
    r"돌아가[셨시]|죽었|이사\S*\s(?:했|왔|갔|가)",
)

OBSTACLE = _any(r"(?:^|\s)[안못]\s?(?=[가-힣])", r"없|아니|아닌|지[는도]?\s?(?:않|못|안)")
"""What keeps a caller from doing as they were told: 낮에는 못 가거든요, 사진은 안 찍었는데."""

TO_THE_AGENT = _any(
    # 시 honours the agent, so it is small talk; what the city does for the caller (보내주시나요) is not.
    r"(?<!주)(?:셨어요|셨나요|셨죠|계세요|계신가요|시죠|시지요|들리[세시]|들려요|들리나요)",
    r"^(?:네|뭐|뭐라고|그래|진짜|정말|그렇죠|그렇구나|그러게|그쵸|그죠|그렇군|아시겠|알겠|됐|괜찮)\S{0,4}\??$",
    r"^맞[죠지아]\S*$|^맞다$|^다행\S*$|^아니(?:에요|예요|다)?$|^하나(?:만)?\s?더?요",
    r"여보세요|감사|고맙|고마워|고생|건강하세요|미안|죄송|(?:알겠|알았)(?:습니다|어요|어)$",
    r"성함|이름이\s?(?:뭐|어떻)|다시\s?(?:한\s?번\s?)?(?:말씀|얘기)|잠[깐시]만|말씀하세요|적어도\s?돼|불러\s?드[릴려]",
    r"전화\s?(?:끊|다시)|연결\s?(?:좀|해|부탁)|끊어|끊을게",
    r"^(?:(?:딴|다른|하나|한|뭐|먼저|또|거|것|가지)\s?)+(?:여쭤|여쭙|물어)\S*$|물어본\s?(?:거|건)",
    rf"[{_L}]게요?$",  # promised
    r"뭐라고요|(?:이라고|이라고라|뭐라고|어디라고|언제라고|얼마라고)요?\??$",  # only repeated
    r"[았었했]더라$|갔지$",  # to oneself
    # where one has got through to: 거기 시청이죠, 여기 콜센터 맞나요
    r"^(?:거기|여기)(?:\s\S+){0,2}?\s?(?:이?지라|인가요|아니에요|아닌가요|맞나요|맞아요|이죠|이지요)\S*$",
    r"(?:시청|콜센[터타탄])\S*\s?(?:가요|인가요|맞|이?죠|아니에요)\S*$",
)
ASKS_BACK = _at_end(
    rf"(?:[{_N}{_L}]까|[{_N}]가|나|죠|지|는지|은지)요?\??",
    r"(?:계|있으|없으|사|되|맞으|아|이|받으|가)[세시]요\??",
    r"\?",
    r"(?:말씀해|알려|불러)\s?(?:주[세시]\S*|주시겠\S*)",
)
"""How an agent asks for what they must know: 어느 동에 사세요."""
INVITES = _any(
    r"도와\s?드릴|궁금|필요하신|다른\s?(?:문의|용건)|더\s있|말씀하세요|(?:어떤|무슨)\s?(?:일|문의|내용)|들리[세십]"
)
"""What only invites a question."""
REACTS = _at_end(r"구나|구만|구먼|군요?")
"""What a caller has just understood, and no longer asks."""
RESOLVES = _at_end(r"겠네요?|겠다")
"""What a caller makes of it: 저만 타야겠다, 나는 못 받겠네."""
RAILING = _any(
    r"왜\s?이렇게|왜\s?이래|뭐\s?하(?:는|자는)\s?[거것건짓데]|뭣\s?하는\s?(?:거|놈|사람|데)|장난\s?[하치해]|말이\s?[돼되안]",
    r"세금\s?(?:받아|내는데|으로|이\s?아깝|아깝)|얼마를\s?내는데|몇\s?번(?:을|이나|째)|언제까지\s?(?:기다|이럴|이렇게)",
    r"그렇게\s?하면\s?안|^그러면\s?안|불친절|뭘\s?알아|뭘\s?말씀|말하면\s?뭐|기분\s?나[빠쁘]|이게\s?뭐|이럴\s?수|이래도\s?되",
    r"책임자|윗사람|높은\s?사람|시장\s?(?:나오|바꿔)|당신|니들|똑바로|다예요|다야|어쩌라|어떡하라|누구\s?(?:맘|마음)",
    r"도대체|미치|환장|짜증|열받|화가\s?나|너무[한하]|어이가|기가\s?막|씨발|시발|개새|새끼|지랄|병신|꺼져|엿\s?먹",
)
