"""Shared by the acts in which a patient speaks up, and by the answers: who may, about which consent, and the entry."""

import datetime
import uuid

from django.db import models
from django.utils.translation import gettext as _

from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Account, Patient
from clinic.vocabulary import Permission, Role
from consent.ledger_store import Actor, append
from consent.models import Consent, LedgerEntry
from consent.vocabulary import EntryKind, Via

OWN_WAYS = frozenset({Via.OWN_CARD, Via.CLINIC_TABLET})


def check_is_her_voice(by: Account, patient: Patient, via: Via) -> None:
    """Raises NotAllowedError unless it is the patient herself, by her card or on the tablet in her hands."""
    if not by.may(Permission.DECIDE_OWN_CARE) or by.pk != patient.account_id or via not in OWN_WAYS:
        raise NotAllowedError(_("Only the patient can do this."))


def own_consent_or_none(patient: Patient, consent_id: uuid.UUID | None) -> Consent | None:
    """The patient's consent of this id; None where none is named. Raises WrongStateError for anybody else's."""
    if consent_id is None:
        return None
    consent = Consent.objects.filter(pk=consent_id, patient=patient).first()
    if consent is None:
        raise WrongStateError(_("This consent is not known here."))
    return consent


def record_voice(
    kind: EntryKind, patient: Patient, *, by: Account, via: Via, at: datetime.datetime, row: models.Model
) -> LedgerEntry:
    """Append the one entry. It binds the row alone: no consent it is about, so that no page about one shows it."""
    return append(
        site=patient.site,
        kind=kind,
        subject=patient.ledger_subject,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=via),
        rows=[row],
        occurred_at=at,
    )
