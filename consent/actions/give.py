"""Give: the patient says yes, to exactly the words on her screen."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import InvalidInputError
from clinic.models import Account
from consent.actions.locks import lock_consent
from consent.actions.moving import check_digest, check_is_patient
from consent.actions.saying_yes import Yes, check_can_be_printed, take_yes, verdict_of
from consent.actions.signal_holds import raise_signal_holds
from consent.actions.signing import SignatureInput, check_signature
from consent.exceptions import NotReadyError
from consent.models import Consent
from consent.vocabulary import ConsentState, CopyChoice, Via

REUSED_SIGNATURE = "PS-35"
NOT_REUSED = "signature-not-reused"


def give_consent(
    *,
    consent_id: uuid.UUID,
    shown_digest: str,
    signature: SignatureInput,
    by: Account,
    via: Via,
    copy_choice: CopyChoice | None = None,
) -> Consent:
    """Record the patient's yes.

    **Takes** the digest of the sheet version that was on the screen; her signature; how she wants her copy.
    **Gives** the consent; a second click gives the same answer and writes nothing.
    **Raises** SheetChangedError, NotReadyError (the clinic has not done its part), AlreadyDecidedError,
    NotAllowedError, InvalidInputError (also where the drawing looks like another patient's, and where a text that
    would stand on her paper holds a sign that no paper can show).
    **Writes** Consent state given, Signature; entry consent.given. A yes after a no that staff did not leave in peace
    (PS-17): Hold; entry hold.raised. Where the drawing is not taken (CR-072): only a Hold for PS-35 and its entry.
    """
    given = _give(
        consent_id=consent_id,
        shown_digest=shown_digest,
        signature=signature,
        by=by,
        via=via,
        copy_choice=copy_choice,
    )
    if given is None:
        raise InvalidInputError(
            _("This looks like somebody else's signature. Please sign again with your own hand."), field="method"
        )
    return given


@one_act
def _give(
    *,
    consent_id: uuid.UUID,
    shown_digest: str,
    signature: SignatureInput,
    by: Account,
    via: Via,
    copy_choice: CopyChoice | None,
) -> Consent | None:
    """As `give_consent`. None, and not an exception, where a drawing is not taken: the hold about it must be kept."""
    consent = lock_consent(consent_id)
    check_is_patient(by, consent)
    check_digest(consent, shown_digest)
    if consent.state in {ConsentState.GIVEN, ConsentState.CONFIRMED, ConsentState.USED}:
        return consent
    check_signature(signature)
    at = clock.now()
    check_can_be_printed(consent, at=at)
    yes = Yes(shown_digest=shown_digest, signature=signature, copy_choice=copy_choice, by=by, via=via, at=at)
    if consent.state == ConsentState.INFORMED:
        verdict = verdict_of(consent, yes)
        if any(one.requirement_id == NOT_REUSED for one in verdict.unmet):
            raise_signal_holds(consent, [REUSED_SIGNATURE], by=by, at=at, via=via)
            return None
        if not verdict.is_allowed:
            raise NotReadyError(
                _("The clinic has not done its part yet, so your yes cannot be taken now."), verdict=verdict
            )
    take_yes(consent, yes)
    return consent
