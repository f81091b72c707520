"""An answer written once is shown again at once, as long as what it rests on is the same."""

from assistant.answering.answer_cache import Answer, AnswerCache
from assistant.answering.draft import CitedSentence
from assistant.events import Card, Check
from knowledge_base.document import Kind


def card(chunk: str, number: int = 1) -> Card:
    return Card(
        number=number,
        document=chunk.partition("@")[0],
        chunk=chunk,
        kind=Kind.NOTICE,
        title="여권",
        heading="",
        text="수수료는 52,000원입니다.",
        highlights=(),
        category="",
        department="",
        phone="",
        source="",
        note="",
        effective_from=None,
        effective_to=None,
        as_of=None,
        score=1.0,
    )


FIRST, SECOND = card("a@0"), card("b@0", 2)
ANSWER = Answer(
    (CitedSentence("52,000원입니다.", SECOND, (0, 5)),),
    (Check(sentence="52,000원입니다.", supported=True, reasons=()),),
)


def test_the_same_question_over_the_same_evidence_finds_it_whatever_its_spaces() -> None:
    cache = AnswerCache()
    cache.put("s1", "여권 수수료는 얼마예요?", [FIRST, SECOND], ANSWER)
    assert cache.get("s1", "여권수수료는 얼마예요", [FIRST, SECOND]) == ANSWER


def test_another_snapshot_question_or_evidence_does_not() -> None:
    cache = AnswerCache()
    cache.put("s1", "여권 수수료", [FIRST, SECOND], ANSWER)
    assert cache.get("s2", "여권 수수료", [FIRST, SECOND]) is None
    assert cache.get("s1", "여권 기간", [FIRST, SECOND]) is None
    assert cache.get("s1", "여권 수수료", [FIRST]) is None
    assert cache.get("s1", "여권 수수료", [SECOND, FIRST]) is None


def test_it_cites_the_cards_as_they_are_numbered_now() -> None:
    cache = AnswerCache()
    cache.put("s1", "여권 수수료", [FIRST, SECOND], ANSWER)
    found = cache.get("s1", "여권 수수료", [FIRST, card("b@0", 4)])
    assert found is not None
    assert [sentence.card.number for sentence in found.sentences] == [4]


def test_the_one_not_asked_for_longest_goes() -> None:
    cache = AnswerCache(most=2)
    for question in ("가", "나"):
        cache.put("s", question, [FIRST, SECOND], ANSWER)
    cache.get("s", "가", [FIRST, SECOND])
    cache.put("s", "다", [FIRST, SECOND], ANSWER)
    assert [cache.get("s", question, [FIRST, SECOND]) is not None for question in "가나다"] == [True, False, True]
