"""Tables of questions, and what is doubtful in a question file."""

import io
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from eval.questions.checks import Doubt, check, counted
from eval.questions.dataset import load
from eval.questions.near_duplicates import THRESHOLD, near_duplicates
from eval.questions.question import Question
from knowledge_base.document import Document, Kind
from knowledge_base.errors import EvaluationError
from knowledge_base.text import letters

Ask = Callable[..., Question]
TABLE = (
    "번호,질문,답변,정답문서,답변가능,분야,날짜,근거문장\n"
    '1,여권 수수료가 얼마예요?,5만원,"여권.md;faq.csv#2",,여권,2026-11-22,"5만원\n50,000원"\n'
    "2,화성에 어떻게 가나요?,,,아니오,,,\n"
    ",,,,,,,\n"
    ",등본은 어디서 떼나요?,,등본.md,예,민원,,\n"
)
READ = [
    ("1", ("여권.md", "faq.csv#2"), True, "여권", date(2026, 11, 22), ("5만원", "50,000원")),
    ("2", (), False, "", None, ()),
    ("5", ("등본.md",), True, "민원", None, ()),
]


def read(path: Path) -> list[tuple[object, ...]]:
    return [
        (each.id, each.documents, each.answerable, each.category, each.on, each.passages)
        for each in load(path).questions
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_csv_table_in_any_korean_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "q.csv"
    path.write_bytes(TABLE.encode(encoding))
    assert read(path) == READ


def test_a_table_spelt_as_a_mac_does(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text(unicodedata.normalize("NFD", TABLE), encoding="utf-8")
    assert read(path) == READ


def test_columns_parted_by_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text('id;question;documents\nq1;여권, 얼마예요?;"여권.md;faq.csv#2"\n', encoding="utf-8")
    assert read(path) == [("q1", ("여권.md", "faq.csv#2"), True, "", None, ())]


def test_columns_parted_by_tabs(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    path.write_text("id\tquestion\tdocuments\nq1\t여권, 얼마예요?\t여권.md\n", encoding="utf-8")
    assert read(path) == [("q1", ("여권.md",), True, "", None, ())]


def test_an_xlsx_sheet_with_real_dates_and_numbers(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["번호", "질문", "정답", "문서", "답변 가능", "기준일"])
    sheet.append([7, "여권 수수료가 얼마예요?", "5만원", "여권.md\nfaq.csv#2", "O", datetime(2026, 11, 22)])
    sheet.append([8.0, "화성에 어떻게 가나요?", None, None, None, None])
    sheet.append([])
    sheet.append([None, "등본은 어디서 떼나요?", None, "등본.md"])
    content = io.BytesIO()
    workbook.save(content)
    path = tmp_path / "q.xlsx"
    path.write_bytes(content.getvalue())
    assert read(path) == [
        ("7", ("여권.md", "faq.csv#2"), True, "", date(2026, 11, 22), ()),
        ("8", (), False, "", None, ()),
        ("5", ("등본.md",), True, "", None, ()),
    ]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("q.csv", "질문,답\n가?,나\n".encode(), ": 첫 줄에 '정답문서' 열이 없습니다."),
        ("q.csv", b"", ": 첫 줄에 '정답문서', '질문' 열이 없습니다."),
        ("q.csv", "질문,문서,답변가능\n가?,나,글쎄\n".encode(), " 2행: '답변가능'의 '글쎄'을(를) 모릅니다."),
        ("q.csv", "질문,문서\n가?,나\n,나\n".encode(), " 3행: 'question'이(가) 비어 있습니다."),
        ("q.csv", '질문,문서\n"가?,나\n'.encode(), ": 표를 읽을 수 없습니다."),
        ("q.csv", b"\x00\x01", ": 글이 아닌 이진 파일입니다."),
        ("q.xlsx", b"PK", ": 압축 형식이 손상된 파일입니다."),
    ],
)
def test_each_fault_of_a_table_has_its_sentence(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(EvaluationError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}{sentence}")


def test_every_doubt_is_found_and_said(ask: Ask) -> None:
    documents = {
        "faq#1": Document(id="faq#1", kind=Kind.FAQ, title="여권 수수료는 얼마인가요?", text="5만원"),
        "옛.md": Document(id="옛.md", kind=Kind.NOTICE, title="옛 공지", text="끝", effective_to=date(2026, 1, 31)),
    }
    questions = [
        ask("여권 재발급하는 데 얼마나 드나요?", "faq#1", id="a"),
        ask("여권 재발급하는데 얼마나 드나요", "faq#1", id="b"),  # the same words
        ask("여권을 재발급하는 데 얼마나 드나요?", "faq#1", id="c"),  # nearly
        ask("여권 수수료는  얼마인가요", "faq#1", id="d"),  # the title of an FAQ
        ask("없는 것을 물으면?", "없음.md", id="e"),
        ask("지난 공지를 오늘 물으면 나오나요?", "옛.md", id="f"),
        ask("공지가 있던 날 물으면 어떤가요?", "옛.md", id="g", on=date(2026, 1, 31)),
        ask("답이 없다고 적혀 있으면?", "faq#1", id="h", answerable=False),
    ]
    found = check(questions, documents, date(2026, 11, 27))
    assert {(each.question, each.doubt) for each in found} == {
        ("b", Doubt.DUPLICATE),
        ("c", Doubt.NEAR_DUPLICATE),
        ("d", Doubt.LEAK),
        ("e", Doubt.UNKNOWN_DOCUMENT),
        ("f", Doubt.NOT_IN_FORCE),
        ("h", Doubt.NEEDLESS_DOCUMENTS),
    }
    assert counted(found)[Doubt.DUPLICATE] == 1
    said = {each.question: each.sentence for each in found}
    assert said["d"] == "FAQ 'faq#1'의 질문을 그대로 옮겼습니다. 시민이 말하는 대로 고쳐 적으세요."
    assert said["f"].startswith("정답 문서 '옛.md'은(는) 2026-11-27에 유효하지 않습니다.")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("가나다라", min_size=0, max_size=8), max_size=12))
def test_near_duplicates_are_those_that_a_look_at_every_pair_finds(texts: list[str]) -> None:
    def pairs(text: str) -> set[str]:
        plain = letters(text)
        return {plain[at : at + 2] for at in range(max(1, len(plain) - 1))} if plain else set()

    sets = [pairs(text) for text in texts]
    expected = {
        (first, second)
        for second in range(len(sets))
        for first in range(second)
        if sets[first]
        and sets[second]
        and len(sets[first] & sets[second]) / len(sets[first] | sets[second]) >= THRESHOLD
    }
    assert {(pair.first, pair.second) for pair in near_duplicates(texts)} == expected
