"""Erasures for the pages of the two people who decide about them: asked for, done, or begun and not finished."""

import datetime
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from clinic.models import Account, Patient
from clinic.vocabulary import Permission
from consent.models import Erasure, ErasureRequest
from consent.queries.redactions import is_finished
from consent.vocabulary import ErasureBasis
from consent.wording import ERASURE_BASIS_WORDS


class ErasureState(StrEnum):
    """How far an erasure has come."""

    ASKED = "asked"
    DONE = "done"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, kw_only=True, slots=True)
class ErasureLine:
    """One request, without any word about whom it is about."""

    number: str
    basis: str | Promise
    authority: str
    asked_by: str
    asked_at: datetime.datetime
    erased_at: datetime.datetime | None
    state: ErasureState
    is_own: bool


def erasures_known_to(account: Account) -> list[ErasureLine]:
    """The erasures of the clinic of somebody who may decide about them, the newest first."""
    if not account.may(Permission.ERASE_PATIENT):
        return []
    rows = ErasureRequest.objects.filter(patient__site_id=account.site_id).select_related(
        "asked_by", "erasure__request__patient"
    )
    return [_line(row, account) for row in rows.order_by("-asked_at")]


def _line(row: ErasureRequest, account: Account) -> ErasureLine:
    erasure: Erasure | None = getattr(row, "erasure", None)
    state = ErasureState.ASKED
    if erasure is not None:
        state = ErasureState.DONE if is_finished(erasure) else ErasureState.UNFINISHED
    return ErasureLine(
        number=row.pk.hex,
        basis=ERASURE_BASIS_WORDS[ErasureBasis(row.basis)],
        authority=row.authority,
        asked_by=row.asked_by.display_name,
        asked_at=row.asked_at,
        erased_at=None if erasure is None else erasure.erased_at,
        state=state,
        is_own=row.asked_by_id == account.pk,
    )


def patient_called(account: Account, *, name: str, birth_date: datetime.date) -> Patient | None:
    """The one patient of this person's clinic with exactly this name and birth date; None for none or several."""
    if not account.may(Permission.ERASE_PATIENT):
        return None
    whole = unicodedata.normalize("NFC", name).strip()
    found = list(Patient.objects.filter(site_id=account.site_id, name=whole, birth_date=birth_date)[:2])
    return found[0] if len(found) == 1 else None
