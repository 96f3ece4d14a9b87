"""Answer a wish for a shorter wait: a clinician from outside the team, after speaking with the patient alone."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, tidy
from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, record
from consent.actions.shorter_waits import check_wait_runs, check_way_exists
from consent.exceptions import AlreadyDecidedError
from consent.models import Consent, Hold, ShorterWaitAnswer, ShorterWaitRequest
from consent.queries.team import is_outside_team
from consent.vocabulary import EntryKind, Via


@one_act
def answer_shorter_wait(
    *,
    consent_id: uuid.UUID,
    is_agreed: bool,
    was_private: bool,
    after_birth_or_abortion_72h: bool,
    note: str,
    by: Account,
) -> ShorterWaitAnswer:
    """Record the answer; the patient reads it on her own page. No agreement without a talk alone.

    **Takes** whether the talk was private, and whether she signed within 72 hours of a birth or an abortion.
    **Gives** the answer; the same clinician answering twice writes once.
    **Raises** NotAllowedError (one of the team), WrongStateError, InvalidInputError, AlreadyDecidedError.
    **Writes** ShorterWaitAnswer; entry wait.shorter-answered.
    **Source** CR-005.
    """
    consent = lock_consent(consent_id)
    check_is_outsider(by, consent)
    wish = wish_of(consent)
    earlier = own_answer(wish, by)
    if earlier is not None:
        return earlier
    check_wait_runs(consent)
    if is_agreed:
        check_may_agree(consent, was_private=was_private, is_too_soon=after_birth_or_abortion_72h)
    row = ShorterWaitAnswer(
        request=wish,
        is_agreed=is_agreed,
        was_private=was_private,
        after_birth_or_abortion_72h=after_birth_or_abortion_72h,
        note=tidy(note),
        answered_by=by,
        answered_at=clock.now(),
    )
    check_fields(row)
    row.save(force_insert=True)
    rows = [consent, wish, row]
    record(EntryKind.SHORTER_WAIT_ANSWERED, consent, by=by, via=Via.STAFF, at=row.answered_at, rows=rows)
    return row


def check_is_outsider(by: Account, consent: Consent) -> None:
    """Raises NotAllowedError unless it is a clinician of the site who has no part in the care."""
    check_may(by, Permission.ANSWER_SHORTER_WAIT, consent_site_id=consent.site_id)
    if not is_outside_team(by.pk, consent.procedure_id):
        raise NotAllowedError(_("Only a clinician who has no part in this care can answer."))


def wish_of(consent: Consent) -> ShorterWaitRequest:
    """What the patient asked for. Raises WrongStateError where she did not."""
    wish = ShorterWaitRequest.objects.filter(consent=consent).first()
    if wish is None:
        raise WrongStateError(_("The patient has not asked for this. Only she or he can."))
    return wish


def own_answer(wish: ShorterWaitRequest, by: Account) -> ShorterWaitAnswer | None:
    """What the same clinician has answered before. Raises AlreadyDecidedError where somebody else has."""
    earlier = ShorterWaitAnswer.objects.filter(request=wish).first()
    if earlier is not None and earlier.answered_by_id != by.pk:
        raise AlreadyDecidedError(_("Somebody else has answered this wish already."))
    return earlier


def check_may_agree(consent: Consent, *, was_private: bool, is_too_soon: bool) -> None:
    """Raises a refusal where nobody may agree: no talk alone, signed too near a birth, or a concern is open."""
    check_way_exists(consent, "shortening_hours")
    if not was_private:
        raise InvalidInputError(_("Nobody can agree before speaking with the patient alone."), field="was_private")
    if is_too_soon:
        raise InvalidInputError(
            _("Nobody can agree where the patient signed within 72 hours of a birth or an abortion."),
            field="after_birth_or_abortion_72h",
        )
    if Hold.objects.filter(consent=consent, lift__isnull=True).exists():
        raise WrongStateError(_("A concern is open. Nobody can agree before the advocate has looked into it."))
