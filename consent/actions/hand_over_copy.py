"""Hand over: a copy of the record reached the patient, or she left it for her own safety. An act of its own."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission, Role
from consent.actions.locks import lock_consent
from consent.actions.moving import check_is_patient, check_may, record
from consent.models import Consent, CopyHandover
from consent.queries.frozen import newest_frozen
from consent.vocabulary import CopyForm, EntryKind, Via


@one_act
def hand_over_copy(*, consent_id: uuid.UUID, form: CopyForm, by: Account, via: Via) -> CopyHandover:
    """Record in what form the newest record of a consent reached its patient; once for each record and form.

    The patient says any of it herself. Staff may say one thing only: that they handed her the paper.

    **Gives** the handover; the same one when it was said before.
    **Raises** NotAllowedError; WrongStateError where there is no record yet.
    **Writes** CopyHandover; entry copy.handed-over.
    **Source** CR-037, CR-099.
    """
    consent = lock_consent(consent_id)
    _check_may_say(by, consent, form)
    frozen = newest_frozen(consent)
    if frozen is None:
        raise WrongStateError(_("There is no record of this yet."))
    earlier = CopyHandover.objects.filter(frozen=frozen, form=form).first()
    if earlier is not None:
        return earlier
    at = clock.now()
    row = CopyHandover(consent=consent, frozen=frozen, form=form, handed_by=by, handed_at=at)
    row.save(force_insert=True)
    detail = {"form": form.value}
    record(EntryKind.COPY_HANDED_OVER, consent, by=by, via=via, at=at, rows=[consent, row], detail=detail)
    return row


def _check_may_say(by: Account, consent: Consent, form: CopyForm) -> None:
    if by.role == Role.PATIENT:
        check_is_patient(by, consent)
        return
    check_may(by, Permission.READ_PATIENT_RECORD, consent_site_id=consent.site_id)
    if form is not CopyForm.PAPER:
        raise NotAllowedError(_("Only the patient can say this."))
