"""Which groups of the organisation may do what here."""

from collections.abc import Iterable, Mapping

from assistant.accounts.person import PEOPLE, Role

RoleMap = Mapping[Role, frozenset[str]]
"""The groups that give each role; any one of them is enough."""


def role_map(text: str) -> dict[Role, frozenset[str]]:
    """The groups of each role, from ``role=group`` separated by commas; raises ValueError, in Korean.

    >>> role_map("agent=콜센터, admin=콜센터-관리자, agent=야간반")[Role.AGENT] == {"콜센터", "야간반"}
    True
    """
    groups: dict[Role, frozenset[str]] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        role, equals, group = (part.strip() for part in pair.partition("="))
        if role not in PEOPLE or not equals or not group:
            names = ", ".join(role for role in Role if role in PEOPLE)
            raise ValueError(f"'{pair}'은(는) 쓸 수 없습니다. agent=콜센터처럼 역할=부서로 적으세요. 역할: {names}")
        groups[Role(role)] = groups.get(Role(role), frozenset()) | {group}
    return groups


def roles_of(groups: Iterable[str], roles: RoleMap) -> frozenset[Role]:
    """What the members of ``groups`` may do."""
    return frozenset(role for role, giving in roles.items() if not giving.isdisjoint(groups))
