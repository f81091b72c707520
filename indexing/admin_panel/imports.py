"""Imports of uploaded files, read one after the other also when the browser that sent them is closed."""

import logging
import threading
from collections.abc import Sequence
from typing import NamedTuple

from indexing.admin_panel.admin import Admin
from indexing.admin_panel.state import Batch, FileResult, Reading
from knowledge_base.audit import AuditAction
from knowledge_base.document import Kind
from knowledge_base.errors import OnnuriError
from knowledge_base.imports.importing import import_path
from knowledge_base.imports.uploads import Uploads
from knowledge_base.storage.store import KnowledgeStore
from knowledge_base.text import spelt

REMEMBERED = 2000
"""Files whose results are kept, of every admin together."""
FAILED_TEXT = "읽다가 멈췄습니다. 다시 올려 보고, 계속되면 서버 기록을 확인하세요."
_log = logging.getLogger(__name__)


class Imported(NamedTuple):
    """What each file that was sent gave last, latest last, and the one being read; never changed in place."""

    files: tuple[FileResult, ...] = ()
    reading: Reading | None = None


class Imports:
    """The imports of a program; safe for any number of threads."""

    def __init__(self, store: KnowledgeStore, uploads: Uploads) -> None:
        self._store, self._uploads = store, uploads
        self._lock, self._one_batch = threading.Lock(), threading.Lock()
        self._cancel = threading.Event()
        self._now = Imported()

    def now(self) -> Imported:
        """Another object after every change."""
        return self._now

    def unread(self) -> list[str]:
        """The files that came but were never read: their sender or the server was gone before."""
        return self._uploads.unread(self._store.read_moments(spelt(self._uploads.folder.resolve())))

    def start(self, names: Sequence[str], kind: Kind | None, admin: Admin, refused: Sequence[FileResult]) -> Batch:
        """Read files in a thread of their own, after those that were sent before; ``refused`` were not taken."""
        batch = Batch(list(refused))
        self._show(refused, self._now.reading)
        threading.Thread(target=self._read, args=(names, kind, admin, batch), name="import", daemon=True).start()
        return batch

    def cancel(self) -> None:
        """Have the files sent together end with the one being read; nothing happens when none is."""
        with self._lock:
            if self._now.reading:
                self._cancel.set()
                self._now = self._now._replace(reading=self._now.reading._replace(is_cancelling=True))

    def forget(self, name: str) -> None:
        """Take a file off the list."""
        with self._lock:
            self._now = self._now._replace(files=tuple(each for each in self._now.files if each.name != name))

    def _show(self, results: Sequence[FileResult], reading: Reading | None) -> None:
        again = {result.name for result in results}
        with self._lock:
            others = [each for each in self._now.files if each.name not in again]
            self._now = Imported((*others, *results)[-REMEMBERED:], reading)

    def _read(self, names: Sequence[str], kind: Kind | None, admin: Admin, batch: Batch) -> None:
        with self._one_batch:
            self._cancel.clear()
            last: list[FileResult] = []
            for number, name in enumerate(names):
                if self._cancel.is_set():
                    batch.left.extend(names[number:])
                    break
                self._show(last, Reading(name, number + 1, len(names), admin.name))
                last = [self._result(name, kind, admin)]
                batch.results.extend(last)
            self._show(last, None)
        batch.ended.set()

    def _result(self, name: str, kind: Kind | None, admin: Admin) -> FileResult:
        """What one file gives; a problem with one never stops the rest, and what gives nothing is not kept."""
        try:
            path = self._uploads.path(name)
            with admin.recorded(AuditAction.IMPORTED, path.name, {"kind": kind or "auto"}):
                report = import_path(self._store, path, kind)
            faults = tuple(fault.reason for fault in report.faults)
            held = report.changes.added + report.changes.changed + report.changes.unchanged
            if held and not report.unreadable:
                return FileResult(name=path.name, changes=report.changes, faults=faults)
            self._store.forget(path.name)
            self._uploads.remove(path.name)
        except OnnuriError as error:
            return FileResult(name=name, problem=str(error))
        except Exception:
            _log.exception("A file could not be imported")
            return FileResult(name=name, problem=FAILED_TEXT)
        problem = " ".join(faults) or "문서를 찾지 못했습니다. 파일을 확인해 다시 올려 주세요."
        problem += f" 앞서 가져온 문서 {held}건은 그대로 쓰입니다." if held else ""
        return FileResult(name=path.name, problem=problem)
