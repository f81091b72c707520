"""Which account belongs to whom the organisation vouches for."""

from assistant.accounts.tables import AccountTables


class Identities:
    """The table of subjects, each bound to one account; a subject is never given to another person."""

    def __init__(self, tables: AccountTables) -> None:
        self._tables = tables

    def name(self, subject: str) -> str | None:
        """The account of a subject, None for one who has not been here."""
        with self._tables.reading() as connection:
            row = connection.execute("select name from identities where subject = ?", [subject]).fetchone()
        return row["name"] if row else None

    def are_known_of(self, name: str) -> bool:
        """Whether somebody already comes in as ``name``."""
        with self._tables.reading() as connection:
            return connection.execute("select 1 from identities where name = ?", [name]).fetchone() is not None

    def bind(self, subject: str, name: str) -> None:
        """From now on ``subject`` comes in as ``name``, an account that exists."""
        with self._tables.writing() as connection:
            connection.execute("insert into identities values (?, ?)", [subject, name])

    def release(self, name: str) -> None:
        """Nobody comes in as ``name`` until somebody new is bound to it."""
        with self._tables.writing() as connection:
            connection.execute("delete from identities where name = ?", [name])
