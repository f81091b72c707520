"""The admin's golden questions: what an index must find before it is served."""

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from indexing.embedding.embedder import Embedder
from indexing.lexical.tokens import Analyzer
from indexing.retrieval.ranking import ask
from indexing.snapshots.engine import Scope
from indexing.snapshots.snapshot import Snapshot
from indexing.stage_clock import StageClock
from knowledge_base.document import Document
from knowledge_base.errors import DocumentNotFound, GoldenQuestionsLost, IndexingError
from knowledge_base.home import Home
from knowledge_base.storage.database import KnowledgeFile
from knowledge_base.storage.store import KnowledgeStore

TOP = 5  # one of a question's documents must be among the hits that an agent sees first


class GoldenQuestion(NamedTuple):
    """A question and the ids of the documents any one of which is right."""

    question: str
    documents: tuple[str, ...]


class Lost(NamedTuple):
    """A golden question that an index fails, and the documents it finds instead, best first."""

    golden: GoldenQuestion
    found: tuple[Document, ...]

    def __str__(self) -> str:
        found = ", ".join(dict.fromkeys(document.title for document in self.found)) or "없음"
        return f"'{self.golden.question}'(있어야 할 문서: {', '.join(self.golden.documents)}; 찾은 문서: {found})"


class GoldenQuestions:
    """The golden questions of one installation, kept in knowledge.db."""

    def __init__(self, home: Home) -> None:
        self._file = KnowledgeFile(home.knowledge)
        self._store = KnowledgeStore(home.knowledge)

    def add(self, question: str, documents: Sequence[str]) -> GoldenQuestion:
        """Keep a question, in place of an earlier one of the same words; raises DocumentNotFound."""
        added = GoldenQuestion(_one_line(question), tuple(dict.fromkeys(documents)))
        if not added.question or not added.documents:
            raise IndexingError("확인 질문과 그 답이 있는 문서의 ID를 하나 이상 적으세요.")
        if missing := set(added.documents) - self._store.ids():
            raise DocumentNotFound(f"'{min(missing)}' 문서가 없습니다. 'onnuri kb list'로 문서 ID를 확인하세요.")
        with self._file.writing() as database:
            database.conn.execute(_TABLE)
            row = (added.question, json.dumps(added.documents, ensure_ascii=False))
            database.conn.execute("replace into golden values (?, ?)", row)
        return added

    def list(self) -> tuple[GoldenQuestion, ...]:
        """All of them, in alphabetical order."""
        with self._file.reading() as database:
            if not database.table("golden").exists():
                return ()
            rows = database.conn.execute("select question, documents from golden order by question").fetchall()
        return tuple(GoldenQuestion(question, tuple(json.loads(documents))) for question, documents in rows)

    def orphans(self) -> tuple[GoldenQuestion, ...]:
        """Those that cannot be put to an index, because none of their documents is there any more."""
        there = self._store.ids()
        return tuple(golden for golden in self.list() if there.isdisjoint(golden.documents))

    def remove(self, question: str) -> None:
        """Delete a question; raises IndexingError when there is none of these words."""
        with self._file.writing() as database:
            database.conn.execute(_TABLE)
            cursor = database.conn.execute("delete from golden where question = ?", [_one_line(question)])
            if not cursor.rowcount:
                raise IndexingError(f"확인 질문 '{question}'이(가) 없습니다. 'onnuri index golden list'로 확인하세요.")


_TABLE = "create table if not exists golden (question text primary key, documents text not null)"


def _one_line(question: str) -> str:
    return " ".join(question.split())


def require(
    home: Home, snapshot: Snapshot, embedder: Embedder, analyzer: Analyzer, documents: Iterable[Document], on: date
) -> None:
    """Raise GoldenQuestionsLost when a snapshot fails a question whose documents, or one of them, are in force.

    ``documents`` are those of the knowledge base.
    """
    questions = GoldenQuestions(home).list()
    if not questions:
        return
    in_force = {document.id for document in documents if document.is_valid_on(on)}
    asked = [golden for golden in questions if in_force.intersection(golden.documents)]
    lost = [missed for golden in asked if (missed := _lost(snapshot, embedder, analyzer, golden, in_force, on))]
    if lost:
        raise GoldenQuestionsLost(
            f"색인 '{snapshot.manifest.id}'이(가) 확인 질문 {len(questions)}개 중 {len(lost)}개를 놓쳐 쓰지 않습니다: "
            f"{'; '.join(map(str, lost))}. 문서나 확인 질문을 고치거나, 그래도 쓰려면 --accept를 붙여 실행하세요."
        )


def _lost(
    snapshot: Snapshot,
    embedder: Embedder,
    analyzer: Analyzer,
    golden: GoldenQuestion,
    in_force: set[str],
    on: date,
) -> Lost | None:
    scope = Scope.in_force(on, snapshot.absent(in_force.__contains__))
    ranking = ask(snapshot, golden.question, analyzer, embedder.embed_query_tokens, scope, TOP, StageClock()).ranking
    found = tuple(snapshot.passage(number).document for number in ranking.numbers)
    return None if {document.id for document in found} & set(golden.documents) else Lost(golden, found)
