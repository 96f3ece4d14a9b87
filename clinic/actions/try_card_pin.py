"""Try a card code with a PIN. Five wrong tries lock the card."""

import uuid

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext as _

from clinic import clock
from clinic.exceptions import CardLockedError
from clinic.models import Account, PatientCard

MOST_TRIES = 5


def try_card_pin(*, code: str, pin: str) -> Account | None:
    """The patient's account when code and PIN belong together, else None: a wrong PIN and an unknown code look alike.

    A try is counted and committed before the PIN is looked at, under a lock on the card, so that many tries at once
    are never more than five looks.

    **Raises** CardLockedError when the card is locked, or is locked by this very try.
    **Writes** PatientCard (failed_tries, locked_at).
    """
    card, tries = _count_try(code)
    if card is None:
        make_password(pin)  # as slow as a real look, so that the time tells nothing
        return None
    if check_password(pin, card.pin_hash):
        _forget_tries(card.pk, tries)
        return card.patient.account if card.patient.account.is_active else None
    if tries >= MOST_TRIES:
        raise CardLockedError(_locked_words())
    return None


@transaction.atomic(durable=True)
def _count_try(code: str) -> tuple[PatientCard | None, int]:
    card = (
        PatientCard.objects.select_for_update(of=("self",))
        .select_related("patient__account")
        .filter(code=code, ended_at__isnull=True)
        .first()
    )
    if card is None:
        return None, 0
    if card.locked_at is not None:
        raise CardLockedError(_locked_words())
    card.failed_tries += 1
    if card.failed_tries >= MOST_TRIES:
        card.locked_at = clock.now()
    card.save(update_fields=["failed_tries", "locked_at"])
    return card, card.failed_tries


@transaction.atomic(durable=True)
def _forget_tries(card_id: uuid.UUID, tries: int) -> None:
    """After a right PIN. A lock that other tries set meanwhile stays: only the desk lifts it."""
    card = PatientCard.objects.select_for_update().get(pk=card_id)
    if card.locked_at is not None and tries < MOST_TRIES:
        return
    card.failed_tries = 0
    card.locked_at = None
    card.save(update_fields=["failed_tries", "locked_at"])


def _locked_words() -> str:
    return _("This card is locked because a wrong PIN was typed five times. Ask at the desk: they can open it again.")
