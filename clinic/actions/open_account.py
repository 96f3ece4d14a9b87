"""Open an account for a member of staff. Patients get theirs when they are registered."""

import uuid
from collections.abc import Collection

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.saving import check_fields, save_as, tidy
from clinic.exceptions import InvalidInputError
from clinic.models import Account, Practitioner
from clinic.printable import check_printable
from clinic.vocabulary import ProcedureCategory, Role


@transaction.atomic(durable=True)
def open_account(
    *,
    username: str,
    display_name: str,
    role: Role,
    site_id: uuid.UUID,
    password: str,
    profession: str = "",
    registration: str = "",
    trained_for: Collection[ProcedureCategory] = (),
) -> Account:
    """Open a staff account at one clinic; a practitioner is also entered as a professional.

    **Takes** the kinds of care for which a practitioner is trained to take consent (CR-055); none where nobody said so.
    **Raises** InvalidInputError (field username, display_name, role, password or profession).
    **Writes** Account; Practitioner for the role practitioner.
    """
    if role == Role.PATIENT:
        raise InvalidInputError(_("A patient's account is opened by registering the patient."), field="role")
    account = Account(
        username=Account.normalize_username(username.strip()),
        display_name=tidy(display_name),
        role=role,
        site_id=site_id,
        opened_at=clock.now(),
    )
    if Account.objects.filter(username=account.username).exists():
        raise InvalidInputError(_("That user name is taken. Choose another."), field="username")
    _set_password(account, password)
    check_fields(account)
    check_printable(account.display_name, field="display_name")
    account.save(force_insert=True)
    if role == Role.PRACTITIONER:
        practitioner = Practitioner(account=account, site_id=site_id)
        practitioner.profession, practitioner.registration = tidy(profession), tidy(registration)
        practitioner.trained_for = [kind.value for kind in ProcedureCategory if kind in trained_for]
        save_as(practitioner, by=None)
    return account


def _set_password(account: Account, password: str) -> None:
    try:
        validate_password(password, user=account)
    except ValidationError as error:
        raise InvalidInputError(" ".join(error.messages), field="password") from error
    account.set_password(password)
