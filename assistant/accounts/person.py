"""Who is calling: what every panel, handler and API route asks before it answers."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from knowledge_base.errors import AccountError, NotAllowed
from knowledge_base.labelled import Labelled

LONGEST_NAME = 32


class Role(Labelled):
    """What an account may do. People may hold several; a program holds ``machine`` alone."""

    AGENT = "agent", "상담원"
    ADMIN = "admin", "지식 관리자"
    QA = "qa", "품질 담당자"
    MACHINE = "machine", "연계 프로그램"


PEOPLE = frozenset(Role) - {Role.MACHINE}
"""The roles of people; the first administrator holds them all."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account, or the program behind a machine token."""

    name: str
    roles: frozenset[Role]

    def has(self, *roles: Role) -> bool:
        """Whether the account holds one of ``roles``, any of which is enough."""
        return not self.roles.isdisjoint(roles)


class Request(Protocol):
    """A request of Starlette, FastAPI or Gradio that came through ``assistant.web.gate``."""

    @property
    def state(self) -> Any: ...


def current_person(request: Request, *roles: Role) -> Person:
    """Who sent ``request``; with ``roles``, holding one of them.

    Raises NotAllowed otherwise, also where no gate stands in front of the application.
    """
    person = getattr(request.state, "person", None)
    if not isinstance(person, Person):
        raise NotAllowed("로그인이 필요합니다. 로그인한 뒤 다시 해 주세요.")
    if roles and not person.has(*roles):
        needed = ", ".join(role.label for role in roles)
        raise NotAllowed(f"{needed} 권한이 필요합니다. 관리자에게 역할을 부탁하세요.")
    return person


def normal_name(name: str) -> str:
    """The one spelling of a name; raises AccountError when it cannot be one.

    >>> normal_name(" Ｋim.01 ")
    'kim.01'
    """
    folded = folded_name(name)
    if not 1 <= len(folded) <= LONGEST_NAME or not all(sign.isalnum() or sign in "._-" for sign in folded):
        raise AccountError(
            f"이름으로 쓸 수 없습니다. 글자, 숫자, 점(.), 밑줄(_), 줄표(-)로 {LONGEST_NAME}자까지 적으세요."
        )
    return folded


def folded_name(name: str) -> str:
    """``name`` as names are compared, whether or not it can be one."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def possible_roles(roles: Iterable[Role]) -> frozenset[Role]:
    """``roles`` as a set; raises AccountError for none, or for a program that is also a person."""
    chosen = frozenset(roles)
    if not chosen:
        raise AccountError(f"역할을 하나 이상 고르세요: {', '.join(Role)}.")
    if Role.MACHINE in chosen and len(chosen) > 1:
        raise AccountError(f"{Role.MACHINE}({Role.MACHINE.label})은 다른 역할과 함께 줄 수 없습니다. 계정을 나누세요.")
    return chosen
