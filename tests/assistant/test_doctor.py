"""Each fault of an installation is found, named, and comes with what to do."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from hashing_embedder import HashingEmbedder, WordAnalyzer
from people import Office, office

from assistant.accounts.access import Access
from assistant.accounts.person import Role
from assistant.audit.log import AuditLog
from assistant.doctor import examination
from assistant.doctor.examination import Finding, State, examined, parts
from assistant.llm.language_model import LanguageModel
from indexing.building.build import build
from knowledge_base.document import Document, Kind
from knowledge_base.errors import LLMUnavailable
from knowledge_base.home import Home
from knowledge_base.imports.importing import import_path
from knowledge_base.storage.store import KnowledgeStore


class Absent:
    """An LLM that is not there."""

    name = "absent"

    def start(self) -> None:
        raise LLMUnavailable("LLM 서버에 연결할 수 없습니다. 서버가 켜져 있는지 확인하세요.")


@dataclass
class Installed:
    """An installation with the fakes of the other tests."""

    home: Home
    people: Office
    model: LanguageModel | None = None
    embedding: HashingEmbedder | None = None

    def embedder(self) -> HashingEmbedder:
        return self.embedding or HashingEmbedder()

    def analyzer(self) -> WordAnalyzer:
        return WordAnalyzer()

    def language_model(self) -> LanguageModel | None:
        return self.model

    def audit_log(self) -> AuditLog:
        return AuditLog(self.home.journal)

    def access(self) -> Access:
        return self.people.access

    def found(self) -> dict[str, Finding]:
        return {finding.part: finding for finding in examined(parts(self))}


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installed]:
    home = Home(tmp_path)
    home.create()
    (tmp_path / "문서.md").write_text("# 여권\n\n수수료는 52,000원입니다.\n", encoding="utf-8")
    import_path(KnowledgeStore(home.knowledge), tmp_path / "문서.md")
    build(home, HashingEmbedder(), WordAnalyzer())
    people = office(tmp_path)
    people.add("관리자", Role.ADMIN)
    yield Installed(home, people)
    people.access.tables.close()


def test_a_sound_installation_is_sound_in_every_part(installed: Installed) -> None:
    found = installed.found()
    assert {finding.state for finding in found.values()} == {State.SOUND}
    assert "1건" in found["문서"].told


def spoil_index(installed: Installed) -> None:
    (vectors,) = installed.home.snapshots.glob("*/vectors.faiss")
    vectors.write_bytes(vectors.read_bytes()[:-1] + b"!")


def change_documents(installed: Installed) -> None:
    new = Document(id="새 공지", kind=Kind.NOTICE, title="새 공지", text="내용")
    KnowledgeStore(installed.home.knowledge).replace_files("new", {"new": [new]}, kept=())


def spoil_journal(installed: Installed) -> None:
    installed.people.access.audit.verified()
    with closing(sqlite3.connect(installed.home.journal)) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")
    data = bytearray(installed.home.journal.read_bytes())
    data[4096:8192] = b"\xff" * 4096
    installed.home.journal.write_bytes(data)


def forge_audit(installed: Installed) -> None:
    with closing(sqlite3.connect(installed.home.journal)) as connection:
        connection.execute("drop trigger audit_keeps_rows")
        connection.execute("update audit set actor = 'somebody else'")
        connection.commit()


def shut_the_administrator_out(installed: Installed) -> None:
    installed.people.add("상담원", Role.AGENT)
    installed.people.access.accounts.set_disabled("관리자", True)


def lose_the_llm(installed: Installed) -> None:
    installed.model = Absent()  # type: ignore[assignment]


def change_the_model(installed: Installed) -> None:
    installed.embedding = HashingEmbedder("other")


FAULTS = [
    (spoil_index, "색인", State.BROKEN, "손상"),
    (change_documents, "색인", State.REMARK, "onnuri index build"),
    (change_the_model, "색인", State.BROKEN, "다른 모델"),
    (spoil_journal, "데이터베이스", State.BROKEN, "onnuri restore"),
    (forge_audit, "감사 기록", State.BROKEN, "이어지지 않습니다"),
    (shut_the_administrator_out, "계정", State.BROKEN, "--role admin"),
    (lose_the_llm, "LLM", State.BROKEN, "확인하세요"),
]


@pytest.mark.parametrize(("spoil", "part", "state", "told"), FAULTS)
def test_a_fault_is_found_in_its_part(
    installed: Installed, spoil: Callable[[Installed], None], part: str, state: State, told: str
) -> None:
    spoil(installed)
    finding = installed.found()[part]
    assert finding.state is state
    assert told in finding.told


def test_one_fault_hides_no_other(installed: Installed) -> None:
    shutil.rmtree(installed.home.snapshots)
    lose_the_llm(installed)
    broken = {part for part, finding in installed.found().items() if finding.state is State.BROKEN}
    assert broken == {"색인", "LLM"}


def test_a_full_disk_is_told_in_time(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "ENOUGH_SPACE", 1 << 62)
    assert installed.found()["데이터 폴더"].state is State.REMARK


def test_another_version_of_a_package_is_told(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "requires", lambda name: ["faiss-cpu==0.1", 'ruff==9; extra == "dev"'])
    assert "faiss-cpu" in installed.found()["패키지"].told
    assert "ruff" not in installed.found()["패키지"].told
