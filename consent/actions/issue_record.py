"""Issue: print the patient's record for her. The file is a picture of one frozen record."""

import hashlib
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import WrongStateError
from clinic.models import Account
from consent.actions.freezing import freeze_shown
from consent.actions.locks import lock_consent
from consent.actions.make_copy import make_copy
from consent.actions.moving import check_is_patient, record
from consent.models import Consent, FrozenRecord, RecordIssue
from consent.queries.frozen import Shown, record_to_show, still_stands
from consent.queries.record_language import printed_language
from consent.vocabulary import EntryKind, Via

MOST_PRINTINGS = 3


@dataclass(frozen=True, slots=True)
class IssuedRecord:
    """The file as handed over, its digest, and which copy of this record it is: 1, 2 ..."""

    pdf: bytes
    digest: str
    number: int


def issue_record(*, consent_id: uuid.UUID, language: str, by: Account, via: Via) -> IssuedRecord:
    """Print the newest record of one consent, for its patient.

    Printing takes its time, so it is done before the locks are taken: nobody's withdrawal waits for a printer. Under
    the locks it is asked again whether the record is still the newest; when it is not, the newer one is printed.

    **Takes** the language of the printed words; in one that is not frozen yet, the record is frozen now.
    **Raises** NotAllowedError; RecordError when something in it cannot be printed; PrintCheckError when the finished
    file is not its picture; WrongStateError when it changed during every printing. Nothing is written then, and what
    was recorded before stays.
    **Writes** RecordIssue, and where it was not frozen in this language FrozenRecord; entry record.issued.
    **Source** CR-099 (copy_days: at once, without asking anyone); K.H. v. Slovakia.
    """
    for _printing in range(MOST_PRINTINGS):
        consent = Consent.objects.select_related("patient", "site").get(pk=consent_id)
        check_is_patient(by, consent)
        shown = record_to_show(consent, language=printed_language(language), at=clock.now())
        picture = make_copy(consent, shown, issued_at=clock.now())
        issued = _hand_over(consent_id=consent_id, shown=shown, picture=picture, by=by, via=via)
        if issued is not None:
            return issued
    raise WrongStateError(_("Your record is being changed just now. Please try again in a moment."))


@one_act
def _hand_over(*, consent_id: uuid.UUID, shown: Shown, picture: bytes, by: Account, via: Via) -> IssuedRecord | None:
    """Keep that this file was handed over, if it still says what is so; None when it does not."""
    consent = lock_consent(consent_id)
    check_is_patient(by, consent)
    if not still_stands(consent, shown):
        return None
    new: list[FrozenRecord] = [] if shown.frozen else [freeze_shown(consent, shown.record)]
    digest, at = hashlib.sha256(picture).hexdigest(), clock.now()
    issue = RecordIssue(
        consent=consent,
        frozen=shown.frozen or new[0],
        language=shown.record.language,
        pdf_digest=digest,
        issued_to=by,
        issued_at=at,
    )
    issue.save(force_insert=True)
    record(EntryKind.RECORD_ISSUED, consent, by=by, via=via, at=at, rows=[consent, issue, *new])
    return IssuedRecord(pdf=picture, digest=digest, number=RecordIssue.objects.filter(consent=consent).count())
