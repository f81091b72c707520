"""What is doubtful in a question file: nothing here stops a run, but a score is worth what its questions are."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from eval.questions.near_duplicates import near_duplicates
from eval.questions.question import Question
from knowledge_base.document import Document, Kind
from knowledge_base.text import letters


class Doubt(StrEnum):
    """What may be wrong with a question."""

    DUPLICATE = "같은 질문"
    NEAR_DUPLICATE = "비슷한 질문"
    LEAK = "FAQ 제목과 같음"
    UNKNOWN_DOCUMENT = "없는 문서"
    NOT_IN_FORCE = "그날 유효하지 않은 문서"
    NEEDLESS_DOCUMENTS = "답이 없다는데 문서가 있음"


class Finding(NamedTuple):
    """A doubt about one question, as one Korean sentence that says what to do."""

    doubt: Doubt
    question: str
    sentence: str


def check(questions: Sequence[Question], documents: Mapping[str, Document], today: date) -> list[Finding]:
    """Every doubt about the questions against the documents (by id) of the knowledge base."""
    titles = {letters(each.title): each.id for each in documents.values() if each.kind is Kind.FAQ}
    found = [finding for each in questions for finding in _about(each, documents, titles, today)]
    return [*_twins(questions), *found]


def _twins(questions: Sequence[Question]) -> Iterator[Finding]:
    for pair in near_duplicates([each.question for each in questions]):
        first, second = questions[pair.first], questions[pair.second]
        if letters(first.question) == letters(second.question):
            yield Finding(Doubt.DUPLICATE, second.id, f"'{first.id}'과(와) 같은 질문입니다. 하나만 남기세요.")
        else:
            yield Finding(
                Doubt.NEAR_DUPLICATE,
                second.id,
                f"'{first.id}'과(와) {pair.similarity:.0%} 같습니다. 다르게 묻는 질문인지 확인하세요.",
            )


def _about(
    question: Question, documents: Mapping[str, Document], titles: Mapping[str, str], today: date
) -> Iterator[Finding]:
    if copied := titles.get(letters(question.question)):
        yield Finding(
            Doubt.LEAK,
            question.id,
            f"FAQ '{copied}'의 질문을 그대로 옮겼습니다. 시민이 말하는 대로 고쳐 적으세요.",
        )
    if question.documents and not question.answerable:
        yield Finding(
            Doubt.NEEDLESS_DOCUMENTS,
            question.id,
            "답할 수 없다면서 정답 문서가 적혀 있습니다. 둘 가운데 하나를 고치세요.",
        )
    yield from _documents(question, documents, question.on or today)


def _documents(question: Question, documents: Mapping[str, Document], day: date) -> Iterator[Finding]:
    for name in question.documents:
        if name not in documents:
            yield Finding(
                Doubt.UNKNOWN_DOCUMENT,
                question.id,
                f"정답 문서 '{name}'이(가) 지식에 없습니다. 지식 관리 화면이나 'onnuri kb list'에서 ID를 확인하세요.",
            )
        elif not documents[name].is_valid_on(day):
            yield Finding(
                Doubt.NOT_IN_FORCE,
                question.id,
                f"정답 문서 '{name}'은(는) {day}에 유효하지 않습니다. 'on'에 질문한 날짜를 적거나 문서를 바꾸세요.",
            )


def counted(findings: Iterable[Finding]) -> dict[Doubt, int]:
    """How often each doubt was found; those never found are left out."""
    return Counter(finding.doubt for finding in findings)
