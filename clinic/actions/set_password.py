"""Give a member of staff a new password."""

import uuid

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from clinic.exceptions import InvalidInputError
from clinic.models import Account


@transaction.atomic(durable=True)
def set_password(*, account_id: uuid.UUID, password: str) -> Account:
    """Replace the password of an account; open sessions of that account end with their next page.

    **Raises** InvalidInputError (field password).
    **Writes** Account.
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    try:
        validate_password(password, user=account)
    except ValidationError as error:
        raise InvalidInputError(" ".join(error.messages), field="password") from error
    account.set_password(password)
    account.save(update_fields=["password"])
    return account
