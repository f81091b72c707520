"""Everything that an installation knows in one file, taken while it serves, and put back.

An archive is an ordinary ``.tar.gz``: ``contents.json``, which lists every other file with its size and SHA-256, then
the databases, each copied by SQLite's online backup, so that it is whole although it is being written to, the
snapshot being served, question files, evaluations and uploads. Models are not in it: they come with the program.
What ``ONNURI_DATABASE`` keeps in PostgreSQL becomes the SQLite files it would be otherwise: an archive can be restored
into either.
"""

import fcntl
import gzip
import hashlib
import os
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.backup.database_copy import DatabaseCopy
from indexing.snapshots import life_cycle
from knowledge_base.errors import AssistantError, NoSnapshot
from knowledge_base.home import Home

FORMAT = 1
CONTENTS = "contents.json"
FOLDERS = ("questions", "runs", "uploads")
MOST_CONTENTS = 64 << 20
ASIDE = "before-restore-"
_ON_ITS_WAY = shutil.ignore_patterns(".*")  # what is still being written and may vanish meanwhile


class BackupError(AssistantError):
    """A backup cannot be made, or is not one that can be restored."""


class File(BaseModel):
    """One file of an archive, by its path below the data folder."""

    model_config = ConfigDict(extra="forbid")

    path: str
    size: int
    sha256: str


class Contents(BaseModel):
    """What an archive holds; ``created`` is UTC in ISO 8601."""

    model_config = ConfigDict(extra="forbid")

    format: int
    created: str
    snapshot: str
    files: list[File]


def back_up(home: Home, archive: Path, database: DatabaseCopy | None = None) -> Contents:
    """Write an archive of ``home`` and of ``database``, where there is one, readable by its owner alone.

    Raises BackupError, leaving nothing behind.
    """
    if archive.exists():
        raise BackupError(f"{archive} 파일이 이미 있습니다. 다른 이름을 지정하세요.")
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=archive.parent) as folder:
            staged = Path(folder)
            snapshot = _gathered(home, staged / "data", database)
            files, created = list(_listed(staged / "data")), datetime.now(UTC).isoformat(timespec="seconds")
            contents = Contents(format=FORMAT, created=created, snapshot=snapshot, files=files)
            (staged / CONTENTS).write_text(contents.model_dump_json(indent=1), "utf-8")
            _write(staged, contents, staged / "archive")
            (staged / "archive").rename(archive)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"백업하지 못했습니다({error}). 디스크 여유 공간과 권한을 확인하고 다시 실행하세요."
        ) from error
    return contents


def restore(home: Home, archive: Path, *, replace: bool = False, database: DatabaseCopy | None = None) -> Contents:
    """Put the data of an archive into ``home``; with ``replace`` what is there is moved aside into a folder of its own.

    Everything is unpacked and checked before anything is moved. Raises BackupError when the archive is not sound,
    when there is data and ``replace`` is False, and while a server uses ``home``. Killed between two moves, it has
    lost no file, and is run again. Journal and accounts go into ``database`` where there is one; it must be empty.
    """
    home.create()
    there = _data(home)
    if there and not replace:
        raise BackupError(
            f"{home.root}에 이미 자료가 있습니다. --replace를 붙이면 지금 자료를 따로 옮겨 두고 복원합니다."
        )
    with in_use(home, alone=True):
        try:
            with tempfile.TemporaryDirectory(prefix=".restoring-", dir=home.root) as folder:
                contents = _unpacked(archive, Path(folder))
                if database is not None:
                    _put(Home(Path(folder)), database)
                aside = home.root / f"{ASIDE}{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
                _move(there, aside)
                _move(sorted(Path(folder).iterdir()), home.root)
        except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise _damaged(archive) from error
        except OSError as error:
            raise BackupError(
                f"{archive}에서 복원하지 못했습니다({error}). 지금 자료는 하나도 지우지 않았습니다. "
                "디스크 여유 공간과 권한을 확인하고 다시 실행하세요."
            ) from error
    return contents


@contextmanager
def in_use(home: Home, *, alone: bool = False) -> Iterator[None]:
    """While a server (or, ``alone``, a restore) uses ``home``; raises BackupError when the other one does."""
    with (home.root / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            busy = "서버가 이 자료를 쓰고 있습니다. 서버를" if alone else "자료를 복원하고 있습니다. 복원을"
            raise BackupError(f"{busy} 끝내고 다시 실행하세요.") from error
        yield


def _gathered(home: Home, staged: Path, elsewhere: DatabaseCopy | None) -> str:
    """Copy all data to ``staged``; returns the id of the snapshot being served, '' before the first build."""
    staged.mkdir()
    for database in _databases(home) if elsewhere is None else (home.knowledge,):
        if database.exists():
            _copy_database(database, staged / database.name)
    if elsewhere is not None:
        elsewhere.take(Home(staged))
    for name in FOLDERS:
        if (home.root / name).is_dir():
            shutil.copytree(home.root / name, staged / name, ignore=_ON_ITS_WAY)
    try:
        snapshot = life_cycle.current_id(home)
        shutil.copytree(life_cycle.folder(home, snapshot), staged / home.snapshots.name / snapshot)
    except NoSnapshot:
        return ""
    (staged / home.current.name).write_text(snapshot, "utf-8")
    return snapshot


def _put(unpacked: Home, database: DatabaseCopy) -> None:
    database.put(unpacked)
    for path in (unpacked.journal, unpacked.accounts):
        for left in path.parent.glob(f"{path.name}*"):
            left.unlink()


def _copy_database(source: Path, target: Path) -> None:
    address = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=30)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)


def _listed(folder: Path) -> Iterator[File]:
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
        yield File(path=path.relative_to(folder).as_posix(), size=path.stat().st_size, sha256=_sha256(path))


def _write(staged: Path, contents: Contents, archive: Path) -> None:
    descriptor = os.open(archive, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as tar:
            tar.add(staged / CONTENTS, CONTENTS)
            for each in contents.files:
                tar.add(staged / "data" / each.path, f"data/{each.path}", recursive=False)
        file.flush()
        os.fsync(file.fileno())


def _unpacked(archive: Path, folder: Path) -> Contents:
    """Unpack into ``folder`` what the archive lists, each file checked; raises BackupError."""
    there = Home(folder)
    ours = {*FOLDERS, *(path.name for path in (*_databases(there), there.snapshots, there.current))}
    with tarfile.open(archive, "r:gz") as tar:
        contents = _contents(tar, archive)
        for each in contents.files:
            member = tar.next()
            is_listed = member is not None and member.name == f"data/{each.path}" and member.size == each.size
            if member is None or not is_listed or not member.isreg() or each.path.split("/")[0] not in ours:
                raise _damaged(archive)
            member.name = each.path
            tar.extract(member, folder, set_attrs=False, filter="data")
    for each in contents.files:
        if _sha256(folder / each.path) != each.sha256:
            raise BackupError(f"백업 파일 {archive}의 {each.path}이(가) 손상되었습니다. 다른 백업을 쓰세요.")
    for private in _databases(there):
        if private.exists():
            private.chmod(0o600)
    return contents


def _damaged(archive: Path) -> BackupError:
    return BackupError(f"백업 파일 {archive}이(가) 온전하지 않습니다. 다른 백업을 쓰세요.")


def _contents(tar: tarfile.TarFile, archive: Path) -> Contents:
    first = tar.next()
    file = tar.extractfile(first) if first and first.name == CONTENTS and first.size <= MOST_CONTENTS else None
    try:
        contents = Contents.model_validate_json(file.read() if file else b"")
    except ValidationError as error:
        raise BackupError(
            f"{archive}은(는) 'onnuri backup'으로 만든 파일이 아닙니다. 백업 파일의 경로를 확인하세요."
        ) from error
    if contents.format != FORMAT:
        raise BackupError(
            f"백업 형식 {contents.format}은(는) 이 판이 모르는 형식입니다. 백업을 만든 판으로 복원하세요."
        )
    return contents


def _databases(home: Home) -> tuple[Path, ...]:
    return home.knowledge, home.journal, home.accounts


def _data(home: Home) -> list[Path]:
    """What a restore replaces: data, not models, locks or logs."""
    databases = [home.root / f"{each.name}{end}" for each in _databases(home) for end in ("", "-wal", "-shm")]
    folders = [home.root / name for name in FOLDERS]
    return [path for path in (*databases, *folders, home.snapshots, home.current) if path.exists()]


def _move(paths: list[Path], folder: Path) -> None:
    if paths:
        folder.mkdir(exist_ok=True)
    for path in paths:
        path.rename(folder / path.name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def described(contents: Contents) -> dict[str, object]:
    """What the audit keeps of a backup or a restore."""
    return {"created": contents.created, "snapshot": contents.snapshot, "files": len(contents.files)}
