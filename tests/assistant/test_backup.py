"""A backup is whole although the data is being used, and puts back everything or nothing."""

import io
import signal
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from conftest import ROOT, console_for
from hashing_embedder import HashingEmbedder, WordAnalyzer
from typer.testing import CliRunner

from app import cli
from assistant.audit.log import AuditLog, operator
from assistant.backup.archive import BackupError, back_up, in_use, restore
from indexing.building.build import build
from indexing.retrieval.search import SearchService
from knowledge_base.audit import AuditAction
from knowledge_base.document import Document, Kind
from knowledge_base.home import Home
from knowledge_base.imports.uploads import Uploads
from knowledge_base.storage.store import KnowledgeStore

FEE = Document(id="여권", kind=Kind.FAQ, title="여권 수수료는 얼마인가요?", text="52,000원입니다.")
Tree = dict[str, bytes]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    filled(made, FEE)
    return made


def filled(home: Home, document: Document) -> None:
    home.create()
    KnowledgeStore(home.knowledge).replace_files("tests", {document.id: [document]}, kept=())
    build(home, HashingEmbedder(), WordAnalyzer())
    AuditLog(home.journal).record(operator(), AuditAction.IMPORTED, document.id)
    (home.root / "questions").mkdir(exist_ok=True)
    (home.root / "questions" / "golden.jsonl").write_text("{}\n")
    (home.root / "models").mkdir(exist_ok=True)
    (home.root / "models" / "large.gguf").write_bytes(b"weights")


def answer(home: Home) -> str:
    found = SearchService(home, HashingEmbedder(), WordAnalyzer()).search("여권 수수료", k=1)
    return found.hits[0].document.text


def tree(folder: Path) -> Tree:
    kept = (path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".lock", ".db-shm"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in kept}


def test_another_machine_answers_the_same_from_a_backup(home: Home, tmp_path: Path) -> None:
    contents = back_up(home, tmp_path / "backup.tar.gz")
    other = Home(tmp_path / "other")
    assert restore(other, tmp_path / "backup.tar.gz") == contents
    assert answer(other) == "52,000원입니다."
    assert AuditLog(other.journal).verified() == AuditLog(home.journal).verified()
    assert (other.root / "questions" / "golden.jsonl").read_text() == "{}\n"
    assert not (other.root / "models").exists()
    assert build(other, HashingEmbedder(), WordAnalyzer()).id == contents.snapshot  # nothing to be built anew


@pytest.mark.parametrize(("settings", "is_named"), [({}, False), ({"embedding_model": "/srv/models/trained"}, True)])
def test_a_model_of_ones_own_is_said_to_be_missing(
    home: Home, tmp_path: Path, settings: dict[str, str], is_named: bool
) -> None:
    outcome = CliRunner().invoke(
        cli, ["backup", str(tmp_path / "backup.tar.gz")], obj=console_for(home.root, **settings)
    )
    assert outcome.exit_code == 0
    assert "모델은 들어 있지 않습니다" in outcome.output
    assert ("'/srv/models/trained'도 들어 있지 않습니다" in outcome.output) is is_named


def test_what_is_half_sent_is_left_out(home: Home, tmp_path: Path) -> None:
    uploads = Uploads(home.root / "uploads")
    with uploads.receiving("a.md") as whole, uploads.receiving("b.md") as half:
        whole.write(b"# A")
        whole.keep()
        half.write(b"# ")
        contents = back_up(home, tmp_path / "backup.tar.gz")
    assert [each.path for each in contents.files if each.path.startswith("uploads/")] == ["uploads/a.md"]


def test_only_its_owner_may_read_a_backup(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "backup.tar.gz")
    assert (tmp_path / "backup.tar.gz").stat().st_mode & 0o777 == 0o600
    restore(Home(tmp_path / "other"), tmp_path / "backup.tar.gz")
    assert (tmp_path / "other" / "journal.db").stat().st_mode & 0o777 == 0o600


def test_a_backup_taken_while_records_are_written_is_whole(home: Home, tmp_path: Path) -> None:
    log, stop = AuditLog(home.journal), threading.Event()

    def write() -> None:
        while not stop.is_set():
            log.record(operator(), AuditAction.IMPORTED, "x")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(home, tmp_path / f"{number}.tar.gz")
    finally:
        stop.set()
        writer.join()
    rows = []
    for number in range(3):
        restore(Home(tmp_path / f"{number}"), tmp_path / f"{number}.tar.gz")
        rows.append(AuditLog(tmp_path / f"{number}" / "journal.db").verified().rows)
    assert rows == sorted(rows)
    assert rows[-1] > 1


def test_what_is_there_is_only_moved_aside_when_asked(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "backup.tar.gz")
    filled(home, Document(id="여권", kind=Kind.FAQ, title="여권 수수료는 얼마인가요?", text="60,000원입니다."))
    before = tree(home.root)
    with pytest.raises(BackupError, match="--replace"):
        restore(home, tmp_path / "backup.tar.gz")
    assert tree(home.root) == before
    restore(home, tmp_path / "backup.tar.gz", replace=True)
    assert answer(home) == "52,000원입니다."
    (aside,) = home.root.glob("before-restore-*")
    assert answer(Home(aside)) == "60,000원입니다."
    assert (home.root / "models" / "large.gguf").exists()


def members(archive: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(archive) as tar:
        return [(member, file.read()) for member in tar if (file := tar.extractfile(member)) is not None]


def written(archive: Path, files: Iterable[tuple[tarfile.TarInfo, bytes]]) -> None:
    with tarfile.open(archive, "w:gz") as tar:
        for member, data in files:
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


@pytest.mark.parametrize(
    "change",
    [
        lambda name, data: data[:-1] + b"!" if name.endswith("vectors.faiss") else data,
        lambda name, data: b"" if name.endswith("knowledge.db") else data,
        lambda name, data: data.replace(b'"path": "knowledge.db"', b'"path": "../knowledge.db"'),
        lambda name, data: data.replace(b'"format": 1', b'"format": 9'),
        lambda name, data: b"{}" if name == "contents.json" else data,
    ],
)
def test_a_changed_archive_restores_nothing(home: Home, tmp_path: Path, change: Callable[[str, bytes], bytes]) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(home, archive)
    written(archive, [(member, change(member.name, data)) for member, data in members(archive)])
    before = tree(home.root)
    with pytest.raises(BackupError):
        restore(home, archive, replace=True)
    assert tree(home.root) == before
    assert not (tmp_path / "knowledge.db").exists()


def test_an_archive_brings_nothing_that_no_backup_holds(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(home, archive)
    files = [
        (member, data.replace(b"questions/golden.jsonl", b"models/large.gguf")) for member, data in members(archive)
    ]
    for member, _ in files:
        member.name = member.name.replace("questions/golden.jsonl", "models/large.gguf")
    written(archive, files)
    before = tree(home.root)
    with pytest.raises(BackupError, match="온전하지 않습니다"):
        restore(home, archive, replace=True)
    assert tree(home.root) == before


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.9])
def test_a_file_that_is_no_whole_archive_is_refused(home: Home, tmp_path: Path, kept: float) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(home, archive)
    data = archive.read_bytes()
    archive.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(BackupError):
        restore(Home(tmp_path / "other"), archive)
    assert tree(tmp_path / "other") == {}


@pytest.mark.parametrize("length", [8, 64])  # a wrong checksum, or nothing that can be decompressed
def test_an_archive_damaged_on_its_disk_is_told_from_a_full_one(home: Home, tmp_path: Path, length: int) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(home, archive)
    data = bytearray(archive.read_bytes())
    middle = len(data) // 2
    data[middle : middle + length] = b"\xff" * length
    archive.write_bytes(data)
    with pytest.raises(BackupError, match="다른 백업을 쓰세요"):
        restore(Home(tmp_path / "other"), archive)
    assert tree(tmp_path / "other") == {}


def test_a_link_in_an_archive_is_no_way_out(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(home, archive)
    files = members(archive)
    for number, (member, _) in enumerate(files):
        if member.name.endswith("journal.db"):
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
            files[number] = member, b""
    written(archive, files)
    with pytest.raises(BackupError, match="온전하지 않습니다"):
        restore(Home(tmp_path / "other"), archive)


def test_nothing_is_restored_under_a_running_server(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "backup.tar.gz")
    with in_use(home), in_use(home), pytest.raises(BackupError, match="서버"):
        restore(home, tmp_path / "backup.tar.gz", replace=True)
    with in_use(home, alone=True), pytest.raises(BackupError, match="복원"), in_use(home):
        pass
    restore(home, tmp_path / "backup.tar.gz", replace=True)


def test_a_backup_is_never_overwritten_and_a_failed_one_leaves_nothing(home: Home, tmp_path: Path) -> None:
    archive = tmp_path / "there" / "backup.tar.gz"
    with pytest.raises(BackupError, match="백업하지 못했습니다"):
        back_up(home, archive)
    archive.parent.mkdir()
    home.snapshots.rename(home.root / "elsewhere")
    back_up(home, archive)  # the snapshot is gone: what people made is what counts
    data = archive.read_bytes()
    with pytest.raises(BackupError, match="이미 있습니다"):
        back_up(home, archive)
    assert archive.read_bytes() == data
    assert [path.name for path in archive.parent.iterdir()] == [archive.name]


@pytest.mark.parametrize("moves", [0, 1, 3])
def test_a_restore_killed_between_moves_loses_nothing_and_is_run_again(home: Home, tmp_path: Path, moves: int) -> None:
    archive = tmp_path / "backup.tar.gz"
    back_up(home, archive)
    killed = f"""
import os, signal
from pathlib import Path
from assistant.backup.archive import restore
from knowledge_base.home import Home
rename, left = Path.rename, [{moves}]
def counted(self, target):
    if left[0] == 0: os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return rename(self, target)
Path.rename = counted
restore(Home(Path({str(home.root)!r})), Path({str(archive)!r}), replace=True)
"""
    ended = subprocess.run([sys.executable, "-c", killed], cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    restore(home, archive, replace=True)
    assert answer(home) == "52,000원입니다."
    assert AuditLog(home.journal).verified().rows == 1
    kept = {path.name for folder in home.root.glob("before-restore-*") for path in folder.iterdir()}
    assert {"knowledge.db", "journal.db", "current", "snapshots"} <= kept
