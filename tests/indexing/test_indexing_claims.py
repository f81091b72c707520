"""Which passages contradict each other: the same thing with another figure, and nothing else."""

import pytest

from indexing.contradictions.claims import Contradiction, Statement, contradiction, statement
from indexing.lexical.tokens import Analyzer
from knowledge_base.document import Chunk, Document, Kind

COMMON = frozenset({"순천시", "순천", "안내", "신고", "발급", "요금", "운영", "시간", "신청", "지원"})
BUS = ("순천 시내버스 요금은 얼마인가요?", "순천 시내버스 요금은 일반인이 현금 1,700원(예시), 교통카드 1,600원입니다.")
BAG = ("쓰레기 종량제봉투 값은 얼마인가요?", "종량제봉투 값은 10리터 240원, 20리터 460원, 50리터 1,130원입니다.")
PARKING = ("불법 주정차 과태료는 얼마인가요?", "주정차 위반 과태료는 승용차가 4만 원, 승합차가 5만 원입니다.")
INHERITED = ("상속받은 부동산 취득세는 언제까지 내야 하나요?", "상속받은 부동산의 취득세는 6개월 이내에 내셔야 합니다.")
TRANSFER = (
    "시내버스 환승은 몇 분 안에 해야 무료인가요?",
    "내리신 뒤 30분 안에 갈아타시면 무료로 환승하실 수 있습니다.",
)
YOUTH = ("청년 월세 지원 대상", "소득이 중위소득의 60% 이하인 청년에게 월 20만 원까지 지원합니다.")


POOL = ("수영장 이용 요금", "수영장 요금은 어른 5,000원, 어린이 2,000원입니다.")
POOL_TABLE = "| 구분 | 개인 | 단체 |\n|---|---|---|\n| 어른 | 5,000원 | 4,000원 |\n| 어린이 | 2,000원 | 1,500원 |"


def weigh(thing: str) -> float:
    return 1.0 if thing in COMMON else 4.0


def stated(title: str, text: str, analyzer: Analyzer, heading: str = "", kind: Kind = Kind.NOTICE) -> Statement:
    document = Document(id=title, kind=kind, title=title, text=text)
    return statement(document, Chunk(document=title, number=0, heading=heading, text=text, start=0), analyzer)


def between(one: tuple[str, str], other: tuple[str, str], analyzer: Analyzer) -> Contradiction | None:
    """Between an FAQ and a notice."""
    return contradiction(stated(*one, analyzer, kind=Kind.FAQ), stated(*other, analyzer), weigh)


@pytest.mark.parametrize(
    ("one", "other", "figures"),
    [
        (
            BUS,
            ("시내버스 요금 안내", "시내버스 요금은 일반인 현금 1,500원, 교통카드 1,600원입니다."),
            ("1,700원", "1,500원"),
        ),
        (BAG, ("종량제봉투 가격 안내", "종량제봉투는 20리터가 500원입니다."), ("460원", "500원")),
        (PARKING, ("주정차 위반 과태료 안내", "주정차 위반 과태료는 승용차 8만 원입니다."), ("4만 원", "8만 원")),
        (
            INHERITED,
            ("상속 부동산 취득세 신고", "상속받은 부동산 취득세는 3개월 이내에 내셔야 합니다."),
            ("6개월", "3개월"),
        ),
        (TRANSFER, ("시내버스 무료 환승", "내린 뒤 60분 안에 갈아타면 무료 환승입니다."), ("30분", "60분")),
        (YOUTH, ("청년 월세 지원 안내", "소득이 중위소득의 100% 이하인 청년을 지원합니다."), ("60%", "100%")),
        (POOL, ("수영장 요금 안내", "수영장 요금은 어린이 2,500원, 어른 6,000원입니다."), ("5,000원", "6,000원")),
    ],
)
def test_another_figure_for_the_same_thing_is_a_contradiction(
    one: tuple[str, str], other: tuple[str, str], figures: tuple[str, str], analyzer: Analyzer
) -> None:
    found = between(one, other, analyzer)
    assert found is not None
    assert (found.left_claim.fact.text, found.right_claim.fact.text) == figures
    assert between(other, one, analyzer) is not None, "either way round"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (BUS, BUS),
        (BUS, ("버스 요금", "시내버스 요금은 현금 천칠백 원, 교통카드 1600원입니다.")),  # other spellings
        (BAG, ("종량제봉투 가격 안내", "종량제봉투는 75리터가 1,700원입니다.")),  # another size
        (PARKING, ("어린이보호구역 주정차 과태료", "어린이보호구역에서 주정차하면 학교 앞은 승용차 12만 원입니다.")),
        (
            INHERITED,
            ("증여받은 집 취득세", "증여받은 부동산의 취득세는 3개월 이내에 내셔야 합니다."),
        ),  # another subject
        (YOUTH, ("청년 월세 지원 대상", "만 34세 미만이고 중위소득의 60% 이하인 청년에게 20만 원까지 지원합니다.")),
        (("수도 요금", "가정용은 980원입니다."), ("하수도 요율", "대중탕용은 720원입니다.")),
        (
            ("청년 정책", "19세 이상이면 신청할 수 있습니다."),
            ("청년 정책", "34세 이하만 신청할 수 있습니다."),
        ),  # two bounds
    ],
)
def test_other_things_and_other_spellings_are_none(
    one: tuple[str, str], other: tuple[str, str], analyzer: Analyzer
) -> None:
    assert between(one, other, analyzer) is None


@pytest.mark.parametrize("kind", list(Kind))
def test_every_row_of_a_table_is_about_its_own(kind: Kind, analyzer: Analyzer) -> None:
    table = stated("수영장 요금", POOL_TABLE, analyzer)
    for text in (POOL_TABLE, "어른 5,000원, 어린이 2,000원, 단체는 어른 4,000원, 어린이 1,500원"):
        assert contradiction(table, stated("수영장 요금", text, analyzer, kind=kind), weigh) is None
    newer = stated("수영장 요금", POOL_TABLE.replace("2,000원", "2,500원"), analyzer, kind=kind)
    found = contradiction(table, newer, weigh)
    assert found
    assert (found.left_claim.fact.text, found.right_claim.fact.text) == ("2,000원", "2,500원")
    turned = POOL_TABLE.splitlines()
    turned = [*turned[:2], turned[3].replace("2,000원", "2,500원"), turned[2].replace("4,000원", "4,500원")]
    found = contradiction(table, stated("수영장 요금", "\n".join(turned), analyzer, kind=kind), weigh)
    assert found
    assert (found.left_claim.fact.text, found.right_claim.fact.text) == ("4,000원", "4,500원")


@pytest.mark.parametrize("heading", ["부칙", "여권 > 문의", "연락처"])
def test_office_hours_and_dates_of_force_are_no_claims(heading: str, analyzer: Analyzer) -> None:
    assert stated("순천시 조례", "이 조례는 2025년 1월 1일부터 시행한다.", analyzer, heading).claims == ()
    assert stated("순천시 조례", "이 조례는 2025년 1월 1일부터 시행한다.", analyzer).claims != ()


def test_documents_of_one_kind_are_made_to_differ(analyzer: Analyzer) -> None:
    child = ("아동수당", "아동수당은 매월 10만 원을 지급합니다.")
    disabled = ("장애아동수당", "아동수당은 매월 22만 원을 지급합니다.")
    assert between(child, disabled, analyzer) is not None
    assert contradiction(stated(*child, analyzer), stated(*disabled, analyzer), weigh) is None
    assert contradiction(stated(*child, analyzer), stated("아동수당", disabled[1], analyzer), weigh) is not None


@pytest.mark.parametrize(
    "text",
    [
        "재발급 수수료는 27,000원입니다. 2026년 3월부터 2,000원 올랐습니다.",
        "재발급 수수료는 27,000원입니다. 지난해까지 25,000원이었습니다.",
    ],
)
def test_by_how_much_a_figure_changed_and_what_it_was_are_no_claims(text: str, analyzer: Analyzer) -> None:
    claimed = [
        claim.fact.text for claim in stated("여권 재발급 수수료", text, analyzer).claims if claim.fact.unit == "원"
    ]
    assert claimed == ["27,000원"]
