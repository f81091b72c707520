"""Put on PYTHONPATH of a child process: refuses and records every contact beyond loopback."""

import os
import sys
from pathlib import Path

RECORD = Path(os.environ["ONLY_LOOPBACK_RECORD"])


def _host(event: str, arguments: tuple[object, ...]) -> object:
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        return arguments[0]
    address = arguments[1]
    return address[0] if isinstance(address, tuple) else None  # a path is a Unix socket


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event not in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        return
    host = _host(event, arguments)
    if host in (None, "", b"", "localhost", "::1") or str(host).startswith("127."):
        return
    with RECORD.open("a", encoding="utf-8") as record:
        record.write(f"{event} {host}\n")
    raise OSError(f"refused by the test: {event} {host}")


sys.addaudithook(_watch)
