"""The days a document is in force, from its own text."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import knowledge_base
from knowledge_base.document import Document, Kind
from knowledge_base.imports.importing import files_below
from knowledge_base.imports.reading import read
from knowledge_base.validity.stated import MAX_NOTICE, dated

SAMPLE = Path(knowledge_base.__file__).parent / "sample"


def regulation(text: str, **fields: date) -> Document:
    return dated(Document(id="a.md", kind=Kind.REGULATION, title="주차장 조례", text=text, **fields))


def notice(text: str, **fields: date) -> Document:
    return dated(Document(id="a.md", kind=Kind.NOTICE, title="안내", text=text, **fields))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("[시행 2024. 1. 1.] [조례 제1234호, 2023. 12. 20., 일부개정]\n제1조", date(2024, 1, 1)),
        ("제1조\n부칙\n이 조례는 2026년 1월 1일부터 시행한다.", date(2026, 1, 1)),
        ("## 부 칙\n\n① 이 규칙은 2026. 1. 1.부터 시행한다.", date(2026, 1, 1)),
        (
            "부칙\n제1조(시행일) 이 조례는 2026-01-01부터 시행한다. 다만, 제5조는 2027년 1월 1일부터 시행한다.",
            date(2026, 1, 1),
        ),
        ("[조례 제9호, 2023. 12. 20., 제정]\n제1조\n부칙\n이 조례는 공포한 날부터 시행한다.", date(2023, 12, 20)),
        ("부칙 <제9호, 2023. 12. 20.>\n이 조례는 공포한 날부터 시행한다.", date(2023, 12, 20)),
        ("부칙\n(2023. 12. 20. 조례 제9호)\n이 훈령은 발령한 날부터 시행한다.", date(2023, 12, 20)),
        ("부칙 <2020. 3. 24.>\n이 법은 공포 후 1년이 경과한 날부터 시행한다.", date(2021, 3, 25)),
        ("부칙 <2023. 1. 3.>\n이 영은 공포 후 6개월이 경과한 날부터 시행한다.", date(2023, 7, 4)),
        ("부칙 <2023. 11. 30.>\n이 조례는 공포 후 삼개월이 지난 날부터 시행한다.", date(2024, 3, 1)),
        ("부칙 <2023. 1. 3.>\n이 조례는 공포 후 30일이 경과한 날부터 시행한다.", date(2023, 2, 3)),
        (
            "부칙 <2010. 1. 1.>\n이 영은 공포한 날부터 시행한다.\n부칙 <2024. 5. 1.>\n이 영은 공포일부터 시행한다.",
            date(2024, 5, 1),
        ),
        ("시행일: 2026. 3. 1.\n제1조", date(2026, 3, 1)),
        ("(일부개정 2025. 12. 3. 조례 제77호, 시행 2026. 2. 1.)\n제1조", date(2026, 2, 1)),
        ("(시행 2026. 2. 1.)\n제1조", date(2026, 2, 1)),
    ],
)
def test_when_a_regulation_starts(text: str, day: date) -> None:
    assert regulation(text).effective_from == day


@pytest.mark.parametrize(
    "text",
    [
        "부칙\n이 조례는 공포한 날부터 시행한다.",  # and nobody says when that was
        "부칙 <2023. 1. 3.>\n이 조례는 공포 후 99999999999일이 경과한 날부터 시행한다.",  # beyond the calendar
        "부칙 <2023. 1. 3.>\n이 조례는 공포 후 999999개월이 경과한 날부터 시행한다.",
        "부칙\n제2조(적용례) 제5조는 2026년 1월 1일부터 시행한다.",
        "이 조례는 2026년 1월 1일부터 시행한다.",  # above any 부칙: quoted from another one
        "부칙\n없음\n별표 1\n이 조례는 2026년 1월 1일부터 시행한다.",
        "부칙\n이 조례는 2026년 2월 30일부터 시행한다.",
        "제1조(시행일) 시행일은 규칙으로 정한다.",
        "제1조(목적) 「주차장법」(법률 제9호, 시행 2020. 1. 1.)에서 위임한 사항을 정한다.",
    ],
)
def test_a_regulation_that_does_not_say_when_it_starts(text: str) -> None:
    assert regulation(text).effective_from is None


def test_a_temporary_regulation_ends() -> None:
    text = "부칙\n이 조례는 2026년 1월 1일부터 시행한다.\n제2조(유효기간) 이 조례는 2027. 12. 31.까지 효력을 가진다."
    assert regulation(text).effective_to == date(2027, 12, 31)
    longer = text + "\n부칙\n이 조례는 2030년 12월 31일까지 그 효력을 가진다."
    assert regulation(longer).effective_to == date(2030, 12, 31)
    assert regulation("제3조 과태료는 2027년 12월 31일까지 면제한다.").effective_to is None


@pytest.mark.parametrize("label", ["접수기간", "신청 기간", "모집기간", "공고기간", "게시 기간"])
@pytest.mark.parametrize(
    "line", ["{}: {}", "○ {} : {}", "1. {}: {}", "가. {} {}", "| {} | {} |", "## {}\n\n{}", "  - ({}) {}"]
)
def test_a_notice_ends_with_the_period_it_is_about(label: str, line: str) -> None:
    text = "알려 드립니다.\n" + line.format(label, "2026. 3. 2.(월) ~ 3. 20.(금)") + "\n문의: 061-749-3114"
    assert notice(text).effective_to == date(2026, 3, 20)


def test_a_notice_outlives_its_period_for_as_long_as_it_names_later_days() -> None:
    text = "접수기간: 2026. 3. 2. ~ 3. 20.\n발표: 4. 15.\n1차 교육 2026년 5월"
    assert notice(text).effective_to == date(2026, 5, 31)


@pytest.mark.parametrize(
    "more",
    [
        *("상시 접수합니다.", "매년 합니다.", "예산 소진 시까지", "일정은 추후 공지", "12개월간 지원", "3년 동안 지급"),
        *("신청기간: 별도 문의", "접수기간: 2026. 5. 1. ~ 마감 시", "글" * MAX_NOTICE),
    ],
)
def test_a_notice_that_may_hold_longer_has_no_end(more: str) -> None:
    assert notice(f"접수기간: 2026. 3. 2. ~ 3. 20.\n{more}").effective_to is None


@pytest.mark.parametrize(
    "text",
    ["신청은 접수기간 2026. 3. 2. ~ 3. 20.에 하세요.", "운영기간: 2026. 3. 2. ~ 3. 20.", "접수기간: 3. 2. ~ 3. 20."],
)
def test_other_periods_end_nothing(text: str) -> None:
    assert notice(text).effective_to is None


@pytest.mark.parametrize(
    ("title", "line", "day"),
    [
        ("시립도서관 임시 휴관", "기간: 2026. 9. 7.(월) ~ 9. 11.(금)", date(2026, 9, 11)),
        ("시청 앞 교통통제", "- 일시: 2026. 9. 7.(월) 22:00 ~ 9. 8.(화) 05:00", date(2026, 9, 8)),
        ("동물등록 자진신고 기간", "자진신고 기간: 2026. 7. 1. ~ 8. 31.\n집중 단속: 9. 1. ~ 9. 30.", date(2026, 9, 30)),
        ("추석 연휴 주차장 개방", "1. 개방 기간: 2026. 9. 24. ~ 9. 27.", date(2026, 9, 27)),
    ],
)
def test_what_is_for_the_time_being_ends_with_any_period(title: str, line: str, day: date) -> None:
    assert dated(Document(id="a.md", kind=Kind.NOTICE, title=title, text=f"알립니다.\n{line}")).effective_to == day


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("수영장 이용 안내", "기간: 2026. 9. 7. ~ 9. 11."),
        ("정기 휴관일 안내", "기간: 2026. 9. 7. ~ 9. 11."),
        ("단수여권 안내", "기간: 2026. 9. 7. ~ 9. 11."),
        ("자연휴양림 안내", "기간: 2026. 9. 7. ~ 9. 11."),
        ("수영장 휴장과 요금 변경", "휴장 기간: 2026. 9. 7. ~ 9. 11."),
        ("임시 휴관", "휴관 기간: 2026. 9. 7. ~ 공사를 마칠 때"),
        ("임시 휴관", "기간: 2026. 9. 7. ~ 9. 11.\n다시 여는 날은 추후 알려 드립니다."),
    ],
)
def test_what_may_hold_longer_is_not_over(title: str, text: str) -> None:
    assert dated(Document(id="a.md", kind=Kind.NOTICE, title=title, text=text)).effective_to is None


def test_a_period_of_applications_says_nothing_about_the_start() -> None:
    assert notice("접수기간: 2026. 3. 2. ~ 3. 20.").effective_from is None
    assert notice("공고기간: 2026. 3. 2. ~ 3. 20.").effective_from == date(2026, 3, 2)
    assert notice("시행일자: 2026. 3. 2.").effective_from == date(2026, 3, 2)


def test_as_of_when() -> None:
    assert notice("내용입니다.\n게시일 2026-03-02 조회 15").as_of == date(2026, 3, 2)
    assert notice("기준일: 2026. 3. 2.").as_of == date(2026, 3, 2)
    assert notice("2026. 3. 2. 현재 19세 이상").as_of is None


def test_metadata_wins_and_a_start_without_an_end_means_no_end() -> None:
    text = "시행일: 2026. 1. 1.\n접수기간: 2026. 3. 2. ~ 3. 20.\n기준일: 2026. 1. 5."
    known = notice(text, effective_from=date(2026, 2, 1), as_of=date(2026, 2, 2))
    assert (known.effective_from, known.effective_to, known.as_of) == (date(2026, 2, 1), None, date(2026, 2, 2))


def test_days_that_contradict_each_other_are_left_out() -> None:
    found = notice(
        "시행일: 2026. 5. 1.\n공고기간: 2026. 3. 2. ~ 3. 20.\n2026. 4. 1. 공고", effective_to=date(2026, 4, 1)
    )
    assert (found.effective_from, found.effective_to) == (None, date(2026, 4, 1))


def test_an_faq_is_left_as_its_columns_say() -> None:
    faq = Document(
        id="a.csv#1", kind=Kind.FAQ, title="언제?", text="접수기간: 2026. 3. 2. ~ 3. 20.\n시행일: 2026. 1. 1."
    )
    assert dated(faq) == faq


def test_the_sample_read_without_its_dates() -> None:
    """Every regulation's start is found in its 부칙; no notice expires before its author says."""
    for file in files_below(SAMPLE):
        for document in read(file, file.relative_to(SAMPLE).as_posix()).documents:
            found = dated(replace(document, effective_from=None, effective_to=None))
            if document.kind is Kind.REGULATION:
                assert found.effective_from == document.effective_from, document.id
            if found.effective_to is not None:
                assert document.effective_to is not None, document.id
                assert found.effective_to >= document.effective_to, document.id
            assert dated(document) == document


@pytest.mark.parametrize(
    "text",
    [
        "가. 사업기간: 2025. 2. 24. ~ 2025. 11. 28.\n※ 이 공고는 2025. 12. 31. 효력이 끝났습니다. 매월 알립니다.",
        "※ 적용: 2025. 1. 1. ~ 2025. 12. 31. 출생아 (2026년부터는 새 기준)",
        "이 안내는 2025년 12월 31일까지 유효합니다.",
    ],
)
def test_a_notice_that_says_until_when_it_holds(text: str) -> None:
    assert notice(text).effective_to == date(2025, 12, 31)


def test_a_press_release_is_of_the_day_it_went_out() -> None:
    assert notice("배포일시: 2026. 11. 12.(목) 즉시 보도 / 담당: 건설과").as_of == date(2026, 11, 12)
