"""Readers in a process of their own: a file that crashes, hangs or fills the memory costs one sentence, no more.

The process is started for the first file, reads one after another, and is replaced when it dies, is stopped
or has grown. Requests are a line of JSON and the bytes of the file, answers a line of JSON.
"""

import atexit
import json
import os
import resource
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from knowledge_base.errors import UnreadableFile
from knowledge_base.readers.table import Reading
from knowledge_base.record import from_record, to_record

SECONDS = 10
START_SECONDS = 60
MEMORY_BYTES = 2 * 1024**3
MAX_ANSWER_BYTES = 512 * 1024**2
_ROOT = Path(__file__).parents[2]
_SLOW = "{seconds:g}초 안에 읽지 못했습니다. 여러 파일로 나누거나 필요한 부분만 저장해 다시 가져오세요."
_HUGE = "읽는 데 기억 장치가 너무 많이 드는 파일입니다. 여러 파일로 나누거나 필요한 부분만 저장해 다시 가져오세요."
_DAMAGED = "손상되었거나 형식에 맞지 않아 읽을 수 없는 파일입니다. 원본 프로그램에서 다시 저장해 가져오세요."


class ReaderFailure(Exception):
    """What went wrong in the reading process: its traceback, or the signal that ended it."""


class Reader:
    """Reads files one at a time, from any thread."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY_BYTES) -> None:
        self._limits = (seconds, memory)
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(self, data: bytes, suffix: str, document_id: str) -> Reading:
        """The documents in a file's bytes. Raises UnreadableFile with the reason when there are none."""
        answer = self._asked(data, task="documents", suffix=suffix, document_id=document_id)
        return Reading([from_record(record) for record in answer["documents"]], answer["faults"])

    def first_sheet(self, data: bytes, columns: int) -> list[list[str]]:
        """The rows of an XLSX file's first sheet, blank ones included, cut at ``columns``. Raises UnreadableFile."""
        rows: list[list[str]] = self._asked(data, task="first sheet", columns=columns)["rows"]
        return rows

    def close(self) -> None:
        """End the process; the next file starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _asked(self, data: bytes, **request: object) -> dict[str, Any]:
        with self._lock:
            try:
                answer = self._answer({"size": len(data), **request}, data)
            except BaseException:
                self.close()
                raise
            if answer["is_last"]:
                self.close()
        if "refusal" in answer:
            raise UnreadableFile(answer["refusal"]) from (ReaderFailure(answer["cause"]) if answer["cause"] else None)
        return answer

    def _answer(self, request: dict[str, object], data: bytes) -> dict[str, Any]:
        if self._process is not None and self._process.poll() is not None:
            self.close()  # ended between two files, by no fault of the next
        if self._process is None:
            self._process = _started(*self._limits)
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise ReaderFailure("no pipes")
        try:
            stdin.write(json.dumps(request).encode() + b"\n" + data)
            stdin.flush()
            return _parsed(_line(stdout.fileno(), self._limits[0]))
        except (BrokenPipeError, EOFError) as error:
            code = self._process.wait()
            slow = _SLOW.format(seconds=self._limits[0])
            raise UnreadableFile(slow if code == -signal.SIGXCPU else _DAMAGED) from ReaderFailure(
                f"{error!r}, exit code {code}"
            )
        except TimeoutError as error:
            raise UnreadableFile(_SLOW.format(seconds=self._limits[0])) from error


def _started(seconds: float, memory: int) -> "subprocess.Popen[bytes]":
    """A process that is ready to read, so that starting on a busy machine takes nothing from the first file's time."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, str(seconds), str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # libraries complain about damaged files
        env=_environment(),
        process_group=0,  # Ctrl-C on the terminal is for the importing process
    )
    if process.stdout is not None:
        _line(process.stdout.fileno(), START_SECONDS)
    return process


def _environment() -> dict[str, str]:
    """This one's without secrets: what reads files of strangers needs none."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ONNURI_") and not name.upper().endswith(("KEY", "TOKEN", "SECRET", "PASSWORD"))
    }
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))}


def _line(descriptor: int, seconds: float) -> bytes:
    """The next line of a pipe. Raises TimeoutError, and EOFError when the other side ended."""
    deadline = time.monotonic() + seconds
    received = bytearray()
    while not received.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or len(received) > MAX_ANSWER_BYTES or not select.select([descriptor], [], [], left)[0]:
            raise TimeoutError
        chunk = os.read(descriptor, 1 << 20)
        if not chunk:
            raise EOFError
        received += chunk
    return bytes(received)


def _parsed(line: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(line)
    return answer


_shared = Reader()
atexit.register(_shared.close)


def read(data: bytes, suffix: str, document_id: str) -> Reading:
    """``Reader.read`` of the one process this program reads with."""
    return _shared.read(data, suffix, document_id)


def first_sheet(data: bytes, columns: int) -> list[list[str]]:
    """``Reader.first_sheet`` of that process."""
    return _shared.first_sheet(data, columns)


def serve(requests: BinaryIO, answers: BinaryIO, seconds: float, memory: int) -> None:
    """Answer requests until there are no more, or this process has grown to a quarter of its memory."""
    answers.write(b"ready\n")
    answers.flush()
    while header := requests.readline():
        request = json.loads(header)
        data = requests.read(request.pop("size"))
        _allow_cpu(seconds)
        answer = _attempt(data, **request)
        answer["is_last"] |= _memory_held() > memory // 4
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()
        if answer["is_last"]:
            return


def _documents(data: bytes, suffix: str, document_id: str) -> dict[str, Any]:
    from knowledge_base.readers.formats import read_bytes

    reading = read_bytes(data, suffix, document_id)
    return {"documents": [to_record(document) for document in reading.documents], "faults": reading.faults}


def _first_sheet(data: bytes, columns: int) -> dict[str, Any]:
    from knowledge_base.readers.formats import read_first_sheet

    return {"rows": read_first_sheet(data, columns)}


_TASKS: dict[str, Callable[..., dict[str, Any]]] = {"documents": _documents, "first sheet": _first_sheet}


def _attempt(data: bytes, task: str, **given: Any) -> dict[str, Any]:
    try:
        return {**_TASKS[task](data, **given), "is_last": False}
    except UnreadableFile as error:
        return {"refusal": str(error), "cause": "", "is_last": False}
    except MemoryError:
        return {"refusal": _HUGE, "cause": traceback.format_exc(), "is_last": True}
    except BaseException as error:  # whatever a damaged file makes a parser raise, a Rust panic included
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return {"refusal": _DAMAGED, "cause": traceback.format_exc(), "is_last": False}


def _memory_held() -> int:
    """Bytes; not ru_maxrss, which begins with that of the process this one was started from."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _allow_cpu(seconds: float) -> None:
    """Let the next file use this much processor time; the limit counts from the start of the process."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, resource.RLIM_INFINITY))


def _confine(memory: int) -> BinaryIO:
    """Give up memory beyond a limit, files and core dumps; what a library prints must not mix with the answers."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    allowed = int(sys.argv[2])
    serve(sys.stdin.buffer, _confine(allowed), float(sys.argv[1]), allowed)
