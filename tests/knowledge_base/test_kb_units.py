"""The units that captions give to the numbers of a table, and the numbers that are none of theirs."""

import pytest

from knowledge_base.facts.tables import caption, written

TABLE = "{caption}\n\n| 품목 | {name} |\n|---|---|\n| 천막 | {cell} |"


def told(cell: str, caption: str = "(단위: 원)", name: str = "사용료") -> str:
    """The cell as it is told below a caption and the name of its column."""
    row = written(TABLE.format(caption=caption, name=name, cell=cell)).splitlines()[-1]
    return row.removeprefix("| 천막 | ").removesuffix(" |")


@pytest.mark.parametrize(
    ("above", "amount"),
    [
        ("(1일, 단위: 원)", "1일당 3,000원"),
        ("(월, 단위: 원)", "월 3,000원"),
        ("(㎥당, 단위: 원)", "㎥당 3,000원"),
        ("별표 2 관람료(1회 2시간, 단위: 천원)", "1회 2시간당 3,000,000원"),
        ("(1시간 기준, 단위: 원)", "1시간당 3,000원"),
        ("가정용 (원/㎥)", "㎥당 3,000원"),
        ("요금표 (천원/㎥, 월 기준)", "㎥당 3,000,000원"),
        ("(부가세 포함, 단위: 원)", "3,000원"),
        ("(단위: 원)\n\n(6개월 단위 계약)", "3,000원"),
    ],
)
def test_the_unit_in_a_caption_that_says_more(above: str, amount: str) -> None:
    assert told("3,000", above) == amount


@pytest.mark.parametrize("name", ["월 사용료", "월정기", "1일", "사용료(2시간)"])
def test_a_column_that_says_what_its_price_is_for_is_not_told_otherwise(name: str) -> None:
    assert told("3,000", "(월, 단위: 원)", name) == "3,000원"


def test_a_title_may_end_in_a_caption() -> None:
    assert caption("농기계 임대료(1일, 단위: 원)") == "(1일, 단위: 원)"


@pytest.mark.parametrize(
    "label",
    ["오전(08~11시)", "주간(9~18)", "50·60대", "1,2등석", "어른(20~64)", "A3(297×420)", "중학생(13)", "09:00~18:00"],
)
def test_hours_ages_sizes_and_ranks_take_no_unit(label: str) -> None:
    assert told(label) == label


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("3,000/5,000", "3,000원/5,000원"),
        ("평일 3,000, 주말 5,000", "평일 3,000원, 주말 5,000원"),
        ("3,000(20명부터 2,500)", "3,000원(20명부터 2,500원)"),
        ("3,000~", "3,000원~"),
        ("3,000~5,000", "3,000~5,000원"),
        ("없음(조명 1,500)", "없음(조명 1,500원)"),
    ],
)
def test_several_amounts_in_a_cell_take_it_each(cell: str, amount: str) -> None:
    assert told(cell) == amount


@pytest.mark.parametrize("name", ["보유 대수", "사용 횟수", "대상 연령", "세부 구분", "사용량", "급지"])
def test_what_a_column_counts_is_no_money(name: str) -> None:
    assert told("12", name=name) == "12"


@pytest.mark.parametrize("name", ["1급지", "2등급", "3구간", "낮"])
def test_a_price_for_each_grade_is_money(name: str) -> None:
    assert told("700", name=name) == "700원"


def test_the_first_column_of_a_row_of_amounts_alone_has_the_unit() -> None:
    table = "(단위: 원/월)\n\n| 1명 | 2명 |\n|---|---|\n| 700,000 | 1,100,000 |"
    assert written(table).splitlines()[-1] == "| 월 700,000원 | 월 1,100,000원 |"


@pytest.mark.parametrize("row", ["| 1,000 | 이하 | 700 |", "| 3 | 1,000 | 2,000 |"])
def test_a_number_that_labels_a_row_has_none(row: str) -> None:
    first = row.split(" | ")[0]
    assert (
        written(f"(단위: 원)\n\n| 번째 | 범위 | 요금 |\n|---|---|---|\n{row}").splitlines()[-1].startswith(f"{first} |")
    )


@pytest.mark.parametrize(
    ("above", "name", "cell", "is_won"),
    [
        ("", "임대료", "10,000", True),
        ("", "수강료(월)", "45,000", True),
        ("## 화물차 차고지 요금", "월 정기", "120,000", False),  # a heading counts where it is the passage's, below
        ("", "보유 대수", "10,000", False),
        ("", "임대료", "30", False),  # may be 천원 of a caption that is lost
        ("(단위: 천원)", "임대료", "1,200", False),
        ("", "임대료", "협의", False),
    ],
)
def test_thousands_in_a_column_of_prices_are_won_where_nothing_gives_a_unit(
    above: str, name: str, cell: str, *, is_won: bool
) -> None:
    assert (told(cell, above, name) == f"{cell}원") is is_won


def test_thousands_below_a_heading_that_names_prices_are_won() -> None:
    table = "| 구분 | 월 정기 | 면적 |\n|---|---|---|\n| 10톤 이상 | 120,000 | 1,000 |"
    assert written(table, "차고지 > 화물차 차고지 요금").splitlines()[-1] == "| 10톤 이상 | 120,000원 | 1,000 |"
    assert written(table, "차고지 > 화물차 차고지 요금 납부").splitlines()[-1] == "| 10톤 이상 | 120,000 | 1,000 |"
