"""``python -m eval.capacity``: what a call centre needs, computed from what was measured on two cores.

Every constant was measured with nothing else running (2026-11-27, Intel Xeon; BASELINES: 2026-11-22, AMD EPYC) or says
that it is assumed. docs/scaling.md holds the table and what it rests on.
"""

from math import ceil
from typing import NamedTuple

import typer


class LoadTest(NamedTuple):
    """``onnuri eval load``, 60 s without LLM: agents speaking at the same time (mean), cores of the server."""

    speaking: float
    cores: float


TWELVE = LoadTest(10.4, 0.166)
HUNDRED = LoadTest(87.3, 0.785)

AGENTS_A_REPLICA = 100
"""What one process was measured with; it used .79 cores, and Python's part of that cannot use a second one."""
UTTERANCES_A_SECOND = 29.0 / HUNDRED.speaking
"""Posted per speaking agent; each is searched for once at most."""
FLAT_SCAN_SECONDS = 6.7e-3 / 100_000
"""CPU of FAISS per vector (384 floats) and search."""
GRAPH_SEARCH_SECONDS = 2 * 1.2e-3
"""CPU of one search in an HNSW graph, which is what Milvus uses: measured at 100,000 vectors, twice that at millions
(assumed)."""
SLOWEST_SCAN = 0.1
"""Of the 300 ms until the evidence, what the scan may take; beyond that the index belongs into Milvus."""

CALLS_AN_HOUR = 2 * 600 / 9 / 12
"""Per agent at the busiest hour: the centre's 600 calls a day, twice the average (assumed)."""
QUESTIONS_A_CALL = 337 / 191
LLM_SHARE = 250 / 300
"""Questions that the LLM was asked: neither FAQ nor abstained before."""
LLM_CORE_SECONDS = 2 * 5.0
"""Two cores for five seconds an answer."""

SERVER_GB, LLM_GB = 1.0, 2.0
"""A server after a minute of 100 agents; the LLM's file of 1.1 GB and its working memory (assumed)."""
MEMORY_A_CHUNK = 1_536 + 2 * 521
"""Bytes: the vector, and the terms that are packed to 521 on disk (twice that unpacked, assumed)."""
COPY_A_CHUNK = 384
"""Bytes more with FAISS: the eight-bit copy that it looks through first."""
DISK_A_CHUNK = 2 * (1_536 + 521 + 3_837 + 4_158 + 18_600) + 14_363 + 18_600
"""Bytes: two snapshots (vectors, terms, texts with FTS5, vectors of titles, sentences and tokens, which are mapped, not
read into memory), documents and embedding cache, in which those of tokens are once more."""
CHUNKS_A_CORE_SECOND = 40.3 / 2 / 2.1
"""OpenVINO int8, batches sorted by length (BASELINES); titles and sentences take as long again (15.7 and 15.9 s)."""


def line(small: LoadTest, large: LoadTest) -> tuple[float, float]:
    """Cores of a server with nobody speaking, and more for each who does.

    >>> [round(each, 4) for each in line(TWELVE, HUNDRED)]
    [0.0823, 0.008]
    """
    each = (large.cores - small.cores) / (large.speaking - small.speaking)
    return small.cores - small.speaking * each, each


def server_cores(speaking: float) -> float:
    """Cores of all replicas together, without LLM and with a small index.

    >>> round(server_cores(HUNDRED.speaking), 3)
    0.785
    """
    idle, each = line(TWELVE, HUNDRED)
    return idle * replicas(speaking) + each * speaking


def replicas(agents: float) -> int:
    """Processes that serve them, without a spare one.

    >>> replicas(12), replicas(100), replicas(1000)
    (1, 1, 10)
    """
    return max(1, ceil(agents / AGENTS_A_REPLICA))


def llm_cores(agents: int) -> float:
    """Cores that write answers at the busiest hour, if the bundled LLM writes them all.

    >>> round(llm_cores(12), 1)
    0.5
    """
    return agents * CALLS_AN_HOUR / 3600 * QUESTIONS_A_CALL * LLM_SHARE * LLM_CORE_SECONDS


class Need(NamedTuple):
    """What is to be bought: cores and gigabytes of all replicas together; ``build_hours`` are core hours."""

    agents: int
    chunks: int
    engine: str
    replicas: int
    server_cores: float
    llm_cores: float
    memory_gb: float
    disk_gb: float
    build_hours: float


def need(agents: int, chunks: int) -> Need:
    """For agents who all speak at once.

    >>> need(12, 8_000).engine, need(1000, 10_000_000).engine
    ('FAISS', 'Milvus')
    """
    serving = replicas(agents)
    has_faiss = chunks * FLAT_SCAN_SECONDS <= SLOWEST_SCAN
    scan = chunks * FLAT_SCAN_SECONDS if has_faiss else GRAPH_SEARCH_SECONDS
    index_gb = chunks * (MEMORY_A_CHUNK + has_faiss * COPY_A_CHUNK) / 1e9
    return Need(
        agents,
        chunks,
        "FAISS" if has_faiss else "Milvus",
        serving,
        round(server_cores(agents) + agents * UTTERANCES_A_SECOND * scan, 1),
        round(llm_cores(agents), 1),
        round(serving * SERVER_GB + LLM_GB + index_gb * (serving if has_faiss else 1), 1),
        round(chunks * DISK_A_CHUNK / 1e9, 1),
        round(chunks / CHUNKS_A_CORE_SECOND / 3600, 1),
    )


PLANS = (need(12, 8_000), need(100, 100_000), need(1_000, 1_000_000), need(1_000, 10_000_000))
HEAD = "| 상담원 | 조각 | 색인 | 서버 | 서버 코어 | LLM 코어 | 메모리 GB | 디스크 GB | 첫 색인(코어·시간) |"


def table() -> str:
    """The plans in Markdown."""
    rows = [f"| {' | '.join(f'{each:,}' if isinstance(each, int) else str(each) for each in plan)} |" for plan in PLANS]
    return "\n".join([HEAD, "|" + "---|" * 9, *rows])


if __name__ == "__main__":
    typer.echo(table())
