"""A server process of the load test's own, over a copy of the data folder.

It serves the same index with the same settings, but keeps calls and accounts in a folder that is removed afterwards:
made-up calls must not reach the records, the statistics and the knowledge gaps of real ones, and the machine account
that posts them ends with it. The folder lies beside the real one, so that writes cost what they cost in service.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from eval.load.client import refuse_unreachable
from knowledge_base.errors import EvaluationError
from knowledge_base.home import Home

START = 120.0
STOP = 20.0
ACCOUNT = "load-test"
LOG = "serve.log"
_NOT_HANDED_ON = ("ONNURI_HOME", "ONNURI_DATABASE", "ONNURI_WATCH", "ONNURI_BUILD_AT")


class Server(NamedTuple):
    """Where calls are posted; ``pid`` is None when it runs elsewhere."""

    url: str
    token: str
    pid: int | None


@contextmanager
def started(home: Home) -> Iterator[Server]:
    """A server over a copy of ``home``; raises EvaluationError with its last words when it does not come up."""
    try:
        folder = Path(tempfile.mkdtemp(prefix="load-", dir=home.root))
    except OSError as error:
        raise EvaluationError(
            f"데이터 폴더 {home.root}에 쓸 수 없습니다({error.strerror}). 권한과 ONNURI_HOME을 확인하세요."
        ) from error
    try:
        copy = _copied(home, Home(folder))
        token = machine_token(copy)
        with _running(copy) as (url, pid):
            yield Server(url, token, pid)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied(home: Home, copy: Home) -> Home:
    """What serving reads: models and snapshots are shared, the rest copied."""
    if not home.current.exists():
        raise EvaluationError("아직 색인이 없습니다. 'onnuri kb import'와 'onnuri index build'를 먼저 하세요.")
    for name in ("models", "snapshots"):
        there: Path = getattr(home, name)
        if there.exists():
            getattr(copy, name).symlink_to(there.resolve())
    shutil.copy2(home.current, copy.current)
    if home.knowledge.exists():
        with closing(sqlite3.connect(home.knowledge)) as source, closing(sqlite3.connect(copy.knowledge)) as target:
            source.backup(target)
    return copy


def machine_token(copy: Home) -> str:
    """The token of a new account that may post calls; its files are closed again, for the server to have alone."""
    from assistant.accounts.access import Access
    from assistant.accounts.passwords import Passwords
    from assistant.accounts.person import Role
    from assistant.accounts.registrar import Registrar
    from assistant.accounts.tables import AccountTables
    from assistant.audit.log import AuditLog, operator

    with closing(AccountTables(copy.accounts)) as accounts, closing(AuditLog(copy.journal)) as audit:
        return Registrar(Access(accounts, audit, Passwords()), operator()).add(ACCOUNT, [Role.MACHINE])


@contextmanager
def _running(copy: Home) -> Iterator[tuple[str, int]]:
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
    with (copy.root / LOG).open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", "0"],
            env={**environment, "ONNURI_HOME": str(copy.root)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the load test, which ends its calls first
        )
        try:
            yield _announced(process, copy), process.pid
        finally:
            process.terminate()
            try:
                process.wait(STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _announced(process: subprocess.Popen[bytes], copy: Home) -> str:
    """Where it serves, once it does and has left word of it."""
    deadline = time.monotonic() + START
    while process.poll() is None and time.monotonic() < deadline:
        if copy.address.exists() and (address := copy.address.read_text("utf-8")):
            return address
        time.sleep(0.2)
    said = (copy.root / LOG).read_text(encoding="utf-8", errors="replace")
    last = (said.strip().splitlines() or ["아무 말 없음"])[-1]
    raise EvaluationError(f"부하를 걸 서버가 켜지지 않았습니다({last}). 'onnuri serve'가 되는지 먼저 확인하세요.")


def elsewhere(url: str, token_file: Path) -> Server:
    """A server that runs already; raises EvaluationError when the token cannot be read or the server not reached."""
    try:
        token = token_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"토큰 파일 {token_file}을(를) 읽을 수 없습니다. 'onnuri user token'으로 만든 토큰을 넣으세요."
        ) from error
    address = url.rstrip("/")
    refuse_unreachable(address)
    return Server(address, token, None)
