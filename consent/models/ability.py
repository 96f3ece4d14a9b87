"""Being able to decide: assessments, notes about young people, and what guardians said. Written once, never changed."""

from django.db import models

from clinic.models import Account
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.consents import Consent
from consent.models.guarding import Guard
from consent.vocabulary import CapacityFinding, Decision, GuardianRelation


class CapacityAssessment(HouseModel):
    """One assessment for this decision at this time: two limbs, and the help that was tried first."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="capacity_assessments")
    has_impairment = models.BooleanField()  # first limb: something disturbs the working of mind or brain
    impairment = models.TextField(max_length=2000, blank=True)
    can_understand = models.BooleanField()  # second limb
    can_retain = models.BooleanField()
    can_weigh = models.BooleanField()
    can_communicate = models.BooleanField()
    is_because_of_impairment = models.BooleanField()
    support_tried = models.TextField(max_length=2000)
    finding = models.CharField(max_length=20, choices=choices(CapacityFinding))
    assessed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (known_codes("finding", CapacityFinding, name="capacity_finding_known"),)

    def __str__(self) -> str:
        return str(self.pk)


class YoungPersonNote(HouseModel):
    """A clinician's note that a young person understands enough to decide this for herself, or does not."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="young_person_notes")
    is_able = models.BooleanField()
    understands_advice = models.BooleanField()
    was_encouraged_to_tell_parents = models.BooleanField()
    likely_to_go_on_without = models.BooleanField(null=True)  # contraception only
    health_would_suffer = models.BooleanField(null=True)  # contraception only
    is_in_best_interests = models.BooleanField()
    note = models.TextField(max_length=2000)
    noted_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class GuardianWord(HouseModel):
    """What one guardian said beside a young person. It never replaces her own word, and her no wins."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="guardian_words")
    name = models.CharField(max_length=200)
    relation = models.CharField(max_length=20, choices=choices(GuardianRelation))
    decision = models.CharField(max_length=10, choices=choices(Decision))
    words = models.TextField(max_length=2000, blank=True)
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (
            known_codes("relation", GuardianRelation, name="guardian_relation_known"),
            known_codes("decision", Decision, name="guardian_decision_known"),
        )

    def __str__(self) -> str:
        return str(self.pk)
