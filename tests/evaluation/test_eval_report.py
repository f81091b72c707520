"""The report: why questions went wrong, what to mend, and a page that anyone may open and print."""

import io
import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser

from assistant.events import Status
from eval.diagnosis.advice import advice
from eval.diagnosis.cases import Case, cases
from eval.diagnosis.faults import Fault, diagnose
from eval.examination.result import Answer, Checked, Evidence, Judgement, Result
from eval.metrics.confidence import Estimate
from eval.questions.question import Question
from eval.report import charts, workbook
from eval.report.published import table, updated
from eval.report.report import render, report, write
from eval.runs.comparison import compare
from eval.runs.store import Record, RightDocument
from knowledge_base.document import Document, Kind
from knowledge_base.errors import EvaluationError

Ask = Callable[..., Question]
Made = Callable[..., Result]
Recorded = Callable[..., Record]
DAY = date(2026, 11, 27)
FEE = Document(id="요금", kind=Kind.FAQ, title="요금은 얼마인가요?", text="3만원", department="세정과", category="세금")
OLD = Document(id="옛", kind=Kind.NOTICE, title="옛 공지", text="끝", effective_to=date(2026, 1, 31))
KNOWN = {each.id: RightDocument.of(each) for each in (FEE, OLD)}
HOSTILE = "<script>alert(1)</script> \"&' =1+1 $x^2$ {{ 7*7 }} \x07"


@pytest.mark.parametrize(
    ("fault", "right", "fields"),
    [
        (None, ["요금"], {}),
        (Fault.ERROR, ["요금"], {"error": "색인이 없습니다."}),
        (Fault.UNKNOWN, ["없음"], {"rank": None}),
        (Fault.STALE, ["옛"], {"rank": None}),
        (Fault.NOT_RETRIEVED, ["요금"], {"rank": None}),
        (Fault.NOT_RETRIEVED, ["요금"], {"rank": 11}),
        (Fault.RANKED_LOW, ["요금"], {"rank": 7, "evidence": ()}),
        (Fault.WRONGLY_REFUSED, ["요금"], {"answer": ""}),
        (Fault.NOT_USED, ["요금"], {"answer": "네.", "scores": {"citation_recall": 0.0}}),
        (
            None,
            ["요금"],
            {"answer": "네.", "scores": {"citation_recall": 0.0, "fact_recall": 1.0}},
        ),  # right all the same
        (Fault.UNSUPPORTED, ["요금"], {"answer": "네.", "scores": {"citation_recall": 1.0, "groundedness": 0.5}}),
        (Fault.INCOMPLETE, ["요금"], {"answer": "네.", "scores": {"citation_recall": 1.0, "fact_recall": 0.5}}),
        (None, ["요금"], {"answer": "네.", "scores": {"citation_recall": 1.0}}),
        (Fault.NEEDLESS, [], {"rank": None, "answer": "네."}),
        (None, [], {"rank": None, "answer": ""}),
        (None, [], {"rank": None}),
    ],
)
def test_the_first_step_at_which_the_answer_was_lost(
    ask: Ask, result: Made, fault: Fault | None, right: list[str], fields: dict[str, Any]
) -> None:
    assert diagnose(ask("q", *right), result("q", **fields), KNOWN, DAY) is fault


def test_a_document_in_force_on_the_day_of_the_question_is_not_stale(ask: Ask, result: Made) -> None:
    question = ask("q", "옛", on=date(2026, 1, 31))
    assert diagnose(question, result("q", rank=None), KNOWN, DAY) is Fault.NOT_RETRIEVED


def test_nothing_known_of_the_documents_is_no_fault_of_theirs(ask: Ask, result: Made) -> None:
    assert diagnose(ask("q", "없음"), result("q", rank=None), {}, DAY) is Fault.NOT_RETRIEVED


def test_what_to_mend(ask: Ask, result: Made) -> None:
    def case(fault: Fault | None, *right: str, category: str = "세금", **fields: Any) -> Case:
        return Case(ask(f"{fault}?", *right, category=category), result("q", **fields), fault)

    found = advice(
        [
            case(Fault.NOT_RETRIEVED, "옛", category="공지", ranked=("다른 문서",), rank=None),
            case(Fault.RANKED_LOW, "옛", category="공지", ranked=("다른 문서",), rank=8),
            case(None, "옛", category="공지"),
            case(Fault.STALE, "옛", category="공지", rank=None),
            case(Fault.UNKNOWN, "없음", rank=None),
            case(Fault.NEEDLESS, answer="3만원입니다."),
            case(Fault.WRONGLY_REFUSED, "요금", answer=""),
            case(Fault.INCOMPLETE, "요금"),
        ],
        KNOWN,
    )
    items = {each.title: each.items for each in found}
    missed = items["자주 놓친 문서"][0]
    assert (missed.name, missed.id) == ("옛 공지", "옛")
    assert missed.detail == "질문 4개 가운데 2개에서 놓침 · 대신 나온 문서: 다른 문서"
    (without,) = items["FAQ가 없고 자주 틀리는 분야"]  # 세금 has one
    assert (without.name, without.detail) == ("공지", "질문 4개 가운데 75%가 틀림 · 정답 문서에 FAQ 없음")
    assert items["그날 유효하지 않은 문서"][0].detail == "유효 기간  – 2026-01-31 · 질문 1개"
    assert items["지식에 없는 문서"][0].name == "없음"
    assert items["답이 없는데 답한 질문"][0].detail == "3만원입니다."
    assert items["근거가 있는데 '확인 필요'라고 한 질문"][0].detail == "요금은 얼마인가요?"
    assert advice([case(None, "요금")], KNOWN) == []


@pytest.fixture
def hostile(ask: Ask, record: Recorded, result: Made) -> Record:
    """A run in which every text from outside tries to be markup, a formula or a template."""
    passage = Evidence(
        document=HOSTILE, chunk="c", kind=Kind.NOTICE, title=HOSTILE, heading=HOSTILE, text=HOSTILE, department=HOSTILE
    )
    answer = Answer(
        status=Status.GENERATED,
        text=HOSTILE,
        reason=HOSTILE,
        checks=(Checked(sentence=HOSTILE, supported=False, reasons=(HOSTILE,)),),
        judgement=Judgement(score=None, reason=HOSTILE),
        latency_ms={"total": 9.0, "first_evidence": 5.0, "first_token": 7.0},
        error=None,
    )
    document = Document(id=HOSTILE, kind=Kind.NOTICE, title=HOSTILE, text="", department=HOSTILE)
    questions = [ask(f"{HOSTILE}{n}", HOSTILE, answer=HOSTILE, category=f"{HOSTILE}{n % 2}") for n in range(4)]
    scores = {"recall@5": 1.0, "recall@1": 1.0, "fact_recall": 0.0, "citation_recall": 0.0, "mrr@10": 1.0}
    fields: dict[str, Any] = {"evidence": (passage,), "ranked": (HOSTILE,), "scores": scores}
    results = [result(each.id, **fields).model_copy(update={"answer": answer}) for each in questions]
    return record(questions, results, [document])


class Seen(HTMLParser):
    """The tags of a page, what it would fetch, and the ids it uses twice."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.ids: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name.startswith("on") or (name in ("src", "href", "xlink:href") and not str(value).startswith("#")):
                self.fetched.append(f"{name}={value}")
            if name == "id":
                self.ids.append(str(value))


def test_whatever_comes_from_outside_is_text(hostile: Record) -> None:
    page = render(report(hostile, compare(hostile, hostile)))
    seen = Seen(page)
    assert "script" not in seen.tags
    assert seen.fetched == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "{{ 7*7 }}" in page
    assert "49" not in re.findall(r">(\d+)<", page)
    assert "url(http" not in page
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_charts_keep_their_text_and_share_no_id(hostile: Record) -> None:
    page = render(report(hostile, None))
    seen = Seen(page)
    assert seen.tags.count("svg") >= 5
    assert seen.ids
    assert len(seen.ids) == len(set(seen.ids))
    drawn = str(charts.bars([charts.Row("여권 $x$ <b>", Estimate(0.5, 0.4, 0.6, 3))]))
    assert "여권 $x$ &lt;b&gt; (3)" in drawn
    assert "<path" in drawn
    assert drawn == str(charts.bars([charts.Row("여권 $x$ <b>", Estimate(0.5, 0.4, 0.6, 3))]))  # no date, no chance


@pytest.fixture
def pair(ask: Ask, record: Recorded, result: Made) -> tuple[Record, Record]:
    """A run that misses every third of 60 questions, and one that misses none."""
    questions = [ask(f"질문 {n}?", "요금", answer="3만원", category=("세금", "여권")[n % 2]) for n in range(60)]

    def made(wrong: int, run_id: str) -> Record:
        results = [
            result(each.id, 1 if n % 3 >= wrong else None, answer="3만원입니다.", scores=scores(n % 3 >= wrong))
            for n, each in enumerate(questions)
        ]
        return record(questions, results, [FEE], run_id)

    def scores(right: bool) -> dict[str, float]:
        return dict.fromkeys(("recall@1", "recall@5", "mrr@10", "citation_recall", "fact_recall"), float(right))

    return made(1, "before"), made(0, "after")


def test_a_head_of_a_call_centre_reads_sentences(pair: tuple[Record, Record]) -> None:
    before, after = pair
    better = report(after, compare(before, after))
    assert better.sentences[0].startswith(
        "같은 질문 60개를 앞선 평가와 비교하면, 나아졌습니다: 정답 문서가 1위 안 66.7% → 100%"
    )
    assert better.sentences[1] == (
        "답할 수 있는 질문 60개 가운데 100%에서 정답 문서가 상위 5개 안에 있었습니다(95% 신뢰구간 100–100%)."
    )
    figure = better.figures[0]
    assert (figure.value, figure.tone) == ("100%", "better")
    assert figure.change == "+33.3%p, 나아짐(p<0.001)"
    worse = report(before, compare(after, before))
    assert "나빠졌습니다" in worse.sentences[0]
    assert [each.question.id for each in worse.worse][:1] == ["질문 0?"]
    assert [(each.fault, each.found) for each in worse.faults] == [(Fault.NOT_RETRIEVED, 20)]
    same = report(after, compare(after, after))
    assert "우연으로 볼 수 없는 차이는 없습니다" in same.sentences[0]
    assert same.figures[0].change == "같음"
    assert {grouping.title for grouping in same.groupings} == {"분야"}  # one kind and one department say nothing


def test_questions_of_which_one_run_only_searched_got_neither_better_nor_worse(
    ask: Ask, record: Recorded, result: Made
) -> None:
    questions = [ask("q", "요금", answer="3만원")]
    searched = record(questions, [result("q", scores={"mrr@10": 1.0})], run_id="r0")
    answered = record(questions, [result("q", answer="네.", scores={"mrr@10": 1.0, "fact_recall": 1.0})])
    assert report(answered, compare(searched, answered)).better == []
    assert report(searched, compare(answered, searched)).worse == []


def test_a_run_of_the_search_alone_has_a_report_too(ask: Ask, record: Recorded, result: Made, tmp_path: Path) -> None:
    run = record([ask("q", "요금")], [result("q", scores={"recall@5": 1.0})])
    write(run, None, tmp_path / "new" / "r.html")
    assert "상위 5개 안에" in (tmp_path / "new" / "r.html").read_text(encoding="utf-8")
    failed = record([ask("q", "요금")], [result("q", None, error="색인이 없습니다.", latency_ms={})])
    assert "오류로 끝나" in render(report(failed, None))
    with pytest.raises(EvaluationError, match="쓸 수 없습니다"):
        write(run, None, tmp_path)


def test_the_workbook_holds_every_question_and_no_formula(
    hostile: Record, tmp_path: Path, ask: Ask, result: Made, record: Recorded
) -> None:
    formula = record([ask("=HYPERLINK(1)", "요금")], [result("=HYPERLINK(1)", scores={"recall@5": 1.0})])
    for run in (hostile, formula):
        path = tmp_path / f"{len(run.questions)}.xlsx"
        workbook.write(run, compare(run, run), path)
        book = load_workbook(io.BytesIO(path.read_bytes()))
        assert book.sheetnames == ["요약", "질문", "비교", "무엇으로 쟀나"]
        rows = list(book["질문"].iter_rows(values_only=True))
        assert len(rows) == len(run.questions) + 1
        assert rows[1][2] == run.questions[0].question.replace("\x07", "")
        assert "f" not in {cell.data_type for row in book["질문"].iter_rows() for cell in row}


def test_cases_are_judged_on_the_day_of_the_run(ask: Ask, result: Made, record: Recorded) -> None:
    run = record([ask("q", "옛")], [result("q", None)], [OLD])
    assert [each.fault for each in cases(run)] == [Fault.STALE]


def test_figures_of_a_page_come_from_runs(pair: tuple[Record, Record]) -> None:
    page = "# 제목\n<!-- made:dev -->\n손으로 적은 .999\n<!-- /made -->\n끝\n"
    first = updated(page, {"dev": table(pair[0].run)})
    assert "| 정답 문서가 5위 안 | .667 | " in first
    assert ".999" not in first
    assert first.startswith("# 제목\n<!-- made:dev -->\n질문.jsonl 60개(실패 0) · 2026-11-27 · Xeon 2코어")
    assert first.endswith("<!-- /made -->\n끝\n")
    assert updated(first, {"dev": table(pair[0].run)}) == first
    with pytest.raises(EvaluationError, match="'dev'의 수치가 없습니다"):
        updated(page, {})


@pytest.mark.slow
def test_chromium_shows_and_prints_the_page_without_fetching_anything(
    hostile: Record, tmp_path: Path, browser: Browser
) -> None:
    page_file = tmp_path / "r.html"
    write(hostile, compare(hostile, hostile), page_file)
    requests: list[str] = []
    said: list[str] = []
    page = browser.new_page(viewport={"width": 400, "height": 800})
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(page_file.as_uri())
    width = page.evaluate("document.documentElement.scrollWidth")
    page.locator("details.case summary").first.click()
    assert page.locator("details.case dl").first.is_visible()
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert requests == [page_file.as_uri()]
    assert said == []
    assert width <= 400
    assert printed.startswith(b"%PDF")
