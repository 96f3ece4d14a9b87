"""Certify an abdominal emergency: the operator writes down why the belly has to be opened now."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, tidy
from clinic.models import Account
from consent.actions.locks import lock_consent
from consent.actions.moving import record
from consent.actions.shorter_waits import check_is_operator, check_wait_runs, check_way_exists
from consent.exceptions import AlreadyDecidedError
from consent.models import AbdominalEmergency
from consent.vocabulary import EntryKind, Via


@one_act
def certify_abdominal_emergency(*, consent_id: uuid.UUID, circumstances: str, by: Account) -> AbdominalEmergency:
    """Record the operator's certificate of an emergency operation on the belly, in words.

    **Gives** the certificate; certifying the same words twice writes once.
    **Raises** NotAllowedError (not the planned operator), WrongStateError (no wait runs, or not under these rules),
    InvalidInputError (no circumstances), AlreadyDecidedError (ended, or certified with other words).
    **Writes** AbdominalEmergency; entry wait.abdominal-emergency.
    **Source** CR-004; 42 CFR 50.203(d).
    """
    consent = lock_consent(consent_id)
    check_is_operator(by, consent)
    earlier = AbdominalEmergency.objects.filter(consent=consent).first()
    if earlier is not None and earlier.circumstances == tidy(circumstances):
        return earlier
    if earlier is not None:
        raise AlreadyDecidedError(_("An emergency is certified already, in other words. Report it as a mistake."))
    check_wait_runs(consent)
    check_way_exists(consent, "abdominal_hours")
    at = clock.now()
    row = AbdominalEmergency(consent=consent, circumstances=tidy(circumstances), certified_by=by, certified_at=at)
    check_fields(row)
    row.save(force_insert=True)
    record(EntryKind.ABDOMINAL_EMERGENCY_CERTIFIED, consent, by=by, via=Via.STAFF, at=at, rows=[consent, row])
    return row
