"""The security headers that every answer carries, whatever route it comes from."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

from assistant.web.page_policy import MarkedPage

NO_PAGE = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""The policy of what is no page: opened by itself, a picture or a file that somebody uploaded runs nothing."""


class Hardened:
    """``send`` that adds the headers and knows how far the answer has come.

    ``page`` takes over if the answer is a panel's page. Any other answer without a content security policy of its own
    gets one under which it runs nothing.
    """

    def __init__(self, send: Send, page: MarkedPage | None) -> None:
        self._send = send
        self._page = page
        self.has_begun = self._complete = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.has_begun = True
            headers = MutableHeaders(scope=message)
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Referrer-Policy"] = "same-origin"  # 'no-referrer' would hide a form's own origin
            headers["Cross-Origin-Resource-Policy"] = "same-origin"
            is_page = headers.get("content-type", "").startswith("text/html")
            if is_page:
                headers["Cache-Control"] = "no-store"
            if is_page and self._page and "content-security-policy" not in headers:
                self._send = self._page
            else:
                headers.setdefault("Content-Security-Policy", NO_PAGE)
        elif message["type"] == "http.response.body":
            self._complete = not message.get("more_body", False)
        await self._send(message)

    async def end(self) -> None:
        """Complete the answer as it stands; refuse when none has begun."""
        if not self.has_begun:
            await self({"type": "http.response.start", "status": 401, "headers": []})
        if not self._complete:
            await self({"type": "http.response.body", "body": b"", "more_body": False})
