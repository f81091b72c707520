"""The panel's HTML: inert, in Korean, with spans where they belong and colours one can read."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_assistant import FEE_CARD, HOSTILE, HOSTILE_CARD, SCRIPTS, WASTE_CARD, Script, card

from assistant import agent_panel
from assistant.agent_panel.answer import cited_text
from assistant.agent_panel.cards import card_html, evidence_html, marked_text, merged_spans, validity, with_tables
from assistant.agent_panel.shown import Shown, Stage, advanced, failed
from assistant.agent_panel.suggestion import answer_html
from assistant.events import Caution, CautionKind, Citation, EvidenceEvent, Status, TokenEvent, Transfer
from indexing import admin_panel

OUR_TAGS = set(
    re.findall(
        r"\w+",
        "section article header footer h2 h3 p div span small kbd b s i ol ul li mark button input "
        "details summary svg path",
    )
)
CSS, CALL_CSS = (Path(agent_panel.__file__).with_name(name).read_text("utf-8") for name in ("panel.css", "call.css"))
PALETTE = Path(admin_panel.__file__).with_name("palette.css").read_text("utf-8")


class Reader(HTMLParser):
    """Collects tags, attribute names and visible text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def answered(word: str) -> Shown:
    """A suggestion for which the script of ``word`` has run to its end."""
    script = SCRIPTS[word]
    shown = Shown(key="typed-1", asked=f"{word} 질문", is_typed=True)
    evidence = EvidenceEvent(call="c", seq=0, at=0.1, question=f"{word} 질문", documents=(), cards=script.cards)
    for event in (evidence, script.final(f"{word} 질문", "c", 1)):
        shown = advanced(shown, event)
    return shown


def citation(number: int, answer_span: tuple[int, int], chunk_span: tuple[int, int] = (0, 1)) -> Citation:
    return Citation(number=number, document="d", chunk="d@0", answer_span=answer_span, chunk_span=chunk_span)


def buttons(html: str) -> list[str]:
    return re.findall(r'class="cite"[^>]*>(\[\d+\])<', html)


# Hostile documents


@pytest.mark.parametrize("html", [card_html(HOSTILE_CARD), answer_html(answered("수상한"))])
def test_documents_are_inert(html: str) -> None:
    read = Reader(html)
    assert set(read.tags) <= OUR_TAGS
    assert not {name for name in read.attributes if name.startswith("on")} | read.attributes & {"src", "href"}
    assert HOSTILE in read.text


def test_problem_is_escaped() -> None:
    html = answer_html(failed(Shown(key="0", asked=HOSTILE), HOSTILE))
    assert set(Reader(html).tags) <= OUR_TAGS
    assert Reader(html).text.count(HOSTILE) == 2


# Highlights


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([(0, 3), (3, 5)], [(0, 5)]),
        ([(4, 6), (1, 5), (2, 3)], [(1, 6)]),
        ([(8, 99)], [(8, 10)]),
        ([(-5, 2)], [(0, 2)]),
        ([(6, 6), (7, 2), (20, 30)], []),
    ],
)
def test_spans_are_clipped_and_merged(spans: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    assert merged_spans(spans, 10) == expected


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-5, 50), st.integers(-5, 50)), max_size=6))
def test_marking_never_changes_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    html = marked_text(text, spans)
    assert unescape(re.sub("</?mark>", "", html)) == text
    assert html.count("<mark>") == len(merged_spans(spans, len(text)))


def test_a_table_is_shown_without_its_frame_and_keeps_its_characters() -> None:
    text = "요금표\n| 구분 | <요금> |\n|:---|---:|\n| 어른 | 1만 원 |\n반값 | 예시\n|---|---|"
    html = with_tables(marked_text(text, [(6, 8)]))
    assert Reader(html).text == text
    seen = re.sub("<span hidden>.*?</span>", "", html, flags=re.DOTALL)
    assert Reader(seen).text == "요금표\n구분 | <요금>\n어른 | 1만 원\n반값 | 예시\n"


# Citations


def test_each_cited_sentence_is_followed_by_its_button() -> None:
    html = cited_text("가 나. 다 라.", [citation(2, (5, 9)), citation(1, (0, 4)), citation(1, (5, 9), (3, 7))], {1, 2})
    assert Reader(html).text == "가 나.[1] 다 라.[1][2]"
    assert 'data-spans="3,7"' in html


@pytest.mark.parametrize("number", [0, -1, 3, 99])
def test_citation_of_a_card_that_is_not_there_has_no_button(number: int) -> None:
    assert Reader(cited_text("문장.", [citation(number, (0, 3))], {1, 2})).text == "문장."


@pytest.mark.parametrize("span", [(5, 5), (9, 2), (-9, -2), (50, 60)])
def test_citation_of_nothing_has_no_button(span: tuple[int, int]) -> None:
    assert Reader(cited_text("문장.", [citation(1, span)], {1})).text == "문장."


def test_citation_beyond_the_end_is_cut() -> None:
    assert Reader(cited_text("문장.", [citation(1, (0, 500))], {1})).text == "문장.[1]"


def test_checked_sentences_appear_with_their_citation_while_generating() -> None:
    shown = Shown(key="0", asked="폐기물")
    cards = SCRIPTS["폐기물"].cards
    for event in (
        EvidenceEvent(call="c", seq=0, at=0.1, question="폐기물", documents=(), cards=cards),
        TokenEvent(call="c", seq=1, at=0.2, text="첫 문장. ", citation=1),
        TokenEvent(call="c", seq=2, at=0.3, text="<b>둘째</b>.", citation=9),
    ):
        shown = advanced(shown, event)
    html = answer_html(shown)
    assert "첫 문장.[1] <b>둘째</b>." in Reader(html).text
    assert {"답변 작성 중…", "중지"} <= set(re.findall(r">([^<>]+)<", html))


# What the agent reads


@pytest.mark.parametrize(
    ("word", "label"), [("등본", "FAQ"), ("폐기물", "생성"), ("반려견", "확인 필요"), ("수상한", "발췌")]
)
def test_verdict_is_icon_and_word(word: str, label: str) -> None:
    badge = re.search(r'<span class="badge [a-z]+">(.*?)</span>', answer_html(answered(word)))
    assert badge
    assert badge[1].startswith("<svg")
    assert badge[1].endswith(label)


def test_abstaining_names_whom_to_connect_to_and_demotes_the_cards() -> None:
    shown = answered("반려견")
    assert "연결: 민원과 061-749-3114" in Reader(answer_html(shown)).text
    assert "가까운 문서 (답이 아닐 수 있음)" in Reader(evidence_html(shown)).text


def test_answer_leaves_the_evidence_as_it_was() -> None:
    """Redrawn evidence would fold up the card the agent is reading."""
    shown = answered("폐기물")
    before = Shown(key=shown.key, asked=shown.asked, evidence=shown.evidence, stage=Stage.WRITING)
    assert evidence_html(before) == evidence_html(shown)


def test_withheld_sentences_are_folded_away_with_reasons() -> None:
    html = answer_html(answered("폐기물"))
    folded = html[html.index("<details") : html.index("</details>")]
    assert "확인되지 않아 뺀 문장 1개" in folded
    assert "근거에 ‘3,000원’이 없습니다." in folded
    assert "3,000원" not in html.replace(folded, "")


def test_card_shows_where_from_and_since_when() -> None:
    text = Reader(card_html(WASTE_CARD)).text
    for part in (
        "규정",
        "제6조",
        "자원순환과 061-749-0301",
        "2027-01-01부터 시행",
        "2026-11-01 기준",
        "출처",
    ):
        assert part in text


def test_empty_fields_leave_no_traces() -> None:
    bare = card(1, "제목", "본문", department="", phone="", source="", note="", as_of=None, kind=WASTE_CARD.kind)
    text = Reader(card_html(bare)).text
    assert not [word for word in ("출처", "비고", "기준", "시행", "None") if word in text]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (None, None, ""),
        (None, date(2026, 12, 31), "2026-12-31까지 시행"),
        (date(2027, 1, 1), None, "2027-01-01부터 시행"),
    ],
)
def test_validity(starts: date | None, ends: date | None, expected: str) -> None:
    assert validity(starts, ends) == expected


def test_numbers_and_pairs_of_words_stay_on_one_line() -> None:
    answer = cited_text("<전화> 061-749-3114, 신청인·대리인의 신분증", (), ())
    assert Reader(answer).text == "<전화> 061-749-3114, 신청인·대리인의 신분증"
    assert re.findall(r'<span class="keep">([^<]*)</span>', answer) == ["061-749-3114", "신청인·대리인의"]


def test_transfer_without_phone() -> None:
    script = Script(cards=(), status=Status.ABSTAINED, transfer=Transfer(department="민원과", phone=""))
    shown = advanced(Shown(key="0", asked="질문"), script.final("질문", "c", 0))
    assert "연결: 민원과<" in answer_html(shown)


def test_cautions_stand_above_the_answer_and_lead_to_their_cards() -> None:
    shown = answered("등본")
    assert shown.final
    documents = (FEE_CARD.document, "faq/없는_문서.csv#9")
    caution = Caution(kind=CautionKind.DISAGREES, text="두 <문서>의 금액이 다릅니다.", documents=documents)
    html = answer_html(replace(shown, final=shown.final.model_copy(update={"cautions": (caution,)})))
    assert html.index('class="caution disagrees"') < html.index('class="answer-text"')
    assert "두 <문서>의 금액이 다릅니다." in Reader(html).text
    assert re.findall(r'class="to-card"[^>]*data-number="(\d)"', html) == ["1"]


def test_a_reason_that_a_caution_gives_is_not_given_twice() -> None:
    shown = answered("반려견")
    assert shown.final
    caution = Caution(kind=CautionKind.ROUTED, text=shown.final.reason)
    told = answer_html(replace(shown, final=shown.final.model_copy(update={"cautions": (caution,)})))
    assert [Reader(html).text.count(shown.final.reason) for html in (answer_html(shown), told)] == [1, 1]


def test_a_question_heard_again_keeps_its_answer_and_another_does_not() -> None:
    shown = answered("등본")
    assert shown.evidence
    again = advanced(shown, shown.evidence)
    assert (again.final, again.edition, again.stage) == (shown.final, 0, Stage.DONE)
    other = advanced(shown, shown.evidence.model_copy(update={"question": "다른 질문"}))
    assert (other.final, other.edition, other.stage) == (None, 1, Stage.WRITING)


# Colours


def palettes() -> Iterator[tuple[str, dict[str, str]]]:
    for theme, selector in (("light", ":root"), ("dark", r"\.dark")):
        blocks = re.findall(rf"^{selector} \{{(.*?)^\}}", PALETTE + CSS, re.S | re.M)
        assert len(blocks) == 2
        yield theme, dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", "".join(blocks)))


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("theme", "palette"), [*palettes()])
def test_text_is_readable(theme: str, palette: dict[str, str]) -> None:
    for name, ink in palette.items():
        if name == "ink" or name.endswith("-ink"):
            fill = palette.get(name.removesuffix("ink") + "fill")
            for ground in [fill] if fill else [palette["surface"], palette["page"]]:
                assert contrast(ink, ground) >= 4.5, (theme, name)


@pytest.mark.parametrize(("theme", "palette"), [*palettes()])
def test_controls_and_focus_are_visible(theme: str, palette: dict[str, str]) -> None:
    for name in ("control-line", "ring"):
        for ground in ("surface", "page"):
            assert contrast(palette[name], palette[ground]) >= 3, (theme, name, ground)


def test_dark_has_every_colour_and_none_is_written_elsewhere() -> None:
    light, dark = (palette for _, palette in palettes())
    assert light.keys() == dark.keys()
    outside = CSS[CSS.index("/* Gradio's frame") :] + CALL_CSS
    assert set(re.findall(r"#[0-9a-f]{6}\b", outside)) == set()
