"""Record a guardian's word: what a parent or guardian said beside a young person. It never replaces her own."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, sent_before, tidy
from clinic.exceptions import WrongStateError
from clinic.models import Account
from clinic.printable import check_printable
from clinic.vocabulary import Permission, ProcedureCategory
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, check_open, record
from consent.actions.young_people import check_is_young
from consent.models import Consent, GuardianWord
from consent.queries.consent_policy import readable_policy
from consent.rules.ability import may_guardian_speak
from consent.vocabulary import Decision, EntryKind, GuardianRelation, Via


@one_act
def record_guardian_word(
    *,
    consent_id: uuid.UUID,
    name: str,
    relation: GuardianRelation,
    decision: Decision,
    words: str,
    by: Account,
    form_key: uuid.UUID,
) -> GuardianWord:
    """Record what one guardian said. A later word of the same guardian stands beside the earlier one.

    **Takes** the guardian's name as given; permit or deny; words the guardian wished to add.
    **Gives** the row; the same one when the same form comes twice.
    **Raises** NotAllowedError, AlreadyDecidedError, WrongStateError (only the patient decides), InvalidInputError.
    **Writes** GuardianWord; entry guardian.spoke. No state changes: the patient's own no stays a no.
    **Source** CR-059, CR-060; Civil Code of the PRC articles 17 to 20.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.RECORD_GUARDIAN, consent_site_id=consent.site_id)
    rows = GuardianWord.objects
    earlier = sent_before(rows, form_key=form_key, by=by, by_field="recorded_by", about={"consent_id": consent.pk})
    if earlier is not None:
        return earlier
    check_open(consent)
    check_may_be_heard(consent)
    row = GuardianWord(
        consent=consent,
        name=tidy(name),
        relation=relation,
        decision=decision,
        words=tidy(words),
        recorded_by=by,
        recorded_at=clock.now(),
        form_key=form_key,
    )
    check_written(row)
    row.save(force_insert=True)
    record(EntryKind.GUARDIAN_SPOKE, consent, by=by, via=Via.STAFF, at=row.recorded_at, rows=[consent, row])
    return row


def check_may_be_heard(consent: Consent) -> None:
    """Raises WrongStateError where no guardian has a word: for an adult, and where nobody but the patient decides."""
    check_is_young(consent)
    category = ProcedureCategory(consent.procedure.procedure_type.category)
    if not may_guardian_speak(category, readable_policy(consent)):
        raise WrongStateError(_("Nobody but the patient can decide about this. A guardian's word is not taken."))


def check_written(row: GuardianWord) -> None:
    """Raises InvalidInputError naming what is too long or missing, or a name that no paper can show."""
    check_fields(row)
    check_printable(row.name, field="name")
