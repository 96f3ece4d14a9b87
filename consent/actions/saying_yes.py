"""Shared by give and give_on_paper: what is asked before a yes is taken, and what is written when it is.

A yes on paper is asked everything that a yes on the screen is asked, by the same gate under the same rules.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clinic.exceptions import InvalidInputError
from clinic.models import Account
from consent.actions.moving import move, record, save_as
from consent.actions.policy_rows import policy_in_force
from consent.actions.signal_holds import raise_signal_holds
from consent.actions.signing import SignatureInput, is_reused, save_signature, witness_is_independent
from consent.models import Consent
from consent.queries.asking_signals import signals_of_yes
from consent.queries.facts import SigningNow, signing_facts
from consent.queries.printing import why_no_paper
from consent.queries.verdicts import judge
from consent.rules.gate import Stage, Verdict
from consent.vocabulary import Act, CopyChoice, Decision, EntryKind, SignatureMeaning, Via


@dataclass(frozen=True, kw_only=True, slots=True)
class Yes:
    """A yes about to be taken: to which words, signed how, how she wants her copy, who brings it in and when."""

    shown_digest: str
    signature: SignatureInput
    copy_choice: CopyChoice | None
    by: Account
    via: Via
    at: datetime.datetime


def check_can_be_printed(consent: Consent, *, at: datetime.datetime) -> None:
    """Raises InvalidInputError where no paper could show what would be signed."""
    sentence = why_no_paper(consent, at=at)
    if sentence is not None:
        told = _("Nothing is signed, because your paper could not be printed. Please tell a member of staff.")
        raise InvalidInputError(f"{told} {sentence}")


def verdict_of(consent: Consent, yes: Yes) -> Verdict:
    """What the gate says to this signature now."""
    now = SigningNow(
        shown_digest=yes.shown_digest,
        method=yes.signature.method,
        witness_is_independent=witness_is_independent(consent, yes.signature),
        copy_choice=yes.copy_choice,
        is_reused=is_reused(consent, yes.signature) is True,
    )
    return judge(signing_facts(consent=consent, at=yes.at, now=now), stage=Stage.SIGNING, site=consent.site)


def take_yes(consent: Consent, yes: Yes, *, detail: Mapping[str, Any] | None = None) -> None:
    """Write the patient's yes, which the gate has allowed; whoever brings it in, the decision and signature are hers.

    **Raises** AlreadyDecidedError.
    **Writes** Consent state given, Signature; entry consent.given. A yes after a no that staff did not leave in peace
    (PS-17): Hold; entry hold.raised.
    """
    by, via, at, signer = yes.by, yes.via, yes.at, consent.patient.account
    move(consent, Act.GIVE)
    consent.decision = Decision.PERMIT
    consent.given_by, consent.given_at, consent.given_via = signer, at, via
    consent.signed_digest, consent.copy_choice = yes.shown_digest, yes.copy_choice or ""
    consent.signed_policy, new_rows = policy_in_force(consent.site)
    save_as(consent, by=by)
    meaning = SignatureMeaning.GIVES_CONSENT
    signed = save_signature(consent, yes.signature, meaning=meaning, by=signer, via=via, at=at)
    rows = [consent, signed, *new_rows]
    record(EntryKind.CONSENT_GIVEN, consent, by=by, via=via, at=at, rows=rows, detail=detail)
    raise_signal_holds(consent, signals_of_yes(consent, at=at), by=by, at=at, via=via)
