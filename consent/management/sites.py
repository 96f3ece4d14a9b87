"""Which clinic a command is about."""

from django.core.management.base import CommandError

from clinic.models import Site
from consent.queries.ledger import sites_called


def the_site(name: str) -> Site:
    """The clinic with this id or exact name. Raises CommandError when there is not exactly one."""
    sites = sites_called(name)
    if len(sites) != 1:
        raise CommandError(f"There is not exactly one clinic {name!r}; give its id or its exact name.", returncode=2)
    return sites[0]
