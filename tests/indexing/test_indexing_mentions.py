"""What a passage names of what a question names: coverage and highlights."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.lexical.tokens import Analyzer, plain, search_terms
from indexing.retrieval import mentions
from indexing.snapshots.chunks import Passage
from knowledge_base.document import Chunk, Document, Kind


def passage(analyzer: Analyzer, text: str, title: str = "", heading: str = "") -> Passage:
    tokens = analyzer.tokens(text)
    titles = search_terms(analyzer.tokens(f"{title}\n{heading}"))
    return Passage(
        document=Document(id="d", kind=Kind.NOTICE, title=title, text=text),
        chunk=Chunk(document="d", number=0, heading=heading, text=text, start=0),
        title_terms=frozenset(titles),
        body_terms=tuple(search_terms(tokens)),
        spans=np.array([(token.start, token.end) for token in tokens], dtype=np.uint16).reshape(-1, 2),
        plain_titles=plain(f"{title}\0{heading}"),
        plain_text=plain(text),
    )


def highlighted(found: Passage, *forms: str) -> list[str]:
    return [found.chunk.text[start:end] for start, end in mentions.highlights(found, dict.fromkeys(forms, 1.0))]


@pytest.mark.parametrize(
    ("text", "forms", "expected"),
    [
        ("폐기물 수수료는 3,000원입니다.", ["수수료"], ["수수료"]),
        ("폐기물수수료 안내", ["폐기물", "수수료"], ["폐기물수수료"]),  # touching spans are one
        ("순천만국가정원 입장", ["국가정원"], ["국가정원"]),  # within a compound Kiwi keeps whole
        ("국가 정원 입장", ["국가정원"], ["국가 정원"]),  # other spacing
        ("접수 시 제출", ["수시"], []),  # letters of two words
        ("다시 민원을 내다", ["시민"], []),
        ("차량을 세차", ["차"], []),  # a syllable of other words
        ("lpg 차량과 ＬＰＧ 충전", ["lpg"], ["lpg", "ＬＰＧ"]),
        ("061-749-3114", ["061-749-3114"], ["061-749-3114"]),
        ("3.5%와 345", ["3.5"], ["3.5"]),  # a dot is a dot
        ("아무 상관 없음", ["수수료"], []),
        ("", ["수수료"], []),
    ],
)
def test_highlights_are_what_the_text_names(
    analyzer: Analyzer, text: str, forms: list[str], expected: list[str]
) -> None:
    assert highlighted(passage(analyzer, text), *forms) == expected


def test_nothing_is_read_across_title_heading_and_text(analyzer: Analyzer) -> None:
    found = passage(analyzer, "정원 안내", title="접수", heading="국가")
    assert mentions.coverage(found, {"국가정원": 1.0}) == 0
    assert mentions.coverage(found, {"접수국가": 1.0}) == 0


def test_coverage_is_the_share_by_weight(analyzer: Analyzer) -> None:
    found = passage(analyzer, "배출 방법", title="대형폐기물 안내")
    assert mentions.coverage(found, {"폐기물": 3.0, "배출": 2.0, "요금": 5.0}) == pytest.approx(0.5)
    assert mentions.coverage(found, {"폐기물": 3.0, "배출": 2.0}) == 1
    assert mentions.coverage(found, {}) == 0


@given(
    st.lists(st.sampled_from(["수수료", "국가정원", "수시", "차", "3.5", "a+", "LPG", "(", "없다"])),
    st.text(st.sampled_from("수료국가 정원시\n차.35a+LPG(０"), max_size=40),
)
def test_any_text_has_sound_spans_that_agree_with_coverage(analyzer: Analyzer, forms: list[str], text: str) -> None:
    found = passage(analyzer, text)
    named = {form.lower(): 1.0 for form in forms}
    spans = mentions.highlights(found, named)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
    assert 0 <= mentions.coverage(found, named) <= 1
    # without titles, something is covered exactly when something is highlighted
    assert bool(spans) == (mentions.coverage(found, named) > 0)


@pytest.mark.parametrize(
    ("text", "about", "share"),
    [
        ("과태료는 4만 원입니다.", {"과태료": 2.0, "조회": 6.0}, 0.75),
        ("과태료 조회는 위택스에서 하세요.", {"과태료": 2.0, "조회": 6.0}, 0.0),
        ("반려견을 등록하세요.", {"강아지": 3.0}, 0.0),  # the official word for it
        ("여권은 민원과에서 받습니다.", {}, 0.0),
    ],
)
def test_what_a_passage_leaves_out_of_what_was_asked_about(
    analyzer: Analyzer, text: str, about: dict[str, float], share: float
) -> None:
    assert mentions.left_out(passage(analyzer, text), about) == share
