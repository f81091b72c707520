"""Which side of a service a question asks about decides between FAQs on the same thing: made hits, real rules."""

import pytest

from assistant.answering.confidence import faq_match, ranked, usable, weighed
from assistant.extraction.aspect import Aspect, aspects
from assistant.extraction.extract import asked_in
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.hit import Hit
from knowledge_base.document import Chunk, Document, Kind

WHO = ("FAQ", "제초기는 누가 빌릴 수 있나요?", "주소를 우리 시에 둔 농업인이면 됩니다.")
PAPERS = ("FAQ", "제초기를 빌릴 때 필요한 서류는 무엇인가요?", "신분증과 농지대장입니다.")
WHERE = ("접수 장소", "제초기 대여", "본소는 가람로 12에 있습니다.")
HOW_LONG = ("대여 기간", "제초기 대여", "한 번에 사흘까지입니다.")


def hit(heading: str, title: str, text: str, *, share: float = 0.1, closeness: float = 0.86) -> Hit:
    is_faq = heading == "FAQ"
    kind, under = (Kind.FAQ, "") if is_faq else (Kind.NOTICE, heading)
    document = Document(id=title, kind=kind, title=title, text=text)
    chunk = Chunk(document=title, number=0, heading=under, text=text, start=0)
    standing = {"bm25": 5.0, "dense": 0.9, "coverage": 1.0, "highlights": ()}
    return Hit(document=document, chunk=chunk, score=2.0, share=share, closeness=closeness, **standing)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("제초기 빌리는데 뭐 가져가야 돼요?", {Aspect.PAPERS}),
        ("제초기 빌릴 때 뭘 들고 가나요?", {Aspect.PAPERS}),
        ("제초기 빌려주는 데 있나요?", {Aspect.WHERE}),
        ("제초기 고장은 어디로 연락하나요?", {Aspect.CONTACT}),  # a number, no way
        ("제초기가 안 되는데 어디에 물어봐요?", {Aspect.CONTACT}),
        ("제초기는 무엇으로 움직이나요?", set()),
    ],
)
def test_the_side_is_told_also_as_people_speak(question: str, asked: set[Aspect]) -> None:
    assert aspects(question) == asked


@pytest.mark.parametrize(
    ("question", "title"), [("제초기는 누가 빌려요?", WHO[1]), ("제초기 빌릴 때 뭐 가져가요?", PAPERS[1])]
)
def test_the_faq_on_the_side_asked_about_matches(analyzer: Analyzer, question: str, title: str) -> None:
    hits = weighed([hit(*WHO, share=0.5, closeness=0.9), hit(*PAPERS, share=0.5, closeness=0.9)])
    found = faq_match(hits, question, asked_in(question, analyzer), analyzer)
    assert found is not None
    assert found.document.title == title


def test_who_asks_where_is_not_told_who(analyzer: Analyzer) -> None:
    question = "제초기는 어디서 빌려요?"
    asked, sure = asked_in(question, analyzer), weighed([hit(*WHO, share=0.9, closeness=0.9)])
    assert faq_match(sure, question, asked, analyzer) is None
    assert usable(sure, asked) == []


def test_what_another_side_took_of_the_share_goes_to_the_passage_that_says_where(analyzer: Analyzer) -> None:
    question = "제초기는 어디서 빌려요?"
    found = ranked([hit(*WHO, share=0.6, closeness=0.9), hit(*HOW_LONG), hit(*WHERE)], question)
    assert [each.chunk.heading for each in found] == ["접수 장소", "대여 기간", ""]
    assert [round(each.share, 2) for each in found] == [0.25, 0.25, 0.6]
    assert [each.chunk.heading for each in usable(weighed(found), asked_in(question, analyzer))] == ["접수 장소"]


def test_an_faq_that_took_all_leaves_nothing_to_divide_by_nothing() -> None:
    found = ranked([hit(*WHO, share=1.0), hit(*WHERE, share=0.0)], "제초기는 어디서 빌려요?")
    assert [each.share for each in found] == [0.0, 1.0]


def test_an_faq_behind_a_surer_one_is_not_shown_for_it(analyzer: Analyzer) -> None:
    question = "제초기 사용료를 나눠서 낼 수 있나요?"
    surer = ("FAQ", "사용료가 너무 많이 나왔는데 분할 납부가 되나요?", "제초기 사용료는 두 번에 내셔도 됩니다.")
    other = ("FAQ", "제초기 사용료는 누가 내나요?", "제초기 사용료는 빌린 사람이 냅니다.")
    hits = weighed([hit(*surer, share=0.6, closeness=0.9), hit(*other, share=0.4, closeness=0.9)])
    asked = asked_in(question, analyzer)
    assert faq_match(hits, question, asked, analyzer) is None
    assert usable(hits, asked)[0].document.title == surer[1]
    assert faq_match(hits[1:], question, asked, analyzer) is not None


def test_an_faq_that_asks_when_gives_what_there_is_to_give(analyzer: Analyzer) -> None:
    question = "갑자기 물이 안 나오는데 언제 나와요?"
    told = ("FAQ", "갑자기 물이 안 나오는데 언제 나오나요?", "공사가 끝나는 대로 나오며, 누리집에 알려 드립니다.")
    asked = asked_in(question, analyzer)
    assert faq_match(weighed([hit(*told, share=0.9, closeness=0.9)]), question, asked, analyzer) is not None
    notice = hit("안내", *told[1:], share=0.9, closeness=0.9)
    assert usable(weighed([notice]), asked) == []
