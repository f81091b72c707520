"""A real PostgreSQL of the tests' own: in a folder that goes away, on a loopback port."""

import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg
from loopback import free_port

MISSING = "PostgreSQL 시험에 postgresql이 필요합니다: sudo apt-get install postgresql"
_COUNT = itertools.count(1)


class PostgresServer:
    """One cluster; ``start`` and ``stop`` as an operator would, ``address`` for a test's own tables."""

    def __init__(self) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
        assert programs, MISSING
        self._programs = programs[-1]
        self._folder = Path(tempfile.mkdtemp(prefix="onnuri-postgres-"))
        self.port = free_port()
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self._folder, "postgres", "postgres")
        self._run("initdb", "-D", "data", "-U", "onnuri", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()

    def start(self) -> None:
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=60"
        self._run("pg_ctl", "-D", "data", "-l", "log", "-o", options, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def address(self) -> str:
        """Where there are no tables yet."""
        schema = f"test_{next(_COUNT)}"
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(f"create schema {schema}".encode())
        return f"{self._address}?options=-csearch_path%3D{schema}"

    def remove(self) -> None:
        if (self._folder / "data" / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _address(self) -> str:
        return f"postgresql://onnuri@127.0.0.1:{self.port}/postgres"

    def _run(self, program: str, *arguments: str) -> None:
        as_other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        subprocess.run(
            [*as_other, str(self._programs / program), *arguments],
            cwd=self._folder,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
