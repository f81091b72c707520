"""Coming in: log-ins, log-outs, set-up links and passwords, each recorded in the audit.

Every change is made and recorded in one transaction: what cannot be recorded is undone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from assistant.accounts.accounts import Account, Accounts
from assistant.accounts.attempts import Attempt, Attempts, Locked
from assistant.accounts.machine_tokens import MachineTokens
from assistant.accounts.passwords import Passwords, check_password
from assistant.accounts.person import PEOPLE, folded_name, normal_name
from assistant.accounts.sessions import Sessions
from assistant.accounts.set_up_links import SetUpLinks
from assistant.accounts.tables import AccountTables
from assistant.audit.log import Actor, AuditLog
from knowledge_base.audit import AuditAction
from knowledge_base.errors import AccountError

WRONG_TEXT = "이름이나 비밀번호가 맞지 않습니다."
WRONG_OLD_TEXT = "지금 비밀번호가 맞지 않습니다."


class Access:
    """What the log-in pages do. Names may be given in any spelling; methods return a new session's token.

    Raises AccountError for whatever a person can put right, AssistantError when a file cannot be written.
    """

    def __init__(self, tables: AccountTables, audit: AuditLog, passwords: Passwords) -> None:
        self.tables = tables
        self.audit = audit
        self.passwords = passwords
        self.accounts = Accounts(tables)
        self.sessions = Sessions(tables)
        self.links = SetUpLinks(tables)
        self.tokens = MachineTokens(tables)
        self.attempts = Attempts(tables)

    def log_in(self, name: str, password: str, address: str) -> str:
        """Begin a session. Unknown names, wrong passwords and shut accounts look and last the same."""
        name = folded_name(name)
        account = self._checked(name, password, address, WRONG_TEXT)
        outdated = account.password is not None and self.passwords.is_outdated(account.password)
        hashed = self.passwords.hashed(password) if outdated else account.password
        with self._unchanged(account, address, WRONG_TEXT):
            self.accounts.set_password(name, hashed)
            return self._entered(Actor(name, address), AuditAction.LOG_IN)

    def log_out(self, token: str, actor: Actor) -> None:
        """End the session of ``token``."""
        with self.tables.writing():
            self.sessions.end(token)
            self.audit.record(actor, AuditAction.LOG_OUT, actor.name)

    def change_password(self, old: str, new: str, actor: Actor) -> str:
        """Set ``new`` if ``old`` is right; every older session ends."""
        account = self._checked(actor.name, old, actor.address, WRONG_OLD_TEXT)
        check_password(new, actor.name)
        hashed = self.passwords.hashed(new)
        with self._unchanged(account, actor.address, WRONG_OLD_TEXT):
            self.accounts.set_password(actor.name, hashed)
            self.sessions.end_all(actor.name)
            return self._entered(actor, AuditAction.PASSWORD_CHANGED)

    def set_up(self, token: str, name: str, password: str, address: str) -> str:
        """Use up a link: its person gets a password; without one, the first administrator is called ``name``."""
        owner = self.links.name(token)
        chosen = owner or normal_name(name)
        check_password(password, chosen)
        hashed = self.passwords.hashed(password)
        with self.tables.writing():
            self.links.name(token)  # another request may have been faster
            self.links.withdraw(owner)
            if owner is None:
                self.accounts.add(chosen, PEOPLE)
            self.accounts.set_password(chosen, hashed)
            self.sessions.end_all(chosen)
            return self._entered(Actor(chosen, address), AuditAction.SET_UP)

    def _entered(self, actor: Actor, action: AuditAction) -> str:
        """Record that somebody is in; nothing is held against the name any more."""
        self.attempts.forgive(actor.name)
        self.accounts.note_seen(actor.name)
        self.audit.record(actor, action, actor.name)
        return self.sessions.begin(actor.name)

    def _checked(self, name: str, password: str, address: str, told: str) -> Account:
        """The account whose password this is, or ``told`` as the error.

        A name that nobody has is not recorded: people type passwords into the wrong box.
        """
        account = self.accounts.find(name)
        subject = name if account else ""
        self._count(Attempt(name, address), subject)
        is_right = self.passwords.matches(password, account.password if account else None)
        if account is None or not is_right or account.disabled is not None:
            self._refuse(address, subject, told)
        return account

    @contextmanager
    def _unchanged(self, account: Account, address: str, told: str) -> Iterator[None]:
        """A transaction, or ``told`` as the error if the password was changed or the account shut since ``account``
        was read: checking a password takes long enough for an administrator to take it away."""
        with self.tables.writing():
            now = self.accounts.get(account.person.name)
            if (now.password, now.disabled) == (account.password, account.disabled):
                yield
                return
        self._refuse(address, account.person.name, told)

    def _refuse(self, address: str, subject: str, told: str) -> NoReturn:
        self.audit.record(Actor("", address), AuditAction.LOG_IN_FAILED, subject)
        raise AccountError(told)

    def _count(self, attempt: Attempt, subject: str) -> None:
        try:
            self.attempts.begin(attempt)
        except Locked as locked:
            if locked.is_new:
                waits = {"seconds": round(locked.seconds)}
                self.audit.record(Actor("", attempt.address), AuditAction.LOG_IN_LOCKED, subject, waits)
            raise
