"""Report an error: the first of two people says that a consent was recorded by mistake."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import InvalidInputError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, move, record
from consent.models import ErrorReport
from consent.vocabulary import Act, EntryKind, Via


@one_act
def report_error(*, consent_id: uuid.UUID, explanation: str, patient_agreed: bool, by: Account) -> ErrorReport:
    """Record that this consent is about the wrong patient or procedure. Nothing changes until a second person agrees.

    **Gives** the report; the first one when it was reported before.
    **Raises** NotAllowedError, InvalidInputError (no explanation), AlreadyDecidedError (already in error).
    **Writes** ErrorReport; entry consent.error-reported.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.REPORT_ERROR, consent_site_id=consent.site_id)
    earlier = ErrorReport.objects.filter(consent=consent).first()
    if earlier is not None:
        return earlier
    if not explanation.strip():
        raise InvalidInputError(_("Say what is wrong with this record."), field="explanation")
    move(consent, Act.REPORT_ERROR)
    at = clock.now()
    report = ErrorReport(
        consent=consent,
        explanation=explanation.strip(),
        patient_agreed=patient_agreed,
        reported_by=by,
        reported_at=at,
    )
    report.save(force_insert=True)
    record(EntryKind.ERROR_REPORTED, consent, by=by, via=Via.STAFF, at=at, rows=[consent, report])
    return report
