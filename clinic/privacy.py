"""How private each stored field of the ground floor is. A field without a class here fails a test.

History tables follow by rule: a copied field keeps its class, and the columns that history adds are open.
"""

from clinic.vocabulary import PrivacyClass

_OPEN = PrivacyClass.OPEN
_PERSONAL = PrivacyClass.PERSONAL
_HEALTH = PrivacyClass.HEALTH
_SECRET = PrivacyClass.SECRET

FIELD_PRIVACY: dict[str, dict[str, PrivacyClass]] = {
    "Site": {"id": _OPEN, "name": _OPEN, "time_zone": _OPEN, "preset": _OPEN, "opened_at": _OPEN},
    "Account": {
        "id": _OPEN,
        "username": _PERSONAL,
        "password": _SECRET,
        "display_name": _PERSONAL,
        "role": _OPEN,
        "site": _OPEN,
        "is_active": _OPEN,
        "opened_at": _OPEN,
        "last_login": _OPEN,
    },
    "Patient": {
        "id": _OPEN,
        "site": _OPEN,
        "account": _OPEN,
        "name": _PERSONAL,
        "latin_name": _PERSONAL,
        "birth_date": _PERSONAL,
        "languages": _PERSONAL,
        "communication_needs": _HEALTH,
        "access_needs": _HEALTH,
        "safe_contact": _PERSONAL,
        "contact_detail": _PERSONAL,
        "ledger_subject": _OPEN,
        "registered_by": _OPEN,
        "registered_at": _OPEN,
        "form_key": _OPEN,
    },
    "Practitioner": {
        "id": _OPEN,
        "account": _OPEN,
        "site": _OPEN,
        "profession": _PERSONAL,
        "registration": _PERSONAL,
        "trained_for": _OPEN,
    },
    "PatientCard": {
        "id": _OPEN,
        "patient": _OPEN,
        "code": _SECRET,
        "pin_hash": _SECRET,
        "failed_tries": _OPEN,
        "locked_at": _OPEN,
        "issued_by": _OPEN,
        "issued_at": _OPEN,
        "ended_at": _OPEN,
    },
    "Appointment": {
        "id": _OPEN,
        "site": _OPEN,
        "patient": _OPEN,
        "practitioner": _OPEN,
        "starts_at": _OPEN,
        "ends_at": _OPEN,
        "status": _OPEN,
        "booked_by": _OPEN,
        "booked_at": _OPEN,
        "form_key": _OPEN,
    },
    "ProcedureType": {
        "id": _OPEN,
        "code_system": _OPEN,
        "code": _OPEN,
        "category": _OPEN,
        "names": _OPEN,
        "needs_laterality": _OPEN,
        "particular": _OPEN,
        "is_experimental": _OPEN,
        "ethics_approval": _OPEN,
    },
    "Procedure": {
        "id": _OPEN,
        "patient": _OPEN,
        "procedure_type": _OPEN,
        "operator": _OPEN,
        "appointment": _OPEN,
        "laterality": _OPEN,
        "body_site": _HEALTH,
        "accompanies_birth": _HEALTH,
        "status": _OPEN,
        "planned_by": _OPEN,
        "planned_at": _OPEN,
        "form_key": _OPEN,
    },
    "RecordView": {"id": _OPEN, "patient": _OPEN, "viewed_by": _OPEN, "viewed_at": _OPEN, "page": _OPEN},
    "TabletHandover": {
        "id": _OPEN,
        "procedure": _OPEN,
        "patient": _OPEN,
        "opened_by": _OPEN,
        "opened_at": _OPEN,
        "ends_at": _OPEN,
        "closed_at": _OPEN,
    },
}

HISTORY_PREFIX = "Historical"
HISTORY_FIELDS = frozenset({"history_id", "history_date", "history_change_reason", "history_type", "history_user_id"})


def privacy_of(model_name: str, field_name: str) -> PrivacyClass:
    """The privacy class of a field.

    **Takes** the model's class name ("Patient", "HistoricalPatient") and the field's name.
    **Raises** KeyError for a field nobody has classed yet.
    """
    if model_name.startswith(HISTORY_PREFIX):
        if field_name in HISTORY_FIELDS:
            return PrivacyClass.OPEN
        model_name = model_name.removeprefix(HISTORY_PREFIX)
    return FIELD_PRIVACY[model_name][field_name]
