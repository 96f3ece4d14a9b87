"""Mark in error: a second person agrees with the report. A no is never undone this way without the patient."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.ending import end
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, move, record
from consent.models import Consent, ErrorConfirmation, ErrorReport
from consent.rules.lifecycle import PatientAgreementNeededError, check_may_mark_in_error
from consent.vocabulary import Act, ConsentState, EndReason, EntryKind, Via


@one_act
def mark_in_error(*, consent_id: uuid.UUID, by: Account) -> Consent:
    """Agree, as a second person, that a consent was recorded by mistake. The row stays, flagged.

    **Gives** the consent; marking twice writes once.
    **Raises** WrongStateError (nobody reported it), NotAllowedError (same person; or a refusal or withdrawal and the
    patient has not agreed), AlreadyDecidedError.
    **Writes** ErrorConfirmation, Consent state entered-in-error; entry consent.marked-in-error.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.REPORT_ERROR, consent_site_id=consent.site_id)
    if consent.state == ConsentState.ENTERED_IN_ERROR:
        return consent
    report = ErrorReport.objects.filter(consent=consent).first()
    if report is None:
        raise WrongStateError(_("Nobody has reported this record as a mistake yet."))
    if report.reported_by_id == by.pk:
        raise NotAllowedError(_("A second person must agree; you reported this yourself."))
    try:
        check_may_mark_in_error(ConsentState(consent.state), patient_agreed=report.patient_agreed)
    except PatientAgreementNeededError as error:
        raise NotAllowedError(_(error.message)) from error
    move(consent, Act.MARK_IN_ERROR)
    at = clock.now()
    confirmation = ErrorConfirmation(report=report, confirmed_by=by, confirmed_at=at)
    confirmation.save(force_insert=True)
    end(consent, EndReason.ENTERED_IN_ERROR, by=by, via=Via.STAFF, at=at)
    record(EntryKind.MARKED_IN_ERROR, consent, by=by, via=Via.STAFF, at=at, rows=[consent, confirmation])
    return consent
