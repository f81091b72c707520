"""The gate against planted regressions of the real search and the real assistant, and against mere noise."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hashing_embedder import NearEmbedder, WordAnalyzer
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from assistant.answering.assistant import Assistant
from assistant.events import Transfer
from assistant.llm import prompt
from assistant.llm.deadline import Limits
from assistant.llm.language_model import LanguageModel
from eval.examination.examiner import Examiner
from eval.examination.grading import Grader
from eval.examination.result import Result
from eval.questions.question import Question
from eval.runs.comparison import Comparison, compare
from eval.runs.gate import checks, floor
from eval.runs.pinned import PinnedSearch
from eval.runs.store import Record
from indexing.building.build import build
from indexing.retrieval import fusion
from indexing.retrieval.search import SearchService
from indexing.snapshots import life_cycle
from knowledge_base.document import Document, Kind
from knowledge_base.errors import NoSnapshot, SnapshotMismatch
from knowledge_base.home import Home
from knowledge_base.storage.store import KnowledgeStore

Recorded = Callable[..., Record]
N = 60
KINDS = ("수수료", "감면", "신청", "환불", "기한", "장소")


def _name(number: int) -> str:
    """A made-up service; names differ by the order of the same few letters, so letters alone do not tell them apart."""
    letters = list("가나다라마바사")
    random.Random(number).shuffle(letters)
    return "".join(letters)


def _document(number: int) -> Document:
    name, kind = _name(number), KINDS[number % len(KINDS)]
    text = f"{name} {kind} 금액은 {number + 1},000원입니다. {name} 문의는 주민센터 창구입니다."
    return Document(id=f"{number}.md", kind=Kind.NOTICE, title=f"{name} {kind}", text=text, department="민원과")


DOCUMENTS = [_document(number) for number in range(N)]
QUESTIONS = [
    Question(
        id=f"q{number}",
        question=f"{each.title} 금액은 얼마인가요?",
        answer=f"{number + 1},000원",
        documents=(each.id,),
        answerable=True,
        category=KINDS[number % len(KINDS)],
    )
    for number, each in enumerate(DOCUMENTS)
]


def index(home: Home, documents: Sequence[Document]) -> str:
    files = {each.id: [each] for each in documents}
    KnowledgeStore(home.knowledge).replace_files("tests", files, kept=())
    return build(home, NearEmbedder(), WordAnalyzer(), accept=True).id


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    home.create()
    index(home, DOCUMENTS)
    return home


class Reader(BaseChatModel):
    """Says the first sentence of the first piece of evidence in its prompt; without any it invents a price."""

    @property
    def _llm_type(self) -> str:
        return "reader"

    def _reply(self, messages: list[BaseMessage]) -> str:
        evidence = str(messages[-1].content).split("[질문]")[0]
        _, _, found = evidence.partition("[1] ")
        return found.rpartition(": ")[2].split(". ")[0].strip() + "." if found else "수수료 금액은 999,000원입니다."

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self._reply(messages)))])

    def _stream(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> Any:
        yield ChatGenerationChunk(message=AIMessageChunk(self._reply(messages)))


@pytest.fixture
def run(record: Recorded) -> Callable[..., Record]:
    """Examines the questions over a home; with the LLM only when asked for."""

    def made(home: Home, *, llm: bool = False, questions: Sequence[Question] = QUESTIONS, name: str = "r") -> Record:
        search, words = SearchService(home, NearEmbedder(), WordAnalyzer()), WordAnalyzer()
        model = LanguageModel("reader", Reader, Limits(5, 5)) if llm else None
        fallback = Transfer(department="민원과", phone="061-749-3114")
        assistant = Assistant(search, words, fallback, model) if llm else None
        examiner = Examiner(search, assistant, Grader(words), "eval")
        return record(questions, [examiner.examine(each) for each in questions], DOCUMENTS, name)

    return made


def lost(comparison: Comparison) -> set[str]:
    """The scores for which the gate fails."""
    return {each.name.split(" ")[0] for each in checks(comparison.current, (), comparison) if not each.passed}


def test_a_fusion_that_counts_words_against_a_chunk_is_caught(
    home: Home, run: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    baseline = run(home)
    monkeypatch.setattr(fusion, "BM25_WEIGHT", -0.35)
    monkeypatch.setattr(fusion, "BM25_BESIDE_TOKENS", -0.29)
    comparison = compare(baseline, run(home))
    assert {"recall@1", "mrr@10"} <= lost(comparison)
    assert comparison.differences["recall@1"].paired.after < comparison.differences["recall@1"].paired.before


def test_a_truncated_index_is_caught(home: Home, run: Callable[..., Record], tmp_path: Path) -> None:
    truncated = Home(tmp_path)
    truncated.create()
    index(truncated, DOCUMENTS[: N * 3 // 4])
    assert {"recall@1", "recall@5", "mrr@10"} <= lost(compare(run(home), run(truncated)))


def test_a_prompt_without_evidence_is_caught_though_the_checker_hides_it_from_citizens(
    home: Home, run: Callable[..., Record], monkeypatch: pytest.MonkeyPatch
) -> None:
    baseline = run(home, llm=True)
    monkeypatch.setattr(prompt, "evidence_block", lambda evidence: "")
    blind = run(home, llm=True)
    assert baseline.run.metrics["answers"]["kept_sentences"] > 0.9  # type: ignore[index]
    assert blind.run.metrics["answers"]["kept_sentences"] == 0.0  # type: ignore[index]
    assert lost(compare(baseline, blind)) == {"kept_sentences"}


@pytest.mark.parametrize("seed", range(5))
def test_another_sample_of_the_same_system_is_not_caught(home: Home, run: Callable[..., Record], seed: int) -> None:
    baseline = run(home, questions=random.Random(0).sample(QUESTIONS, 40))
    again = run(home, questions=random.Random(seed).sample(QUESTIONS, 40))
    comparison = compare(baseline, again)
    assert len(comparison.changes) >= 20
    assert lost(comparison) == set()


def test_noise_is_caught_no_more_often_than_said(record: Recorded, result: Callable[..., Result]) -> None:
    def noisy(seed: int) -> Record:
        draw = random.Random(seed)
        names = ("recall@1", "recall@5", "mrr@10", "fact_recall", "citation_recall")
        results = [result(each.id, scores={name: float(draw.random() < 0.8) for name in names}) for each in QUESTIONS]
        return record(QUESTIONS, results)

    caught = sum(bool(lost(compare(noisy(2 * seed), noisy(2 * seed + 1)))) for seed in range(20))
    assert caught <= 2  # 5 % of 20 sets of tests err, half of them towards a gain


def test_a_snapshot_that_is_not_served_can_be_searched(home: Home) -> None:
    served = life_cycle.current_id(home)
    pinned = PinnedSearch(home, NearEmbedder(), WordAnalyzer(), served)
    newest = index(home, DOCUMENTS[:5])
    try:
        assert SearchService(home, NearEmbedder(), WordAnalyzer()).search("금액", k=1).snapshot == newest
        assert pinned.search("금액", k=1).snapshot == served
    finally:
        index(home, DOCUMENTS)
    with pytest.raises(NoSnapshot):
        PinnedSearch(home, NearEmbedder(), WordAnalyzer(), "20000101-000000-000000")
    with pytest.raises(SnapshotMismatch, match="ONNURI_EMBEDDING_MODEL"):
        PinnedSearch(home, NearEmbedder("other"), WordAnalyzer(), served)


def test_a_missed_floor_names_what_was_found(record: Recorded, result: Callable[..., Result]) -> None:
    scores = [{"recall@5": 1.0, "false_alarm": 1.0}, {"recall@5": 0.0, "false_alarm": 0.0}]
    run = record(QUESTIONS[:2], [result(f"q{n}", scores=each) for n, each in enumerate(scores)])
    floors = [floor(text) for text in ("recall@5=.5", "recall@5=.9", "false_alarm=.2", "judge=.1")]
    found = checks(run, floors, None)
    assert [each.passed for each in found] == [True, False, False, False]
    assert found[1].sentence == "정답 문서가 5위 안(recall@5) 0.500, 최저 기준 0.900"
    assert found[2].sentence == "잘못된 확인 필요(false_alarm) 0.500, 최고 기준 0.200"
    assert found[3].sentence.startswith("judge을(를) 재지 못했습니다.")


def test_runs_without_a_common_question_are_refused(record: Recorded, result: Callable[..., Result]) -> None:
    other = replace(QUESTIONS[0], question="같은 id의 다른 질문")
    from knowledge_base.errors import EvaluationError

    with pytest.raises(EvaluationError, match="같은 질문이 없습니다"):
        compare(record(QUESTIONS[:1], [result("q0")]), record([other], [result("q0")]))
