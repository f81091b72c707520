"""Failed log-ins, and how long they keep a name, or an address that tries many names, from trying again."""

from typing import NamedTuple

from assistant.accounts.secret_tokens import digest
from assistant.accounts.tables import AccountTables
from assistant.database.schema import Connection
from knowledge_base.errors import AccountError

PER_NAME = 5
FIRST_WAIT = 15 * 60
LONGEST_WAIT = 4 * 3600
"""Seconds a name is shut after its fifth failure, doubling with each further one up to the longest."""
REMEMBERED = 24 * 3600
PER_ADDRESS = 30
ADDRESS_WINDOW = 15 * 60
"""A whole call centre may sit behind one address, so that it is shut later, and for a fixed time."""


class Locked(AccountError):
    """Too many failures. ``seconds`` is how long to wait; ``is_new`` when this is the first refusal of a wait."""

    def __init__(self, seconds: float, is_new: bool) -> None:
        self.seconds, self.is_new = seconds, is_new
        super().__init__(
            f"여러 번 틀려 잠시 막았습니다. {max(1, round(seconds / 60))}분쯤 뒤에 다시 하거나, "
            "관리자에게 새 링크를 부탁하세요."
        )


class Attempt(NamedTuple):
    """One try to log in, counted as failed until ``Attempts.forgive`` forgets the name's failures."""

    name: str
    address: str


class Attempts:
    """The table of failures. Names are kept as digests: people type passwords into the wrong box."""

    def __init__(self, tables: AccountTables) -> None:
        self._tables = tables
        self._told: set[tuple[str, float]] = set()

    def begin(self, attempt: Attempt) -> None:
        """Count an attempt before the password is looked at, so that many at once are counted too.

        Raises Locked, for known and unknown names alike; a refused attempt is not counted.
        """
        now = self._tables.now()
        with self._tables.writing() as connection:
            connection.execute("delete from failures where at <= ?", [now - REMEMBERED])
            until = max(_name_opens(connection, digest(attempt.name)), _address_opens(connection, attempt.address, now))
            if until > now:
                raise Locked(until - now, self._is_new(attempt, until))
            connection.execute("insert into failures values (?, ?, ?)", [digest(attempt.name), attempt.address, now])

    def forgive(self, name: str) -> None:
        """Forget the failures of a name: whoever it is has proved to be the right person."""
        with self._tables.writing() as connection:
            connection.execute("delete from failures where name = ?", [digest(name)])

    def _is_new(self, attempt: Attempt, until: float) -> bool:
        """Whether nobody has been told of this wait yet; a flood of refusals is one event."""
        key = (attempt.address, until)
        is_new = key not in self._told
        self._told = {told for told in self._told if told[1] > self._tables.now()} | {key}
        return is_new


def _name_opens(connection: Connection, name: str) -> float:
    """When this name may be tried again; a time in the past when it may be now."""
    count, last = connection.execute("select count(*), max(at) from failures where name = ?", [name]).fetchone()
    if count < PER_NAME:
        return 0.0
    return float(last + min(FIRST_WAIT * 2 ** (count - PER_NAME), LONGEST_WAIT))


def _address_opens(connection: Connection, address: str, now: float) -> float:
    """When this address may try again."""
    recent = connection.execute(
        "select at from failures where address = ? and at > ? order by at desc limit ?",
        [address, now - ADDRESS_WINDOW, PER_ADDRESS],
    ).fetchall()
    return float(recent[-1]["at"] + ADDRESS_WINDOW) if len(recent) == PER_ADDRESS else 0.0
