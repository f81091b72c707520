"""The LLM judge: what it says, and that what cannot be read counts against the answer."""

from collections.abc import Callable, Sequence

import pytest
from hashing_embedder import WordAnalyzer
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from assistant.events import Status
from assistant.llm.deadline import Limits
from assistant.llm.language_model import LanguageModel
from assistant.settings import Settings
from eval.examination.examiner import Examiner
from eval.examination.grading import Grader
from eval.examination.judge import LLMJudge, llm_judge, opinion
from eval.questions.question import Question
from eval.runs.summary import metrics
from knowledge_base.errors import EvaluationError


@pytest.mark.parametrize(
    ("reply", "score"),
    [
        ('{"score": 2, "reason": "같습니다."}', 1.0),
        ('```json\n{"score": 0, "reason": "금액이 다릅니다."}\n```', 0.0),
        ('{참고} {"score": 1}', 0.5),  # the first that can be read
        ('{"score": 3, "reason": "?"}', None),  # no such score
        ('{"score": "2"}', None),
        (f'{{"score": {"9" * 5000}}}', None),
        (f'{{"score": {"[" * 100_000}}}', None),
        ("맞는 답변입니다.", None),
        ("", None),
    ],
)
def test_a_reply_is_read_or_counted(reply: str, score: float | None) -> None:
    assert opinion(reply).score == score
    assert score is not None or opinion(reply).reason.startswith("심사를 읽을 수 없습니다")


def judging(replies: Sequence[str]) -> LLMJudge:
    model = GenericFakeChatModel(messages=iter([AIMessage(content=each) for each in replies]))
    return LLMJudge(LanguageModel("judge", lambda: model, Limits(5, 5)))


def test_what_cannot_be_read_stays_in_the_denominator(
    ask: Callable[..., Question], searcher: Callable[..., object], assistant: Callable[..., object]
) -> None:
    questions = [ask(f"질문{n}?", "요금", answer="3만원") for n in range(4)] + [ask("날씨?")]
    script = {each.question: (Status.EXTRACTIVE, "3만원입니다.") for each in questions}
    script["질문3?"] = (Status.ABSTAINED, "")  # nothing to judge: 0
    search = searcher({each.question: ["요금"] for each in questions})
    judge = judging(['{"score": 2, "reason": "같습니다."}', "글쎄요.", '{"score": 1, "reason": "모자랍니다."}'])
    examiner = Examiner(search, assistant(script), Grader(WordAnalyzer(), judge), "eval")  # type: ignore[arg-type]
    results = [examiner.examine(each) for each in questions]
    report = metrics(questions, results)["answers"]
    assert report["judge"] == (1 + 0 + 0.5 + 0) / 4
    assert report["judge_unread"] == 1
    first = results[0].answer
    assert first is not None
    assert first.judgement is not None
    assert (first.judgement.score, first.judgement.reason) == (1.0, "같습니다.")


def test_a_judge_that_is_down_is_counted_too(ask: Callable[..., Question]) -> None:
    def closed() -> GenericFakeChatModel:
        raise ConnectionError("gone")

    found = LLMJudge(LanguageModel("judge", closed, Limits(5, 5))).judge(ask("요금?", "요금", answer="3만원"), "3만원")
    assert found.score is None
    assert found.reason.endswith(".")


def test_without_an_endpoint_the_settings_are_named() -> None:
    with pytest.raises(EvaluationError, match="ONNURI_JUDGE_BASE_URL"):
        llm_judge(Settings())
    assert isinstance(llm_judge(Settings(judge_base_url="http://127.0.0.1:9/v1", judge_model="m")), LLMJudge)
