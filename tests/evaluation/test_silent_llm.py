"""An LLM that is down does not stop a run, and the run does not pass for one of that LLM."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hashing_embedder import WordAnalyzer

from assistant.answering.assistant import Searches
from assistant.events import FinalEvent, Status, SuggestionEvent
from eval.examination.answers import Suggests
from eval.examination.examiner import Examiner, examined
from eval.examination.grading import Grader
from eval.examination.result import Result
from eval.qa_panel.desk import Opened
from eval.qa_panel.run_view import run_html
from eval.qa_panel.state import CaseQuery, RunPart
from eval.questions.question import Question
from eval.report.report import render, report
from eval.runs.progress import shown
from eval.runs.store import Record
from eval.runs.terminal import show

Ask = Callable[..., Question]


@dataclass
class Failing:
    """The LLM gives up on every question but those of ``answered``: the evidence's own sentences are shown."""

    inner: Suggests
    answered: frozenset[str] = frozenset()

    def suggest(self, question: str, *, call: str, on: date | None = None) -> Iterator[SuggestionEvent]:
        for event in self.inner.suggest(question, call=call, on=on):
            gave_up = isinstance(event, FinalEvent) and question not in self.answered
            yield event.model_copy(update={"model": ""}) if gave_up else event


@pytest.fixture
def run(
    ask: Ask, assistant: Callable[..., Suggests], searcher: Callable[..., Searches], record: Callable[..., Record]
) -> Callable[[int], Record]:
    """A run of six questions, watched as in a terminal, of which the LLM answers as many as given."""

    def held(answered: int) -> Record:
        questions = [ask(f"질문 {n}?", "요금") for n in range(6)]
        names = [each.question for each in questions]
        script = assistant(dict.fromkeys(names, (Status.EXTRACTIVE, "발췌")))
        asked = Failing(script, frozenset(names[len(names) - answered :]))
        examiner = Examiner(
            searcher({name: ["요금"] for name in names}), asked, Grader(WordAnalyzer(), llm=True), "eval"
        )
        results: list[Result] = list(shown(examined(questions, examiner, 1), len(questions)))
        return record(questions, results)

    return held


def test_a_run_says_once_that_its_llm_answers_few(
    run: Callable[[int], Record], capsys: pytest.CaptureFixture[str]
) -> None:
    run(0)
    said = capsys.readouterr().err
    assert said.count("주의:") == 1
    assert "3개 가운데 0개만 LLM이 답해" in said
    assert "onnuri doctor" in said


def test_what_is_kept_of_the_run_says_so_too(
    run: Callable[[int], Record], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    record = run(2)
    content = report(record, None)
    assert content.warning
    assert "33%만 LLM이 답하고" in content.warning
    assert "onnuri doctor" in content.warning
    assert f'role="alert">{content.warning.replace(chr(39), "&#39;")}</p>' in render(content)
    opened = run_html(Opened(record, (), None, content), (), (), RunPart.SUMMARY, CaseQuery(), "")
    assert "이 점수는 LLM의 점수가 아닙니다" in opened
    assert not [each for each in content.sentences if "발췌로 답했습니다" in each]  # said once
    capsys.readouterr()
    show(record.run, tmp_path)
    assert "LLM의 점수가 아닙니다" in " ".join(capsys.readouterr().out.split())


def test_an_llm_that_answers_half_is_measured(run: Callable[[int], Record], capsys: pytest.CaptureFixture[str]) -> None:
    content = report(run(3), None)
    assert content.warning is None
    assert any("50.0%는 LLM이 제때 답하지 못해" in each for each in content.sentences)
    assert "warning" not in render(content).split("</style>")[1]
