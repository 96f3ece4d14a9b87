"""How private each stored field of the upper floor is. A test holds that every concrete field has a class.

Fields that are not OPEN enter the ledger only as salted commitments, so that erasing them one day leaves
every proof standing. History tables follow by rule, as on the ground floor.
"""

from clinic.privacy import HISTORY_FIELDS, HISTORY_PREFIX
from clinic.vocabulary import PrivacyClass

OPEN, PERSONAL, HEALTH = PrivacyClass.OPEN, PrivacyClass.PERSONAL, PrivacyClass.HEALTH
SECRET = PrivacyClass.SECRET

FIELD_PRIVACY: dict[str, dict[str, PrivacyClass]] = {
    "InformationSheet": {"id": OPEN, "key": OPEN, "procedure_type": OPEN},
    "InformationSheetVersion": {
        "id": OPEN,
        "sheet": OPEN,
        "site": OPEN,
        "language": OPEN,
        "major": OPEN,
        "minor": OPEN,
        "title": OPEN,
        "content": OPEN,
        "digest": OPEN,
        "reading_minutes": OPEN,
        "published_at": OPEN,
    },
    "Consent": {
        "id": OPEN,
        "site": OPEN,
        "patient": PERSONAL,
        "procedure": OPEN,
        "procedure_code": HEALTH,
        "laterality": HEALTH,
        "body_site": HEALTH,
        "operator": PERSONAL,
        "sheet_version": OPEN,
        "request_source": HEALTH,
        "supersedes": OPEN,
        "state": OPEN,
        "decision": OPEN,
        "proposed_by": PERSONAL,
        "proposed_at": OPEN,
        "informed_by": PERSONAL,
        "informed_at": OPEN,
        "more_time_asked_at": OPEN,
        "given_by": PERSONAL,
        "given_at": OPEN,
        "given_via": OPEN,
        "signed_digest": OPEN,
        "confirmed_by": PERSONAL,
        "confirmed_at": OPEN,
        "was_alone_at_confirmation": OPEN,
        "certified_by": PERSONAL,
        "certified_at": OPEN,
        "ended_by": PERSONAL,
        "ended_at": OPEN,
        "ended_reason": OPEN,
        "ended_via": OPEN,
        "ended_words": HEALTH,
        "form_key": OPEN,
    },
    "Conversation": {
        "id": OPEN,
        "consent": OPEN,
        "held_by": PERSONAL,
        "held_at": OPEN,
        "spoken_language": PERSONAL,
        "text_language": OPEN,
        "interpreter_name": PERSONAL,
        "interpreter_organisation": PERSONAL,
        "interpreter_qualification": OPEN,
        "interpreter_is_companion": OPEN,
        "minutes_alone": OPEN,
        "request_source": HEALTH,
        "capacity": HEALTH,
        "capacity_note": HEALTH,
        "signing_states": HEALTH,
        "what_matters": HEALTH,
        "form_key": OPEN,
    },
    "PersonPresent": {
        "id": OPEN,
        "conversation": OPEN,
        "role": PERSONAL,
        "name": PERSONAL,
        "left_before_signing": OPEN,
        "asked_for_by_patient_alone": OPEN,
    },
    "AlternativeOpened": {"id": OPEN, "conversation": OPEN, "key": OPEN},
    "QuestionAsked": {"id": OPEN, "conversation": OPEN, "number": OPEN, "question": HEALTH, "answer": HEALTH},
    "TeachBack": {"id": OPEN, "conversation": OPEN, "key": OPEN, "answer": HEALTH, "is_understood": OPEN},
    "Signature": {
        "id": OPEN,
        "consent": OPEN,
        "meaning": OPEN,
        "method": OPEN,
        "signed_by": PERSONAL,
        "signed_via": OPEN,
        "signed_at": OPEN,
        "sheet_digest": OPEN,
        "typed_name": PERSONAL,
        "strokes": PERSONAL,
        "image": PERSONAL,
        "witness_name": PERSONAL,
        "witness_relation": PERSONAL,
        "witness_is_independent": OPEN,
    },
    "Hold": {
        "id": OPEN,
        "consent": OPEN,
        "reason": HEALTH,
        "note": HEALTH,
        "raised_by": PERSONAL,
        "raised_at": OPEN,
        "form_key": OPEN,
    },
    "HoldLift": {"id": OPEN, "hold": OPEN, "note": HEALTH, "lifted_by": PERSONAL, "lifted_at": OPEN},
    "ErrorReport": {
        "id": OPEN,
        "consent": OPEN,
        "explanation": HEALTH,
        "patient_agreed": OPEN,
        "reported_by": PERSONAL,
        "reported_at": OPEN,
    },
    "ErrorConfirmation": {"id": OPEN, "report": OPEN, "confirmed_by": PERSONAL, "confirmed_at": OPEN},
    "ProcedureStart": {
        "id": OPEN,
        "procedure": OPEN,
        "consent": OPEN,
        "entry": OPEN,
        "started_by": PERSONAL,
        "started_at": OPEN,
    },
    "ProcedureEnd": {
        "id": OPEN,
        "start": OPEN,
        "outcome": OPEN,
        "stop_reason": OPEN,
        "note": HEALTH,
        "ended_by": PERSONAL,
        "ended_at": OPEN,
    },
    "RecordIssue": {
        "id": OPEN,
        "consent": OPEN,
        "language": OPEN,
        "pdf_digest": OPEN,
        "issued_to": PERSONAL,
        "issued_at": OPEN,
    },
    "Ledger": {"id": OPEN, "site": OPEN, "origin": OPEN, "created_at": OPEN},
    "LedgerEntry": {
        "id": OPEN,
        "ledger": OPEN,
        "index": OPEN,
        "kind": OPEN,
        "subject": OPEN,
        "sseq": OPEN,
        "body": OPEN,
        "leaf_hash": OPEN,
        "recorded_at": OPEN,
    },
    "LedgerRoot": {
        "id": OPEN,
        "ledger": OPEN,
        "size": OPEN,
        "root_hash": OPEN,
        "frontier": OPEN,
        "made_at": OPEN,
    },
    "LedgerSalt": {"id": OPEN, "entry": OPEN, "model": OPEN, "key": OPEN, "salt": SECRET},
}


def privacy_of(model_name: str, field_name: str) -> PrivacyClass:
    """The privacy class of a field.

    **Takes** the model's class name ("Consent", "HistoricalConsent") and the field's name.
    **Raises** KeyError for a field nobody has classed yet.
    """
    if model_name.startswith(HISTORY_PREFIX):
        if field_name in HISTORY_FIELDS:
            return PrivacyClass.OPEN
        model_name = model_name.removeprefix(HISTORY_PREFIX)
    return FIELD_PRIVACY[model_name][field_name]
