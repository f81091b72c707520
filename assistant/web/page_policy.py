"""The content security policy of the panels, as strict as Gradio's pages work with, and the pages made to fit it.

No host but this one is reached, and no script runs but those of this server and the page's own, which are marked with
a number used once: what somebody smuggles into a page as text runs nothing. Gradio needs ``unsafe-eval`` (it compiles
the scripts of its HTML components in the browser) and inline styles.
"""

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

_SCRIPT = re.compile(rb"<script(?=[\s>])")
"""Gradio writes ``<`` in the data of its pages as \\u003c, so that these are the page's own."""


def policy(framed_by: str, nonce: str) -> str:
    """The header for a page shown within this site and those of ``framed_by``.

    >>> policy("https://cti.example.kr", "n").rpartition("; ")[2]
    "frame-ancestors 'self' https://cti.example.kr"
    """
    ancestors = f"frame-ancestors 'self' {framed_by}".rstrip()
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; "
        f"manifest-src 'self'; base-uri 'self'; form-action 'self'; {ancestors}"
    )


class MarkedPage:
    """``send`` for one page: holds it back until it is whole, and marks its scripts."""

    def __init__(self, send: Send, framed_by: str) -> None:
        self._send = send
        self._framed_by = framed_by
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if not message.get("more_body", False):
            await self._send_marked(message)

    async def _send_marked(self, last: Message) -> None:
        nonce = secrets.token_urlsafe(16)
        body = _SCRIPT.sub(f'<script nonce="{nonce}"'.encode(), self._body)
        headers = MutableHeaders(scope=self._start)
        headers["Content-Security-Policy"] = policy(self._framed_by, nonce)
        if self._body:  # the answer to HEAD tells the length of a body it has not
            headers["Content-Length"] = str(len(body))
        await self._send(self._start)
        await self._send({**last, "body": body})
