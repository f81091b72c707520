"""The server that calls are posted to: whom its certificate must satisfy, and what is left open behind an account."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from eval.load.client import Client
from eval.load.server import elsewhere, machine_token
from knowledge_base.errors import EvaluationError
from knowledge_base.home import Home


class Answering(BaseHTTPRequestHandler):
    """Takes whatever is posted."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer()

    def _answer(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Quiet."""


class Secure(NamedTuple):
    """A server over TLS; ``authority`` is the file of who vouches for it."""

    port: int
    authority: Path


@pytest.fixture
def secure(tmp_path: Path) -> Iterator[Secure]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Secure(server.server_port, tmp_path / "authority.pem")
        server.shutdown()
        thread.join()


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text("secret\n", encoding="utf-8")
    return path


async def ended(url: str) -> None:
    async with Client(url, "secret") as client:
        await client.end("c1")


def test_a_server_is_trusted_that_the_operator_vouches_for(
    secure: Secure, token_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"https://localhost:{secure.port}"
    with pytest.raises(EvaluationError, match=r"인증서를 확인할 수 없습니다.*SSL_CERT_FILE"):
        elsewhere(url, token_file)
    monkeypatch.setenv("SSL_CERT_FILE", str(secure.authority))
    assert elsewhere(f"{url}/", token_file).url == url
    with ThreadPoolExecutor(1) as aside:  # Playwright has a loop running in the main thread
        aside.submit(lambda: asyncio.run(ended(url))).result()  # the calls themselves too
    with pytest.raises(EvaluationError, match="인증서에 적힌 이름"):
        elsewhere(f"https://127.0.0.1:{secure.port}", token_file)
    monkeypatch.setenv("SSL_CERT_FILE", str(token_file))
    with pytest.raises(EvaluationError, match="SSL_CERT_FILE의 인증서 파일을 읽을 수 없습니다"):
        elsewhere(url, token_file)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "127.0.0.1:7860", "http://["])
def test_an_address_where_nobody_answers_is_named_before_any_call(url: str, token_file: Path) -> None:
    with pytest.raises(EvaluationError, match="연결할 수 없습니다"):
        elsewhere(url, token_file)


def test_making_the_account_leaves_no_file_open(tmp_path: Path) -> None:
    assert machine_token(Home(tmp_path))
    still_open = [link for link in map(_target, Path("/proc/self/fd").iterdir()) if link.startswith(str(tmp_path))]
    assert still_open == []


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except OSError:  # the listing's own
        return ""
