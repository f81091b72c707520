"""Fit the classifier of routed questions: ``python -m eval.fit_routing MODEL [QUESTIONS.jsonl]…``.

Learns from the tuning half of ``eval/data/routing_ko.jsonl``, the questions of the sample's FAQs and whatever question
files are given as questions that documents answer. Writes ``assistant/routing_weights.json``, which is for the
embedding model in the folder MODEL (``var/models/…``) alone, and says how many of the reporting half it finds.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.routing import MIN_PROBABILITY, WEIGHTS, Route
from eval import dataset
from indexing.embedding_model import EmbeddingModel
from knowledge_base.document import Kind
from knowledge_base.reading import read

LABELLED = Path(__file__).parent / "data" / "routing_ko.jsonl"
SAMPLE = Path(__file__).parents[1] / "knowledge_base" / "sample"
STRENGTH = 30.0  # of the questions against the ridge on the weights
MOST = 500  # questions taken of each file

Floats = NDArray[np.float64]
NAMES = ["", *Route]


def fitted(vectors: Floats, labels: NDArray[np.int64]) -> Floats:
    """The weights, one row a class, the bias in the last column."""
    wide = np.c_[vectors, np.ones(len(vectors))]
    right = np.eye(len(NAMES))[labels]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(len(NAMES), -1)
        odds = wide @ weights.T
        chances = np.exp(odds - odds.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        value = -STRENGTH * np.log((chances * right).sum(axis=1)).sum() + 0.5 * (weights[:, :-1] ** 2).sum()
        slope = STRENGTH * (chances - right).T @ wide
        slope[:, :-1] += weights[:, :-1]
        return value, slope.ravel()

    found = minimize(loss, np.zeros(len(NAMES) * wide.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 2000})
    weights: Floats = found.x.reshape(len(NAMES), -1)
    return weights


def answerable(files: Sequence[Path]) -> list[str]:
    """Questions that documents answer: those of the sample's FAQs and of question files."""
    tables = (read(path, path.name).documents for path in sorted((SAMPLE / "faq").glob("*.csv")))
    titles = [document.title for documents in tables for document in documents if document.kind is Kind.FAQ]
    return titles + [each.question for file in files for each in dataset.load(file).questions[:MOST]]


def fit(
    model: Annotated[Path, typer.Argument(help="임베딩 모델 폴더")],
    files: Annotated[list[Path] | None, typer.Argument(help="답이 있는 질문 파일")] = None,
) -> None:
    """Fit, report, write."""
    embedder = EmbeddingModel(str(model))
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    tuning = [row for row in rows if row["half"] == "tuning"]
    known = answerable(files or [])
    asked = [row["question"] for row in tuning] + known
    vectors = np.stack([embedder.embed_query(text) for text in asked]).astype(float)
    labels = np.array([NAMES.index(row["route"] or "") for row in tuning] + [0] * len(known))
    centre = vectors.mean(axis=0)
    weights = fitted(vectors - centre, labels)
    bias = weights[:, -1] - weights[:, :-1] @ centre
    reporting = [row for row in rows if row["half"] == "reporting"]
    odds = np.stack([embedder.embed_query(row["question"]) for row in reporting]) @ weights[:, :-1].T + bias
    chances = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    told = np.where(1 - chances[:, 0] >= MIN_PROBABILITY, 1 + chances[:, 1:].argmax(axis=1), 0)
    right = np.array([NAMES.index(row["route"] or "") for row in reporting])
    for number, name in enumerate(NAMES):
        typer.echo(
            f"{name or 'none'}: {int(((told == number) & (right == number)).sum())}/{int((right == number).sum())}"
        )
    content = {
        "model": embedder.name,
        "routes": NAMES,
        "rows": weights[:, :-1].round(2).tolist(),
        "bias": bias.round(2).tolist(),
    }
    WEIGHTS.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(fit)
