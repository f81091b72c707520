"""Which passwords are taken, and how they are kept: argon2id with OWASP's least parameters.

The rule is that of NIST SP 800-63B: length, nothing widely known, no required mixture of signs.
"""

import threading
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.accounts.secret_tokens import new_token
from knowledge_base.errors import AccountError

SHORTEST, LONGEST = 10, 128
FEWEST_SIGNS = 5
OWASP = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def check_password(password: str, name: str) -> None:
    """Raises AccountError saying what to do about a password that is too easy for ``name``."""
    plain = _normal(password)
    folded = plain.casefold()
    if not SHORTEST <= len(plain) <= LONGEST:
        raise AccountError(f"비밀번호는 {SHORTEST}자에서 {LONGEST}자까지로 정하세요. 낱말을 여러 개 이어도 됩니다.")
    if folded in (name, name[::-1]) or len(set(folded)) < FEWEST_SIGNS or folded in _common():
        raise AccountError("너무 쉽게 알아낼 수 있는 비밀번호입니다. 다른 것으로 정하세요.")


@cache
def _common() -> frozenset[str]:
    text = Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _normal(password: str) -> str:
    """One form for what different keyboards send for the same Hangul."""
    return unicodedata.normalize("NFKC", password)


class Passwords:
    """Hashes and checks passwords, one at a time: a crowd at the door costs 19 MiB, not 19 MiB each."""

    def __init__(self, hasher: PasswordHasher = OWASP) -> None:
        self._hasher = hasher
        self._nobody = hasher.hash(new_token())
        self._turn = threading.Lock()

    def hashed(self, password: str) -> str:
        """What is stored of a password."""
        with self._turn:
            return self._hasher.hash(_normal(password))

    def matches(self, password: str, stored: str | None) -> bool:
        """Whether it is the password; takes as long where nothing is stored (None)."""
        try:
            with self._turn:
                self._hasher.verify(stored or self._nobody, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether it was hashed with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)
