"""Who sends a request, and from where: for the audit and for limits."""

from starlette.requests import Request

from assistant.accounts.person import Role, current_person
from assistant.audit.log import Actor


def address_of(request: Request) -> str:
    """The address a request comes from, '' when there is none."""
    return request.client.host if request.client else ""


def actor_of(request: Request, *roles: Role) -> Actor:
    """Who acts by sending a request; raises NotAllowed for nobody, and without one of ``roles``."""
    return Actor(current_person(request, *roles).name, address_of(request))
