"""Rows that were redacted by an erasure: what to keep of an entry's word about them, and how to check it afterwards.

The open part of a row is checked as before. Of an erased value only its commitment is left, which nobody can open; of a
link to another row its own salt is kept, so that links stay checked.
"""

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import Patient
from consent.keys.subject_keys import was_destroyed
from consent.ledger.canonical import EncodingError
from consent.ledger.commitments import commitment, commitment_under, field_salt, row_digest
from consent.ledger.verify import Finding
from consent.models import Erasure, RedactedRow
from consent.models.digests import model_label, row_key, values_of_row
from consent.queries.ledger_readable import readable
from consent.queries.personal_rows import erasable_fields, neutral_value

Redactions = dict[tuple[uuid.UUID, str, str], RedactedRow]


def kept_of(row: models.Model, *, row_salt: bytes, digest: str) -> tuple[dict[str, str], dict[str, str]] | None:
    """Commitments and salts of links to keep of a row before it is redacted.

    **Gives** None when the row is not the one that was bound: nothing must hide that.
    """
    erased = {field.name for field in erasable_fields(type(row))}
    opened, hidden = values_of_row(row)
    veiled = {name: commitment(row_salt=row_salt, field=name, value=value) for name, value in hidden.items()}
    if row_digest(model=model_label(type(row)), key=row_key(row.pk), opened=opened, veiled=veiled) != digest:
        return None
    salts = {name: field_salt(row_salt=row_salt, field=name).hex() for name in veiled if name not in erased}
    return {name: word for name, word in veiled.items() if name in erased}, salts


def fits_redacted(row: models.Model, kept: RedactedRow, *, digest: str) -> bool:
    """Whether a redacted row is as it was bound, but for the erased values, and holds nothing in their place."""
    try:
        opened, hidden = values_of_row(row)
        veiled = dict(kept.commitments)
        for name, salt in dict(kept.link_salts).items():
            veiled[name] = commitment_under(field_salt=bytes.fromhex(salt), value=hidden[name])
        found = row_digest(model=model_label(type(row)), key=row_key(row.pk), opened=opened, veiled=veiled)
    except (EncodingError, KeyError, TypeError, ValueError):
        return False  # damaged: its own finding names it
    return found == digest and all(_is_empty(row, field, kept) for field in erasable_fields(type(row)))


def _is_empty(row: models.Model, field: "models.Field[Any, Any]", kept: RedactedRow) -> bool:
    """Whether a column holds nothing, or what is left of the value it had."""
    value, left = field.value_from_object(row), neutral_value(row, field)
    value = bytes(value) if isinstance(value, memoryview) else value
    return bool(value == left) if field.name in kept.commitments else value is None


def is_all_open(row: models.Model) -> bool:
    """Whether the digest of a row needs no salt."""
    return not values_of_row(row)[1]


def redactions_of(entry_ids: Sequence[uuid.UUID]) -> Redactions:
    """Rows that an erasure redacted, by the entry, table and key they were bound under."""
    every = RedactedRow.objects.all()
    found = readable(every.filter(entry__in=entry_ids), every)
    return {(row.entry_id, row.model, row.key): row for row in found}


def unfinished_erasures() -> Iterator[Erasure]:
    """Erasures after which the key still lies there: a crash in between, or a key that came back from a backup."""
    every = Erasure.objects.select_related("request__patient").order_by("erased_at")
    for erasure in readable(every, every):
        if not is_finished(erasure):
            yield erasure


def is_finished(erasure: Erasure) -> bool:
    """Whether nothing is left of the keys an erasure retired."""
    through: object = erasure.key_generation  # SQLite may hold text there
    return isinstance(through, int) and was_destroyed(owner=erasure.request.patient.ledger_subject, through=through)


def erased_line(patient: Patient, *, time_zone: str) -> tuple[tuple[str, str], ...]:
    """For the printed record: that personal data were erased, and when. Nothing where none were."""
    erasure = Erasure.objects.filter(request__patient=patient).order_by("-erased_at").first()
    if erasure is None:
        return ()
    day = clock.local_date(erasure.erased_at, time_zone=time_zone).isoformat()
    words = _("Erased on %(day)s. What stands in their place since then says nothing about the patient.")
    return ((_("Personal data"), words % {"day": day}),)


def erasures_are_finished() -> Iterator[Finding]:
    """Erasures that were begun and not finished."""
    for erasure in unfinished_erasures():
        where = f"{model_label(Erasure)} {row_key(erasure.pk)}"
        sentence = (
            f"The erasure {row_key(erasure.pk)} is not finished: a key still lies there;"
            " run manage.py erase_subject --finish."
        )
        yield Finding(index=None, what="erasure-unfinished", where=where, sentence=sentence)
