"""Whose consents these are: the only place on this floor that narrows what a person may see.

A thing that belongs to somebody else is found no more than a thing that does not exist.
"""

import uuid

from django.db.models import Exists, OuterRef, QuerySet

from clinic.models import Account
from clinic.vocabulary import Permission, Role
from consent.models import Complaint, Consent, Hold, InformationSheetVersion

ABOUT = (
    "site",
    "patient__account",
    "patient__site",
    "procedure__procedure_type",
    "procedure__appointment",
    "operator__account",
    "sheet_version__sheet",
)


def consents_visible_to(account: Account) -> QuerySet[Consent]:
    """The consents this person may look at.

    A patient: her own. A clinician: those of the own site. The advocate: those of the own site that have an
    open hold, or that a patient complained of who waits for an answer. Everybody else: none.
    """
    rows = Consent.objects.select_related(*ABOUT)
    if not account.is_active:
        return rows.none()
    if account.role == Role.PATIENT:
        return rows.filter(patient__account=account)
    if account.may(Permission.READ_PATIENT_RECORD):
        return rows.filter(site_id=account.site_id)
    if account.may(Permission.LIFT_HOLD):
        is_held = Exists(Hold.objects.filter(consent=OuterRef("pk"), lift__isnull=True))
        is_named = Exists(Complaint.objects.filter(consent=OuterRef("pk"), answer__isnull=True))
        return rows.filter(is_held | is_named, site_id=account.site_id)
    return rows.none()


def own_consents(account: Account, *, procedure_id: uuid.UUID | None = None) -> QuerySet[Consent]:
    """A patient's own consents; only those about one procedure while she holds the clinic's tablet."""
    rows = consents_visible_to(account).filter(patient__account=account)
    return rows if procedure_id is None else rows.filter(procedure_id=procedure_id)


def holds_known_to(account: Account) -> QuerySet[Hold]:
    """Holds of the advocate's own site, open or lifted, the oldest first; none for anybody else."""
    if not account.may(Permission.LIFT_HOLD):
        return Hold.objects.none()
    rows = Hold.objects.select_related("raised_by", *(f"consent__{name}" for name in ABOUT))
    return rows.filter(consent__site_id=account.site_id).order_by("raised_at")


def holds_open_for(account: Account) -> QuerySet[Hold]:
    """The holds this advocate may still look into: those that nobody has lifted."""
    return holds_known_to(account).filter(lift__isnull=True)


def sheets_for(*, site_id: uuid.UUID, procedure_type_id: uuid.UUID) -> list[InformationSheetVersion]:
    """The newest published version of a procedure's sheet in each language it has at a site, by language."""
    newest: dict[str, InformationSheetVersion] = {}
    versions = InformationSheetVersion.objects.filter(site_id=site_id, sheet__procedure_type_id=procedure_type_id)
    for version in versions.order_by("language", "major", "minor"):
        newest[version.language] = version
    return list(newest.values())
