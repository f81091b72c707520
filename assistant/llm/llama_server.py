"""A GGUF model served by llama.cpp on this machine, in a process of its own.

``python -m assistant.llm.llama_server --model FILE`` serves the OpenAI API on the loopback interface until its
parent is gone; once the model is loaded it says at which address. :class:`LlamaServer` is the main process's hold
on such a server. A process of its own keeps a crash of llama.cpp away from the panel, and lets it run at a lower
priority than searching.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast
from urllib.parse import urlsplit

from knowledge_base.errors import LLMUnavailable

HOST = "127.0.0.1"
NICENESS = 5
CACHE_MIB = 1024
"""Memory for prompts of past answers, whose beginnings are then not read again (28 KB a token here)."""
SAME_EVIDENCE = 0.75
"""The share of a prompt that a slot must know to be taken as it is. Below that only the rules are the same, and what
the slot holds goes to the memory of past prompts first; llama.cpp's own .1 threw it away where the rules were longer
than the evidence."""


@dataclass(frozen=True)
class ServerOptions:
    """How to serve: CPU threads (all cores by default), tokens of context shared by all slots, and how
    many answers are written at once."""

    threads: int | None = None
    context: int = 4096
    slots: int = 2


class LlamaServer:
    """Starts the server with :meth:`ensure` and stops it with :meth:`close`; usable in ``with``.

    ``model`` is the GGUF file, ``log`` the file its messages are appended to, ``timeout`` the seconds it
    may take to load. Thread-safe.
    """

    def __init__(
        self, model: Path, log: Path, options: ServerOptions = ServerOptions(), timeout: float = 120.0
    ) -> None:
        self.model, self.log, self.options, self.timeout = model, log, options, timeout
        self._address = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    @property
    def base_url(self) -> str:
        """Where the OpenAI API is; changes when :meth:`ensure` starts a new process."""
        return f"{self._address}/v1"

    @property
    def port(self) -> int | None:
        """Where it listens at HOST; None while it does not."""
        return urlsplit(self._address).port if self.alive else None

    @property
    def name(self) -> str:
        """The model's name in the API: the stem of its file."""
        return self.model.stem

    @property
    def alive(self) -> bool:
        """True while the process runs, also while it is still loading."""
        return self._process is not None and self._process.poll() is None

    def ensure(self) -> LlamaServer:
        """Start the server unless it is alive and wait until it answers.

        :class:`LLMUnavailable` when the file is missing, the server ends, or it takes too long.
        """
        with self._lock:
            if not self.alive:
                self._start()
        return self

    def close(self) -> None:
        """Stop the server; nothing when it is not running."""
        with self._lock:
            if self._process is not None:
                _stop(self._process)
                self._process = None

    def __enter__(self) -> LlamaServer:
        return self.ensure()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        if not self.model.is_file():
            raise LLMUnavailable(
                f"LLM 파일({self.model})이 없습니다. `make install`을 실행하거나 설정에서 LLM 파일 경로를 고치세요."
            )
        if self._process is not None:
            _stop(self._process)  # it has died: only its pipes are left to close
        self._address = ""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(self._command(), stdin=pipe, stdout=pipe, stderr=log)
        try:
            self._address = self._announced(self._process)
        except BaseException:
            _stop(self._process)
            raise

    def _command(self) -> list[str]:
        options = self.options
        command = [sys.executable, "-m", __spec__.name, "--model", str(self.model)]
        command += ["--context", str(options.context), "--slots", str(options.slots)]
        return command + (["--threads", str(options.threads)] if options.threads else [])

    def _announced(self, process: subprocess.Popen[bytes]) -> str:
        """The address at which ``process`` serves, once it does."""
        output = cast("IO[bytes]", process.stdout)
        readable, _, _ = select.select([output], [], [], self.timeout)
        if not readable:
            raise LLMUnavailable(
                f"LLM 서버가 {self.timeout:.0f}초 안에 준비되지 않았습니다. 기록 {self.log}을 확인하거나 "
                "더 작은 LLM을 쓰세요."
            )
        address = output.readline().decode().strip()
        if not address:
            raise LLMUnavailable(
                f"LLM 서버가 시작하다 멈췄습니다(종료 코드 {process.wait(self.timeout)}). 기록 {self.log}을 보고 "
                "LLM 파일이 온전한지, 메모리가 충분한지 확인하세요."
            )
        return address


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def serve(model: Path, options: ServerOptions) -> None:
    """Load ``model``, say where it is served, and serve it until the parent is gone."""
    import xllamacpp

    os.nice(NICENESS)
    watch = threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True)
    watch.start()
    with _standard_output() as parent:
        server = xllamacpp.Server(_parameters(model, options))
        print(server.listening_address, file=parent)
    watch.join()


def _standard_output() -> IO[str]:
    """What the parent reads; whatever a library prints from now on goes to the log instead."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return output


def _end_with_parent(parent: int) -> None:
    """Wait until standard input, held open by the parent, ends or the parent changes; then end at once.

    ``PR_SET_PDEATHSIG`` would not do: it fires when the *thread* that started the server ends. And a
    second process that inherited the pipe would keep it open, hence the look at the parent.
    """
    while os.getppid() == parent:
        readable, _, _ = select.select([sys.stdin.fileno()], [], [], 1.0)
        if readable and not os.read(sys.stdin.fileno(), 1024):
            break
    os.kill(os.getpid(), signal.SIGKILL)  # llama.cpp may be in the middle of an answer nobody waits for


def _parameters(model: Path, options: ServerOptions) -> object:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {model.stem}
    params.hostnames, params.port = [HOST], 0  # the system picks a free one
    params.n_ctx, params.n_parallel, params.kv_unified = options.context, options.slots, True
    threads = options.threads or len(os.sched_getaffinity(0))
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.cache_prompt, params.cache_ram_mib = True, CACHE_MIB
    params.slot_prompt_similarity = SAME_EVIDENCE
    params.cache_idle_slots = False  # a slot that is emptied has to read the rules again
    params.ui = False
    return params


def main(arguments: list[str] | None = None) -> None:
    """The command line; returns when the parent is gone."""
    import argparse

    parser = argparse.ArgumentParser(
        prog="python -m assistant.llm.llama_server", description="GGUF 모델을 이 컴퓨터에서 제공합니다."
    )
    parser.add_argument("--model", type=Path, required=True, help="GGUF 파일")
    parser.add_argument("--threads", type=int, help="CPU 스레드 수(기본: 전부)")
    parser.add_argument("--context", type=int, default=4096, help="문맥 토큰 수")
    parser.add_argument("--slots", type=int, default=2, help="동시에 쓰는 답변 수")
    given = parser.parse_args(arguments)
    serve(given.model, ServerOptions(given.threads, given.context, given.slots))


if __name__ == "__main__":
    main()
