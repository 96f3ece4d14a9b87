"""The rule tables that were in force: each kept once, whole, under its digest, so that it can be judged with later."""

from django.db import models

from clinic.models.bases import HouseModel, choices, known_codes
from clinic.vocabulary import Preset
from consent.models.guarding import Guard


class PolicyVersion(HouseModel):
    """One effective rule table: a preset and what the site tightened."""

    guard = Guard.APPEND_ONLY

    digest = models.CharField(max_length=64, unique=True)
    preset = models.CharField(max_length=32, choices=choices(Preset))
    document = models.TextField()  # the canonical text the digest is computed over
    first_used_at = models.DateTimeField()

    class Meta:
        constraints = (known_codes("preset", Preset, name="policy_preset_known"),)

    def __str__(self) -> str:
        return self.digest
