"""Tables in PostgreSQL, where several replicas share them."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from assistant.database.postgresql_dialect import Row, rows, storable, translated
from assistant.database.schema import VERSIONS, Connection, Cursor, Dialect, Schema, Values, migrate, pending
from knowledge_base.errors import AssistantError, InvalidSettings

if TYPE_CHECKING:
    from psycopg import Connection as PsycopgConnection
    from psycopg_pool import ConnectionPool

MOST_CONNECTIONS = 12
PATIENCE = 3.0
"""Seconds to wait for a connection."""
LEFT_ALONE = 2.0
"""Seconds for which a database that could not be reached is not tried again: nobody else need wait for it."""
_SETTINGS = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "application_name": "onnuri",
}
_OPTIONS = "-c synchronous_commit=on -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
"""On: an answer to whoever posts an utterance means that it is on the disk. What the address says comes after."""
AWAY = "데이터베이스에 연결할 수 없습니다. 잠시 뒤에 다시 하고, 계속되면 PostgreSQL과 ONNURI_DATABASE를 확인하세요."
BROKEN = "데이터베이스에 쓸 수 없습니다. 'onnuri doctor'로 확인하고, PostgreSQL의 기록을 보세요"
CHANNEL = "onnuri"
LOOKED_EVERY = 0.5
_log = logging.getLogger(__name__)


class PostgreSQL:
    """A database by its address (``postgresql://…``), and the connections to it. Safe for threads."""

    def __init__(self, address: str) -> None:
        if find_spec("psycopg") is None or find_spec("psycopg_pool") is None:
            raise InvalidSettings(
                "ONNURI_DATABASE에 필요한 패키지가 없습니다. pip install 'onnuri[postgres]'로 설치하세요."
            )
        self._address = address
        self._opening = threading.Lock()
        self._pool: ConnectionPool[PsycopgConnection[Row]] | None = None
        self._left_alone_until = 0.0
        self._own = threading.local()
        self._prepared: set[str] = set()

    def opened(self, schemas: Sequence[Schema]) -> "PostgresDatabase":
        """The tables of ``schemas`` in this database."""
        return PostgresDatabase(self, schemas)

    @contextmanager
    def connected(self) -> Iterator["PostgresConnection"]:
        """A connection and a transaction; inside another one of this thread it is that one, whatever the tables."""
        held: PostgresConnection | None = getattr(self._own, "connection", None)
        if held is not None:
            yield held
            return
        with _explained(), self._borrowed() as connection:
            self._own.connection = PostgresConnection(connection)
            try:
                yield self._own.connection
            finally:
                self._own.connection = None

    def prepare(self, schemas: Sequence[Schema]) -> None:
        """Make or change the tables, once; replicas that start together wait for each other."""
        wanted = {schema.name for schema in schemas}
        if wanted <= self._prepared:
            return
        with self.connected() as connection:
            connection.take_turn("schema_versions")
            connection.execute(VERSIONS)
            if pending(connection, schemas):
                migrate(connection, schemas, Dialect.POSTGRESQL)
        self._prepared |= wanted

    def news(self, stopped: Callable[[], bool]) -> Iterator[str]:
        """What is announced, on a connection of its own that is made anew when it breaks."""
        import psycopg

        while not stopped():
            try:
                with psycopg.connect(**self._settings(), autocommit=True) as connection:
                    connection.execute(f"listen {CHANNEL}".encode())
                    yield ""
                    while not stopped():
                        for notice in connection.notifies(timeout=LOOKED_EVERY):
                            yield notice.payload
            except psycopg.OperationalError as error:
                _log.warning("news of other replicas: %s", type(error).__name__)
                time.sleep(LOOKED_EVERY)

    def sweep(self) -> bool:
        """Have the room of deleted rows used anew; see ``Database``."""
        with _explained(), self._borrowed() as connection:
            connection.commit()
            connection.autocommit = True
            try:
                connection.execute("vacuum (analyze)")
            finally:
                connection.autocommit = False
        return True

    def close(self) -> None:
        """Let go of all connections; they open again when used."""
        with self._opening:
            if self._pool is not None:
                self._pool.close()
            self._pool = None

    @contextmanager
    def _borrowed(self) -> Iterator["PsycopgConnection[Row]"]:
        """A connection of the pool; what is done is kept when all went well, and undone by an exception."""
        pool = self._opened()
        connection = self._reached(pool)
        try:
            with connection:
                yield connection
        finally:
            pool.putconn(connection)

    def _reached(self, pool: "ConnectionPool[PsycopgConnection[Row]]") -> "PsycopgConnection[Row]":
        from psycopg_pool import PoolTimeout

        if time.monotonic() < self._left_alone_until:
            raise AssistantError(AWAY)
        try:
            return pool.getconn(PATIENCE)
        except PoolTimeout as error:
            self._left_alone_until = time.monotonic() + LEFT_ALONE
            raise AssistantError(AWAY) from error

    def _opened(self) -> "ConnectionPool[PsycopgConnection[Row]]":
        with self._opening:
            if self._pool is None:
                self._pool = self._new_pool()
            return self._pool

    def _new_pool(self) -> "ConnectionPool[PsycopgConnection[Row]]":
        from psycopg import Connection
        from psycopg_pool import ConnectionPool

        logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # each attempt, with the address; we say it once
        return ConnectionPool(
            connection_class=Connection[Row],
            kwargs={**self._settings(), "row_factory": rows},
            min_size=1,
            max_size=MOST_CONNECTIONS,
            check=ConnectionPool.check_connection,
            reconnect_timeout=LEFT_ALONE,
            open=True,
        )

    def _settings(self) -> dict[str, Any]:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict

        try:
            asked = conninfo_to_dict(self._address)
        except ProgrammingError as error:
            raise InvalidSettings(
                "ONNURI_DATABASE를 읽을 수 없습니다. postgresql://이름:비밀번호@주소/데이터베이스처럼 적으세요."
            ) from error
        return {**_SETTINGS, **asked, "options": f"{_OPTIONS} {asked.get('options', '')}"}


class PostgresDatabase:
    """Some schemas in PostgreSQL; see ``Database``."""

    def __init__(self, database: PostgreSQL, schemas: Sequence[Schema]) -> None:
        self._database = database
        self._schemas = schemas

    @contextmanager
    def reading(self) -> Iterator["PostgresConnection"]:
        """A connection to read from."""
        self._database.prepare(self._schemas)
        with self._database.connected() as connection:
            yield connection

    @contextmanager
    def writing(self, *, in_turn: bool = False) -> Iterator["PostgresConnection"]:
        """One transaction, ``in_turn`` with those of other replicas."""
        with self.reading() as connection:
            if in_turn:
                connection.take_turn(self._schemas[0].name)
            yield connection

    def announce(self, connection: Connection, news: str) -> None:
        """By NOTIFY; see ``Database``."""
        connection.execute("select pg_notify(?, ?)", (CHANNEL, news))

    def news(self, stopped: Callable[[], bool]) -> Iterator[str]:
        """By LISTEN; see ``Database``."""
        return self._database.news(stopped)

    def sweep(self) -> bool:
        """The whole database, not these tables alone; see ``Database``."""
        return self._database.sweep()

    def close(self) -> None:
        """Others may use the connections: whoever made the ``PostgreSQL`` closes it."""


class PostgresConnection:
    """A connection to which statements are given as SQLite takes them."""

    def __init__(self, connection: "PsycopgConnection[Row]") -> None:
        self._connection = connection

    def execute(self, query: str, values: Values = (), /) -> Cursor:
        """One statement."""
        with _explained():
            return self._connection.execute(translated(query), storable(values))

    def executemany(self, query: str, rows: Iterable[Values], /) -> None:
        """One statement for each of the rows."""
        with _explained(), self._connection.cursor() as cursor:
            cursor.executemany(translated(query), [storable(row) for row in rows])

    def take_turn(self, name: str) -> None:
        """Wait for the others who take turns under this name, until the transaction is over."""
        key = int.from_bytes(hashlib.sha256(f"onnuri {name}".encode()).digest()[:8], signed=True)
        self.execute("select pg_advisory_xact_lock(?)", (key,))


@contextmanager
def _explained() -> Iterator[None]:
    """What goes wrong, as a sentence; the driver's own words may tell addresses, so they are only its cause."""
    import psycopg

    try:
        yield
    except psycopg.OperationalError as error:
        raise AssistantError(AWAY) from error
    except psycopg.Error as error:
        raise AssistantError(f"{BROKEN}({type(error).__name__}).") from error
