"""Erase a patient: the second of two people empties her personal data everywhere and destroys her key.

Digests, times, codes and numbers stay, so that every proof still stands; what they were about can never be found again.
Done by the owner of the database (manage.py erase_subject): the account that serves pages cannot do it on PostgreSQL.
"""

import uuid

from django.conf import settings
from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import NotAllowedError, TryAgainError, WrongStateError
from clinic.models import Account, Site
from clinic.vocabulary import Permission, Role
from consent.actions.erasure_steps import destroy_keys, is_waiting, redact, rows_to_keep, stream_of, write_parts
from consent.actions.moving import check_may
from consent.actions.removal_steps import lock_patient
from consent.actions.seal_ledger import newest_ledger, seal_ledger
from consent.exceptions import KeyStoreError, LedgerError
from consent.keys.subject_keys import check_store, retire_key
from consent.models import Erasure, ErasureRequest

MOST_TRIES = 5


def erase_subject(*, request_id: uuid.UUID, by: Account) -> Erasure:
    """Erase a patient's personal data and destroy the key behind everything recorded about her so far.

    **Takes** what a first person asked for, and a second: an administrator and an advocate, or two administrators.
    **Gives** the erasure; asking again finishes one that a crash left half done.
    **Raises** NotAllowedError (role, same person, two advocates), WrongStateError (not asked), LedgerError (keys or
    ledger cannot be used, or entries still wait to be sealed; nothing is erased then).
    **Writes** Erasure, RedactedRow; columns that are not open in all rows of the patient; entries subject.erased; then
    destroys the key outside the database.
    """
    request = ErasureRequest.objects.select_related("patient__site", "asked_by").filter(pk=request_id).first()
    if request is None:
        raise WrongStateError(_("Nobody has asked for this erasure."))
    _check_two_people(request, by)
    erasure = Erasure.objects.filter(request=request).first() or _erase_all(request, by=by)
    destroy_keys(erasure)
    return erasure


def _check_two_people(request: ErasureRequest, by: Account) -> None:
    check_may(by, Permission.ERASE_PATIENT, consent_site_id=request.patient.site_id)
    if by.pk == request.asked_by_id:
        raise NotAllowedError(_("A second person must do this; you asked for it yourself."))
    if Role.ADMINISTRATOR not in {by.role, request.asked_by.role}:
        raise NotAllowedError(_("One of the two people must be an administrator."))


def _erase_all(request: ErasureRequest, *, by: Account) -> Erasure:
    """Retire the key first, so that nothing is closed with it any more; then erase; again if an act came between."""
    for _try in range(MOST_TRIES):
        try:
            check_store()
            _seal(request.patient.site)
            generation = retire_key(owner=request.patient.ledger_subject)
        except KeyStoreError as error:
            raise LedgerError(str(error)) from error
        erasure = _erase(request_id=request.pk, generation=generation, by=by)
        if erasure is not None:
            return erasure
    raise TryAgainError(_("Somebody recorded something at the same moment. Please try again."))


def _seal(site: Site) -> None:
    """Give waiting entries their places first, where whoever writes also seals."""
    if settings.LEDGER_SEALING == "writer":
        ledger = newest_ledger(site)
        if ledger is not None:
            seal_ledger(ledger_id=ledger.pk)


@one_act
def _erase(*, request_id: uuid.UUID, generation: int, by: Account) -> Erasure | None:
    """The transaction. None when an entry about the patient was closed with a newer key meanwhile."""
    request = ErasureRequest.objects.select_related("patient__site").get(pk=request_id)
    patient = lock_patient(request.patient_id)
    entries = stream_of(patient)
    if any(entry.sealed_salt[0] > generation for entry in entries):
        return None
    if is_waiting(entries, newest_ledger(patient.site)):
        raise LedgerError(_("Some entries still wait for their place in the ledger. Please try again in a moment."))
    kept = rows_to_keep(entries, owner=patient.ledger_subject)
    redact(patient)
    erasure = Erasure(request=request, key_generation=generation, erased_by=by, erased_at=clock.now())
    erasure.save(force_insert=True)
    write_parts(erasure, entries, kept, by=by)
    return erasure
