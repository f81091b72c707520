"""One minimal pair for each rule of the checker: what may be read out, and the nearest thing that may not."""

import pytest

from assistant.grounding import Evidence, GroundingChecker
from assistant.grounding.findings import Sort
from indexing.lexical.tokens import Analyzer

LOANS = Evidence(
    "농기계 빌리기 > 별표 1",
    "| 기종 | 규격 | 1일 임대료 |\n| --- | --- | --- |\n| 굴착기 | 1톤급 | 70,000원 |\n"
    "| 트랙터 | 50마력급 | 90,000원 |\n\n"
    "기계가 고장 나면 수리비는 사용자가 부담한다. 소모품의 마모는 시가 부담한다. "
    "보증금은 반납한 날부터 5일 안에 돌려준다. "
    "서류는 신청서 또는 계획서를 내시면 됩니다. 보증금이 5천만 원 이하이고 월세가 60만 원 이하인 농가가 대상입니다. "
    "경차는 취득가격의 4%이고, 승용차는 7%입니다.\n"
    "접수는 순천세무서에서 합니다. 심사는 국민은행에서 합니다.",
)
BAGS = Evidence(
    "종량제봉투 값",
    "종량제봉투 값은 5리터 130원(예시), 10리터 240원(예시), 20리터 460원(예시)입니다. "
    "봉투는 마트에서 사실 수 있습니다.",
)
POOL = Evidence(
    "수영장 이용 안내",
    "수영장은 평일 오전 6시부터 오후 9시까지 운영합니다. 월요일에는 쉬며, 수건은 무료로 빌려 드립니다. "
    "이용료는 1회 3,000원이고, 65세 이상인 분은 1,500원입니다. 문의는 체육시설과 061-749-0901로 하시면 됩니다.",
)
GRANT = Evidence(
    "청년 창업 지원금",
    "창업 지원금은 기준 중위소득 120% 이하인 청년에게 월 최대 50만 원을 12개월 동안 드립니다. "
    "신청은 공고일부터 30일 이내에 하셔야 합니다. 다만 공무원은 지원금을 받을 수 없습니다.",
)
FEES = Evidence(
    "체육관 사용료 > 별표 2",
    "| 구분 | 단위 | 평일 요금 | 휴일 요금 |\n| --- | --- | --- | --- |\n"
    "| 농구장 | 2시간 | 20,000원 | 26,000원 |\n| 배드민턴장 | 1시간 | 8,000원 | 10,000원 |",
)
LINES = Evidence(
    "문의 전화",
    "상하수도과 061-749-0411, 세정과 061-749-0422로 전화하시면 됩니다. 누리집은 위택스 www.wetax.go.kr입니다.",
)
RULE = Evidence(
    "주차장 조례 > 제9조(감면)",
    "다음 어느 하나에 해당하는 차는 주차 요금의 100분의 50을 감면한다.\n  1. 경차\n  2. 국가유공자가 타고 있는 차",
)
HOUSING = Evidence(
    "연금 기준",
    "선정기준액은 단독가구 월 122만 원이고, 부부가구 월 195만 원입니다(신용보증료 연 0.9%).",
)
PRIZE = Evidence(
    "꿈나무 장학금",
    "꿈나무 장학금은 매월 25~45만 원을 카드로 지급합니다. 교재비는 10만 원 내외입니다. "
    "신청방법은 보훈(지)청에 신청하시면 됩니다. 받으시려면 면접을 보셔야 합니다. "
    "신청 문의는 보훈상담센터로 하시면 됩니다.",
)
CENTRES = Evidence(
    "청소년센터",
    "지역별 전화번호는 중앙(전화 061-700-1001), 동부(전화 061-700-1002)입니다. "
    "매곡센터는 매곡동에 있으며 (061-700-1003)로 연락하면 된다. "
    "조례센터는 조례동에 있으며 (061-700-1004)로 연락하면 된다.",
)
SPORTS = Evidence(
    "스포츠 강좌 지원",
    "스포츠 강좌는 사업자(전문직 제외)도 이용할 수 있습니다. 검사비는 아동 8만 원, 어른 10만 원을 드립니다. "
    "신청은 매월 마지막 월요일에 받으며, 감면이 겹치면 금액이 낮은 하나만 적용합니다. "
    "장애 정도가 심한 장애인이 쓰는 차는 주차료를 면제합니다. 이 사업은 농지법 제32조제1항제7호에 따릅니다. "
    "문의는 국번 없이 1577-1000으로 하시면 됩니다.",
)

DUES = Evidence(
    "여러 가지 기한",
    "자연재난 피해 신고는 재난이 끝난 날부터 10일 이내에 하셔야 합니다. "
    "공제는 신청하신 달의 다음 달부터 적용됩니다. 출산 장려금은 500만 원을 나누어 지급합니다. "
    "자립수당은 다달이 지급하고 매월 20일, 대상자 계좌로 40만 원 입금됩니다. "
    "박물관은 18세 미만은 무료이고 어른은 3,000원입니다. "
    "환급은 매 30일간 2만 원 초과 시 넘은 금액의 50%를 돌려드립니다.",
)
INSURED = Evidence(
    "보험료 지원",
    "농업인 보험은 기초생활수급자는 보험료의 50% 차상위계층은 보험료의 70%를 정부에서 지원합니다.\n"
    "문의는 국립서부청소년센터 웹사이트 www.west.or.kr 혹은 연락처 (031-700-1900)나 국립동부청소년센터 웹사이트 "
    "www.east.or.kr, 연락처 (053-700-6900)로 하시면 됩니다.\n"
    "예방접종 문의는 질병관리청 콜센터 연락처 (1577-0909) 혹은 질병관리청 예방접종관리과 연락처 (043-700-8398)로 "
    "하시면 됩니다.\n"
    "2012년 7월 1일 이전 등록의 경우 1급은 269만 원을 지원받고, 2급은 93만 원을 지원받습니다.\n"
    "2012년 8월 1일 이후 등록의 경우 1급은 291만 원을 지원받고, 2급은 194만 원을 지원받습니다.\n"
    "암의 경우 특례기간 5년, 본인부담률 5%에 해당합니다.\n희귀질환의 경우 특례기간 7년, 본인부담률 10%에 해당합니다.",
)
WARD = Evidence(
    "보훈병원 진료",
    "국비진료의 경우 진료비를 전액 지원합니다.단, 예방진료는 제외됩니다. "
    "통행료와 주차료는 이용하시는 분이 부담하십니다.",
)
LOAN = Evidence(
    "자립자금 대여",
    "무보증 대출의 경우 한도는 1,200만 원 이내이고, 조건은 연간 소득 600만 원 이상입니다. "
    "담보 대출의 경우 한도는 5,000만 원 이내이고, 조건은 담보 범위입니다. 상환은 1년 거치 3년 또는 4년 분할입니다.",
)
CREDIT = Evidence(
    "근로장려금",
    "근로장려금 최대지급액은 단독가구의 경우 165만 원, 맞벌이 가구의 경우 330만 원입니다. "
    "대상은 미취업 졸업생입니다. 상속세는 상속개시일이 속하는 달의 말일부터 6개월 이내에 신고합니다. "
    "장려금은 별도의 신청 없이 계좌로 입금됩니다. 수도요금은 짝수 달의 말일까지 내시면 됩니다. "
    "항공료 45만 원 및 집기비품 140만 원을 지원합니다. 공시지가는 4월 말에 공시합니다.",
)
LAW = Evidence(
    "배심원 후보자",
    "배심원 선정\n법원은 배심원을 명부에서 무작위로 정합니다.\n무작위 선정\n"
    "법원은 배심원을 명부에서 무작위로 정합니다(「국민의 형사재판 참여에 관한 법률」 제23조제1항).\n"
    "검사는 이의를 신청할 수 있습니다(「국민의 형사재판 참여에 관한 법률」 제30조).",
)
CARD = Evidence(
    "문화누리카드",
    "문화누리카드 대상은 6세 이상 수급자입니다.\n문의는 고객지원센터로 하시면 됩니다.\n"
    "신청방법은 주민센터에 방문하시면 됩니다.\n문화누리카드 사이트 주소는 www.mnuri.kr 입니다.",
)

# what the pair is about, evidence, question, what stands, what falls
PAIRS = [
    ("a number word", BAGS, "", "20리터 봉투는 사백육십 원입니다.", "20리터 봉투는 사백구십 원입니다."),
    ("another row of a list", BAGS, "", "10리터 봉투는 240원입니다.", "20리터 봉투는 240원입니다."),
    ("a unit", BAGS, "", "5리터 봉투는 130원입니다.", "5리터 봉투는 130만 원입니다."),
    (
        "clock spelt otherwise",
        POOL,
        "",
        "평일에는 6시부터 21시까지 운영합니다.",
        "평일에는 6시부터 20시까지 운영합니다.",
    ),
    ("negation", POOL, "", "월요일에는 쉽니다.", "월요일에는 쉬지 않습니다."),
    ("free of charge", POOL, "", "수건은 무료로 빌려 드립니다.", "수건은 돈을 내셔야 빌려 드립니다."),
    ("who qualifies", POOL, "", "65세 이상인 분은 1,500원입니다.", "이용료는 1,500원입니다."),
    ("every day", POOL, "", "평일 오전 6시부터 운영합니다.", "매일 오전 6시부터 운영합니다."),
    ("the office", POOL, "", "문의는 체육시설과로 하시면 됩니다.", "문의는 문화예술과로 하시면 됩니다."),
    ("a phone's digit", POOL, "", "체육시설과는 061-749-0901입니다.", "체육시설과는 061-749-0910입니다."),
    ("whose phone", LINES, "", "세정과는 061-749-0422입니다.", "세정과는 061-749-0411입니다."),
    ("an address", LINES, "", "위택스 주소는 wetax.go.kr입니다.", "위택스 주소는 wetax.or.kr입니다."),
    (
        "a limit",
        GRANT,
        "",
        "120% 이하인 청년에게 월 최대 50만 원을 드립니다.",
        "120% 이하인 청년에게 월 50만 원을 드립니다.",
    ),
    ("a period", GRANT, "", "120% 이하인 청년에게 1년 동안 드립니다.", "120% 이하인 청년에게 12년 동안 드립니다."),
    (
        "a rate",
        GRANT,
        "",
        "120% 이하인 청년은 한 달에 최대 50만 원입니다.",
        "120% 이하인 청년은 1년에 최대 50만 원입니다.",
    ),
    ("within and after", GRANT, "", "공고일부터 30일 안에 신청하세요.", "공고일부터 30일 뒤에 신청하세요."),
    ("a bound", GRANT, "", "중위소득 120% 이하인 청년에게 드립니다.", "중위소득 120% 미만인 청년에게 드립니다."),
    ("everyone", GRANT, "", "중위소득 120% 이하인 청년에게 드립니다.", "청년이면 누구나 받으실 수 있습니다."),
    ("who is left out", GRANT, "", "공무원은 지원금을 받을 수 없습니다.", "공무원도 지원금을 받을 수 있습니다."),
    ("a row of a table", FEES, "", "농구장 평일 요금은 20,000원입니다.", "배드민턴장 평일 요금은 20,000원입니다."),
    ("a column of a table", FEES, "", "농구장 휴일 요금은 26,000원입니다.", "농구장 휴일 요금은 20,000원입니다."),
    ("an article", RULE, "", "제9조에 따라 경차는 절반을 감면합니다.", "제8조에 따라 경차는 절반을 감면합니다."),
    ("an item of a list", RULE, "", "경차는 주차 요금을 반값으로 감면합니다.", "주차 요금은 절반을 감면합니다."),
    ("two households", HOUSING, "", "부부가구는 월 195만 원입니다.", "부부가구는 월 122만 원입니다."),
    ("two clauses", BAGS, "", "5리터는 130원이고 10리터는 240원입니다.", "5리터는 130원이고 10리터는 460원입니다."),
    (
        "a range",
        PRIZE,
        "",
        "장학금은 매달 25만 원에서 45만 원을 카드로 드립니다.",
        "장학금은 매달 25원에서 45만 원을 카드로 드립니다.",
    ),
    ("about and at least", PRIZE, "", "교재비는 10만 원 내외입니다.", "교재비는 10만 원 이상입니다."),
    ("applying and asking", PRIZE, "", "신청은 보훈지청에 하시면 됩니다.", "신청은 보훈상담센터에 하시면 됩니다."),
    ("only some", POOL, "", "월요일에는 쉽니다.", "월요일만 쉽니다."),
    ("an office with brackets", PRIZE, "", "보훈지청에 신청하시면 됩니다.", "지방병무청에 신청하시면 됩니다."),
    ("without", PRIZE, "", "면접을 보셔야 합니다.", "면접 없이도 받으실 수 있습니다."),
    ("a number of another row", CENTRES, "", "중앙은 061-700-1001입니다.", "중앙은 061-700-1002입니다."),
    (
        "a number of another sentence",
        CENTRES,
        "",
        "매곡센터는 매곡동에 있고 061-700-1003으로 연락하시면 됩니다.",
        "매곡센터는 매곡동에 있고 061-700-1004로 연락하시면 됩니다.",
    ),
    (
        "every year",
        GRANT,
        "",
        "기준 중위소득 120% 이하인 청년에게 월 최대 50만 원을 드립니다.",
        "기준 중위소득 120% 이하인 청년에게 매년 최대 50만 원을 드립니다.",
    ),
    ("what is excluded", SPORTS, "", "전문직 사업자는 제외예요.", "전문직 사업자도 이용할 수 있습니다."),
    (
        "figures exchanged",
        SPORTS,
        "",
        "검사비는 아동 8만 원, 어른 10만 원을 드립니다.",
        "검사비는 아동 10만 원, 어른 8만 원을 드립니다.",
    ),
    (
        "every week",
        SPORTS,
        "",
        "신청은 매월 마지막 월요일에 받습니다.",
        "신청은 매주 마지막 요일인 월요일에 받습니다.",
    ),
    (
        "higher and lower",
        SPORTS,
        "",
        "감면이 겹치면 금액이 낮은 하나만 적용합니다.",
        "감면이 겹치면 금액이 높은 하나만 적용합니다.",
    ),
    (
        "denied of a noun",
        SPORTS,
        "",
        "장애 정도가 심한 장애인이 쓰는 차는 주차료를 면제합니다.",
        "장애 정도가 심하지 않은 장애인이 쓰는 차는 주차료를 면제합니다.",
    ),
    (
        "a phone as it is said",
        SPORTS,
        "",
        "문의는 일오칠칠에 일공공공으로 하시면 됩니다.",
        "문의는 일오칠칠에 일공공일로 하시면 됩니다.",
    ),
    (
        "an article as it is said",
        SPORTS,
        "",
        "이 사업은 농지법 32조 1항 7호에 따릅니다.",
        "이 사업은 농지법 32조 1항 8호에 따릅니다.",
    ),
    (
        "a full stop without a blank",
        WARD,
        "",
        "국비진료는 진료비를 전액 지원합니다.",
        "예방진료도 진료비를 전액 지원합니다.",
    ),
    ("who bears it", WARD, "", "통행료는 이용하시는 분이 부담합니다.", "통행료는 시에서 부담합니다."),
    (
        "a case that holds for two clauses",
        LOAN,
        "",
        "무보증 대출의 조건은 연간 소득 600만 원 이상입니다.",
        "담보 대출의 조건은 연간 소득 600만 원 이상입니다.",
    ),
    (
        "either of two periods",
        LOAN,
        "",
        "1년 거치 뒤 3년이나 4년 분할로 상환합니다.",
        "1년 거치 뒤 3년이나 5년 분할로 상환합니다.",
    ),
    ("the most there is", CREDIT, "", "맞벌이 가구는 최대 330만 원입니다.", "맞벌이 가구는 330만 원을 받으십니다."),
    ("denied by a prefix", CREDIT, "", "미취업 졸업생이 대상입니다.", "취업한 졸업생도 대상입니다."),
    (
        "from the end of the month",
        CREDIT,
        "",
        "상속세는 말일부터 6개월 안에 신고하시면 됩니다.",
        "상속세는 상속개시일부터 6개월 안에 신고하시면 됩니다.",
    ),
    (
        "without applying",
        CREDIT,
        "",
        "장려금은 신청 없이 계좌로 입금됩니다.",
        "장려금은 신청하셔야 계좌로 입금됩니다.",
    ),
    (
        "every second month",
        CREDIT,
        "",
        "수도요금은 짝수 달 말일까지 내시면 됩니다.",
        "수도요금은 매달 말일까지 내시면 됩니다.",
    ),
    ("the next figure's name", CREDIT, "", "집기비품은 140만 원을 지원합니다.", "집기비품은 45만 원을 지원합니다."),
    ("on a day and by it", CREDIT, "", "공시지가는 4월 말에 공시합니다.", "공시지가는 4월 말까지 공시합니다."),
    (
        "a law in brackets",
        LAW,
        "",
        "제30조에 따라 검사는 이의를 신청할 수 있습니다.",
        "제31조에 따라 검사는 이의를 신청할 수 있습니다.",
    ),
    (
        "what is only asked for",
        CARD,
        "자격 요건이 어떻게 되나요?",
        "자격 요건은 6세 이상 수급자입니다.",
        "자격 요건은 6세 이상 대학생입니다.",
    ),
    (
        "the mark of a list",
        CARD,
        "",
        "2. 문의는 고객지원센터로 하시면 됩니다.",
        "2. 신청은 고객지원센터로 하시면 됩니다.",
    ),
    (
        "an answer and a question",
        CARD,
        "문화누리카드 대상이 되나요?",
        "문화누리카드 대상은 6세 이상 수급자입니다.",
        "문화누리카드 대상은 6세 이상 수급자입니까?",
    ),
    (
        "from which day",
        DUES,
        "",
        "피해 신고는 재난이 끝난 날부터 10일 안에 하세요.",
        "피해 신고는 피해를 입은 날부터 10일 안에 하세요.",
    ),
    (
        "from the next month",
        DUES,
        "",
        "공제는 신청하신 달의 다음 달부터 적용됩니다.",
        "공제는 신청하신 달부터 적용됩니다.",
    ),
    ("in parts or at once", DUES, "", "장려금은 500만 원을 나누어 드립니다.", "장려금은 500만 원을 한 번에 드립니다."),
    (
        "the figures of one statement, told in a row",
        DUES,
        "",
        "매월 20일에 대상자 계좌로 40만 원이 입금됩니다.",
        "매월 20일에 대상자 계좌로 500만 원이 입금됩니다.",
    ),
    (
        "of one thing each",
        DUES,
        "",
        "박물관은 어른이면 3,000원입니다.",
        "박물관은 18세 미만이면 3,000원입니다.",
    ),
    (
        "more than a limit",
        DUES,
        "",
        "30일간 2만 원을 초과하면 넘은 금액의 50%를 돌려드립니다.",
        "30일간 2만 원 이하이면 넘은 금액의 50%를 돌려드립니다.",
    ),
    (
        "no comma between two cases",
        INSURED,
        "",
        "차상위계층은 보험료의 70%를 지원합니다.",
        "차상위계층은 보험료의 50%를 지원합니다.",
    ),
    (
        "two offices and their phones",
        INSURED,
        "",
        "국립동부청소년센터는 053-700-6900입니다.",
        "국립동부청소년센터는 031-700-1900입니다.",
    ),
    (
        "names that share a word",
        INSURED,
        "",
        "예방접종관리과 번호는 043-700-8398입니다.",
        "예방접종관리과 번호는 1577-0909입니다.",
    ),
    (
        "the case that a figure is told of",
        INSURED,
        "",
        "2012년 7월 1일 이전에 등록하신 2급은 93만 원을 받으십니다.",
        "2012년 8월 1일 이후에 등록하신 2급은 93만 원을 받으십니다.",
    ),
    (
        "a topic that goes on",
        INSURED,
        "",
        "암은 특례기간이 5년이고 본인부담률이 5%입니다.",
        "암은 특례기간이 5년이고 본인부담률이 10%입니다.",
    ),
    ("a rate of a column", LOANS, "", "굴착기 임대료는 하루에 7만 원입니다.", "굴착기 임대료는 한 달에 7만 원입니다."),
    ("who pays", LOANS, "", "기계 수리비는 사용자가 부담합니다.", "기계가 고장 나면 수리비는 시가 부담합니다."),
    (
        "the day itself",
        LOANS,
        "",
        "보증금은 반납한 날부터 5일 안에 돌려 드립니다.",
        "보증금은 반납한 다음 날부터 5일 안에 돌려 드립니다.",
    ),
    ("or", LOANS, "", "신청서 또는 계획서를 제출하시면 됩니다.", "신청서와 계획서를 모두 제출하셔야 합니다."),
    (
        "both limits",
        LOANS,
        "",
        "보증금이 5천만 원 이하이고 월세가 60만 원 이하인 농가가 대상입니다.",
        "보증금이 5천만 원 이하이거나 월세가 60만 원 이하인 농가가 대상입니다.",
    ),
    (
        "a row that leaves out what the row before says",
        LOANS,
        "",
        "승용차는 취득가격의 7%입니다.",
        "경차는 취득가격의 7%입니다.",
    ),
    (
        "what stands together",
        LOANS,
        "",
        "심사는 국민은행에서 합니다.",
        "심사는 순천세무서에서 합니다.",
    ),
    ("not in it", POOL, "", "수건을 빌려 드립니다.", "수영복과 수건을 빌려 드립니다."),
]


@pytest.fixture(scope="module")
def checker(analyzer: Analyzer) -> GroundingChecker:
    return GroundingChecker(analyzer)


@pytest.mark.parametrize(("evidence", "question", "sentence"), [(e, q, good) for _, e, q, good, _ in PAIRS])
def test_stands(checker: GroundingChecker, evidence: Evidence, question: str, sentence: str) -> None:
    check = checker.check(sentence, evidence, question).check
    assert check.supported, check.reasons


@pytest.mark.parametrize(("evidence", "question", "sentence"), [(e, q, bad) for _, e, q, _, bad in PAIRS])
def test_falls(checker: GroundingChecker, evidence: Evidence, question: str, sentence: str) -> None:
    check = checker.check(sentence, evidence, question).check
    assert not check.supported
    assert check.reasons


def test_what_is_asked_about_must_occur(checker: GroundingChecker) -> None:
    assert checker.check("1회 3,000원입니다.", POOL, "수영장 이용료가 얼마예요?").check.supported
    refused = checker.check("1회 3,000원입니다.", POOL, "캠핑장 이용료가 얼마예요?").check
    assert not refused.supported
    assert any("캠핑" in reason for reason in refused.reasons)


def test_reasons_say_what_is_wrong(checker: GroundingChecker) -> None:
    (reason, *_) = checker.check("20리터 봉투는 240원입니다.", BAGS).check.reasons
    assert "다른 것에 관한" in reason
    (reason, *_) = checker.check("문의는 문화예술과로 하시면 됩니다.", POOL).check.reasons
    assert "문화예술과" in reason


def test_a_verb_that_looks_like_a_clock_is_no_figure(checker: GroundingChecker) -> None:
    found = checker.findings("봉투는 마트에서 사 두시면 됩니다.", BAGS)
    assert Sort.ABSENT not in {finding.sort for finding in found}


def test_a_count_of_what_is_listed_is_no_figure_of_its_own(checker: GroundingChecker) -> None:
    listed = checker.findings("상하수도과와 세정과 두 군데입니다.", LINES)
    assert not {Sort.ABSENT, Sort.COUNTED} & {finding.sort for finding in listed}
    (counted,) = [
        each for each in checker.findings("상하수도과와 세정과 세 군데입니다.", LINES) if each.sort is Sort.COUNTED
    ]
    assert "세 군데" in counted.reason


def test_the_callers_own_figure_is_a_case_but_not_an_answer(checker: GroundingChecker) -> None:
    question = "67세인데 수영장 이용료가 67원이에요?"
    case = {each.sort for each in checker.findings("67세이면 1,500원입니다.", POOL, question)}
    assert Sort.ASKED in case and Sort.ABSENT not in case
    answer = checker.check("네, 이용료는 67원입니다.", POOL, question).check
    assert not answer.supported


def test_what_is_disclaimed_is_not_claimed(checker: GroundingChecker) -> None:
    found = checker.findings("누구나 1,500원인 것은 아닙니다.", POOL)
    assert Sort.SCOPE not in {finding.sort for finding in found}


def _sorts(checker: GroundingChecker, sentence: str, evidence: Evidence, question: str = "") -> set[Sort]:
    return {finding.sort for finding in checker.findings(sentence, evidence, question) if finding.amount}


def test_an_action_that_the_statement_does_not_speak_of(checker: GroundingChecker) -> None:
    assert Sort.ACTION in _sorts(checker, "고객지원센터에 신청하시면 됩니다.", CARD)
    assert Sort.ACTION not in _sorts(checker, "고객지원센터에 연락하시면 됩니다.", CARD)


def test_a_law_in_brackets_and_a_heading_are_no_rivals(checker: GroundingChecker) -> None:
    """The sentence stands twice in the text, once with the law it follows: that makes it no less clear."""
    assert Sort.UNCLEAR not in _sorts(checker, "법원은 배심원을 명부에서 아무렇게나 정합니다.", LAW)


def test_an_unclear_sentence_counts_by_what_is_reworded(checker: GroundingChecker) -> None:
    def unclear(sentence: str) -> float:
        found = [each.amount for each in checker.findings(sentence, CARD) if each.sort is Sort.UNCLEAR]
        return sum(found)

    assert unclear("신청방법은 주민센터입니다.") < unclear("주민센터로 가서 말씀해 보세요.")


def test_only_words_of_the_question_are_an_echo_not_its_grammar(checker: GroundingChecker) -> None:
    question = "중장년층이 받을 수 있는 카드인가요?"
    assert Sort.ECHOED not in _sorts(checker, "수급자가 받을 수 있는 카드입니다.", CARD, question)
    assert Sort.ECHOED in _sorts(checker, "중장년층 수급자가 받을 수 있는 카드입니다.", CARD, question)


def test_every_part_of_a_condition_counts(checker: GroundingChecker) -> None:
    evidence = Evidence("과태료", "과태료가 30만 원 이상이고 60일 넘게 체납되면 번호판이 영치될 수 있습니다.")
    whole = "과태료가 30만 원 이상이고 60일 넘게 체납되면 번호판이 영치될 수 있어요."
    assert Sort.CONDITION not in _sorts(checker, whole, evidence)
    assert Sort.CONDITION in _sorts(checker, "60일 넘게 체납되면 번호판이 영치될 수 있어요.", evidence)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("휴대전화로 등록하시면 됩니다.", "누리집에서 신청하시면 됩니다."),
        ("문의는 1350번입니다.", "고용센터에서 신청하시면 되며, 전화는 1350입니다."),
        ("예산이 없으면 업무량을 조정합니다.", "예산이 없는 경우에는 업무량을 조정한다."),
        ("금액이 같은 건 아니고 식구 수를 봅니다.", "지원 금액은 세대원 수에 따라 다르며, 해마다 정합니다."),
        ("금액은 똑같지 않고 식구 수를 봅니다.", "지원 금액은 세대원 수에 따라 다릅니다."),
        ("1리터에 220원을 할인하고 있습니다.", "세금 인상분으로 1리터에 220원을 할인합니다."),
        ("임차인은 임대인에게 통고할 수 있습니다.", "임차인은 임대인에게, 임대인은 임차인에게 통고할 수 있습니다."),
        ("보증금의 절반만 부담하시면 됩니다.", "보증금의 50%를 감면합니다."),
        ("20%를 감면받고 나머지를 부담합니다.", "요금의 20%를 감면합니다."),
    ],
)
def test_no_opposites(checker: GroundingChecker, sentence: str, evidence: str) -> None:
    assert Sort.OPPOSITE not in _sorts(checker, sentence, Evidence("안내", evidence))


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("등기를 신청한 뒤에 내셔도 됩니다.", "취득세는 등기를 신청하기 전까지 내셔야 합니다."),
        ("가입 전에 신고하시면 됩니다.", "보험은 가입 후에 신고하시면 됩니다."),
        ("임대인은 임차인에게 통고할 수 있습니다.", "임차인은 언제든지 임대인에게 통고할 수 있습니다."),
        ("심사는 시청이 하고 결과는 공단을 통해 알립니다.", "공단이 심사하고 결과는 시청을 통해 알립니다."),
        ("비용의 40%만 부담하시면 됩니다.", "본인이 부담하는 비용의 40%를 감경할 수 있다."),
        ("수급자여야 신청하실 수 있습니다.", "수급자가 아니어도 신청하실 수 있습니다."),
    ],
)
def test_opposites(checker: GroundingChecker, sentence: str, evidence: str) -> None:
    assert Sort.OPPOSITE in _sorts(checker, sentence, Evidence("안내", evidence))


@pytest.mark.parametrize(
    ("sentence", "evidence", "found"),
    [
        ("기한 전이라도 등기하시면 내셔야 합니다.", "기한 전에 등기하시면 내셔야 합니다.", False),
        ("이용료는 절반만 내시면 됩니다.", "이용료의 50%를 감면합니다.", False),
        ("연장 없이 출국하실 수 있습니다.", "연장 절차에 의하지 않고 출국할 수 있습니다.", False),
        ("하수도는 따로 신청하지 않아도 됩니다.", "하수도 감면도 함께 신청한 것으로 본다.", False),
        ("지원금은 매월 지급합니다.", "지원금은 3개월 단위로 지급합니다.", True),
        ("할인은 학생만 받습니다.", "할인은 학생과 군인이 받습니다.", True),
    ],
)
def test_what_bears_out_a_scope(checker: GroundingChecker, sentence: str, evidence: str, found: bool) -> None:
    assert (Sort.SCOPE in _sorts(checker, sentence, Evidence("안내", evidence))) is found


def test_the_only_figure_of_its_sort_can_be_taken_for_no_other(checker: GroundingChecker) -> None:
    evidence = Evidence(
        "거래계약서",
        "중개사는 거래계약서를 작성해 교부하고, 5년 동안 사본을 보존해야 합니다.\n"
        "계약은 20일 이내에 신고하고, 15일 이내의 기한을 정하여 공고합니다.",
    )
    lone = _sorts(checker, "중개사는 거래계약서를 작성해 교부하고 거래계약서를 5년 작성합니다.", evidence)
    assert Sort.LONE in lone and Sort.NEARBY not in lone
    assert Sort.NEARBY in _sorts(checker, "계약은 15일 이내에 신고합니다.", evidence)


def test_a_bound_and_a_condition_in_other_words(checker: GroundingChecker) -> None:
    staff = Evidence("훈련", "재직 1년 이내인 근로자가 대상입니다. 책은 한 번에 한하여 7일 연장할 수 있다.")
    assert Sort.BOUND not in _sorts(checker, "재직 1년이 안 넘은 근로자가 대상입니다.", staff)
    assert Sort.BOUND in _sorts(checker, "재직 1년 이상인 근로자가 대상입니다.", staff)
    assert Sort.CONDITION not in _sorts(checker, "책은 한 번만 7일 연장하실 수 있습니다.", staff)
    riders = Evidence("자전거", "온누리자전거는 15세 이상인 사람이 이용할 수 있다.")
    assert Sort.CONDITION not in _sorts(checker, "온누리자전거는 열다섯 살부터 이용하실 수 있습니다.", riders)
    assert Sort.CONDITION in _sorts(checker, "온누리자전거는 누구나 이용하실 수 있습니다.", riders)


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("본인이 못 오실 때만 대리 신청이 됩니다.", "본인이 올 수 없는 때에만 대리 신청이 됩니다."),
        ("양육비를 못 받는 한부모를 지원합니다.", "양육비를 받지 못해 어려움을 겪는 한부모를 지원합니다."),
        ("표지가 있으면 못 타신 분도 주차됩니다.", "표지가 있으면 타지 않은 분도 주차할 수 있습니다."),
        ("담보를 내지 않으면 신청이 각하됩니다.", "담보를 내지 아니한 때에는 신청이 각하되고, 끝납니다."),
        ("신고하지 않으시면 신청하실 수 없어요.", "신고를 하셔야 신청하실 수 있습니다."),
        ("마지막 월요일에는 쉽니다.", "정기 휴관일은 마지막 월요일입니다."),
        ("나이 제한은 없습니다.", "나이는 역시 제한이 없다."),
    ],
)
def test_what_is_denied_in_passing_flips_nothing(checker: GroundingChecker, sentence: str, evidence: str) -> None:
    assert Sort.FLIPPED not in _sorts(checker, sentence, Evidence("안내", evidence))


def test_findings_are_named(checker: GroundingChecker) -> None:
    found = {finding.sort for finding in checker.findings("매일 오전 7시부터 운영합니다.", POOL)}
    assert {Sort.ABSENT, Sort.SCOPE} <= found


def test_nothing_bears_out_a_sentence_where_there_is_nothing(checker: GroundingChecker) -> None:
    support = checker.check("수수료는 무료입니다.", Evidence("수수료", ""))
    assert not support.check.supported
    assert support.span == (0, 0)


def test_the_span_of_a_table_is_its_row(checker: GroundingChecker) -> None:
    start, end = checker.check("배드민턴장 휴일 요금은 10,000원입니다.", FEES).span
    assert FEES.text[start:end] == "| 배드민턴장 | 1시간 | 8,000원 | 10,000원 |"
