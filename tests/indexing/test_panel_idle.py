"""A panel that nobody uses leaves the processor alone."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import gradio as gr
import pytest
from fastapi import FastAPI
from gradio.queueing import Queue

from indexing.panel import served


async def idle(seconds: float) -> Queue:
    """The queue of an empty panel that was open for acts so long."""
    with gr.Blocks(analytics_enabled=False) as panel:
        gr.HTML("가")
    served(FastAPI(), panel, "/panel", None, [])
    looking = asyncio.create_task(panel._queue.start_processing())
    await asyncio.sleep(seconds)
    looking.cancel()
    await asyncio.gather(looking, return_exceptions=True)
    return panel._queue


def test_a_panel_without_acts_looks_for_them_a_few_times_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def empty(queue: Queue) -> int:
        looks.append(queue)
        return 0

    monkeypatch.setattr(Queue, "__len__", empty)
    with ThreadPoolExecutor(1) as aside:  # Playwright has a loop running in the main thread
        mine = aside.submit(lambda: asyncio.run(idle(0.3))).result()
    assert 1 <= sum(each is mine for each in looks) <= 20  # panels of other tests look too
