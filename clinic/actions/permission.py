"""The two questions every action asks about the person who acts."""

import uuid

from django.utils.translation import gettext as _

from clinic.exceptions import NotAllowedError
from clinic.models import Account
from clinic.vocabulary import Permission


def check_may(by: Account, permission: Permission) -> None:
    """Raises NotAllowedError unless the person's role carries the permission."""
    if not by.may(permission):
        raise NotAllowedError(_("Your role may not do this."))


def check_same_site(by: Account, site_id: uuid.UUID) -> None:
    """Raises NotAllowedError unless the person works at the site the thing belongs to."""
    if by.site_id != site_id:
        raise NotAllowedError(_("This belongs to another clinic."))
