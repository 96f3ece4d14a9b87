"""Print a paper form: made out for one consent, so that its answer can be given by hand and comes back to it."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import sent_before
from clinic.exceptions import InvalidInputError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, record
from consent.models import Consent, PaperForm
from consent.queries.record_language import record_languages
from consent.vocabulary import ENDED_STATES, ConsentState, EntryKind, Via


@one_act
def print_paper_form(*, consent_id: uuid.UUID, language: str, by: Account, form_key: uuid.UUID) -> PaperForm:
    """Record that a form was printed for one consent. Its id is the code in the square.

    **Takes** the language of our own words on it; the sheet stays in the language of the consent.
    **Gives** the form; the same one when the same page is sent twice.
    **Raises** NotAllowedError; WrongStateError where nothing has been explained yet, or where the consent has ended;
    InvalidInputError for a language we have no words in.
    **Writes** PaperForm; entry paper.printed.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.READ_PATIENT_RECORD, consent_site_id=consent.site_id)
    about = {"consent_id": consent.pk, "language": language}
    if earlier := sent_before(PaperForm.objects, form_key=form_key, by=by, by_field="printed_by", about=about):
        return earlier
    _check_can_be_printed(consent, language)
    form = PaperForm(consent=consent, language=language, printed_by=by, printed_at=clock.now(), form_key=form_key)
    form.save(force_insert=True)
    record(EntryKind.PAPER_PRINTED, consent, by=by, via=Via.STAFF, at=form.printed_at, rows=[consent, form])
    return form


def _check_can_be_printed(consent: Consent, language: str) -> None:
    if language not in record_languages():
        raise InvalidInputError(_("Paper forms cannot be printed in this language."), field="language")
    if consent.state == ConsentState.DRAFT:
        raise WrongStateError(_("Nothing has been explained yet. Record the conversation first."))
    if consent.state in ENDED_STATES:
        raise WrongStateError(_("This consent has ended. There is nothing left to answer on paper."))
