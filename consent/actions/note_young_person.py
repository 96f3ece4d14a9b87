"""Note a young person: a clinician writes down whether she understands enough to decide this herself."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, sent_before, tidy
from clinic.exceptions import InvalidInputError
from clinic.models import Account
from clinic.vocabulary import Permission, ProcedureCategory
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, check_open, record
from consent.actions.young_people import check_is_young
from consent.models import YoungPersonNote
from consent.rules.ability import CONTRACEPTION, YoungPersonAnswers, is_able_young_person
from consent.vocabulary import EntryKind, Via


@one_act
def note_young_person(
    *, consent_id: uuid.UUID, answers: YoungPersonAnswers, note: str, by: Account, form_key: uuid.UUID
) -> YoungPersonNote:
    """Record one note. Whether she can decide this herself follows from the answers.

    **Takes** the answers, all five of them for contraception; in words what was talked about.
    **Gives** the note; the same one when the same form comes twice. Earlier notes stay beside it.
    **Raises** NotAllowedError, AlreadyDecidedError, WrongStateError (she is grown up by the law of the site),
    InvalidInputError.
    **Writes** YoungPersonNote; entry capacity.young-person-noted. No state changes: a no stays a no.
    **Source** CR-059; Gillick v West Norfolk and Wisbech AHA 1985.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.ASSESS_CAPACITY, consent_site_id=consent.site_id)
    earlier = sent_before(
        YoungPersonNote.objects, form_key=form_key, by=by, by_field="noted_by", about={"consent_id": consent.pk}
    )
    if earlier is not None:
        return earlier
    check_open(consent)
    check_is_young(consent)
    category = ProcedureCategory(consent.procedure.procedure_type.category)
    check_answers(answers, category)
    row = YoungPersonNote(
        consent=consent,
        is_able=is_able_young_person(answers, category),
        understands_advice=answers.understands_advice,
        was_encouraged_to_tell_parents=answers.was_encouraged_to_tell_parents,
        likely_to_go_on_without=answers.likely_to_go_on_without,
        health_would_suffer=answers.health_would_suffer,
        is_in_best_interests=answers.is_in_best_interests,
        note=tidy(note),
        noted_by=by,
        noted_at=clock.now(),
        form_key=form_key,
    )
    check_fields(row)
    row.save(force_insert=True)
    record(EntryKind.YOUNG_PERSON_NOTED, consent, by=by, via=Via.STAFF, at=row.noted_at, rows=[consent, row])
    return row


def check_answers(answers: YoungPersonAnswers, category: ProcedureCategory) -> None:
    """Raises InvalidInputError where one of the two answers about contraception is missing, or out of place."""
    for field in ("likely_to_go_on_without", "health_would_suffer"):
        is_answered = getattr(answers, field) is not None
        if category in CONTRACEPTION and not is_answered:
            raise InvalidInputError(_("Answer this with yes or no."), field=field)
        if is_answered and category not in CONTRACEPTION:
            raise InvalidInputError(_("This is only asked about contraception."), field=field)
