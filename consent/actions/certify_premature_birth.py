"""Certify a premature birth: the operator writes down when the birth was expected and when it came."""

import datetime
import uuid

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import InvalidInputError
from clinic.models import Account
from consent.actions.locks import lock_consent
from consent.actions.moving import record
from consent.actions.shorter_waits import check_is_operator, check_wait_runs, check_way_exists
from consent.exceptions import AlreadyDecidedError
from consent.models import PrematureBirth
from consent.rules.waits import IN_FUTURE, NOT_EARLY, TOO_EARLY, birth_dates_problem
from consent.vocabulary import EntryKind, Via

PROBLEMS = {
    IN_FUTURE: ("born_on", gettext_lazy("This day has not come yet.")),
    NOT_EARLY: ("expected_on", gettext_lazy("A birth on or after the day it was expected did not come early.")),
    TOO_EARLY: ("expected_on", gettext_lazy("These days lie too far apart. Look at both of them again.")),
}


@one_act
def certify_premature_birth(
    *, consent_id: uuid.UUID, expected_on: datetime.date, born_on: datetime.date, by: Account
) -> PrematureBirth:
    """Record the operator's certificate that the birth came early. Whether it shortens the wait, the gate decides.

    **Takes** two days on the clinic's calendar.
    **Gives** the certificate; certifying the same days twice writes once.
    **Raises** NotAllowedError (not the planned operator), WrongStateError (no wait runs, or not under these rules),
    InvalidInputError, AlreadyDecidedError (ended, or certified with other days).
    **Writes** PrematureBirth; entry wait.premature-birth.
    **Source** CR-003; 42 CFR 50.203(d).
    """
    consent = lock_consent(consent_id)
    check_is_operator(by, consent)
    earlier = PrematureBirth.objects.filter(consent=consent).first()
    if earlier is not None and (earlier.expected_on, earlier.born_on) == (expected_on, born_on):
        return earlier
    if earlier is not None:
        raise AlreadyDecidedError(_("An early birth is certified already, with other days. Report it as a mistake."))
    check_wait_runs(consent)
    check_way_exists(consent, "premature_wait")
    at = clock.now()
    today = clock.local_date(at, time_zone=consent.site.time_zone)
    problem = birth_dates_problem(expected_on=expected_on, born_on=born_on, today=today)
    if problem:
        field, sentence = PROBLEMS[problem]
        raise InvalidInputError(str(sentence), field=field)
    row = PrematureBirth(consent=consent, expected_on=expected_on, born_on=born_on, certified_by=by, certified_at=at)
    row.save(force_insert=True)
    record(EntryKind.PREMATURE_BIRTH_CERTIFIED, consent, by=by, via=Via.STAFF, at=at, rows=[consent, row])
    return row
