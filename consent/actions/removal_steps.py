"""Shared by the acts about a removal: find and lock the wish, and the one entry that records what happened."""

import datetime
import uuid
from collections.abc import Sequence

from django.db import models
from django.utils.translation import gettext as _

from clinic import clock
from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Account, Patient, Procedure
from clinic.vocabulary import Permission, Role
from consent.ledger_store import Actor, append
from consent.models import LedgerEntry, RemovalEnd, RemovalRequest
from consent.vocabulary import EntryKind, RemovalOutcome, Via


def lock_patient(patient_id: uuid.UUID) -> Patient:
    """The patient, locked: one wish at a time. Raises WrongStateError when there is none."""
    patient = Patient.objects.select_for_update(of=("self",)).filter(pk=patient_id).first()
    if patient is None:
        raise WrongStateError(_("This patient is not known here."))
    return patient


def lock_removal(request_id: uuid.UUID) -> RemovalRequest:
    """The wish, its patient locked. Raises WrongStateError where there is none."""
    request = RemovalRequest.objects.select_related("site", "patient").filter(pk=request_id).first()
    if request is None:
        raise WrongStateError(_("This wish is not known here."))
    lock_patient(request.patient_id)
    return request


def check_is_open(request: RemovalRequest) -> None:
    """Raises WrongStateError where the wish is settled."""
    if RemovalEnd.objects.filter(request=request).exists():
        raise WrongStateError(_("This wish is settled already."))


def end_removal(
    request_id: uuid.UUID, outcome: RemovalOutcome, *, procedure: Procedure | None, by: Account, via: Via
) -> RemovalEnd:
    """Write the end of a wish and its entry; the one that stands when it ended so before. The caller asked who may."""
    request = lock_removal(request_id)
    earlier = RemovalEnd.objects.filter(request=request).first()
    if earlier is not None and earlier.outcome == outcome:
        return earlier
    check_is_open(request)
    end = RemovalEnd(
        request=request, outcome=outcome, procedure=procedure, ended_by=by, ended_via=via, ended_at=clock.now()
    )
    end.save(force_insert=True)
    record_removal(EntryKind.REMOVAL_ENDED, request, by=by, via=via, at=end.ended_at, rows=[end])
    return end


def check_may_speak_for_removal(by: Account, patient: Patient, via: Via) -> None:
    """Raises NotAllowedError unless it is the patient, or staff of the site recording what she said to them."""
    if by.role == Role.PATIENT:
        if not by.may(Permission.DECIDE_OWN_CARE) or by.pk != patient.account_id or via == Via.SPOKEN_TO_STAFF:
            raise NotAllowedError(_("Only the patient can do this."))
        return
    is_spoken = via == Via.SPOKEN_TO_STAFF and by.may(Permission.RECORD_REMOVAL_REQUEST)
    if not is_spoken or by.site_id != patient.site_id:
        raise NotAllowedError(_("Your role may not do this."))


def record_removal(
    kind: EntryKind,
    request: RemovalRequest,
    *,
    by: Account,
    via: Via,
    at: datetime.datetime,
    rows: Sequence[models.Model],
) -> LedgerEntry:
    """Append the one entry of an act about a removal. The rows must already be saved."""
    return append(
        site=request.site,
        kind=kind,
        subject=request.patient.ledger_subject,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=via),
        rows=rows,
        occurred_at=at,
    )
