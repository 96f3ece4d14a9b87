"""Issue a patient's card: a code that is printed once, and a PIN that she chooses."""

import itertools
import re
import secrets
import uuid
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.permission import check_may, check_same_site
from clinic.actions.saving import check_fields
from clinic.exceptions import InvalidInputError, WrongStateError
from clinic.models import Account, Patient, PatientCard
from clinic.vocabulary import Permission

# No letter or digit that looks like another: no 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
CODE_LETTERS = "ACDEFGHJKMNPQRTWXY34679"
CODE_LENGTH = 8
PIN = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class NewCard:
    """A card just made. The code is shown now and never again."""

    card: PatientCard
    code: str


def issue_card(*, patient_id: uuid.UUID, pin: str, by: Account) -> NewCard:
    """Give the patient a new card; an older one stops working.

    **Takes** the PIN she typed herself: six digits that are not easy to guess.
    **Raises** InvalidInputError (field pin), NotAllowedError, WrongStateError.
    **Writes** PatientCard; ends the one before.
    """
    check_may(by, Permission.ISSUE_CARDS)
    if not PIN.fullmatch(pin):
        raise InvalidInputError(_("The PIN has six digits."), field="pin")
    pin_hash = make_password(pin)  # slow on purpose, so outside the transaction
    with transaction.atomic(durable=True):
        patient = Patient.objects.select_for_update(of=("self",)).filter(pk=patient_id).first()
        if patient is None:
            raise WrongStateError(_("This patient is not known here."))
        check_same_site(by, patient.site_id)
        _check_pin(pin, patient)
        at = clock.now()
        for older in patient.cards.filter(ended_at__isnull=True):
            older.ended_at = at
            older.save()
        card = PatientCard(patient=patient, code=_new_code(), pin_hash=pin_hash, issued_by=by, issued_at=at)
        check_fields(card)
        card.save(force_insert=True)
    return NewCard(card=card, code=card.code)


def _check_pin(pin: str, patient: Patient) -> None:
    """Raises InvalidInputError for a PIN that others try first."""
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    born = patient.birth_date
    if len(steps) == 1 and steps <= {0, 1, 9}:
        raise InvalidInputError(_("This PIN is easy to guess. Choose another."), field="pin")
    if pin in {f"{born:%y%m%d}", f"{born:%d%m%y}", f"{born:%m%d%y}", f"{born:%Y%m}", f"{born:%m%Y}"}:
        raise InvalidInputError(_("This PIN is your birth date. Choose another."), field="pin")


def _new_code() -> str:
    """A code nobody has or had."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _letter in range(CODE_LENGTH))
        if not PatientCard.objects.filter(code=code).exists():
            return code
