"""Training an embedding model on the knowledge base, with a small random model."""

from pathlib import Path

import numpy as np
import pytest
import tiny_models
from hashing_embedder import WordAnalyzer
from sentence_transformers import SentenceTransformer

from indexing.building import contents
from indexing.embedding import model_folder
from indexing.embedding.model import EmbeddingModel
from indexing.lexical.tokens import Analyzer
from indexing.snapshots.chunks import Entry
from indexing.training import fine_tuning
from indexing.training.fine_tuning import train
from indexing.training.learner import Learner
from indexing.training.pairs import LONGEST, Pair, PairMaker
from knowledge_base.document import Document, Kind
from knowledge_base.errors import IndexingError, ModelUnavailable

MEAN = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}
SYLLABLES = tiny_models.LETTERS[:14]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_models.write(tmp_path / "models" / "tiny", MEAN, prompts={"query": "여 ", "passage": "서 "})


def entries(count: int) -> list[Entry]:
    """Each document speaks of two syllables of its own."""

    def document(n: int) -> Document:
        a, b = SYLLABLES[n % 14], SYLLABLES[(n * 5 + n // 14 + 1) % 14]
        text = f"{a}{b} {b}{a} {a}{a} 신청 {b} 서류.\n발급 {a} 수수료 {b}{b} 여권 {a}.\n{a}{b} 신청 {a} 여권 {b}인가요?"
        return Document(id=f"{n:02}", kind=Kind.NOTICE, title=f"{a} {b} 여권", text=text)

    return list(contents.entries(document(n) for n in range(count)))


def test_pairs_are_the_same_for_the_same_seed_and_answered_by_their_document() -> None:
    made = PairMaker(entries(25), WordAnalyzer(), seed=3).pairs(200)
    assert made == PairMaker(entries(25), WordAnalyzer(), seed=3).pairs(200)
    assert made != PairMaker(entries(25), WordAnalyzer(), seed=4).pairs(200)
    titles = {entry.document.id: entry.titles for entry in entries(25)}
    assert len(made) == 200
    assert all(pair.passage.startswith(titles[pair.document]) for pair in made)
    assert all(0 < len(pair.question) <= LONGEST for pair in made)
    assert len({pair.question for pair in made}) > 100


def test_mostly_the_passage_does_not_repeat_the_question(analyzer: Analyzer) -> None:
    asked = [pair for pair in PairMaker(entries(25), analyzer, seed=3).pairs(300) if pair.question.endswith("인가요?")]
    said = [pair.question in pair.passage for pair in asked]
    assert 0 < sum(said) < len(said) / 3


def test_a_better_model_is_written_beside_the_old_one(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "indexing.training.learner.RATE", 0.01
    )  # as small a model learns nothing at the rate of a real one
    steps: list[int] = []
    done = train(model, entries(40), WordAnalyzer(), steps=25, progress=lambda stage, done, total: steps.append(done))
    assert done.after > done.before
    assert steps == list(range(1, 26))
    assert sorted(path.name for path in model.parent.iterdir()) == [model.name, done.folder.name]
    assert EmbeddingModel(str(done.folder)).name != EmbeddingModel(str(model)).name
    assert model_folder.recipe(done.folder) == model_folder.recipe(model)  # it will be run in the same way
    trained, old = (
        SentenceTransformer(str(folder), device="cpu", local_files_only=True).encode("여권 신청")
        for folder in (done.folder, model)
    )
    assert not np.allclose(trained, old, atol=0.01)


def test_a_model_that_is_no_better_is_not_kept(model: Path) -> None:
    with pytest.raises(IndexingError, match="더 낫지 않아"):
        train(model, entries(25), WordAnalyzer(), steps=0)
    assert list(model.parent.iterdir()) == [model]


def test_what_is_stopped_leaves_nothing_behind(model: Path) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(model, entries(25), WordAnalyzer(), steps=1, progress=stop)
    assert list(model.parent.iterdir()) == [model]


def test_few_documents_are_refused(model: Path) -> None:
    with pytest.raises(IndexingError, match="문서가 19개뿐"):
        train(model, entries(fine_tuning.FEWEST - 1), WordAnalyzer())


def test_a_model_that_cannot_learn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="학습할 수 없는"):
        train(tmp_path, entries(25), WordAnalyzer())


def test_questions_that_share_a_passage_come_nearer_to_it(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexing.training.learner.RATE", 0.01)
    learner = Learner(model, 10)
    passages = ["여권 신청 서류", "발급 수수료"]
    pairs = [Pair("여권", passages[0], "a"), Pair("서류", passages[0], "a"), Pair("수수료", passages[1], "b")]

    def margin() -> float:
        """How much nearer the first two are to their passage than to the other."""
        likeness = learner.questions(["여권", "서류"]) @ learner.passages(passages).T
        return float((likeness[:, 0] - likeness[:, 1]).min())

    before = margin()
    for _ in range(10):
        learner.learn(pairs)
    assert margin() > before + 0.01
