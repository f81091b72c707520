"""Fit ``assistant.answering.confidence``: ``python -m eval.fitting.confidence HOME MODEL ANSWERABLE UNANSWERABLE``.

A logistic regression of whether a hit's document answers the question, over the signals the confidence has. HOME's
index, built with the embedding MODEL, lacks the documents that would answer the UNANSWERABLE questions. ANSWERABLE ones
are each asked twice, the second time with their own documents hidden, so that what answers nothing is learnt from as
many questions. Prints, for services that the constants have not seen, how well the surest of the five hits shown tells
the two files apart, then the constants to copy.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant.answering.assistant import SEARCHED, SHOWN
from assistant.answering.confidence import LEAD_WEIGHT, LEFT_OUT_WEIGHT, ranked
from eval.metrics.auroc import auroc
from eval.questions import dataset
from eval.questions.question import Question
from indexing.embedding.embedder import Embedder
from indexing.embedding.model import EmbeddingModel
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.presence import Presence
from indexing.retrieval.search import SearchService
from indexing.snapshots.snapshot import Snapshot
from knowledge_base.home import Home

MOST = 1700  # answerable questions
FOLDS = 5
REFUSED = 0.1  # of the answerable

Floats = NDArray[np.float64]


class Hidden(Presence):
    """Shows a snapshot without some of its documents."""

    documents: Collection[str] = ()

    def gone(self, snapshot: Snapshot) -> frozenset[int]:
        """The places of these documents."""
        return snapshot.absent(lambda document: document not in self.documents)


class Hiding(SearchService):
    """A search that can do as if documents did not exist."""

    def __init__(self, home: Home, embedder: Embedder, analyzer: Analyzer) -> None:
        super().__init__(home, embedder, analyzer)
        self._presence = self.hidden = Hidden(home)


class Rows(NamedTuple):
    """Hits: their signals (share, compounds, closeness), what speaks against them (at weights that are kept), whether
    they answer, of which question (a number), and of which service (a name)."""

    signals: Floats
    against: Floats
    answers: Floats
    questions: NDArray[np.int64]
    services: NDArray[np.str_]


def rows(questions: Sequence[tuple[Question, bool]], searcher: Hiding) -> Rows:
    """The hits shown for each question; with True its own documents are hidden."""

    def found() -> Iterator[tuple[list[float], float, bool, int, str]]:
        for number, (question, hides) in enumerate(questions):
            searcher.hidden.documents = question.documents if hides else ()
            result = searcher.search(question.question, k=SEARCHED)
            hits = ranked(result.hits, question.question)[:SHOWN]
            for hit in hits:
                answers = question.answerable and not hides and hit.document.id in question.documents
                service = question.documents[0] if question.documents else question.id
                against = LEFT_OUT_WEIGHT * hit.left_out - LEAD_WEIGHT * hit.lead
                yield [hit.share, hit.compounds, hit.closeness], against, answers, number, service

    signals, against, answers, numbers, services = zip(*found(), strict=True)
    return Rows(*(np.array(column) for column in (signals, against, answers, numbers, services)))


def fitted(signals: Floats, against: Floats, answers: Floats) -> Floats:
    """The weights of the signals and, last, the bias."""
    centre, scale = signals.mean(axis=0), signals.std(axis=0)
    wide = np.c_[(signals - centre) / scale, np.ones(len(signals))]
    signs = 2 * answers - 1

    def loss(values: Floats) -> tuple[float, Floats]:
        margin = signs * (wide @ values - against)
        slope = wide.T @ (-signs / (1 + np.exp(margin))) + np.append(values[:-1], 0)
        return float(np.logaddexp(0, -margin).sum() + 0.5 * (values[:-1] ** 2).sum()), slope

    values = minimize(loss, np.zeros(wide.shape[1]), jac=True, method="L-BFGS-B").x
    weights = values[:-1] / scale
    return np.append(weights, values[-1] - weights @ centre)


def surest(data: Rows, values: Floats) -> Floats:
    """The confidence in the surest hit of each question, in the order of the questions."""
    odds = data.signals @ values[:-1] + values[-1] - data.against
    best = np.full(data.questions.max() + 1, -np.inf)
    np.maximum.at(best, data.questions, odds)
    return np.asarray(1 / (1 + np.exp(-best)))


def study(known: Rows, unknown: Rows, asked: NDArray[np.bool_]) -> None:
    """Print what is reached on unseen services; ``asked`` are the questions with an answer."""
    services = np.unique(known.services)
    folds = np.random.default_rng(0).permutation(len(services)) % FOLDS
    part = folds[np.searchsorted(services, known.services)]
    sure = np.zeros(len(asked))
    for fold in range(FOLDS):
        learnt = part != fold
        values = fitted(known.signals[learnt], known.against[learnt], known.answers[learnt])
        mine = np.unique(known.questions[~learnt])
        sure[mine] = surest(known, values)[mine]
    values = fitted(known.signals, known.against, known.answers)
    doubtful = surest(unknown, values)
    threshold = float(np.quantile(sure[asked], REFUSED))
    typer.echo(f"AUROC {auroc(sure[asked].tolist(), doubtful.tolist()):.3f}")
    typer.echo(f"{(doubtful < threshold).mean():.1%} refused below {threshold:.3f}, where {REFUSED:.0%} are wrongly")
    typer.echo(f"weights and bias: {', '.join(f'{value:.3g}' for value in values)}")


def fit(
    home: Annotated[Path, typer.Argument(help="답이 될 문서를 뺀 색인이 있는 폴더")],
    model: Annotated[Path, typer.Argument(help="임베딩 모델 폴더")],
    answerable: Annotated[Path, typer.Argument(help="답이 있는 질문 파일")],
    unanswerable: Annotated[Path, typer.Argument(help="답이 없는 질문 파일")],
) -> None:
    """Ask, fit, report."""
    searcher = Hiding(Home(home), EmbeddingModel(str(model)), Analyzer())
    there = {*searcher.snapshot().layout.ids}
    indexed = [each for each in dataset.load(answerable).questions if there.issuperset(each.documents)]
    chosen = np.random.default_rng(0).permutation(len(indexed))[:MOST]
    twice = [(indexed[number], hides) for number in chosen for hides in (False, True)]
    known = rows(twice, searcher)
    unknown = rows([(question, False) for question in dataset.load(unanswerable).questions], searcher)
    asked = np.array([not hides for _, hides in twice])
    study(known, unknown, asked)


if __name__ == "__main__":
    typer.run(fit)
