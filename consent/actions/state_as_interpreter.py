"""State as interpreter: whoever interpreted signs for having left nothing out and added nothing."""

import datetime
import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import InvalidInputError, WrongStateError
from clinic.models import Account
from clinic.printable import check_printable
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, move, record
from consent.actions.signing import SignatureInput, save_signature
from consent.models import Consent, Conversation, Signature
from consent.vocabulary import Act, EntryKind, SignatureMeaning, SignatureMethod, Via


@one_act
def state_as_interpreter(
    *, consent_id: uuid.UUID, typed_name: str, language: str, organisation: str, by: Account
) -> Signature:
    """Record the interpreter's statement, on the day on which the patient signs.

    **Takes** the interpreter's own name, typed by the interpreter on the clinician's screen; the language (BCP 47).
    **Gives** the signature; the same one where the same interpreter has signed today already.
    **Raises** NotAllowedError, AlreadyDecidedError (nothing explained yet, or over), WrongStateError (nobody
    interpreted; the patient signed on another day), InvalidInputError.
    **Writes** Signature; entry consent.interpreter-stated.
    **Source** CR-053, CR-057.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.RECORD_CONVERSATION, consent_site_id=consent.site_id)
    move(consent, Act.STATE_AS_INTERPRETER)
    name, at = " ".join(typed_name.split()), clock.now()
    today = _day(at, consent)
    _check_filled(name, language)
    check_printable(name, field="typed_name")
    _check_interpreted(consent)
    if consent.given_at is not None and _day(consent.given_at, consent) != today:
        raise WrongStateError(_("The interpreter signs on the day on which the patient signs."))
    signed = Signature.objects.filter(
        consent=consent, meaning=SignatureMeaning.STATES_AS_INTERPRETER, typed_name=name, language=language
    )
    earlier = signed.order_by("-signed_at").first()
    if earlier is not None and _day(earlier.signed_at, consent) == today:
        return earlier
    row = save_signature(
        consent,
        SignatureInput(
            method=SignatureMethod.TYPED, typed_name=name, language=language, organisation=organisation.strip()
        ),
        meaning=SignatureMeaning.STATES_AS_INTERPRETER,
        by=by,
        via=Via.STAFF,
        at=at,
    )
    record(EntryKind.INTERPRETER_STATED, consent, by=by, via=Via.STAFF, at=at, rows=[consent, row])
    return row


def _day(at: datetime.datetime, consent: Consent) -> datetime.date:
    return clock.local_date(at, time_zone=consent.site.time_zone)


def _check_filled(name: str, language: str) -> None:
    """Raises InvalidInputError naming what is empty."""
    if not name:
        raise InvalidInputError(_("Type your name."), field="typed_name")
    if not language:
        raise InvalidInputError(_("Choose the language you interpreted into."), field="language")


def _check_interpreted(consent: Consent) -> None:
    """Raises WrongStateError where nobody interpreted the newest talk."""
    talk = Conversation.objects.filter(consent=consent).order_by("-held_at").first()
    if talk is None or not talk.interpreter_qualification:
        raise WrongStateError(_("No interpreter is recorded in the conversation."))
