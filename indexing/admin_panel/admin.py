"""Who works at the admin panel."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from knowledge_base.audit import Audit, AuditAction
from knowledge_base.errors import OnnuriError


class Admin(NamedTuple):
    """Who acts, and the audit that records it in their name."""

    name: str
    audit: Audit

    @contextmanager
    def recorded(
        self, action: AuditAction, subject: str, details: Mapping[str, object] | None = None
    ) -> Iterator[None]:
        """Record an act before it is done, for what cannot be recorded must not be; and its failure after it."""
        self.audit(action, subject, details)
        try:
            yield
        except OnnuriError as error:
            self.audit(action, subject, {"failed": str(error)})
            raise
