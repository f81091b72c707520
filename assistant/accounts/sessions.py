"""Who is logged in: random tokens in cookies, known here only by their digests."""

from assistant.accounts.accounts import person_of
from assistant.accounts.person import Person
from assistant.accounts.secret_tokens import digest, new_token
from assistant.accounts.tables import AccountTables

LONGEST = 12 * 3600
"""Seconds until a session ends in any case; a shift lasts nine hours."""
IDLE = 3600
"""Seconds without any request or open stream until it ends."""
NOTED_EVERY = 60
"""Seconds between two notes that a session is in use: not every request need write to the disk."""

_FIND = """select sessions.*, people.roles from sessions join people using (name)
where digest = ? and people.disabled is null and begun > ? and used > ?"""


class Sessions:
    """The table of sessions. A session is as good as its account: disabling that ends it at once."""

    def __init__(self, tables: AccountTables) -> None:
        self._tables = tables

    def begin(self, name: str) -> str:
        """Log a person in; the token goes into the cookie. Sessions that ran out are forgotten."""
        token, now = new_token(), self._tables.now()
        with self._tables.writing() as connection:
            connection.execute("delete from sessions where begun <= ? or used <= ?", [now - LONGEST, now - IDLE])
            connection.execute("insert into sessions values (?, ?, ?, ?)", [digest(token), name, now, now])
        return token

    def person(self, token: str) -> Person | None:
        """Whose session it is, and that it is in use; None when it has ended or never was."""
        now = self._tables.now()
        with self._tables.reading() as connection:
            row = connection.execute(_FIND, [digest(token), now - LONGEST, now - IDLE]).fetchone()
            if row is None:
                return None
            if now - row["used"] >= NOTED_EVERY:
                connection.execute("update sessions set used = ? where digest = ?", [now, row["digest"]])
        return person_of(row)

    def end(self, token: str) -> None:
        """Log out; an unknown token changes nothing."""
        with self._tables.writing() as connection:
            connection.execute("delete from sessions where digest = ?", [digest(token)])

    def end_all(self, name: str) -> None:
        """Log a person out everywhere."""
        with self._tables.writing() as connection:
            connection.execute("delete from sessions where name = ?", [name])
