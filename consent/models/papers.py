"""Answers on paper: the form that was printed, the scan that came back, and who looked whether it is right."""

from django.db import models

from clinic.models import Account
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.consents import Consent
from consent.models.guarding import Guard
from consent.vocabulary import PaperAnswer, PaperFault, ScanType


class PaperForm(HouseModel):
    """A form printed for one consent. Its id is the code in the square on each page; blank forms leave no row."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="paper_forms")
    language = models.CharField(max_length=20)  # BCP 47, of the printed words
    printed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class PaperScan(HouseModel):
    """A paper that came back, as a file. `happened_at` is what the paper says; when it was entered is our own clock."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="paper_scans")
    form = models.ForeignKey(PaperForm, on_delete=models.PROTECT, null=True, related_name="scans")  # None: a blank one
    code = models.CharField(max_length=32)  # of the square: 32 hex digits
    code_was_typed = models.BooleanField()
    answer = models.CharField(max_length=20, choices=choices(PaperAnswer))
    happened_at = models.DateTimeField()
    received_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    media_type = models.CharField(max_length=20, choices=choices(ScanType))
    content = models.BinaryField()
    content_digest = models.CharField(max_length=64)  # SHA-256
    pages = models.PositiveSmallIntegerField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (
            known_codes("answer", PaperAnswer, name="paper_answer_known"),
            known_codes("media_type", ScanType, name="paper_media_type_known"),
            models.UniqueConstraint(fields=["consent", "content_digest"], name="paper_scan_once_for_each_consent"),
            models.CheckConstraint(
                condition=models.Q(happened_at__lte=models.F("received_at")), name="paper_not_written_after_it_came"
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class PaperCheck(HouseModel):
    """Somebody looked at every page of a scan, and found it right or not right; each person once."""

    guard = Guard.APPEND_ONLY

    scan = models.ForeignKey(PaperScan, on_delete=models.PROTECT, related_name="checks")
    checked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    is_right = models.BooleanField()
    fault = models.CharField(max_length=20, choices=choices(PaperFault), blank=True)
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (
            known_codes("fault", PaperFault, name="paper_fault_known", blank=True),
            models.UniqueConstraint(fields=["scan", "checked_by"], name="paper_checked_once_by_each"),
            models.CheckConstraint(
                condition=models.Q(is_right=True, fault="") | (models.Q(is_right=False) & ~models.Q(fault="")),
                name="paper_not_right_says_why",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
