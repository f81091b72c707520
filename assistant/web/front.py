"""How people come in besides by password: whom the organisation vouches for, at its provider or by its proxy."""

from typing import NamedTuple

from assistant.accounts.access import Access
from assistant.accounts.sign_in import SignIn
from assistant.settings import Settings
from assistant.web.oidc import Client, OpenIDProvider


class Front(NamedTuple):
    """The ways in, and which sites stand in front.

    ``trusted_proxy`` is an address, '' for none; ``frame_ancestors`` are the sites, separated by spaces, that may show
    the panels within their pages.
    """

    sign_in: SignIn | None = None
    provider: OpenIDProvider | None = None
    trusted_proxy: str = ""
    frame_ancestors: str = ""


def chosen(settings: Settings, access: Access) -> Front:
    """What the settings say; raises InvalidSettings where the packages for it are missing."""
    sign_in = SignIn(access, settings.oidc_roles) if settings.oidc_roles else None
    provider = None
    if settings.oidc_issuer and sign_in is not None:
        secret = settings.oidc_client_secret.get_secret_value()
        client = Client(
            settings.oidc_issuer,
            settings.oidc_client_id,
            secret,
            settings.oidc_name_claim,
            settings.oidc_groups_claim,
        )
        provider = OpenIDProvider(client, sign_in)
    return Front(sign_in, provider, settings.trusted_proxy, settings.frame_ancestors)
