"""Random secrets that are handed out once and kept only as their SHA-256."""

import hashlib
import secrets

BYTES = 32


def new_token() -> str:
    """256 random bits, safe in a URL, a cookie and a header."""
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """What is stored of a token. It cannot be guessed, so it needs no salt and no slow hash.

    >>> digest("a")[:8]
    'ca978112'
    """
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
