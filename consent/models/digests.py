"""Digest of a row of an evidential table: what an entry binds, and what `verify_ledger` computes again.

Every concrete field takes part. Fields of class OPEN stand readable in the digested document, all others as
salted commitments. A field without a value is left out.
"""

import datetime
import hashlib
import uuid
from typing import Any

from django.db import models

from clinic.vocabulary import PrivacyClass
from consent.ledger.canonical import EncodingError, canonical_as_stored, time_text
from consent.ledger.commitments import commitment, row_digest
from consent.privacy import privacy_of


def model_label(model: type[models.Model]) -> str:
    """The name under which a model stands in entries: "consent.historicalconsent"."""
    return model._meta.label_lower


def row_key(primary_key: uuid.UUID) -> str:
    """A primary key as 32 hex characters; every bound table, history included, has random ids."""
    return primary_key.hex


def digest_of_row(row: models.Model, *, row_salt: bytes) -> str:
    """Digest of a row as it was loaded.

    **Takes** a row freshly read from the database and the 32 random bytes kept for it.
    **Raises** EncodingError for a value that the ledger cannot carry, or a field without a privacy class.
    """
    opened: dict[str, object] = {}
    veiled: dict[str, str] = {}
    for field in row._meta.concrete_fields:
        value = _plain(field, field.value_from_object(row))
        if value is None:
            continue
        if _is_open(type(row), field.name):
            opened[field.name] = value
        else:
            veiled[field.name] = commitment(row_salt=row_salt, field=field.name, value=value)
    return row_digest(model=model_label(type(row)), key=row_key(row.pk), opened=opened, veiled=veiled)


def _is_open(model: type[models.Model], field_name: str) -> bool:
    try:
        return privacy_of(model.__name__, field_name) is PrivacyClass.OPEN
    except KeyError as error:
        raise EncodingError(f"{model.__name__}.{field_name}", "has no privacy class") from error


def _plain(field: "models.Field[Any, Any]", value: Any) -> object | None:
    """A field's value in the words of the encoding; None when it has none."""
    if isinstance(field, models.JSONField) and value is not None:
        return canonical_as_stored(value).decode()
    if isinstance(value, datetime.datetime):
        return time_text(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    if value is None or isinstance(value, str | bool | int):
        return value
    raise EncodingError(field.name, f"{type(value).__name__} has no place in a row digest")
