"""What is wrong with an installation, part by part, each with its remedy."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.accounts.person import Role
from indexing.snapshots import life_cycle, manifest
from indexing.snapshots.snapshot import open_for
from indexing.snapshots.vector_store import store_of
from knowledge_base.errors import AssistantError, OnnuriError
from knowledge_base.home import Home
from knowledge_base.labelled import Labelled
from knowledge_base.storage.store import KnowledgeStore

if TYPE_CHECKING:
    from assistant.accounts.access import Access
    from assistant.audit.log import AuditLog
    from assistant.llm.language_model import LanguageModel
    from indexing.embedding.embedder import Embedder
    from indexing.lexical.tokens import Analyzer

ENOUGH_SPACE = 2 << 30
OLD_DAYS = 30

Examination = Callable[[], str]
"""Tells what was found; raises Remark for what works but should be looked at, another OnnuriError for what does not."""


class Remark(AssistantError):
    """It works, but somebody should look."""


class State(Labelled):
    """The condition of one part."""

    SOUND = "sound", "정상"
    REMARK = "remark", "주의"
    BROKEN = "broken", "고장"


@dataclass(frozen=True)
class Finding:
    """One part: how it is, and what was found or is to be done."""

    part: str
    state: State
    told: str


class Installation(Protocol):
    """What the examination needs of the running program."""

    @property
    def home(self) -> Home: ...

    def embedder(self) -> "Embedder": ...

    def analyzer(self) -> "Analyzer": ...

    def language_model(self) -> "LanguageModel | None": ...

    def audit_log(self) -> "AuditLog": ...

    def access(self) -> "Access": ...


def examined(parts: Mapping[str, Examination]) -> Iterator[Finding]:
    """One finding a part, as soon as it is there; a broken part keeps none of the others from being examined."""
    for part, examine in parts.items():
        try:
            yield Finding(part, State.SOUND, examine())
        except Remark as error:
            yield Finding(part, State.REMARK, str(error))
        except OnnuriError as error:
            yield Finding(part, State.BROKEN, str(error))


def parts(installation: Installation) -> Mapping[str, Examination]:
    """Everything that answering, recording and logging in rest on."""
    home = installation.home
    return {
        "패키지": packages,
        "데이터 폴더": lambda: data_folder(home),
        "데이터베이스": lambda: databases(home),
        "문서": lambda: documents(home),
        "임베딩 모델": lambda: embedding(installation.embedder()),
        "색인": lambda: index(home, installation.embedder(), installation.analyzer()),
        "벡터 저장소": lambda: vector_store(home),
        "LLM": lambda: llm(installation.language_model()),
        "감사 기록": lambda: audit(installation.audit_log()),
        "계정": lambda: accounts(installation.access()),
    }


def packages() -> str:
    """The packages that are installed against those that the program was tested with."""
    wanted = [name.partition("==") for name in requires("onnuri") or () if "==" in name and ";" not in name]
    other = [name for name, _, wants in wanted if _version(name) != wants]
    if other:
        raise AssistantError(f"시험한 판과 다른 패키지가 있습니다({', '.join(other)}). 'make install'을 실행하세요.")
    return f"{len(wanted)}개가 시험한 판 그대로입니다."


def data_folder(home: Home) -> str:
    """Whether it can be written, and how much room is left."""
    home.create()
    free = shutil.disk_usage(home.root).free
    if free < ENOUGH_SPACE:
        raise Remark(f"디스크에 {free / 1e9:.1f}GB만 남았습니다. 색인을 새로 만들기 전에 공간을 비우세요.")
    return f"{home.root.resolve()}, 빈 공간 {free / 1e9:,.0f}GB"


def databases(home: Home) -> str:
    """Whether every SQLite file is undamaged."""
    there = [path for path in (home.knowledge, home.journal, home.accounts) if path.exists()]
    for path in there:
        if problem := _damage(path):
            raise AssistantError(
                f"{path.name}이(가) 손상되었습니다({problem}). 'onnuri restore'로 백업에서 되살리세요."
            )
    return ", ".join(path.name for path in there) or "아직 없음"


def documents(home: Home) -> str:
    """How many there are, and how many files could not be read."""
    store = KnowledgeStore(home.knowledge)
    count, faults = len(store.ids()), len(store.faults())
    if not count:
        raise AssistantError("문서가 없습니다. 'onnuri kb import 폴더'로 가져오세요.")
    if faults:
        raise Remark(f"{count:,}건. 읽지 못한 파일이 {faults}건 있습니다. 'onnuri kb review'로 확인하세요.")
    return f"{count:,}건"


def embedding(embedder: "Embedder") -> str:
    """Whether the model embeds a question."""
    return f"{embedder.name}, {len(embedder.embed_query('여권 수수료'))}차원"


def index(home: Home, embedder: "Embedder", analyzer: "Analyzer") -> str:
    """Whether the snapshot being served is whole, fits the model, and holds the documents as they are now."""
    serving = life_cycle.folder(home, life_cycle.current_id(home))
    made = manifest.verify(serving)
    open_for(serving, embedder, analyzer, store_of(home))
    now = {each.document.id: each.document.version for each in KnowledgeStore(home.knowledge).documents()}
    if now != made.documents:
        raise Remark("문서가 색인을 만든 뒤에 바뀌었습니다. 'onnuri index build'를 실행하세요.")
    age = (datetime.now(UTC) - datetime.fromisoformat(made.created_at)).days
    if age > OLD_DAYS:
        raise Remark(f"색인을 만든 지 {age}일 지났습니다. 문서가 낡지 않았는지 'onnuri kb review'로 확인하세요.")
    return f"{made.id}, {made.chunks:,}조각"


def vector_store(home: Home) -> str:
    """Whether it can be reached, and serves what this installation serves."""
    store = store_of(home)
    if store is None:
        return "쓰지 않습니다. FAISS로 이 컴퓨터에서 찾습니다."
    current, serving = life_cycle.current_id(home), store.serving()
    if serving != current or not store.holds(manifest.read(life_cycle.folder(home, current))):
        raise AssistantError(
            f"{store.name}에 지금 쓰는 색인 '{current}'이(가) 없거나 덜 올라갔습니다(거기서는 '{serving or '없음'}'). "
            f"'onnuri index activate {current}'를 실행하세요."
        )
    return f"{store.name}, {serving}"


def llm(model: "LanguageModel | None") -> str:
    """Whether it can be started or reached."""
    if model is None:
        return "쓰지 않습니다(ONNURI_LLM=none). 근거와 FAQ로만 답합니다."
    model.start()
    return model.name


def audit(log: "AuditLog") -> str:
    """Whether every seal follows from the one before it."""
    return f"{log.verified().rows:,}건이 모두 이어집니다."


def accounts(access: "Access") -> str:
    """Whether somebody who can log in may administer."""
    active = [account.person for account in access.accounts.all() if account.disabled is None]
    if not any(person.has(Role.ADMIN) for person in active):
        raise AssistantError("쓸 수 있는 관리자 계정이 없습니다. 'onnuri user add 이름 --role admin'으로 만드세요.")
    return f"{len(active)}명"


def _version(package: str) -> str:
    """Without what a build adds to it: torch is ``2.13.0+cpu``."""
    try:
        return version(package).partition("+")[0]
    except PackageNotFoundError:
        return ""


def _damage(path: Path) -> str:
    """What SQLite says is wrong, '' when nothing is."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)) as connection:
            told = str(connection.execute("pragma quick_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
    return "" if told == "ok" else told
