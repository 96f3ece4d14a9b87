"""Conversations: what was said, who was there, what the patient asked and understood. Written once, never changed."""

from django.db import models

from clinic.models import Account
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.consents import Consent
from consent.models.guarding import Guard
from consent.vocabulary import Capacity, InterpreterQualification, PersonRole, Referral, RequestSource


class Conversation(HouseModel):
    """One talk about one consent. A later talk is a new row; the newest counts."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="conversations")
    held_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    spoken_language = models.CharField(max_length=20)
    text_language = models.CharField(max_length=20)
    interpreter_name = models.CharField(max_length=200, blank=True)
    interpreter_organisation = models.CharField(max_length=200, blank=True)
    interpreter_qualification = models.CharField(max_length=30, choices=choices(InterpreterQualification), blank=True)
    interpreter_is_companion = models.BooleanField(null=True)
    sheet_opened_at = models.DateTimeField(null=True)
    reading_aids = models.JSONField(null=True, blank=True)  # codes of ReadingAid; None = not recorded
    was_live = models.BooleanField(null=True)  # explained face to face or on a line, not by paper alone
    no_loss_spoken = models.BooleanField(null=True)
    anaesthetic_told = models.BooleanField(null=True)
    health_questions_asked = models.BooleanField(null=True)
    witness_offered = models.BooleanField(null=True)
    minutes_alone = models.PositiveSmallIntegerField(null=True)
    companion_would_not_leave = models.BooleanField(null=True)
    referral = models.CharField(max_length=20, choices=choices(Referral), blank=True)
    request_repeated_alone = models.BooleanField(null=True)
    request_source = models.CharField(max_length=30, choices=choices(RequestSource))
    capacity = models.CharField(max_length=30, choices=choices(Capacity), blank=True)
    capacity_note = models.TextField(max_length=2000, blank=True)
    signing_states = models.JSONField(null=True)  # None = not asked; [] = asked, none of them
    what_matters = models.TextField(max_length=2000, blank=True)
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (
            known_codes("request_source", RequestSource, name="conversation_request_source_known"),
            known_codes("referral", Referral, name="conversation_referral_known", blank=True),
            known_codes("capacity", Capacity, name="conversation_capacity_known", blank=True),
            known_codes(
                "interpreter_qualification",
                InterpreterQualification,
                name="conversation_interpreter_known",
                blank=True,
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class PersonPresent(HouseModel):
    """Someone else who was in the room, in what role, and whether she or he left before the signing."""

    guard = Guard.APPEND_ONLY

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="people_present")
    role = models.CharField(max_length=20, choices=choices(PersonRole))
    name = models.CharField(max_length=200, blank=True)
    left_before_signing = models.BooleanField(null=True)
    asked_for_by_patient_alone = models.BooleanField(null=True)

    class Meta:
        constraints = (known_codes("role", PersonRole, name="person_present_role_known"),)

    def __str__(self) -> str:
        return str(self.pk)


class AlternativeOpened(HouseModel):
    """One alternative on the sheet that was opened and talked about; `nothing` is doing nothing."""

    guard = Guard.APPEND_ONLY

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="alternatives_opened")
    key = models.CharField(max_length=100)
    seconds_open = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["conversation", "key"], name="alternative_opened_once"),)

    def __str__(self) -> str:
        return self.key


class QuestionAsked(HouseModel):
    """A question the patient asked and the answer she got."""

    guard = Guard.APPEND_ONLY

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveSmallIntegerField()
    question = models.TextField(max_length=2000)
    answer = models.TextField(max_length=2000)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["conversation", "number"], name="question_numbered_once"),)

    def __str__(self) -> str:
        return str(self.pk)


class TeachBack(HouseModel):
    """What the patient answered, in her own words, when asked to say it back."""

    guard = Guard.APPEND_ONLY

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="teach_backs")
    key = models.CharField(max_length=100)
    answer = models.TextField(max_length=2000)
    is_understood = models.BooleanField()
    attempts = models.PositiveSmallIntegerField(default=1)
    answered_by_companion = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["conversation", "key"], name="teach_back_once"),)

    def __str__(self) -> str:
        return self.key
