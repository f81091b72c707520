"""An application on a free loopback port, as a browser or a program meets it."""

import asyncio
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import uvicorn
from fastapi import FastAPI


def made(make: Callable[[], FastAPI]) -> FastAPI:
    """An application with Gradio panels; without a running event loop Gradio would leave some of its own behind."""

    async def inside() -> FastAPI:
        return make()

    with ThreadPoolExecutor(1) as aside:  # Playwright has a loop running in the main thread
        return aside.submit(lambda: asyncio.run(inside())).result()


def free_port() -> int:
    """One for another program, below those that the system gives to who asks for any: nobody takes it meanwhile."""
    while True:
        port = 10_000 + secrets.randbelow(20_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@contextmanager
def served(app: FastAPI, port: int = 0) -> Iterator[str]:
    """Serve ``app`` in a thread, at any free port for 0; yields its address, ending in a slash."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, proxy_headers=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.02)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join()
