"""How rows are written: with checked fields, with history that names who did it, and once per form."""

import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from clinic import clock
from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from clinic.models import Account

M = TypeVar("M", bound=models.Model)


def tidy(text: str) -> str:
    """Typed text as it is stored: composed characters, no blanks around it."""
    return unicodedata.normalize("NFC", text).strip()


def check_fields(row: models.Model) -> None:
    """Raises InvalidInputError naming the first field whose value cannot be stored (length, code, emptiness)."""
    left_out = {
        field.name
        for field in row._meta.concrete_fields
        if field.is_relation or (field.null and getattr(row, field.attname) is None)
    }
    try:
        row.clean_fields(exclude=left_out)
    except ValidationError as error:
        name, sentences = next(iter(error.message_dict.items()))
        raise InvalidInputError(str(sentences[0]), field=name) from error
    check_lengths(row)


def check_lengths(row: models.Model) -> None:
    """Raises InvalidInputError naming the first field whose text is too long: not every database says so."""
    for field in row._meta.concrete_fields:
        most, value = getattr(field, "max_length", None), getattr(row, field.attname)
        if most is not None and isinstance(value, str) and len(value) > most:  # text fields are not checked by Django
            raise InvalidInputError(_("This is too long: at most %(most)s signs.") % {"most": most}, field=field.name)


def save_as(row: Any, *, by: Account | None) -> None:
    """Check and save a row; its history names the person and our own clock."""
    check_fields(row)
    row._history_user = by
    row._history_date = clock.now()
    row.save()


def write_once(
    rows: "models.Manager[M]",
    *,
    form_key: uuid.UUID,
    by: Account,
    by_field: str,
    about: Mapping[str, object],
    write: Callable[[], M],
) -> M:
    """Run `write` in one transaction of its own; a form that was sent already gives the row it wrote first.

    **Takes** what the row must be about, by column.
    **Raises** as `sent_before`; IntegrityError as the database gives it.
    """
    try:
        with transaction.atomic(durable=True):
            first = rows.filter(form_key=form_key).first()
            row = write() if first is None else first
    except IntegrityError:
        first = rows.filter(form_key=form_key).first()
        if first is None:
            raise
        row = first
    _check_same_form(row, by=by, by_field=by_field, about=about)
    return row


def sent_before(
    rows: "models.Manager[M]", *, form_key: uuid.UUID, by: Account, by_field: str, about: Mapping[str, object]
) -> M | None:
    """The row that this form wrote when it was sent before; None when it was not.

    **Raises** NotAllowedError when it was sent by somebody else; WrongStateError when it was about something else.
    """
    row = rows.filter(form_key=form_key).first()
    if row is not None:
        _check_same_form(row, by=by, by_field=by_field, about=about)
    return row


def _check_same_form(row: models.Model, *, by: Account, by_field: str, about: Mapping[str, object]) -> None:
    if getattr(row, f"{by_field}_id") != by.pk:
        raise NotAllowedError(_("This form was sent by somebody else. Open it again."))
    if any(getattr(row, column) != value for column, value in about.items()):
        raise WrongStateError(_("This form was sent for something else. Open it again."))


def has_changed(row: Any, values: dict[str, Any]) -> Sequence[str]:
    """Set the values on the row; names of those that were different before."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    return changed
