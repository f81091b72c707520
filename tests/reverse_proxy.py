"""Debian's nginx with the project's own configuration, on free loopback ports, in front of given replicas."""

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import trustme
from loopback import free_port
from waiting import becomes

CONFIGURATION = Path(__file__).parent.parent / "deploy" / "nginx" / "onnuri.conf"
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/onnuri.conf;
}}
"""


@dataclass(frozen=True)
class Proxy:
    """``url`` over TLS, which the certificate authority in the file ``trusted`` vouches for; ``plain`` without."""

    url: str
    plain: str
    trusted: Path
    log: Path


@contextmanager
def proxied(folder: Path, replicas: Sequence[str]) -> Iterator[Proxy]:
    """nginx in front of the servers at the addresses ``replicas``; its files are kept in ``folder``."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    assert program, "nginx가 없습니다. 'make servers'로 설치하세요."
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    certificate.private_key_pem.write_to_path(str(folder / "onnuri.key"))
    certificate.cert_chain_pems[0].write_to_path(str(folder / "onnuri.crt"))
    secure, plain = free_port(), free_port()
    (folder / "onnuri.conf").write_text(configured(folder, secure, plain, replicas))
    main = folder / "nginx.conf"
    main.write_text(AROUND.format(folder=folder))
    command = [program, "-e", str(folder / "error.log"), "-c", str(main)]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert becomes(lambda: _answers(secure)), (folder / "error.log").read_text()
        yield Proxy(
            f"https://localhost:{secure}", f"http://127.0.0.1:{plain}", folder / "authority.pem", folder / "onnuri.log"
        )
    finally:
        process.terminate()
        process.wait(10)


def configured(folder: Path, secure: int, plain: int, replicas: Sequence[str]) -> str:
    """The configuration as it is shipped, with other files, ports and replicas."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    servers = "".join(f"server {urlsplit(url).netloc} max_fails=1 fail_timeout=5s;\n" for url in replicas)
    for shipped, here in (
        (r"^ +server 127\.0\.0\.1:7860 .*$", servers),
        (r"listen 443 ", f"listen 127.0.0.1:{secure} "),
        (r"listen 80;", f"listen 127.0.0.1:{plain};"),
        (r"/etc/nginx/tls/", f"{folder}/"),
        (r"/var/log/nginx/", f"{folder}/"),
    ):
        text, found = re.subn(shipped, here, text, flags=re.MULTILINE)
        assert found, f"the configuration no longer has {shipped}"
    return text


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
