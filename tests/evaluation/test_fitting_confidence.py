"""Fitting the weights of the confidence: on hits made up, and on a small index asked with documents hidden."""

from pathlib import Path

import numpy as np
import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer

from eval.fitting.confidence import Hiding, Rows, fitted, rows, study, surest
from eval.questions.question import Question
from indexing.building.build import build
from knowledge_base.home import Home
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore

WEIGHTS = np.array([4.0, 2.0, 8.0, -9.0])


def made_up(count: int, answerable: bool) -> Rows:
    """Five hits a question of five services; whether one answers is drawn by the odds of WEIGHTS."""
    random = np.random.default_rng(count)
    signals = random.uniform(size=(5 * count, 3)) * (1 if answerable else 0.6)
    against = random.integers(0, 2, 5 * count) * 0.75
    odds = signals @ WEIGHTS[:-1] + WEIGHTS[-1] - against
    answers = (random.uniform(size=5 * count) < 1 / (1 + np.exp(-odds))).astype(float)
    questions = np.repeat(np.arange(count), 5)
    return Rows(signals, against, answers, questions, (questions % 5).astype(str))


def test_the_weights_that_made_the_answers_are_found() -> None:
    data = made_up(4000, answerable=True)
    assert fitted(data.signals, data.against, data.answers) == pytest.approx(WEIGHTS, abs=0.5)


def test_the_surest_hit_speaks_for_a_question() -> None:
    signals = np.array([[0.1], [0.9], [0.5]])
    data = Rows(signals, np.array([0.0, 0.0, 1.5]), np.zeros(3), np.array([0, 0, 1]), np.array(["a", "a", "b"]))
    first, second = surest(data, np.array([2.0, -1.0]))
    assert first == pytest.approx(1 / (1 + np.exp(-0.8)))
    assert second == pytest.approx(1 / (1 + np.exp(1.5)))


def test_the_report_says_what_unseen_services_give(capsys: pytest.CaptureFixture[str]) -> None:
    study(made_up(500, answerable=True), made_up(300, answerable=False), np.ones(500, dtype=bool))
    auroc, refused, weights = capsys.readouterr().out.splitlines()
    assert 0.7 < float(auroc.removeprefix("AUROC ")) < 1
    assert "where 10% are wrongly" in refused
    assert len(weights.split(",")) == 4


def test_a_hidden_document_answers_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "a.txt").write_text("수영장 요금은 삼천 원", encoding="utf-8")
    (folder / "b.txt").write_text("도서관 회원증 발급", encoding="utf-8")
    home = Home(tmp_path / "home")
    home.create()
    import_path(KnowledgeStore(home.knowledge), folder)
    embedder, analyzer = HashingEmbedder(), WordAnalyzer()
    build(home, embedder, analyzer)
    asked = Question(
        id="1", question="수영장 요금", answer="", documents=("a.txt",), answerable=True, category="", on=None
    )
    found = rows([(asked, False), (asked, True)], Hiding(home, embedder, analyzer))
    assert found.questions.tolist() == [0, 0, 1]
    assert sorted(found.answers) == [0, 0, 1]
    assert found.answers[found.questions == 1].tolist() == [0]
    assert set(found.services) == {"a.txt"}
