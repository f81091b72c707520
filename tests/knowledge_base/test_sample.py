"""The bundled sample: invented where it must be, marked as such, and right where the whole country has one answer."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import knowledge_base
from knowledge_base.document import Document, Kind
from knowledge_base.imports.importing import ImportReport, import_path
from knowledge_base.passages import chunking
from knowledge_base.readers.prose import read_text
from knowledge_base.storage.store import KnowledgeStore

SAMPLE = Path(knowledge_base.__file__).parent / "sample"
TODAY = date(2026, 11, 27)
PHONE = re.compile(r"(?<![\d-])(?:0\d{1,2}-\d{3,4}-\d{4}|1[5-9]\d\d-\d{4})(?![\d-])(?P<mark>\(예시\))?")
REAL_PHONES = {
    "061-749-3114",  # 온누리콜센터
    "02-3210-0404",  # 영사콜센터
    "1544-3412",  # 문화누리카드
    "1544-9030",  # 금연상담전화
    "1566-0025",  # 공공데이터활용지원센터
    "1577-0199",  # 정신건강 위기상담
    "1577-0990",  # 한국교통안전공단
    "1577-1000",  # 국민건강보험공단
    "1577-1366",  # 다누리콜센터
    "1588-0075",  # 근로복지공단
    "1588-2188",  # 정부24
    "1588-4060",  # 가축방역
    "1588-9060",  # 가축방역
    "1599-0903",  # 폐가전 무상방문수거
    "1644-8778",  # 국립농산물품질관리원
    "1899-9097",  # 귀농귀촌종합센터
    "1899-9988",  # 치매상담콜센터
}

SHORT_PHONES = ("107", "110", "119", "129", "1345", "1350", "1355", "1397")  # national, three or four digits


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[ImportReport, list[Document]]:
    store = KnowledgeStore(tmp_path_factory.mktemp("sample") / "knowledge.db")
    report = import_path(store, SAMPLE)
    return report, [document for document, _ in store.documents()]


@pytest.fixture
def documents(imported: tuple[ImportReport, list[Document]]) -> list[Document]:
    return imported[1]


def of_kind(documents: list[Document], kind: Kind) -> list[Document]:
    return [document for document in documents if document.kind is kind]


def test_it_is_imported_without_any_fault(imported: tuple[ImportReport, list[Document]]) -> None:
    report, documents = imported
    assert report.faults == ()
    assert report.changes.added == len(documents)
    assert {document.id.split("/")[0] for document in documents} == {"faq", "regulations", "notices"}


def test_enough_questions_in_enough_fields(documents: list[Document]) -> None:
    faqs = of_kind(documents, Kind.FAQ)
    assert len(faqs) >= 150
    assert len({faq.category for faq in faqs}) >= 12
    assert all(faq.id.startswith("faq/") for faq in faqs)
    assert all(faq.title.endswith(("?", ".")) and len(faq.title) > 5 for faq in faqs)
    assert all(50 <= len(faq.text) <= chunking.MAX_CHARACTERS for faq in faqs), "an answer is read out in one breath"


def test_no_question_twice(documents: list[Document]) -> None:
    questions = Counter(re.sub(r"\W", "", document.title) for document in of_kind(documents, Kind.FAQ))
    assert [question for question, count in questions.items() if count > 1] == []


def test_regulations_have_articles_paragraphs_and_items(documents: list[Document]) -> None:
    regulations = of_kind(documents, Kind.REGULATION)
    assert len(regulations) >= 10
    for regulation in regulations:
        headings = {piece.heading.split(" > ")[-1] for piece in chunking.chunk(regulation)}
        assert sum(heading.startswith("제") and "조(" in heading for heading in headings) >= 8, regulation.id
        assert any(heading.startswith("부칙") for heading in headings), regulation.id
        assert re.search(r"^① ", regulation.text, re.MULTILINE), regulation.id
        assert re.search(r"^ +1\. ", regulation.text, re.MULTILINE), regulation.id


def test_notices_of_the_past_the_present_and_the_future(documents: list[Document]) -> None:
    notices = of_kind(documents, Kind.NOTICE)
    assert len(notices) >= 25
    assert any(notice.effective_to is not None and notice.effective_to < TODAY for notice in notices)
    assert any(notice.is_valid_on(TODAY) for notice in notices)
    assert any(notice.effective_from is not None and notice.effective_from > TODAY for notice in notices)
    assert {Path(notice.id).suffix for notice in notices} == {".md", ".html", ".txt"}


def superseding() -> Iterator[tuple[str, str]]:
    """(new, old) ids of notices that name the one they replace."""
    for file in SAMPLE.rglob("*.*"):
        for old in re.findall(r"^대체: (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE):
            yield file.relative_to(SAMPLE).as_posix(), old.strip()


def test_a_replaced_notice_ends_the_day_before_its_successor_begins(documents: list[Document]) -> None:
    by_id = {document.id: document for document in documents}
    chains = list(superseding())
    assert len(chains) >= 2
    for new, old in chains:
        begins, ends = by_id[new].effective_from, by_id[old].effective_to
        assert begins is not None
        assert ends is not None
        assert begins == ends + timedelta(days=1)
        for day in (ends, begins):
            assert by_id[new].is_valid_on(day) != by_id[old].is_valid_on(day)


def test_every_document_says_that_it_is_a_sample(documents: list[Document]) -> None:
    assert [document.id for document in documents if "샘플 자료" not in document.note] == []


def test_every_document_names_whom_to_ask_and_as_of_when(documents: list[Document]) -> None:
    for document in documents:
        assert document.department, document.id
        assert document.source, document.id
        assert PHONE.match(document.phone) or document.phone in SHORT_PHONES, document.id
        assert document.as_of is not None, document.id
        assert document.as_of <= TODAY, document.id


def test_every_phone_is_real_or_marked_as_an_example(documents: list[Document]) -> None:
    for document in documents:
        for phone in PHONE.finditer(f"{document.phone} {document.text} {document.note}"):
            assert phone["mark"] or phone[0] in REAL_PHONES, (document.id, phone[0])


def test_no_script_style_or_page_furniture(documents: list[Document]) -> None:
    pages = [document for document in documents if document.id.endswith(".html")]
    sources = [(SAMPLE / page.id).read_text(encoding="utf-8") for page in pages]
    assert any("SCRIPT_HIDDEN_MARKER" in source for source in sources), "the sample no longer tests this"
    for page in pages:
        for hidden in (
            "SCRIPT_HIDDEN_MARKER",
            "function",
            "var ",
            "font-family",
            "꼬리말",
            "</",
            "https://",
            "](",
            "로그인 회원가입",
        ):
            assert hidden not in repr(page), (page.id, hidden)


def test_rows_under_a_spanning_cell_name_their_class(documents: list[Document]) -> None:
    page = next(document for document in documents if "하수도_사용료_요율" in document.id)
    assert "| 가정용 | 21~30㎥ | 620원 | 680원 |" in page.text
    assert "| 일반용 | 101㎥ 이상 | 1,250원 | 1,380원 |" in page.text


@pytest.mark.parametrize(
    ("question", "facts"),
    [
        ("주민등록등본 발급 수수료", ["400원", "200원", "무료"]),
        ("이사했는데 전입신고는 언제까지", ["14일", "5만 원 이하"]),
        ("인감증명서 발급 수수료", ["600원"]),
        ("주민등록증을 잃어버렸는데 재발급 수수료", ["5,000원"]),
        ("성인이 10년짜리 여권", ["52,000원", "49,000원", "2026년 3월 1일"]),
        ("단수여권 발급 수수료", ["17,000원"]),
        ("남은 유효기간만큼만 다시 받는 여권", ["27,000원"]),
        ("자동차세는 1년에 언제", ["6월 16일", "12월 16일"]),
        ("주택 재산세는 언제까지", ["7월 16일", "9월 16일"]),
        ("불법 주정차 과태료는 얼마", ["4만 원", "5만 원"]),
        ("어린이보호구역에 주차하면", ["12만 원", "13만 원"]),
        ("소화전 앞에 주차하면", ["8만 원", "9만 원"]),
    ],
)
def test_what_holds_nationwide(documents: list[Document], question: str, facts: list[str]) -> None:
    answers = [document.text for document in documents if question in document.title]
    assert len(answers) == 1
    assert [fact for fact in facts if fact not in answers[0]] == []


@pytest.mark.parametrize(
    ("question", "regulation", "amounts"),
    [
        ("소파를 버리려면", "폐기물", ["5,000", "9,000"]),
        ("매트리스 버리는", "폐기물", ["5,000", "8,000"]),
        ("가정용 수도요금은 얼마", "수도급수", ["640원", "820원", "1,050원"]),
        ("하수도 요금은 어떻게 계산", "하수도", ["480원", "530원"]),
        ("공영주차장 요금은 얼마", "주차장", ["500원", "150원", "6,000원"]),
        ("온누리자전거 이용 요금", "자전거", ["1,000원", "5,000원", "25,000원", "500원"]),
        ("순천만국가정원 입장료는 얼마", "국가정원", ["10,000원", "7,000원", "5,000원"]),
        ("농기계 임대는 어떻게", "농기계", ["10,000원", "90,000원"]),
        ("도서관 책은 몇 권", "도서관", ["7권", "14일"]),
    ],
)
def test_an_answer_and_the_regulation_it_cites_agree(
    documents: list[Document], question: str, regulation: str, amounts: list[str]
) -> None:
    """A knowledge base that names two prices makes an agent read out the wrong one."""
    answer = next(document.text for document in of_kind(documents, Kind.FAQ) if question in document.title)
    law = next(document.text for document in of_kind(documents, Kind.REGULATION) if regulation in document.id)
    assert [amount for amount in amounts if amount not in answer or amount not in law] == []


def test_reading_a_sample_file_again_gives_the_same_document(documents: list[Document]) -> None:
    for document in documents:
        if document.id.endswith((".md", ".txt")):
            assert read_text((SAMPLE / document.id).read_text(encoding="utf-8"), document.id) == document
