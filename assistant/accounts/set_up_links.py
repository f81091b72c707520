"""One-time links with which a person chooses a password, and the first one an administrator."""

from assistant.accounts.secret_tokens import digest, new_token
from assistant.accounts.tables import AccountTables
from knowledge_base.errors import AccountError

VALID = 24 * 3600
"""Seconds a link can be used."""
SPENT_TEXT = "쓸 수 없는 링크입니다. 이미 썼거나, 하루가 지났거나, 새 링크가 나왔습니다. 관리자에게 새 링크를 받으세요."


class SetUpLinks:
    """The table of links: one for a name, and one without a name for the very first account."""

    def __init__(self, tables: AccountTables) -> None:
        self._tables = tables

    def issue(self, name: str | None) -> str:
        """A new token; older ones of the same name are void."""
        token = new_token()
        with self._tables.writing() as connection:
            self.withdraw(name)
            connection.execute("insert into links values (?, ?, ?)", [digest(token), name, self._tables.now() + VALID])
        return token

    def withdraw(self, name: str | None) -> None:
        """Make void what was issued for ``name``."""
        with self._tables.writing() as connection:
            connection.execute("delete from links where name is not distinct from ?", [name])

    def name(self, token: str) -> str | None:
        """For whom the link is, None for the first account; raises AccountError when it is void.

        A first account can only be made while there is none, and a disabled person cannot come back by a link.
        """
        with self._tables.reading() as connection:
            row = connection.execute(
                """select links.name from links left join people using (name) where digest = ? and ends > ?
                and case when links.name is null then not exists (select 1 from people) else disabled is null end""",
                [digest(token), self._tables.now()],
            ).fetchone()
        if row is None:
            raise AccountError(SPENT_TEXT)
        name: str | None = row["name"]
        return name
