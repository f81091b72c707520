"""What to mend in the knowledge base, from the questions that went wrong."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from eval.diagnosis.cases import Case
from eval.diagnosis.faults import Fault
from eval.runs.store import RightDocument
from knowledge_base.document import Kind

MOST = 8  # rows of one list: more is not read
FEWEST_QUESTIONS = 3  # in a category before anything is said of it
FAILING_SHARE = 0.2
_MISSED = (Fault.NOT_RETRIEVED, Fault.RANKED_LOW)


class Item(NamedTuple):
    """One thing to mend: a document (with its id), category or question, and what was found about it."""

    name: str
    detail: str
    id: str = ""


class Advice(NamedTuple):
    """A list of things to mend and what to do about them (Korean)."""

    title: str
    what_to_do: str
    items: tuple[Item, ...]


def advice(cases: Sequence[Case], documents: Mapping[str, RightDocument]) -> list[Advice]:
    """The lists that are not empty, most telling first."""
    lists = (
        Advice(
            "자주 놓친 문서",
            "시민이 묻는 말을 문서 제목이나 FAQ 질문에 넣으세요. 대신 나온 문서와 내용이 겹치면 하나로 합치세요.",
            tuple(_missed(cases, documents)),
        ),
        Advice(
            "FAQ가 없고 자주 틀리는 분야",
            "이 분야에서 많이 묻는 것을 FAQ로 등록하면 LLM 없이 그대로 안내됩니다.",
            tuple(_without_faq(cases, documents)),
        ),
        Advice(
            "그날 유효하지 않은 문서",
            "바뀐 내용의 문서를 가져오거나 시행일·만료일을 고치세요.",
            tuple(_stale(cases, documents)),
        ),
        Advice(
            "지식에 없는 문서",
            "문서를 가져오거나 질문 파일의 문서 ID를 고치세요.",
            tuple(_named(cases, Fault.UNKNOWN)),
        ),
        Advice(
            "답이 없는데 답한 질문",
            "안내할 내용이면 문서를 등록하고, 아니면 어느 부서로 연결할지 FAQ에 적으세요.",
            tuple(Item(each.question.question, _said(each)) for each in _first(cases, Fault.NEEDLESS)),
        ),
        Advice(
            "근거가 있는데 '확인 필요'라고 한 질문",
            "문서가 묻는 것(금액, 기간, 장소)을 분명한 문장으로 말하는지 보세요.",
            tuple(
                Item(each.question.question, ", ".join(_title(name, documents) for name in each.question.documents))
                for each in _first(cases, Fault.WRONGLY_REFUSED)
            ),
        ),
    )
    return [each for each in lists if each.items]


def _missed(cases: Sequence[Case], documents: Mapping[str, RightDocument]) -> Iterator[Item]:
    asked: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    instead: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        for name in case.question.documents:
            asked[name] += 1
            if case.fault in _MISSED:
                missed[name] += 1
                instead[name].update(case.result.ranked[:1])
    for name, count in missed.most_common(MOST):
        (other, _), *_rest = instead[name].most_common(1) or [("없음", 0)]
        found = f"질문 {asked[name]}개 가운데 {count}개에서 놓침 · 대신 나온 문서: {_title(other, documents)}"
        yield Item(_title(name, documents), found, name)


def _without_faq(cases: Sequence[Case], documents: Mapping[str, RightDocument]) -> Iterator[Item]:
    by_category: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.question.answerable and case.question.category:
            by_category[case.question.category].append(case)
    failing = [
        (sum(case.fault is not None for case in of_it) / len(of_it), category, of_it)
        for category, of_it in by_category.items()
        if len(of_it) >= FEWEST_QUESTIONS and not _has_faq(of_it, documents)
    ]
    for share, category, of_it in sorted(failing, key=lambda each: (-each[0], each[1]))[:MOST]:
        if share >= FAILING_SHARE:
            yield Item(category, f"질문 {len(of_it)}개 가운데 {share:.0%}가 틀림 · 정답 문서에 FAQ 없음")


def _has_faq(cases: Sequence[Case], documents: Mapping[str, RightDocument]) -> bool:
    right = {name for case in cases for name in case.question.documents}
    return any(name in documents and documents[name].kind is Kind.FAQ for name in right)


def _stale(cases: Sequence[Case], documents: Mapping[str, RightDocument]) -> Iterator[Item]:
    names = Counter(name for case in cases if case.fault is Fault.STALE for name in case.question.documents)
    for name, count in names.most_common(MOST):
        if name in documents:
            known = documents[name]
            period = f"{known.effective_from or ''} – {known.effective_to or ''}"
            yield Item(known.title, f"유효 기간 {period} · 질문 {count}개", name)


def _named(cases: Sequence[Case], fault: Fault) -> Iterator[Item]:
    names = Counter(name for case in cases if case.fault is fault for name in case.question.documents)
    return (Item(name, f"질문 {count}개") for name, count in names.most_common(MOST))


def _first(cases: Sequence[Case], fault: Fault) -> list[Case]:
    return [case for case in cases if case.fault is fault][:MOST]


def _said(case: Case) -> str:
    return case.result.answer.text if case.result.answer else ""


def _title(name: str, documents: Mapping[str, RightDocument]) -> str:
    return documents[name].title if name in documents else name
