"""A conversation while it is being written down. Not evidence: it is emptied when the talk is recorded."""

from django.db import models

from clinic.models import Account
from clinic.models.bases import HouseModel
from consent.models.consents import Consent


class TalkDraft(HouseModel):
    """What one clinician has entered so far about one consent, and the times the server's clock noted meanwhile."""

    guard = None  # may change and be emptied; nothing rests on it

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="talk_drafts")
    held_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField(default=dict, blank=True)  # as typed, by field
    clock_marks = models.JSONField(default=dict, blank=True)  # mark -> UTC time; only the server writes these
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["consent", "held_by"], name="one_talk_draft_each"),)

    def __str__(self) -> str:
        return str(self.pk)
