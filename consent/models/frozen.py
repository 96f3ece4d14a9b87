"""The record of a consent as it stood after an act, frozen as bytes; and that a copy of it reached the patient."""

from django.db import models

from clinic.models import Account
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.consents import Consent
from consent.models.guarding import Guard
from consent.vocabulary import CopyForm


class FrozenRecord(HouseModel):
    """What was so about one consent after one act, in one language. The entry of the act binds it."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="frozen_records")
    language = models.CharField(max_length=20)  # BCP 47, of the printed words
    document = models.BinaryField()  # canonical JSON; see consent.record.document
    document_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class CopyHandover(HouseModel):
    """A copy reached the patient, or she left it for her own safety; once for each record and form."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="copy_handovers")
    frozen = models.ForeignKey(FrozenRecord, on_delete=models.PROTECT, related_name="handovers")
    form = models.CharField(max_length=30, choices=choices(CopyForm))
    handed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()

    class Meta:
        constraints = (
            known_codes("form", CopyForm, name="copy_handover_form_known"),
            models.UniqueConstraint(fields=["frozen", "form"], name="copy_handed_over_once_in_each_form"),
        )

    def __str__(self) -> str:
        return str(self.pk)
