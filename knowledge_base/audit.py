"""The actions that are audited, and how every room reports them; ``assistant.audit`` stores them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class AuditAction(StrEnum):
    """Everything the audit keeps."""

    LOG_IN = "log-in"
    LOG_IN_FAILED = "log-in-failed"
    LOG_IN_LOCKED = "log-in-locked"
    LOG_OUT = "log-out"
    SET_UP = "set-up"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105
    ACCOUNT_ADDED = "account-added"
    ACCOUNT_DISABLED = "account-disabled"
    ACCOUNT_ENABLED = "account-enabled"
    ACCOUNT_RESET = "account-reset"
    ROLES_CHANGED = "roles-changed"
    TOKEN_ISSUED = "token-issued"  # noqa: S105
    TOKEN_REVOKED = "token-revoked"  # noqa: S105
    IMPORTED = "imported"
    CORRECTED = "corrected"
    WRITTEN = "written"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    REMOVED = "removed"
    BUILT = "built"
    ACTIVATED = "activated"
    ROLLED_BACK = "rolled-back"
    EXPORTED = "exported"
    GAP_DISMISSED = "gap-dismissed"
    GAP_REOPENED = "gap-reopened"
    BACKED_UP = "backed-up"
    DATA_RESTORED = "data-restored"
    FORGOTTEN = "forgotten"


class Audit(Protocol):
    """Records one action of a known person; it already knows who acts and from where."""

    def __call__(self, action: AuditAction, subject: str, details: Mapping[str, object] | None = None) -> None:
        """``subject`` is what was acted on (a document, a snapshot, a name); ``details`` must fit in JSON.

        Raises OnnuriError when the record cannot be kept; the action must then not go ahead.
        """
        ...
