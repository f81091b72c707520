"""Sections and chunks."""

import itertools
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.document import Document, Kind
from knowledge_base.passages.chunking import MAX_CHARACTERS, chunk, sections
from knowledge_base.passages.headings import heading_of
from knowledge_base.readers.prose import read_text

LINES = st.one_of(
    st.sampled_from(
        ["", "# 제목", "## 대상", "### 기간", "제1장 총칙", "제2조(정의) 뜻은 다음과 같다.", "부칙", "별표 1"]
    ),
    st.sampled_from(["① 시장은 정한다.", "  1. 다음 각 호", "| 가 | 나 |", "|---|---|", "2026. 1. 1.부터 시행한다."]),
    st.text(st.sampled_from("가나다라. \u2028?1Z"), max_size=900),
)


def document(text: str, kind: Kind = Kind.NOTICE) -> Document:
    return Document(id="a", kind=kind, title="제목", text=text)


def outline(found: Document) -> list[tuple[str, str]]:
    return [(piece.heading, piece.text) for piece in chunk(found)]


@given(st.lists(LINES, max_size=25).map("\n".join), st.sampled_from(Kind))
def test_chunks_are_short_passages_of_the_text_and_lose_nothing_but_headings(text: str, kind: Kind) -> None:
    found = document(text, kind)
    chunks = chunk(found)
    assert [piece.number for piece in chunks] == list(range(len(chunks)))
    end = 0
    left_out = ""
    for piece in chunks:
        assert text[piece.start : piece.start + len(piece.text)] == piece.text == piece.text.strip() != ""
        assert len(piece.text) <= MAX_CHARACTERS
        assert piece.start >= end
        left_out += text[end : piece.start] + "\n"
        end = piece.start + len(piece.text)
    left_out += text[end:]
    for line in filter(str.strip, left_out.splitlines()):
        heading = heading_of(line.strip(), kind)
        assert heading is not None
        assert heading.length == len(line.strip())


@given(st.lists(LINES, max_size=25).map("\n".join), st.sampled_from(Kind))
def test_sections_follow_each_other(text: str, kind: Kind) -> None:
    found = list(sections(document(text, kind)))
    assert all(first.end <= second.start for first, second in itertools.pairwise(found))
    assert found[-1].end == len(text)


def test_markdown_paths() -> None:
    text = "머리 글.\n\n# 요금\n개요.\n## 어른\n만원.\n### 할인\n반값.\n## 어린이 ##\n무료.\n# 문의\n3114"
    assert outline(document(text)) == [
        ("", "머리 글."),
        ("요금", "개요."),
        ("요금 > 어른", "만원."),
        ("요금 > 어른 > 할인", "반값."),
        ("요금 > 어린이", "무료."),
        ("문의", "3114"),
    ]


REGULATION = """순천시 주차장 조례

제1편 총론
제1장 총칙
제1절 통칙
제1조(목적) 이 조례는 주차장을 정한다.
제2조 (정의)
뜻은 다음과 같다.
1. "주차장"이란 차를 세우는 곳을 말한다.
제3조(시장의 책무) ① 시장은 편의를 돌본다.
② 제1조(목적)에 따라 정한다.
제2장 요금(공영주차장)
제4조의2(요금(급지별)의 계산) 별표 1과 같다.
제5조(감면)제4조에도 불구하고 정한다.
제6조 삭제 <2020. 1. 1.>
제2편 보칙
제7조[위임] 규칙으로 정한다.
부칙 <2025. 1. 1.>
제1조(시행일) 2025. 1. 1.부터 시행한다.
[별표 1] 주차요금(제4조 관련)
1급지 600원
"""


def test_plain_text_regulation() -> None:
    found = read_text(REGULATION, "주차.txt")
    assert (found.kind, found.title) == (Kind.REGULATION, "순천시 주차장 조례")
    first = "제1편 총론 > 제1장 총칙 > 제1절 통칙 > "
    second = "제1편 총론 > 제2장 요금(공영주차장) > "
    assert outline(found) == [
        (first + "제1조(목적)", "이 조례는 주차장을 정한다."),
        (first + "제2조 (정의)", '뜻은 다음과 같다.\n1. "주차장"이란 차를 세우는 곳을 말한다.'),
        (first + "제3조(시장의 책무)", "① 시장은 편의를 돌본다.\n② 제1조(목적)에 따라 정한다."),
        (second + "제4조의2(요금(급지별)의 계산)", "별표 1과 같다."),
        (second + "제5조(감면)", "제4조에도 불구하고 정한다."),
        (second + "제6조", "삭제 <2020. 1. 1.>"),
        ("제2편 보칙 > 제7조[위임]", "규칙으로 정한다."),
        ("부칙 <2025. 1. 1.> > 제1조(시행일)", "2025. 1. 1.부터 시행한다."),
        ("[별표 1] 주차요금(제4조 관련)", "1급지 600원"),
    ]


def test_articles_in_a_notice_are_text() -> None:
    assert outline(document("제1조(목적) 가.\n제2조(정의) 나.")) == [("", "제1조(목적) 가.\n제2조(정의) 나.")]


@pytest.mark.parametrize(
    "line",
    [
        "제10조(과태료)에 따른 금액은 다음과 같다.",
        "제10조(과태료)의 금액",
        "제10조(과태료), 제11조(벌칙)",
        "제1장소에서 만난다",
        "별표 1과 같다.",
        "별표 1 및 별표 2의 요금을 낸다.",
        "부칙에 따른다",
        "제3조 및 제4조",
        "제2장 전부를 고친다.",
        "#순천",
    ],
)
def test_a_citation_at_the_start_of_a_line_is_no_heading(line: str) -> None:
    assert heading_of(line, Kind.REGULATION) is None


@pytest.mark.parametrize(
    ("line", "title", "length"),
    [
        ("### 제1조(목적)", "제1조(목적)", 11),
        ("### 제1조(목적) 이 조례는 정한다.", "제1조(목적)", 11),
        ("제 1 조 (목적) 가", "제 1 조 (목적)", 10),
        ("제3조(편의시설) 가", "제3조(편의시설)", 9),
        ("제1장의2 보칙", "제1장의2 보칙", 8),
        ("제2관 요금", "제2관 요금", 6),
        ("부 칙", "부 칙", 3),
        ("부칙(2025. 1. 1.)", "부칙(2025. 1. 1.)", 15),
        ("[별표 2의3] 요금", "[별표 2의3] 요금", 11),
        ("[별지 제1호 서식] 신청서", "[별지 제1호 서식] 신청서", 15),
        ("별표", "별표", 2),
    ],
)
def test_statute_headings(line: str, title: str, length: int) -> None:
    found = heading_of(line, Kind.REGULATION)
    assert found is not None
    assert (found.title, found.length) == (title, length)


@given(st.lists(st.integers(1, 60), min_size=2, max_size=12))
def test_no_chunk_holds_two_articles(sizes: list[int]) -> None:
    text = "\n".join(
        f"제{number}조(제목{number})\n" + "\n".join([f"① 조문{number}의 내용이다."] * size)
        for number, size in enumerate(sizes, 1)
    )
    for piece in chunk(document(text, Kind.REGULATION)):
        assert set(re.findall(r"조문(\d+)", piece.text)) == {piece.heading.removeprefix("제").split("조")[0]}


def test_a_bare_heading_is_found_by_its_own_text() -> None:
    text = "# 안내\n## 문의 061-749-3114\n## 기간\n12월"
    assert outline(document(text)) == [("안내", "## 문의 061-749-3114"), ("안내 > 기간", "12월")]
    assert outline(document("# 제목뿐")) == [("", "# 제목뿐")]


def test_a_whole_sentence_marked_as_heading_is_text() -> None:
    text = "## " + " ".join(["아주 긴 문장이 제목으로 표시되어 있습니다."] * 8) + "\n본문."
    assert outline(document(text)) == [("", text)]


def test_long_paragraphs_are_cut_at_sentences() -> None:
    sentence = "수수료는 2026. 1. 1.부터 5만원으로 바뀝니다."
    chunks = chunk(document(" ".join([sentence] * 40)))
    assert len(chunks) > 1
    assert all(piece.text.startswith("수수료는") and piece.text.endswith("바뀝니다.") for piece in chunks)


def test_paragraphs_stay_whole_where_they_fit() -> None:
    first, second = "가" * 250, "나" * 250
    assert outline(document(f"{first}\n\n{second}")) == [("", first), ("", second)]


def test_a_passage_without_any_boundary_is_cut_all_the_same() -> None:
    assert [len(piece.text) for piece in chunk(document("가" * 1000))] == [400, 400, 200]


def table(rows: int) -> str:
    return "| 품목 | 수수료(원/개) |\n|---|---|\n" + "\n".join(f"| 품목 {n} | {n},000 |" for n in range(rows))


def test_a_long_table_is_cut_at_rows_that_keep_their_column_names() -> None:
    chunks = chunk(document(f"# 별표\n표입니다.\n{table(60)}\n\n끝."))
    assert chunks[0].heading == "별표"
    assert {piece.heading for piece in chunks[1:]} == {"별표 > 품목, 수수료(원/개)"}
    assert all(piece.text.startswith("| 품목") for piece in chunks[1:])
    assert chunks[-1].text.endswith("| 품목 59 | 59,000 |\n\n끝.")


def test_columns_named_by_whole_sentences_are_not_repeated() -> None:
    text = table(60).replace("품목 |", f"{'아주 긴 이름 ' * 20}|", 1)
    assert {piece.heading for piece in chunk(document(f"# 별표\n표입니다.\n{text}"))} == {"별표"}


def test_the_column_names_stop_with_their_table() -> None:
    chunks = chunk(document(f"{table(30)}\n\n{'가' * 390}\n\n| 줄 | 하나 |"))
    assert [piece.heading for piece in chunks][-2:] == ["", ""]


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_no_text_no_chunk(text: str) -> None:
    assert chunk(document(text)) == []


@pytest.mark.parametrize("unit", ["가 ", "가나다. ", "| 가 | 나 |\n", "#", "제1조(", "\n", " "])
def test_a_huge_text_is_cut_in_good_time(unit: str) -> None:
    started = time.process_time()
    chunk(document(unit * (200_000 // len(unit)), Kind.REGULATION))
    assert time.process_time() - started < 3


def test_a_table_cut_off_from_its_numbered_title_has_it_in_its_heading() -> None:
    rows = "\n".join(f"| 제{n}회의실 | 오전 | {n}0,000원 |" for n in range(1, 30))
    table = f"| 시설 | 시간 | 요금 |\n| --- | --- | --- |\n{rows}"
    text = f"{'시설을 빌려 드립니다. ' * 28}\n나. 대관료(부가세 포함)\n\n{table}"
    chunks = chunk(Document(id="a.md", kind=Kind.NOTICE, title="대관 안내", text=text))
    first, *others = [each.heading for each in chunks if each.text.startswith("|")]
    assert first == "나. 대관료(부가세 포함)"
    assert set(others) == {"나. 대관료(부가세 포함) > 시설, 시간, 요금"}


def test_a_sentence_or_an_item_above_a_table_is_no_title_of_it() -> None:
    table = "| 시설 | 요금 |\n| --- | --- |\n" + "\n".join(f"| 제{n}회의실 | {n}0,000원 |" for n in range(1, 40))
    for line in ("요금은 아래와 같습니다", "2. 문의: 총무과", "가. 요금을 내셔야 합니다.", "- 신분증"):
        chunks = chunk(
            Document(id="a.md", kind=Kind.NOTICE, title="대관 안내", text=f"{'글입니다. ' * 80}{line}\n\n{table}")
        )
        assert {each.heading for each in chunks} == {"", "시설, 요금"}, line
