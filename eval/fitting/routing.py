"""Fit the classifier of routed questions: ``python -m eval.fitting.routing MODEL [QUESTIONS.jsonl]…``.

Learns from the tuning half of ``eval/data/routing_ko.jsonl``, the questions of the sample's FAQs and whatever question
files are given as questions that documents answer. Writes ``assistant/routing/weights.json``, which is for the
embedding model in the folder MODEL (``var/models/…``) alone, and says how many it finds of the reporting half, and of
the questions as callers say them.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.routing.classifier import MIN_PROBABILITY, WEIGHTS, Route, features
from eval.questions import dataset
from indexing.embedding.model import EmbeddingModel
from knowledge_base.document import Kind
from knowledge_base.imports.reading import read

LABELLED = Path(__file__).parents[1] / "data" / "routing_ko.jsonl"
SAMPLE = Path(__file__).parents[2] / "knowledge_base" / "sample"
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
    asked = [*labelled("tuning"), *((question, 0) for question in answerable(files or []))]
    vectors = _vectors(embedder, [question for question, _ in asked])
    centre = vectors.mean(axis=0)
    found = fitted(vectors - centre, np.array([label for _, label in asked]))
    weights = found[:, :-1]
    bias = found[:, -1] - weights @ centre
    for half in ("reporting", "spoken"):
        questions, labels = zip(*labelled(half), strict=True)
        told, right = routed(_vectors(embedder, questions) @ weights.T + bias), np.array(labels)
        shares = (
            f"{name or 'none'} {(told[right == n] == n).sum()}/{(right == n).sum()}" for n, name in enumerate(NAMES)
        )
        typer.echo(f"{half}: {', '.join(shares)}")
    content = {
        "model": embedder.name,
        "routes": NAMES,
        "rows": weights.round(2).tolist(),
        "bias": bias.round(2).tolist(),
    }
    WEIGHTS.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")


def labelled(half: str) -> list[tuple[str, int]]:
    """The questions of one part (tuning, reporting, spoken) with the places of their routes in NAMES."""
    rows = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
    return [(row["question"], NAMES.index(row["route"] or "")) for row in rows if row["half"] == half]


def routed(odds: Floats) -> NDArray[np.int64]:
    """The place in NAMES of the route each question is given, 0 where none is likely enough."""
    chances = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    return np.where(1 - chances[:, 0] >= MIN_PROBABILITY, 1 + chances[:, 1:].argmax(axis=1), 0)


def _vectors(embedder: EmbeddingModel, questions: Sequence[str]) -> Floats:
    return np.stack([features(question, embedder.embed_query(question)) for question in questions]).astype(float)


if __name__ == "__main__":
    typer.run(fit)
