"""Who has a statement to sign beside the patient's signature, and has not signed it yet."""

from clinic.models import Account
from consent.models import Consent, Conversation, Signature
from consent.queries.consent_policy import policy_of
from consent.vocabulary import SignatureMeaning


def was_interpreted(consent: Consent) -> bool:
    """Whether somebody interpreted the newest talk."""
    talk = Conversation.objects.filter(consent=consent).order_by("-held_at").first()
    return talk is not None and bool(talk.interpreter_qualification)


def is_to_state_as_obtainer(consent: Consent, account: Account) -> bool:
    """Whether this clinician held the talk, the rules ask for the statement, and it is not signed yet (CR-057)."""
    policy = policy_of(consent)
    if policy is None or not policy.has("signature_order") or consent.informed_by_id != account.pk:
        return False
    signed = Signature.objects.filter(consent=consent, meaning=SignatureMeaning.STATES_AS_OBTAINER, signed_by=account)
    return not signed.exists()
