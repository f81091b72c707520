"""Who has an account, with which roles. An account is disabled, never deleted: the audit speaks of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from assistant.accounts.person import Person, Role, normal_name, possible_roles
from assistant.accounts.tables import AccountTables
from knowledge_base.errors import AccountError


@dataclass(frozen=True, slots=True)
class Account:
    """One row of the list; ``password`` is a hash, None until it is set; times are seconds since the epoch."""

    person: Person
    password: str | None = field(repr=False)
    created: float
    disabled: float | None
    seen: float | None

    @property
    def status(self) -> str:
        """One word or two for the list."""
        if self.disabled is not None:
            return "막힘"
        if self.password is None and not self.person.has(Role.MACHINE):
            return "비밀번호 정하기 전"
        return "사용 중"


class Accounts:
    """The table of people; every method raises AccountError for a name that is impossible or unknown."""

    def __init__(self, tables: AccountTables) -> None:
        self._tables = tables

    def all(self) -> list[Account]:
        """Every account, by name."""
        with self._tables.reading() as connection:
            return [_account(row) for row in connection.execute("select * from people order by name")]

    def is_empty(self) -> bool:
        """Whether nobody has an account yet."""
        with self._tables.reading() as connection:
            return connection.execute("select 1 from people limit 1").fetchone() is None

    def find(self, name: str) -> Account | None:
        """The account of a name as it is stored, if there is one."""
        with self._tables.reading() as connection:
            row = connection.execute("select * from people where name = ?", [name]).fetchone()
        return _account(row) if row else None

    def get(self, name: str) -> Account:
        """The account of ``name``, however it is spelled."""
        account = self.find(normal_name(name))
        if account is None:
            raise AccountError(f"'{normal_name(name)}' 계정이 없습니다. 'onnuri user list'로 이름을 확인하세요.")
        return account

    def add(self, name: str, roles: Iterable[Role]) -> Person:
        """A new account, without a password."""
        person = Person(normal_name(name), possible_roles(roles))
        if self.find(person.name):
            raise AccountError(
                f"'{person.name}' 계정이 이미 있습니다. 역할은 'onnuri user roles', 비밀번호는 'onnuri user reset'으로 "
                "바꾸세요."
            )
        with self._tables.writing() as connection:
            connection.execute(
                "insert into people (name, roles, created) values (?, ?, ?)",
                [person.name, _joined(person.roles), self._tables.now()],
            )
        return person

    def set_roles(self, name: str, roles: Iterable[Role]) -> None:
        """Other roles; a program stays a program, a person a person."""
        person, chosen = self.get(name).person, possible_roles(roles)
        if person.has(Role.MACHINE) != (Role.MACHINE in chosen):
            raise AccountError("사람의 계정과 연계 프로그램의 계정은 서로 바꿀 수 없습니다. 새 계정을 만드세요.")
        self._set(person.name, "roles", _joined(chosen))

    def set_password(self, name: str, hashed: str | None) -> None:
        """Another password, or none until the person chooses one."""
        self._set(self.get(name).person.name, "password", hashed)

    def set_disabled(self, name: str, is_disabled: bool) -> None:
        """Shut an account, or open it again."""
        self._set(self.get(name).person.name, "disabled", self._tables.now() if is_disabled else None)

    def note_seen(self, name: str) -> None:
        """Note that the person has just logged in."""
        self._set(name, "seen", self._tables.now())

    def _set(self, name: str, column: str, value: str | float | None) -> None:
        with self._tables.writing() as connection:
            connection.execute(f"update people set {column} = ? where name = ?", [value, name])  # noqa: S608


def _joined(roles: frozenset[Role]) -> str:
    return ",".join(role for role in Role if role in roles)


def person_of(row: Any) -> Person:
    """The person of a row with the columns ``name`` and ``roles``."""
    return Person(row["name"], frozenset(Role(role) for role in row["roles"].split(",")))


def _account(row: Any) -> Account:
    return Account(person_of(row), row["password"], row["created"], row["disabled"], row["seen"])
