"""Issue: hand the patient a copy of the record. That a copy was handed over is an act of its own."""

import hashlib
import uuid
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import WrongStateError
from clinic.models import Account
from consent.actions.locks import lock_consent
from consent.actions.moving import check_is_patient, record
from consent.models import Consent, RecordIssue
from consent.queries.record import consent_record
from consent.record.pdf import render_record
from consent.record_facts import ConsentRecord
from consent.vocabulary import EntryKind, Via

MOST_PRINTINGS = 3


@dataclass(frozen=True, slots=True)
class IssuedRecord:
    """The file as handed over, and its digest."""

    pdf: bytes
    digest: str


def issue_record(*, consent_id: uuid.UUID, language: str, by: Account, via: Via) -> IssuedRecord:
    """Print the record of one consent as it stands now, for its patient.

    Printing takes its time, so it is done before the locks are taken: nobody's withdrawal waits for a printer. Under
    the locks the record is read again; when it has changed meanwhile, it is printed anew.

    **Takes** a Django language code for the words of the layout.
    **Raises** NotAllowedError; RecordError when something in it cannot be printed; WrongStateError when it changed
    during every printing. Nothing is written then.
    **Writes** RecordIssue; entry record.issued.
    **Source** CR-099 (copy_days: at once, without asking anyone); K.H. v. Slovakia.
    """
    for _printing in range(MOST_PRINTINGS):
        consent = Consent.objects.select_related("patient").get(pk=consent_id)
        check_is_patient(by, consent)
        shown = consent_record(consent, language=language, issued_at=clock.now())
        pdf = render_record(shown)
        issued = _hand_over(consent_id=consent_id, shown=shown, pdf=pdf, by=by, via=via)
        if issued is not None:
            return issued
    raise WrongStateError(_("Your record is being changed just now. Please try again in a moment."))


@one_act
def _hand_over(
    *, consent_id: uuid.UUID, shown: ConsentRecord, pdf: bytes, by: Account, via: Via
) -> IssuedRecord | None:
    """Keep that this file was handed over, if it still says what is so; None when it does not."""
    consent = lock_consent(consent_id)
    check_is_patient(by, consent)
    now = consent_record(consent, language=shown.language, issued_at=shown.issued_at)
    if replace(now, ledger_size=shown.ledger_size, ledger_root=shown.ledger_root) != shown:
        return None  # an entry of somebody else makes the ledger longer, which the printed root does not contradict
    digest = hashlib.sha256(pdf).hexdigest()
    issue = RecordIssue(
        consent=consent, language=shown.language, pdf_digest=digest, issued_to=by, issued_at=shown.issued_at
    )
    issue.save(force_insert=True)
    record(EntryKind.RECORD_ISSUED, consent, by=by, via=via, at=shown.issued_at, rows=[consent, issue])
    return IssuedRecord(pdf=pdf, digest=digest)
