"""Bearer tokens of programs (CTI, speech recognition), one a machine account."""

from assistant.accounts.accounts import person_of
from assistant.accounts.person import Person
from assistant.accounts.secret_tokens import digest, new_token
from assistant.accounts.tables import AccountTables

PREFIX = "onnuri_"
"""Lets people and secret scanners see what a stray token belongs to."""

_ISSUE = "insert into tokens values (?, ?) on conflict (name) do update set digest = excluded.digest"
_FIND = "select people.* from tokens join people using (name) where digest = ? and disabled is null"


class MachineTokens:
    """The table of tokens; they do not expire, a newer one or a revocation ends them at once."""

    def __init__(self, tables: AccountTables) -> None:
        self._tables = tables

    def issue(self, name: str) -> str:
        """A token for a machine account, in place of its older one; it cannot be shown again."""
        token = PREFIX + new_token()
        with self._tables.writing() as connection:
            connection.execute(_ISSUE, [name, digest(token)])
        return token

    def revoke(self, name: str) -> bool:
        """Whether there was a token to take away."""
        with self._tables.writing() as connection:
            return connection.execute("delete from tokens where name = ?", [name]).rowcount > 0

    def person(self, token: str) -> Person | None:
        """Whose token it is."""
        with self._tables.reading() as connection:
            row = connection.execute(_FIND, [digest(token)]).fetchone()
        return person_of(row) if row else None
