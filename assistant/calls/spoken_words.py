"""Words of spoken Korean: what says nothing, how 전라도 says it, and what people call things."""

import re
from typing import NamedTuple


class Spoken(NamedTuple):
    """What is heard, and the standard word that takes its place ('' for none)."""

    pattern: re.Pattern[str]
    standard: str


def _words(spoken: str, standard: str = "") -> Spoken:
    """Only as whole words."""
    return Spoken(re.compile(rf"(?<![^\s,.?!…~])(?:{spoken})(?=[\s,.?!…~]|$)"), standard)


def _anywhere(spoken: str, standard: str) -> Spoken:
    return Spoken(re.compile(spoken), standard)


_END = r"(?=[\s,.?!~]|$)"

FILLERS = (
    _words(r"[어음흠에아으오]+|(?:그 )?뭐(?:지|죠|냐|야|더라|랄까|라 그러지|라고 하지|라 하죠)|그게 그|저 그|그 저"),
    _words(r"저기요?|저기 뭐냐|거시기|머시기|뭐시기|뭣이냐|이제|인자|인제|에또|막|쫌|좀|자|참"),
    _words(r"그냥|혹시나?|그게|그니까|그러니까|긍께|그랑께|그렁께|이렇게|요렇게|말이(?:죠|지요?|여)"),
    _words(r"아따|워메|워매|오메|아이고|아이구|아유|어휴|하이고|허허|하하"),
    _words(r"여보세요|안녕하(?:세요|십니까)|수고(?:하세요|하십니다|많으십니다|가 많으십니다)"),
    _words(r"다름이? ?아니라|다름이 아니고|다른 게 아니고"),
    _words(
        r"(?:뭐 )?(?:좀 )?(?:하나|한 가지|뭣 좀|뭐 좀) (?:여쭤|물어)\s?"
        r"(?:볼게요|볼라고요?|보려고요?|보려고 하는데요?|볼려고요?|볼게 있는데요?|봐도 돼요)"
    ),
    _words(r"네+|예+|응|잉|그|저|야|하|휴|에이|겁나게?|솔찬히|쪼까|째까|한번"),
    _anywhere(rf"(?<=[가-힣])잉{_END}", ""),
    # 그 있잖아요 says nothing, 챙겨 주는 거 있죠 asks
    _anywhere(rf"(?<![^\s,.?!…~])(?<!거\s)(?<!것\s)(?<!게\s)(?<!데\s)(?<![도이가는]\s)(?:있잖아요?|있죠){_END}", ""),
)

DIALECT = (
    _anywhere(r"(?<=[는은인한된운간온던든란])디(?=요?(?:[\s,.?!~]|$))", "데"),
    _anywhere(r"응께(?=요?(?:[\s,.?!~]|$))", "으니까"),
    _anywhere(r"(?<=[가-힣])(?:니께|닝께)(?=요?(?:[\s,.?!~]|$))", "니까"),
    _anywhere(r"[허헐할](?:ㄹ)?라(?=고|믄|면|는[데디])", "하려"),
    _anywhere(r"허(?=[면고는는지게기려니믄])", "하"),
    _anywhere(r"헐(?=[\s수]|$)", "할"),
    _anywhere(r"혀(?=[요야서라]?(?:[\s,.?!~]|$))", "해"),
    _anywhere(rf"(?<=[가-힣])믄{_END}", "면"),
    _anywhere(r"[부뿌]렀|불었(?=[는어])|부럿", "버렸"),
    _anywhere(rf"[부뿌]러(?=서|요|{_END})", "버려"),
    _anywhere(rf"(?<=[가-힣\s])하요{_END}", "해요"),
    _anywhere(rf"그라요{_END}", "그래요"),
    _anywhere(rf"(?<=[태해놔와아어여려러봐])주요{_END}", "줘요"),
    _anywhere(r"얼매|을매", "얼마"),
    _anywhere(r"워디|으디", "어디"),
    _words(r"여그", "여기"),
    _anywhere(r"(?<!\S)[거쩌]그(?=\s|서|에|$)", "거기"),
    _anywhere(r"(?<!\S)고(?=것|거)", "그"),
    _anywhere(r"(?<!\S)띠(?=[야어러는])", "떼"),
    _anywhere(r"메칠|몇일", "며칠"),
    _anywhere(r"까정", "까지"),
    _anywhere(r"껍닥|껍딱", "껍데기"),
    _anywhere(r"뼈다구", "뼈"),
    _anywhere(r"손꾸락", "손가락"),
    _anywhere(r"트랙타", "트랙터"),
    _anywhere(r"꽁짜", "공짜"),
    _anywhere(r"(?<!\S)묵(?=[고는었어])", "먹"),
    _anywhere(r"(?<!\S)첨(?=이|으로)", "처음"),
    _anywhere(r"몆", "몇"),
    _anywhere(rf"(?<=[되돼하])조{_END}", "죠"),
    _anywhere(rf"(?<=[도면] )대(?=나?요{_END})", "되"),
    _anywhere(rf"(?<=[한된간온진])다요{_END}", "대요"),
    _anywhere(r"(?<!\S)어따", "어디에"),
    _anywhere(r"(?<!\S)[으어]째야(?=\s)", "어떻게 해야"),
    _anywhere(rf"(?<=[가-힣])([담람])서(?:라|요)?{_END}", "다면서요"),
    _anywhere(rf"(?<=[되하있없받맞가오좋겠았었했니])제(?:라|잉|요)?{_END}", "죠"),
    _anywhere(rf"(?<=[되될할줄갈올볼있을까])까라우?{_END}", "까요"),
    _anywhere(r"(?<=야 )쓰겠(?=[는네])", "하겠"),
    _anywhere(rf"(?<=야 )(?:쓴당가|쓰까|쓸까|쓴다|쓴대|쓰겄소|쓰것소)요?{_END}", "하나요"),
    _anywhere(rf"얼마당가요?{_END}", "얼마인가요"),
    _words(r"그라고|글고", "그리고"),
    _anywhere(rf"쓰까요?{_END}", "될까요"),
    _anywhere(rf"(?<=[되하])것제{_END}", "겠죠"),
    _anywhere(r"(?<!\S)(?:으째|으찌|우째|우찌|어찌|어째)(?=[\s게야케]|$)", "어떻게"),
    _anywhere(r"뭣(?=[을를이\s?]|$)|뭐시(?=[\s?]|$)", "뭐"),
    _words(r"근디|헌디|그란[디데]", "그런데"),
    _words(r"그라[믄면]|글믄|그믄|그러믄|글면|그람|그러면은|그면", "그러면"),
    _words(r"시방", "지금"),
    _anywhere(r"(?<=[가-힣])겄", "겠"),
    _anywhere(r"아부지", "아버지"),
    _anywhere(r"엄니|어무니", "어머니"),
)

CALLED = (
    _anywhere(r"민증|민쯩", "주민등록증"),
    _anywhere(r"(?<![가-힣])등본", "주민등록등본"),
    _anywhere(r"(?<![가-힣])초본", "주민등록초본"),
    _anywhere(r"동사무소|면사무소|주민센터", "행정복지센터"),
    _anywhere(r"쓰봉|쓰레기\s?봉[투지]", "쓰레기 종량제봉투"),
    _anywhere(r"(?<![가-힣])딱지", "주정차 과태료"),
    _anywhere(r"의료보험", "건강보험"),
)
"""Names that people use for what a document calls otherwise."""
