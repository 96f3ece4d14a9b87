"""Shared by refuse, withdraw and receive_paper: the way out is open to the patient, and to staff on her word."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from clinic.exceptions import NotAllowedError
from clinic.models import Account
from clinic.vocabulary import Permission, ProcedureStatus, Role
from consent.actions.moving import check_is_patient, move, record, save_as
from consent.models import Consent
from consent.vocabulary import Act, Decision, EndReason, EntryKind, Via


def check_may_say_no(by: Account, consent: Consent, via: Via) -> None:
    """Raises NotAllowedError unless it is the patient, or staff of the site recording what she said to them."""
    if by.role == Role.PATIENT:
        check_is_patient(by, consent)
        return
    spoken = via == Via.SPOKEN_TO_STAFF and by.may(Permission.RECORD_SPOKEN_NO)
    if not spoken or by.site_id != consent.site_id:
        raise NotAllowedError(_("Your role may not do this."))


def say_no(
    consent: Consent,
    *,
    by: Account,
    via: Via,
    at: datetime.datetime,
    words: str = "",
    rows: Sequence[models.Model] = (),
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write a no before there ever was a yes. The caller holds the lock.

    **Takes** rows that are saved already and belong to the same entry.
    **Raises** AlreadyDecidedError.
    **Writes** Consent state refused; entry consent.refused.
    """
    move(consent, Act.REFUSE)
    consent.decision = Decision.DENY
    end(consent, EndReason.REFUSED, by=by, via=via, at=at, words=words)
    record(EntryKind.CONSENT_REFUSED, consent, by=by, via=via, at=at, rows=[consent, *rows], detail=detail)


def take_back(
    consent: Consent,
    *,
    by: Account,
    via: Via,
    at: datetime.datetime,
    words: str = "",
    rows: Sequence[models.Model] = (),
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write that the patient takes a consent back that has not ended. The caller holds the lock.

    **Takes** as `say_no`.
    **Writes** Consent state withdrawn (what she had decided, and when, stays); entry consent.withdrawn.
    """
    in_progress = consent.procedure.status == ProcedureStatus.IN_PROGRESS
    move(consent, Act.WITHDRAW)
    end(consent, EndReason.WITHDRAWN, by=by, via=via, at=at, words=words)
    said = {"procedure_in_progress": in_progress, **(detail or {})}
    record(EntryKind.CONSENT_WITHDRAWN, consent, by=by, via=via, at=at, rows=[consent, *rows], detail=said)


def end(consent: Consent, reason: EndReason, *, by: Account, via: Via, at: datetime.datetime, words: str = "") -> None:
    """Fill who, when and why a consent ended, and save it. What was decided before stays as it was."""
    consent.ended_by, consent.ended_at, consent.ended_reason = by, at, reason
    consent.ended_via = via
    consent.ended_words = words
    save_as(consent, by=by)
