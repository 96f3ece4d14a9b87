"""Procedure starts and ends. A start cannot exist without its consent and its ledger entry."""

from django.db import models

from clinic.models import Account, Procedure
from clinic.models.bases import HouseModel, choices, known_codes
from clinic.vocabulary import ProcedureStatus
from consent.models.consents import Consent
from consent.models.emergencies import EmergencyCare, TheatreAddition
from consent.models.frozen import FrozenRecord
from consent.models.guarding import Guard
from consent.models.ledger import LedgerEntry
from consent.models.policies import PolicyVersion
from consent.vocabulary import StopReason


class ProcedureStart(HouseModel):
    """The gate opened: one per procedure."""

    guard = Guard.APPEND_ONLY

    procedure = models.OneToOneField(Procedure, on_delete=models.PROTECT, related_name="start")
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, null=True, related_name="start")
    emergency = models.OneToOneField(EmergencyCare, on_delete=models.PROTECT, null=True, related_name="start")
    addition = models.OneToOneField(TheatreAddition, on_delete=models.PROTECT, null=True, related_name="start")
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="+")
    started_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(consent__isnull=False, emergency__isnull=True, addition__isnull=True)
                | models.Q(consent__isnull=True, emergency__isnull=False, addition__isnull=True)
                | models.Q(consent__isnull=True, emergency__isnull=True, addition__isnull=False),
                name="procedure_start_on_one_ground",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class ProcedureEnd(HouseModel):
    """The procedure was completed, or stopped and why."""

    guard = Guard.APPEND_ONLY

    start = models.OneToOneField(ProcedureStart, on_delete=models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=20, choices=choices(ProcedureStatus))
    stop_reason = models.CharField(max_length=30, choices=choices(StopReason), blank=True)
    note = models.TextField(max_length=2000, blank=True)
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(outcome=ProcedureStatus.COMPLETED, stop_reason="")
                | (models.Q(outcome=ProcedureStatus.STOPPED) & ~models.Q(stop_reason="")),
                name="procedure_end_completed_or_stopped_with_reason",
            ),
            known_codes("stop_reason", StopReason, name="procedure_end_reason_known", blank=True),
        )

    def __str__(self) -> str:
        return str(self.pk)


class RecordIssue(HouseModel):
    """A copy of her record was printed for the patient: the picture of one frozen record."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="record_issues")
    frozen = models.ForeignKey(FrozenRecord, on_delete=models.PROTECT, related_name="issues")
    language = models.CharField(max_length=20)
    pdf_digest = models.CharField(max_length=64)
    issued_to = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
