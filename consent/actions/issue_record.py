"""Issue: hand the patient a copy of her record. That a copy was handed over is an act of its own."""

import hashlib
import uuid
from dataclasses import dataclass

from django.db import transaction

from clinic import clock
from clinic.models import Account
from consent.actions.locks import lock_consent
from consent.actions.moving import check_is_patient, record
from consent.models import RecordIssue
from consent.queries.record import consent_record
from consent.record.pdf import render_record
from consent.vocabulary import EntryKind, Via


@dataclass(frozen=True, slots=True)
class IssuedRecord:
    """The file as handed over, and its digest."""

    pdf: bytes
    digest: str


@transaction.atomic(durable=True)
def issue_record(*, consent_id: uuid.UUID, language: str, by: Account, via: Via) -> IssuedRecord:
    """Print the record of one consent as it stands now, for its patient.

    **Takes** a Django language code for the words of the layout.
    **Raises** NotAllowedError; RecordError when something in it cannot be printed (nothing is written then).
    **Writes** RecordIssue; entry record.issued.
    """
    consent = lock_consent(consent_id)
    check_is_patient(by, consent)
    at = clock.now()
    pdf = render_record(consent_record(consent, language=language, issued_at=at))
    digest = hashlib.sha256(pdf).hexdigest()
    issue = RecordIssue(consent=consent, language=language, pdf_digest=digest, issued_to=by, issued_at=at)
    issue.save(force_insert=True)
    record(EntryKind.RECORD_ISSUED, consent, by=by, via=via, at=at, rows=[consent, issue])
    return IssuedRecord(pdf=pdf, digest=digest)
