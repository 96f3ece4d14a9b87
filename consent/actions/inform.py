"""Inform: a practitioner records the talk with the patient, as it was."""

import datetime
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.saving import sent_before
from clinic.exceptions import InvalidInputError
from clinic.models import Account
from clinic.models.bases import HouseModel
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, move, record, save_as
from consent.models import AlternativeOpened, Consent, Conversation, PersonPresent, QuestionAsked, TeachBack
from consent.vocabulary import (
    Act,
    Capacity,
    EntryKind,
    InterpreterQualification,
    PersonRole,
    RequestSource,
    SigningState,
    Via,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonInput:
    """Someone else in the room, as typed."""

    role: PersonRole
    name: str = ""
    left_before_signing: bool | None = None
    asked_for_by_patient_alone: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TeachBackInput:
    """One answer in the patient's own words."""

    key: str
    answer: str
    is_understood: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationInput:
    """The whole talk, as typed. None means: not recorded, which the gate counts as unmet."""

    spoken_language: str
    request_source: RequestSource
    interpreter_name: str = ""
    interpreter_organisation: str = ""
    interpreter_qualification: InterpreterQualification | None = None
    interpreter_is_companion: bool | None = None
    minutes_alone: int | None = None
    people: tuple[PersonInput, ...] = ()
    alternatives: tuple[str, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    teach_backs: tuple[TeachBackInput, ...] = ()
    capacity: Capacity | None = None
    capacity_note: str = ""
    signing_states: tuple[SigningState, ...] | None = None
    what_matters: str = ""


def check_about_this_sheet(consent: Consent, talk: ConversationInput) -> None:
    """Raises InvalidInputError when an alternative or question is not on the sheet this consent is about."""
    content = consent.sheet_version.content
    on_sheet = {row["key"] for row in content.get("alternative", [])}
    if not set(talk.alternatives) <= on_sheet:
        raise InvalidInputError(_("One of the alternatives is not on this information sheet."), field="alternatives")
    asked = {row["key"] for row in content.get("teach_back", [])}
    if not {answer.key for answer in talk.teach_backs} <= asked:
        raise InvalidInputError(_("One of the questions is not on this information sheet."), field="teach_backs")


def _save_talk(
    consent: Consent, talk: ConversationInput, *, by: Account, at: datetime.datetime, form_key: uuid.UUID
) -> Conversation:
    conversation = Conversation(
        consent=consent,
        held_by=by,
        held_at=at,
        spoken_language=talk.spoken_language,
        text_language=consent.sheet_version.language,
        interpreter_name=talk.interpreter_name,
        interpreter_organisation=talk.interpreter_organisation,
        interpreter_qualification=talk.interpreter_qualification or "",
        interpreter_is_companion=talk.interpreter_is_companion,
        minutes_alone=talk.minutes_alone,
        request_source=talk.request_source,
        capacity=talk.capacity or "",
        capacity_note=talk.capacity_note,
        signing_states=None if talk.signing_states is None else [state.value for state in talk.signing_states],
        what_matters=talk.what_matters,
        form_key=form_key,
    )
    conversation.save(force_insert=True)
    return conversation


def _save_parts(conversation: Conversation, talk: ConversationInput) -> list[HouseModel]:
    rows: list[HouseModel] = [
        PersonPresent(
            conversation=conversation,
            role=person.role,
            name=person.name,
            left_before_signing=person.left_before_signing,
            asked_for_by_patient_alone=person.asked_for_by_patient_alone,
        )
        for person in talk.people
    ]
    rows += [AlternativeOpened(conversation=conversation, key=key) for key in dict.fromkeys(talk.alternatives)]
    rows += [
        QuestionAsked(conversation=conversation, number=number, question=question, answer=answer)
        for number, (question, answer) in enumerate(talk.questions, start=1)
    ]
    rows += [
        TeachBack(conversation=conversation, key=said.key, answer=said.answer, is_understood=said.is_understood)
        for said in talk.teach_backs
    ]
    for row in rows:
        row.save(force_insert=True)
    return rows


@transaction.atomic(durable=True)
def record_conversation(
    *, consent_id: uuid.UUID, talk: ConversationInput, by: Account, form_key: uuid.UUID
) -> Conversation:
    """Record a talk. A later talk is a new row; the newest counts.

    **Gives** the conversation; the same one when the same form comes twice.
    **Raises** NotAllowedError, AlreadyDecidedError, InvalidInputError (something not on this sheet).
    **Writes** Conversation and its parts, Consent state informed; entry consent.informed.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.RECORD_CONVERSATION, consent_site_id=consent.site_id)
    earlier = sent_before(
        Conversation.objects, form_key=form_key, by=by, by_field="held_by", about={"consent_id": consent.pk}
    )
    if earlier is not None:
        return earlier
    check_about_this_sheet(consent, talk)
    move(consent, Act.INFORM)
    at = clock.now()
    conversation = _save_talk(consent, talk, by=by, at=at, form_key=form_key)
    parts = _save_parts(conversation, talk)
    consent.informed_by, consent.informed_at = by, at
    save_as(consent, by=by)
    record(EntryKind.CONSENT_INFORMED, consent, by=by, via=Via.STAFF, at=at, rows=[consent, conversation, *parts])
    return conversation
