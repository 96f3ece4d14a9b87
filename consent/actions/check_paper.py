"""Check: somebody looks at every page of a scan beside what was typed, and says whether it is right."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import sent_before
from clinic.exceptions import InvalidInputError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.locks import lock_paper
from consent.actions.moving import check_may, record
from consent.models import PaperCheck
from consent.queries.papers import may_check
from consent.vocabulary import EntryKind, PaperFault, Via


@one_act
def check_paper(
    *, scan_id: uuid.UUID, is_right: bool, fault: PaperFault | None, by: Account, form_key: uuid.UUID
) -> PaperCheck:
    """Record what one person found on a scan; each person once. One *not right* ends it, and takes back no no.

    **Takes** why it is not right; None where it is.
    **Gives** what was found; the same when the same form comes twice.
    **Raises** NotAllowedError; WrongStateError with a sentence where nothing more is to be said; InvalidInputError.
    **Writes** PaperCheck; entry paper.verified or paper.rejected.
    """
    scan = lock_paper(scan_id)
    consent = scan.consent
    check_may(by, Permission.READ_PATIENT_RECORD, consent_site_id=consent.site_id)
    about = {"scan_id": scan.pk, "is_right": is_right}
    if earlier := sent_before(PaperCheck.objects, form_key=form_key, by=by, by_field="checked_by", about=about):
        return earlier
    if sentence := may_check(by, scan):
        raise WrongStateError(sentence)
    if is_right != (fault is None):
        raise InvalidInputError(_("Say what is not right about it, or that it is right."), field="fault")
    row = PaperCheck(
        scan=scan, checked_by=by, checked_at=clock.now(), is_right=is_right, fault=fault or "", form_key=form_key
    )
    row.save(force_insert=True)
    kind = EntryKind.PAPER_VERIFIED if is_right else EntryKind.PAPER_REJECTED
    record(kind, consent, by=by, via=Via.STAFF, at=row.checked_at, rows=[consent, row])
    return row
