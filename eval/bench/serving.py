"""``onnuri serve`` as people wait for it: from its start to the first answer, and the memory it then takes.

``python -m eval.bench.serving`` prints the figures by name as JSON, of a server over the index of ``ONNURI_HOME``.
"""

import json
import sys
import time

import httpx2
import psutil

from assistant.settings import load as settings
from eval.load import server
from knowledge_base.home import Home

QUESTION = "기초연금은 몇 살부터 받을 수 있나요?"
PATIENCE = 60.0


def serving(home: Home) -> dict[str, str]:
    """Figure by name, of a server with the settings of the environment."""
    started = time.perf_counter()
    with server.started(home) as running:
        token = {"Authorization": f"Bearer {running.token}"}
        asked = httpx2.post(f"{running.url}/api/suggest", json={"question": QUESTION}, headers=token, timeout=PATIENCE)
        asked.raise_for_status()
        took = time.perf_counter() - started
        memory = psutil.Process(running.pid).memory_info().rss
    return {
        "서버의 시작부터 첫 답까지": f"{took:.1f}초",
        "서버의 메모리, LLM을 빼고": f"{memory / 2**20:,.0f}MiB",
    }


if __name__ == "__main__":
    json.dump(serving(settings().home_folder()), sys.stdout, ensure_ascii=False)
