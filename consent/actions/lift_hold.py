"""Lift a hold: the advocate, who is neither proposer nor operator, has spoken with the patient."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, record
from consent.models import Hold, HoldLift
from consent.vocabulary import EntryKind, Via


@one_act
def lift_hold(*, hold_id: uuid.UUID, note: str, by: Account) -> HoldLift:
    """Let a consent move forward again.

    **Gives** the lift; lifting twice writes once.
    **Raises** NotAllowedError (no advocate; or proposer, operator or who raised it), WrongStateError.
    **Writes** HoldLift; entry hold.lifted.
    """
    consent_id = Hold.objects.filter(pk=hold_id).values_list("consent_id", flat=True).first()
    if consent_id is None:
        raise WrongStateError(_("This hold is not known here."))
    consent = lock_consent(consent_id)
    hold = Hold.objects.get(pk=hold_id)
    check_may(by, Permission.LIFT_HOLD, consent_site_id=consent.site_id)
    if by.pk in {consent.proposed_by_id, consent.operator.account_id, hold.raised_by_id}:
        raise NotAllowedError(_("Whoever proposed, will operate or raised the concern cannot lift it."))
    earlier = HoldLift.objects.filter(hold=hold).first()
    if earlier is not None:
        return earlier
    at = clock.now()
    lift = HoldLift(hold=hold, note=note.strip(), lifted_by=by, lifted_at=at)
    lift.save(force_insert=True)
    record(EntryKind.HOLD_LIFTED, consent, by=by, via=Via.STAFF, at=at, rows=[consent, hold, lift])
    return lift
