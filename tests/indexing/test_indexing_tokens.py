"""Korean morphemes by the real Kiwi, and the fakes' promises."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.lexical.tokens import Analyzer, Token, composed, plain, search_terms


def forms(analyzer: Analyzer, text: str) -> list[str]:
    return [token.form for token in analyzer.tokens(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("수수료는 얼마인가요?", ["수수료"]),  # particle, question word and ending go
        ("여권을 신청하려면", ["여권", "신청"]),
        ("쓰레기를 버리다", ["쓰레기", "버리"]),  # verbs as stems
        ("061-749-3114로 전화", ["061-749-3114", "전화"]),
        ("3.5% 할인", ["3.5", "할인"]),
        ("30,000원", ["30,000"]),
        ("이의신청 기간", ["이의신청", "기간"]),
        ("온누리 자전거", ["온누리", "자전거"]),
        ("친구 초본 떼려고요", ["친구", "초본", "떼"]),
        ("인감 얼마예요", ["인감"]),  # to Kiwi 이 + 이다 + ㄴ감
        ("자동차세 연납", ["자동차", "세", "연납"]),
        ("풍수해보험 들려면", ["풍수해", "보험", "들"]),
        ("상대관계 확인", ["상대", "관계", "확인"]),  # 대관 gives way
        ("수강 기준공고", ["수강", "기준", "공고"]),  # and 준공
        ("LPG 차량", ["lpg", "차량"]),
        ("코로나바이러스감염증", ["코로나", "바이러스", "감염증"]),  # Kiwi's own form of it holds a space
        ("", []),
        ("   \n", []),
        ("😀 👨‍👩‍👧", []),
        ("?!", []),
    ],
)
def test_only_what_is_worth_searching_stays(analyzer: Analyzer, text: str, expected: list[str]) -> None:
    assert forms(analyzer, text) == expected


def test_reissue_is_told_apart_from_issue(analyzer: Analyzer) -> None:
    assert "재발급" in search_terms(analyzer.tokens("주민등록증 재발급"))
    assert "재발급" not in search_terms(analyzer.tokens("주민등록증 발급"))


def test_compounds_need_adjacent_things(analyzer: Analyzer) -> None:
    assert "대형폐기물" in search_terms(analyzer.tokens("대형폐기물 배출"))
    assert "폐기물배출" not in search_terms(analyzer.tokens("대형폐기물 배출"))
    assert search_terms([Token("가", 0, 1, True), Token("하", 1, 2, False)]) == ["가", "하"]
    assert search_terms([]) == []


@pytest.mark.parametrize("text", ["주민등록증 재발급 수수료", "각종 서류를 떼다", "café 영업"])
def test_decomposed_text_gives_the_same_forms_at_its_own_places(analyzer: Analyzer, text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    tokens, expected = analyzer.tokens(decomposed), analyzer.tokens(text)
    assert [token.form for token in tokens] == [token.form for token in expected]
    for token, same in zip(tokens, expected, strict=True):
        assert unicodedata.normalize("NFC", decomposed[token.start : token.end]) == text[same.start : same.end]


def test_full_width_text_gives_the_same_tokens(analyzer: Analyzer) -> None:
    assert analyzer.tokens("０６１－７４９－３１１４　３．５％ ＬＰＧ") == analyzer.tokens("061-749-3114 3.5% LPG")


def test_spans_lie_behind_emoji_and_lone_surrogates(analyzer: Analyzer) -> None:
    text = "😀 쓰레기 👨‍👩‍👧\udcff 봉투"
    assert [text[token.start : token.end] for token in analyzer.tokens(text)] == ["쓰레기", "봉투"]


MIXED = st.text(st.sampled_from("가각힣ㄱㅏ재발급은 Aa１％😀👩‍é\u0301\u1100\u1161\u11a8\n.3-\ud83d"), max_size=30)


@settings(max_examples=150, deadline=None)
@given(MIXED)
def test_spans_are_ordered_places_within_any_text(analyzer: Analyzer, text: str) -> None:
    tokens = analyzer.tokens(text)
    assert all(0 <= token.start <= token.end <= len(text) for token in tokens)
    assert [token.start for token in tokens] == sorted(token.start for token in tokens)
    assert all(token.form and not any(letter.isspace() for letter in token.form) for token in tokens)
    assert list(analyzer.token_lists([text, "", text])) == [tokens, [], tokens]


@given(st.text())
def test_composed_text_knows_where_its_characters_came_from(text: str) -> None:
    normal, places = composed(text)
    assert len(places) == len(normal) + 1
    assert (places[0], places[-1]) == (0, len(text))
    assert list(places) == sorted(places)
    assert len(plain(text)) == len(text)


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)))
def test_composed_undoes_the_decomposition_of_hangul(text: str) -> None:
    assert composed(unicodedata.normalize("NFD", text))[0] == text


def test_eight_threads_see_what_one_sees(analyzer: Analyzer) -> None:
    texts = [f"제{number}조 대형폐기물 배출 수수료는 {number}00원이며 재발급은 시청 민원실" for number in range(200)]
    expected = [analyzer.tokens(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(8):
            assert list(threads.map(analyzer.tokens, texts)) == expected
    assert list(analyzer.token_lists(texts)) == expected


def test_the_name_tells_the_versions_and_rules(analyzer: Analyzer, monkeypatch: pytest.MonkeyPatch) -> None:
    name = analyzer.name
    assert name == Analyzer().name
    monkeypatch.setattr("indexing.lexical.tokens.TERMS_VERSION", 99)
    assert analyzer.name != name


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("국가정원 입장료", "순천만국가정원 입장료"),
        ("온누리자전거 겨울에", "온누리자전거는 몇 살부터"),
        ("자동차세 연납하면", "자동차세 연납을 하면"),
        ("국민연금 공단", "국민연금공단"),
    ],
)
def test_a_compound_has_the_same_parts_wherever_it_stands(analyzer: Analyzer, question: str, title: str) -> None:
    asked = {token.form for token in analyzer.tokens(question) if token.names_thing} - {"겨울"}
    assert asked <= {token.form for token in analyzer.tokens(title)}


def test_the_parts_of_a_long_noun_cover_it(analyzer: Analyzer) -> None:
    text = "순천만국가정원은 쉽니다"
    parts = [token for token in analyzer.tokens(text) if token.names_thing]
    assert (
        [text[part.start : part.end] for part in parts] == [part.form for part in parts] == ["순천만", "국가", "정원"]
    )
