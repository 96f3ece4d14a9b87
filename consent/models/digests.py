"""Digest of a row of an evidential table: what an entry binds, and what `verify_ledger` computes again.

Every concrete field takes part. Fields of class OPEN stand readable in the digested document, all others as
salted commitments. A field without a value is left out.
"""

import datetime
import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from clinic.vocabulary import PrivacyClass
from consent.ledger.canonical import EncodingError, canonical_as_stored, time_text
from consent.ledger.commitments import commitment, row_digest
from consent.privacy import privacy_of

Words = Callable[[Any], object]

# What a column of one of these very types gives back is what was put in, if that is of this very kind.
_TEXT: Mapping[type, Words] = {str: str}
_WORDS: Mapping[type, Mapping[type, Words]] = {
    models.CharField: _TEXT,
    models.TextField: _TEXT,
    models.UUIDField: {uuid.UUID: attrgetter("hex")},
    models.DateTimeField: {datetime.datetime: time_text},
    models.BooleanField: {bool: bool},
    models.PositiveIntegerField: {int: int},
    models.PositiveSmallIntegerField: {int: int},
}


def model_label(model: type[models.Model]) -> str:
    """The name under which a model stands in entries: "consent.historicalconsent"."""
    return model._meta.label_lower


def row_key(primary_key: uuid.UUID) -> str:
    """A primary key as 32 hex characters; every bound table, history included, has random ids."""
    return primary_key.hex


def digest_of_row(row: models.Model, *, row_salt: bytes) -> str:
    """Digest of a row as it stands in the database.

    **Takes** a row read from the database, or just saved to it, and the 32 bytes of its salt.
    **Raises** EncodingError for a value that the ledger cannot carry, or a field without a privacy class.
    """
    opened, hidden = values_of_row(row)
    veiled = {name: commitment(row_salt=row_salt, field=name, value=value) for name, value in hidden.items()}
    return row_digest(model=model_label(type(row)), key=row_key(row.pk), opened=opened, veiled=veiled)


def values_of_row(row: models.Model) -> tuple[dict[str, object], dict[str, object]]:
    """The values of a row as its digest takes them: those that stand readable, and those that are committed to."""
    model = type(row)
    opened: dict[str, object] = {}
    hidden: dict[str, object] = {}
    for field, attribute, name, words in _columns(model):
        stored = getattr(row, attribute)
        if stored is not None:
            values = opened if _is_open(model, name) else hidden
            write = words.get(type(stored))
            values[name] = write(stored) if write else _plain(field, stored)
    return opened, hidden


@cache
def _columns(model: type[models.Model]) -> tuple[tuple[Any, str, str, Mapping[type, Words]], ...]:
    """Each column with its attribute, its name, and how the kinds of value it usually holds are written."""
    return tuple((one, one.attname, one.name, _words_of(one)) for one in model._meta.concrete_fields)


def _words_of(field: "models.Field[Any, Any]") -> Mapping[type, Words]:
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    return _WORDS.get(type(kind), {})


def _is_open(model: type[models.Model], field_name: str) -> bool:
    try:
        return privacy_of(model.__name__, field_name) is PrivacyClass.OPEN
    except KeyError as error:
        raise EncodingError(f"{model.__name__}.{field_name}", "has no privacy class") from error


def _as_read(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value of a row just saved, in the kind it will have when it is read again; unlike kinds are refused."""
    kind = field.target_field if isinstance(field, models.ForeignKey) else field
    try:
        return kind.to_python(value)
    except (ValidationError, TypeError, ValueError) as error:
        raise EncodingError(field.name, f"{type(value).__name__} is not what its column holds") from error


def _plain(field: "models.Field[Any, Any]", value: Any) -> object:
    """A value in the words of the encoding, as the database would give it back."""
    if isinstance(field, models.JSONField):
        return canonical_as_stored(json.loads(json.dumps(value, cls=field.encoder))).decode()
    value = _as_read(field, value)
    if isinstance(value, datetime.datetime):
        return time_text(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, str | bool | int):
        return str(value) if isinstance(value, str) else value
    raise EncodingError(field.name, f"{type(value).__name__} has no place in a row digest")
