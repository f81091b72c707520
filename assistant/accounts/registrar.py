"""Giving accounts and taking them away: what ``onnuri user`` does, each act recorded in the audit."""

from collections.abc import Iterable

from assistant.accounts.access import Access
from assistant.accounts.identities import Identities
from assistant.accounts.passwords import check_password
from assistant.accounts.person import Person, Role, normal_name, possible_roles
from assistant.audit.log import Actor
from knowledge_base.audit import AuditAction
from knowledge_base.errors import AccountError


class Registrar:
    """Acts for ``actor``. Raises AccountError for impossible or unknown names."""

    def __init__(self, access: Access, actor: Actor) -> None:
        self._access = access
        self._actor = actor

    def add(self, name: str, roles: Iterable[Role], password: str | None = None) -> str:
        """A new account. Returns what to hand over: a set-up link's token, or a program's bearer token;
        '' when a ``password`` was given."""
        person = Person(normal_name(name), possible_roles(roles))
        is_machine = person.has(Role.MACHINE)
        if password is not None:
            _check(is_machine, password, person.name)
        hashed = None if password is None else self._access.passwords.hashed(password)
        with self._access.tables.writing():
            self._access.accounts.add(person.name, person.roles)
            self._access.accounts.set_password(person.name, hashed)
            self._record(AuditAction.ACCOUNT_ADDED, person.name, roles=sorted(person.roles))
            if is_machine:
                return self.issue_token(person.name)
            return self._access.links.issue(person.name) if hashed is None else ""

    def set_roles(self, name: str, roles: Iterable[Role]) -> None:
        """Give an account other roles; open panels notice within seconds."""
        chosen = possible_roles(roles)
        with self._access.tables.writing():
            before = self._access.accounts.get(name).person
            self._access.accounts.set_roles(name, chosen)
            self._record(AuditAction.ROLES_CHANGED, before.name, before=sorted(before.roles), roles=sorted(chosen))

    def disable(self, name: str) -> None:
        """Shut an account; its sessions, links and token end at once."""
        with self._access.tables.writing():
            person = self._access.accounts.get(name).person
            self._access.accounts.set_disabled(person.name, True)
            self._access.sessions.end_all(person.name)
            self._access.links.withdraw(person.name)
            self._record(AuditAction.ACCOUNT_DISABLED, person.name)

    def enable(self, name: str) -> None:
        """Open an account again; the password is the old one."""
        with self._access.tables.writing():
            person = self._access.accounts.get(name).person
            self._access.accounts.set_disabled(person.name, False)
            self._record(AuditAction.ACCOUNT_ENABLED, person.name)

    def reset(self, name: str) -> str:
        """Take a person's password, sessions and organisation log-in, forgive failures; returns a new link's token."""
        with self._access.tables.writing():
            account = self._access.accounts.get(name)
            if account.person.has(Role.MACHINE):
                raise AccountError("연계 프로그램에는 비밀번호가 없습니다. 'onnuri user token'으로 토큰을 바꾸세요.")
            if account.disabled is not None:
                raise AccountError(f"'{account.person.name}' 계정은 막혀 있습니다. 먼저 'onnuri user enable'을 하세요.")
            self._access.accounts.set_password(account.person.name, None)
            Identities(self._access.tables).release(account.person.name)
            self._access.sessions.end_all(account.person.name)
            self._access.attempts.forgive(account.person.name)
            self._record(AuditAction.ACCOUNT_RESET, account.person.name)
            return self._access.links.issue(account.person.name)

    def issue_token(self, name: str) -> str:
        """A program's bearer token, in place of its older one."""
        with self._access.tables.writing():
            person = self._machine(name)
            self._record(AuditAction.TOKEN_ISSUED, person.name)
            return self._access.tokens.issue(person.name)

    def revoke_token(self, name: str) -> None:
        """Take a program's token away."""
        with self._access.tables.writing():
            person = self._machine(name)
            if not self._access.tokens.revoke(person.name):
                raise AccountError(f"'{person.name}'에는 거둘 토큰이 없습니다. 'onnuri user list'로 이름을 확인하세요.")
            self._record(AuditAction.TOKEN_REVOKED, person.name)

    def _machine(self, name: str) -> Person:
        person = self._access.accounts.get(name).person
        if not person.has(Role.MACHINE):
            raise AccountError(
                f"'{person.name}'은(는) 사람의 계정입니다. 토큰은 '--role {Role.MACHINE}'으로 만든 계정에만 줍니다."
            )
        return person

    def _record(self, action: AuditAction, name: str, **details: object) -> None:
        self._access.audit.record(self._actor, action, name, details)


def _check(is_machine: bool, password: str, name: str) -> None:
    if is_machine:
        raise AccountError("연계 프로그램에는 비밀번호 대신 토큰을 줍니다. 비밀번호 없이 다시 하세요.")
    check_password(password, name)
