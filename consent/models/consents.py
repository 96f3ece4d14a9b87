"""Consents: one decision of one patient about one procedure, as it is now. How it came to be stands in the ledger."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Account, Patient, Practitioner, Procedure, Site
from clinic.models.bases import HouseModel, choices, go_together, known_codes
from clinic.models.history import HouseHistory
from clinic.vocabulary import Laterality
from consent.models.guarding import Guard
from consent.models.information_sheets import InformationSheetVersion
from consent.models.policies import PolicyVersion
from consent.vocabulary import (
    LIVE_STATES,
    ConsentState,
    CopyChoice,
    Decision,
    EndReason,
    Purpose,
    ReadingAid,
    RequestSource,
    Via,
)

GIVEN_STATES = [ConsentState.GIVEN, ConsentState.CONFIRMED, ConsentState.USED]


class Consent(HouseModel):
    """What a patient decided about one procedure. What it is about is frozen when it is proposed."""

    guard = Guard.NO_DELETE

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="consents")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="consents")
    procedure_code = models.CharField(max_length=100)
    laterality = models.CharField(max_length=20, choices=choices(Laterality), default=Laterality.NONE)
    body_site = models.CharField(max_length=100, blank=True)
    operator = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="consents_as_operator")
    sheet_version = models.ForeignKey(InformationSheetVersion, on_delete=models.PROTECT, related_name="consents")
    request_source = models.CharField(max_length=30, choices=choices(RequestSource), default=RequestSource.UNKNOWN)
    policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")  # in force when proposed
    reading_aid = models.CharField(max_length=30, choices=choices(ReadingAid), blank=True)
    excluded_as = models.JSONField(null=True, blank=True)  # codes of ExcludedSubject; None = not asked
    purpose = models.CharField(max_length=20, choices=choices(Purpose), blank=True)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    state = models.CharField(max_length=20, choices=choices(ConsentState), default=ConsentState.DRAFT)
    decision = models.CharField(max_length=10, choices=choices(Decision), blank=True)

    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    informed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    informed_at = models.DateTimeField(null=True)
    more_time_asked_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(null=True)
    given_via = models.CharField(max_length=20, choices=choices(Via), blank=True)
    signed_digest = models.CharField(max_length=64, blank=True)
    signed_policy = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+")
    copy_choice = models.CharField(max_length=20, choices=choices(CopyChoice), blank=True)
    confirmed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    was_alone_at_confirmation = models.BooleanField(null=True)
    certified_by = models.ForeignKey(Practitioner, on_delete=models.PROTECT, null=True, related_name="+")
    certified_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=20, choices=choices(EndReason), null=True)  # noqa: DJ001  null pairs with who and when
    ended_via = models.CharField(max_length=20, choices=choices(Via), blank=True)
    ended_words = models.TextField(max_length=2000, blank=True)  # what the patient wished to say; never asked for
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    history = HouseHistory()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["procedure"],
                condition=Q(state__in=sorted(LIVE_STATES)),
                name="one_live_consent_per_procedure",
                violation_error_message=_("This procedure already has a consent that is open."),
            ),
            known_codes("state", ConsentState, name="consent_state_known"),
            known_codes("decision", Decision, name="consent_decision_known", blank=True),
            known_codes("request_source", RequestSource, name="consent_request_source_known"),
            known_codes("reading_aid", ReadingAid, name="consent_reading_aid_known", blank=True),
            known_codes("purpose", Purpose, name="consent_purpose_known", blank=True),
            known_codes("copy_choice", CopyChoice, name="consent_copy_choice_known", blank=True),
            known_codes("given_via", Via, name="consent_given_via_known", blank=True),
            known_codes("ended_via", Via, name="consent_ended_via_known", blank=True),
            known_codes("laterality", Laterality, name="consent_laterality_known"),
            models.CheckConstraint(
                condition=Q(ended_reason__isnull=True) | Q(ended_reason__in=[r.value for r in EndReason]),
                name="consent_ended_reason_known",
            ),
            go_together("consent_informed_who_and_when", "informed_by", "informed_at"),
            go_together("consent_given_who_and_when", "given_by", "given_at", "signed_policy"),
            go_together("consent_confirmed_who_and_when", "confirmed_by", "confirmed_at", "was_alone_at_confirmation"),
            go_together("consent_certified_who_and_when", "certified_by", "certified_at"),
            go_together("consent_ended_who_when_why", "ended_by", "ended_at", "ended_reason"),
            models.CheckConstraint(
                condition=~Q(state__in=GIVEN_STATES)
                | (Q(decision=Decision.PERMIT, given_at__isnull=False) & ~Q(signed_digest="") & ~Q(given_via="")),
                name="consent_given_has_decision_and_digest",
            ),
            models.CheckConstraint(
                condition=Q(given_at__isnull=True, signed_digest="")
                | (Q(given_at__isnull=False) & ~Q(signed_digest="")),
                name="consent_signed_digest_with_given",
            ),
            models.CheckConstraint(
                condition=~Q(state=ConsentState.REFUSED) | Q(decision=Decision.DENY),
                name="consent_refused_is_deny",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(LIVE_STATES), ended_at__isnull=True)
                | (~Q(state__in=sorted(LIVE_STATES)) & Q(ended_at__isnull=False)),
                name="consent_ended_exactly_when_not_live",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
