"""A panel that nobody uses leaves the processor alone."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import gradio as gr
import pytest
from fastapi import FastAPI
from gradio.queueing import Queue

from indexing.panel import served


async def idle(seconds: float) -> float:
    """An empty panel, open for acts so long; how many seconds it really was."""
    with gr.Blocks(analytics_enabled=False) as panel:
        gr.HTML("가")
    served(FastAPI(), panel, "/panel", None, [])
    started = time.perf_counter()
    looking = asyncio.create_task(panel._queue.start_processing())
    await asyncio.sleep(seconds)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    return time.perf_counter() - started  # longer where others compute


def test_a_panel_without_acts_looks_for_them_a_few_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def empty(queue: Queue) -> int:
        looks.append(queue)
        return 0

    monkeypatch.setattr(Queue, "__len__", empty)
    with ThreadPoolExecutor(1) as aside:  # Playwright has a loop running in the main thread
        passed = aside.submit(lambda: asyncio.run(idle(0.3))).result()
    assert 1 <= len(looks) / passed <= 60
