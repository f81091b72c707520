"""Coming in by the organisation's own log-in: whom it vouches for becomes an account and a session here.

The organisation says who somebody is and which groups they are in; ``role_map`` says what those groups may do here.
A name alone opens no account: it is bound to the subject that first came under it, and one that has a password of its
own is never taken over.
"""

from typing import NamedTuple

from assistant.accounts.access import Access
from assistant.accounts.identities import Identities
from assistant.accounts.person import Role, normal_name
from assistant.accounts.role_map import RoleMap, roles_of
from assistant.audit.log import Actor
from knowledge_base.audit import AuditAction
from knowledge_base.errors import AccountError

NO_GROUP_TEXT = "이 프로그램을 쓰는 부서로 등록되어 있지 않습니다. 관리자에게 부서 등록을 부탁하세요."
TAKEN_TEXT = "같은 이름의 다른 계정이 이미 있습니다. 관리자에게 'onnuri user reset'을 부탁하세요."
DISABLED_TEXT = "이 계정은 막혀 있습니다. 관리자에게 문의하세요."


class Vouched(NamedTuple):
    """Somebody the organisation vouches for.

    ``subject`` never changes and is never given to anybody else; ``name`` is what people call the account.
    """

    subject: str
    name: str
    groups: frozenset[str]


class SignIn:
    """Lets in whom the organisation vouches for. Every change is recorded in the same transaction."""

    def __init__(self, access: Access, roles: RoleMap) -> None:
        self._access = access
        self._identities = Identities(access.tables)
        self._roles = roles

    def enter(self, vouched: Vouched, address: str) -> str:
        """A new session's token. Makes the account on the first visit; groups decide the roles on every one.

        Raises AccountError for whoever may not come in.
        """
        try:
            with self._access.tables.writing():
                name = self._account(vouched, Actor(vouched.subject, address))
                self._access.accounts.note_seen(name)
                self._access.audit.record(Actor(name, address), AuditAction.LOG_IN, name, {"by": vouched.subject})
                return self._access.sessions.begin(name)
        except AccountError:
            self.refused(address, vouched.subject)
            raise

    def refused(self, address: str, subject: str = "") -> None:
        """Record that somebody was not let in; ``subject`` is '' when nobody knows who."""
        self._access.audit.record(Actor("", address), AuditAction.LOG_IN_FAILED, subject)

    def _account(self, vouched: Vouched, actor: Actor) -> str:
        """The name of the account of a subject, with the roles of today."""
        roles = roles_of(vouched.groups, self._roles)
        if not roles:
            raise AccountError(NO_GROUP_TEXT)
        name = self._identities.name(vouched.subject) or self._bound(vouched, roles, actor)
        account = self._access.accounts.get(name)
        if account.disabled is not None:
            raise AccountError(DISABLED_TEXT)
        if account.person.roles != roles:
            self._access.accounts.set_roles(name, roles)
            changed = {"before": sorted(account.person.roles), "roles": sorted(roles)}
            self._access.audit.record(actor, AuditAction.ROLES_CHANGED, name, changed)
        return name

    def _bound(self, vouched: Vouched, roles: frozenset[Role], actor: Actor) -> str:
        """Bind a new subject to an account that nobody uses yet, made now or beforehand by an administrator."""
        name = normal_name(vouched.name)
        if (account := self._access.accounts.find(name)) is None:
            self._access.accounts.add(name, roles)
            self._access.audit.record(actor, AuditAction.ACCOUNT_ADDED, name, {"roles": sorted(roles)})
        elif account.password is not None or account.person.has(Role.MACHINE) or self._identities.are_known_of(name):
            raise AccountError(TAKEN_TEXT)
        self._access.links.withdraw(name)  # a link would give the account a password, and so another owner
        self._identities.bind(vouched.subject, name)
        return name
