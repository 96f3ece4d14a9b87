"""Where a patient's personal and health values stand, and what is left in their place once they are erased.

An erased column keeps its kind: what was filled stays filled, so that no constraint is broken and nothing new is said.
Codes that may not be empty get the least telling one there is. Links to other rows stay; the rows they lead to hold
nothing personal any more.
"""

import base64
import datetime
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from clinic import privacy as ground_privacy
from clinic.models import Account, Patient
from clinic.privacy import HISTORY_PREFIX
from clinic.vocabulary import Laterality, PrivacyClass, SafeContact
from consent import privacy
from consent.models import LedgerEntry
from consent.models.guarding import history_model
from consent.vocabulary import (
    CannotConsent,
    CapacityFinding,
    ComplaintCategory,
    Decision,
    Grounds,
    GuardianRelation,
    HoldReason,
    PersonRole,
    RequestSource,
)

WORD = "erased"
NO_DAY = datetime.date(1900, 1, 1)
FLOORS = ("clinic", "consent")

# Where the column's kind alone does not say what may be left.
NEUTRAL: dict[tuple[str, str], Any] = {
    ("Account", "password"): f"!{WORD}",  # nothing typed ever fits
    ("PatientCard", "pin_hash"): f"!{WORD}",
    ("Patient", "languages"): ["und"],  # nobody knows which
    ("Patient", "safe_contact"): SafeContact.NONE.value,
    ("Consent", "laterality"): Laterality.NONE.value,
    ("Consent", "request_source"): RequestSource.UNKNOWN.value,
    ("Conversation", "request_source"): RequestSource.UNKNOWN.value,
    ("Conversation", "spoken_language"): "und",
    ("CapacityAssessment", "finding"): CapacityFinding.LACKS.value,
    ("Complaint", "category"): ComplaintCategory.OTHER.value,
    ("EmergencyCare", "why_not_asked"): CannotConsent.UNCONSCIOUS.value,
    ("GuardianWord", "relation"): GuardianRelation.PARENT.value,
    ("GuardianWord", "decision"): Decision.DENY.value,
    ("Hold", "reason"): HoldReason.OTHER.value,
    ("PersonPresent", "role"): PersonRole.OTHER.value,
    ("TheatreAddition", "grounds"): Grounds.SERIOUS_HARM.value,
}
KEPT_FILLED = {("Signature", "typed_name"), ("Signature", "witness_name"), ("Signature", "strokes"),
               ("Signature", "image")}  # fmt: skip
UNIQUE: dict[tuple[str, str], Callable[[uuid.UUID], str]] = {
    ("Account", "username"): lambda key: f"{WORD}-{key.hex}",
    ("PatientCard", "code"): lambda key: f"~{base64.urlsafe_b64encode(key.bytes[:6]).decode()[:7]}",  # never printed
}


@dataclass(frozen=True, slots=True)
class PersonalTable:
    """A table with personal values of patients: the way from it to the patient, and the columns to erase."""

    model: type[models.Model]
    path: str
    fields: tuple["models.Field[Any, Any]", ...]


@cache
def personal_tables() -> tuple[PersonalTable, ...]:
    """Every table with personal or health values of a patient, its history table right after it."""
    return tuple(_tables())


def _tables() -> Iterator[PersonalTable]:
    for label in FLOORS:
        for model in apps.get_app_config(label).get_models():
            path = _path(model, frozenset())
            fields = erasable_fields(model)
            if path is None or not fields:
                continue
            yield PersonalTable(model, path, fields)
            history = history_model(model)
            if history is not None:
                yield PersonalTable(history, path, erasable_fields(history))


def _path(model: type[models.Model], seen: frozenset[type[models.Model]]) -> str | None:
    """The shortest way from a table to the patient its rows are about, along links that are never empty."""
    if model is Patient:
        return "pk"
    if model is Account:
        return "patient__pk"
    found = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not isinstance(field, models.ForeignKey) or field.null or not isinstance(target, type):
            continue
        if target is not Account and target not in seen and issubclass(target, models.Model):
            below = _path(target, seen | {model})
            if below is not None:
                found.append(f"{field.name}__{below}")
    return min(found, key=lambda path: path.count("__"), default=None)


def erasable_fields(model: type[models.Model]) -> tuple["models.Field[Any, Any]", ...]:
    """The columns of a table that hold personal values themselves, not links to them."""
    if model is LedgerEntry:
        return ()  # its sealed secret closes by itself, with the key
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not field.is_relation and not field.primary_key and is_veiled(model, field.name)
    )


def is_veiled(model: type[models.Model], name: str) -> bool:
    """Whether a column is anything but open."""
    room = ground_privacy if model._meta.app_label == "clinic" else privacy
    return room.privacy_of(model.__name__, name) is not PrivacyClass.OPEN


def rows_of(table: PersonalTable, patient: Patient) -> models.QuerySet[Any]:
    """A patient's rows in one table."""
    if not table.model.__name__.startswith(HISTORY_PREFIX):
        return models.QuerySet(table.model).filter(**{table.path: patient.pk})
    live = table.model.instance_type  # type: ignore[attr-defined]  # simple-history names its model so
    return models.QuerySet(table.model).filter(id__in=models.QuerySet(live).filter(**{table.path: patient.pk}))


def neutral_value(row: models.Model, field: "models.Field[Any, Any]") -> Any:
    """What stands in a column that was filled, once its value is erased."""
    place = (type(row).__name__.removeprefix(HISTORY_PREFIX), field.name)
    if place in UNIQUE:
        return UNIQUE[place](row.pk)
    if place in NEUTRAL:
        return NEUTRAL[place]
    if place not in KEPT_FILLED and (field.null or field.blank):
        return None if field.null else _empty(field)
    return _filler(field)


def _empty(field: "models.Field[Any, Any]") -> Any:
    return field.default() if isinstance(field, models.JSONField) and callable(field.default) else ""


def _filler(field: "models.Field[Any, Any]") -> Any:
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DateField):
        return NO_DAY
    if isinstance(field, models.BinaryField):
        return b""
    return {} if isinstance(field, models.JSONField) else WORD
