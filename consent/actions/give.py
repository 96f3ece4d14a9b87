"""Give: the patient says yes, to exactly the words on her screen."""

import datetime
import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import InvalidInputError
from clinic.models import Account
from consent.actions.locks import lock_consent
from consent.actions.moving import check_digest, check_is_patient, move, record, save_as
from consent.actions.policy_rows import policy_in_force
from consent.actions.signal_holds import raise_signal_holds
from consent.actions.signing import (
    SignatureInput,
    check_signature,
    is_reused,
    save_signature,
    witness_is_independent,
)
from consent.exceptions import NotReadyError
from consent.models import Consent
from consent.queries.asking_signals import signals_of_yes
from consent.queries.facts import SigningNow, signing_facts
from consent.queries.printing import why_no_paper
from consent.queries.verdicts import judge
from consent.rules.gate import Stage, Verdict
from consent.vocabulary import Act, ConsentState, CopyChoice, Decision, EntryKind, SignatureMeaning, Via

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
    _check_paper(consent, at=at)
    if consent.state == ConsentState.INFORMED:
        verdict = _verdict(consent, signature, shown_digest=shown_digest, copy_choice=copy_choice, at=at)
        if any(one.requirement_id == NOT_REUSED for one in verdict.unmet):
            raise_signal_holds(consent, [REUSED_SIGNATURE], by=by, at=at, via=via)
            return None
        if not verdict.is_allowed:
            raise NotReadyError(
                _("The clinic has not done its part yet, so your yes cannot be taken now."), verdict=verdict
            )
    move(consent, Act.GIVE)
    consent.decision = Decision.PERMIT
    consent.given_by, consent.given_at, consent.given_via = by, at, via
    consent.signed_digest, consent.copy_choice = shown_digest, copy_choice or ""
    consent.signed_policy, new_rows = policy_in_force(consent.site)
    save_as(consent, by=by)
    signed = save_signature(consent, signature, meaning=SignatureMeaning.GIVES_CONSENT, by=by, via=via, at=at)
    record(EntryKind.CONSENT_GIVEN, consent, by=by, via=via, at=at, rows=[consent, signed, *new_rows])
    raise_signal_holds(consent, signals_of_yes(consent, at=at), by=by, at=at, via=via)
    return consent


def _check_paper(consent: Consent, *, at: datetime.datetime) -> None:
    """Raises InvalidInputError where no paper could show what would be signed."""
    sentence = why_no_paper(consent, at=at)
    if sentence is not None:
        told = _("Nothing is signed, because your paper could not be printed. Please tell a member of staff.")
        raise InvalidInputError(f"{told} {sentence}")


def _verdict(
    consent: Consent,
    signature: SignatureInput,
    *,
    shown_digest: str,
    copy_choice: CopyChoice | None,
    at: datetime.datetime,
) -> Verdict:
    """What the gate says to this signature now."""
    now = SigningNow(
        shown_digest=shown_digest,
        method=signature.method,
        witness_is_independent=witness_is_independent(consent, signature),
        copy_choice=copy_choice,
        is_reused=is_reused(consent, signature) is True,
    )
    return judge(signing_facts(consent=consent, at=at, now=now), stage=Stage.SIGNING, site=consent.site)
