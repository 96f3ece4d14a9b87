"""Record a clinical fact: something new about the patient's health, after a no, by another clinician."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import tidy
from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, record
from consent.exceptions import AlreadyDecidedError
from consent.models import ClinicalFact, Consent
from consent.queries.offers import consents_in_matter, newest_no
from consent.vocabulary import EntryKind, Via


@one_act
def record_clinical_fact(*, consent_id: uuid.UUID, fact: str, by: Account) -> ClinicalFact:
    """Record what is new, so that the patient may be asked once more with it, and only once.

    **Takes** the newest consent of the matter that she refused or took back.
    **Gives** the fact; the same one when the same clinician sends it again.
    **Raises** NotAllowedError (role, site, or whoever proposed what she said no to), AlreadyDecidedError (it is not her
    newest no), WrongStateError (a fact stands here already), InvalidInputError.
    **Writes** ClinicalFact; entry offer.clinical-fact.
    **Source** CR-084: a new clinical fact by a different clinician, one time.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.RECORD_CLINICAL_FACT, consent_site_id=consent.site_id)
    earlier = ClinicalFact.objects.filter(consent=consent).first()
    if earlier is not None and earlier.recorded_by_id == by.pk:
        return earlier
    _check_may_record(consent, earlier, by=by)
    if not tidy(fact):
        raise InvalidInputError(_("Write down what is new."), field="fact")
    at = clock.now()
    row = ClinicalFact(consent=consent, fact=tidy(fact), recorded_by=by, recorded_at=at)
    row.save(force_insert=True)
    record(EntryKind.CLINICAL_FACT_RECORDED, consent, by=by, via=Via.STAFF, at=at, rows=[consent, row])
    return row


def _check_may_record(consent: Consent, earlier: ClinicalFact | None, *, by: Account) -> None:
    if by.pk == consent.proposed_by_id:
        raise NotAllowedError(_("Whoever asked the patient before cannot record this. Another clinician can."))
    if earlier is not None:
        raise WrongStateError(_("A new fact is recorded here already. It counts once."))
    no = newest_no(consents_in_matter(consent.procedure))
    if no is None or no.pk != consent.pk:
        raise AlreadyDecidedError(_("This is not the patient's newest no. Look at the last answer."))
