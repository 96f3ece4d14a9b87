"""Inform: a practitioner records the talk with the patient, as it was."""

import datetime
import uuid
from typing import Any

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_lengths, sent_before
from clinic.exceptions import InvalidInputError
from clinic.models import Account
from clinic.models.bases import HouseModel
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, move, record, save_as
from consent.actions.signal_holds import raise_signal_holds
from consent.actions.talk_draft import empty_draft
from consent.models import AlternativeOpened, Consent, Conversation, PersonPresent, QuestionAsked, TeachBack
from consent.queries.staff_words import flagged_words, refused_words
from consent.queries.talk_signals import talk_signals
from consent.talk_input import AlternativeInput, ConversationInput, PersonInput, TeachBackInput
from consent.vocabulary import Act, EntryKind, Via

__all__ = ["AlternativeInput", "ConversationInput", "PersonInput", "TeachBackInput", "record_conversation"]


def check_about_this_sheet(consent: Consent, talk: ConversationInput) -> None:
    """Raises InvalidInputError when an alternative or question is not on the sheet this consent is about."""
    content = consent.sheet_version.content
    on_sheet = {row["key"] for row in content.get("alternative", [])}
    if not {one.key for one in talk.alternatives} <= on_sheet:
        raise InvalidInputError(_("One of the alternatives is not on this information sheet."), field="alternatives")
    asked = {row["key"] for row in content.get("teach_back", [])}
    if not {answer.key for answer in talk.teach_backs} <= asked:
        raise InvalidInputError(_("One of the questions is not on this information sheet."), field="teach_backs")


def signals_in_words(consent: Consent, talk: ConversationInput) -> set[str]:
    """The signals for which words of staff ask for the advocate. Raises InvalidInputError where words are refused."""
    flagged = flagged_words(consent, talk.staff_words())
    if refused := refused_words(flagged):
        raise InvalidInputError(refused, field=next(one.field for one in flagged if one.is_refused))
    return {one.signal for one in flagged if one.holds}


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
        sheet_opened_at=talk.sheet_opened_at,
        reading_aids=_codes(talk.reading_aids),
        was_live=talk.was_live,
        no_loss_spoken=talk.no_loss_spoken,
        anaesthetic_told=talk.anaesthetic_told,
        health_questions_asked=talk.health_questions_asked,
        witness_offered=talk.witness_offered,
        minutes_alone=talk.minutes_alone,
        companion_would_not_leave=talk.companion_would_not_leave,
        referral=talk.referral or "",
        request_repeated_alone=talk.request_repeated_alone,
        request_source=talk.request_source,
        capacity=talk.capacity or "",
        capacity_note=talk.capacity_note,
        signing_states=_codes(talk.signing_states),
        what_matters=talk.what_matters,
        form_key=form_key,
    )
    check_lengths(conversation)
    conversation.save(force_insert=True)
    return conversation


def _codes(chosen: tuple[Any, ...] | None) -> list[str] | None:
    """Codes as they are stored; None stays None: it was not asked."""
    return None if chosen is None else [code.value for code in chosen]


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
    opened = {one.key: one.seconds_open for one in talk.alternatives}
    rows += [AlternativeOpened(conversation=conversation, key=key, seconds_open=opened[key]) for key in opened]
    rows += [
        QuestionAsked(conversation=conversation, number=number, question=question, answer=answer)
        for number, (question, answer) in enumerate(talk.questions, start=1)
    ]
    rows += [
        TeachBack(
            conversation=conversation,
            key=said.key,
            answer=said.answer,
            is_understood=said.is_understood,
            attempts=said.attempts,
            answered_by_companion=said.answered_by_companion,
        )
        for said in talk.teach_backs
    ]
    for row in rows:
        check_lengths(row)
        row.save(force_insert=True)
    return rows


@one_act
def record_conversation(
    *, consent_id: uuid.UUID, talk: ConversationInput, by: Account, form_key: uuid.UUID
) -> Conversation:
    """Record a talk. A later talk is a new row; the newest counts.

    Signs of pressure in it ask for the advocate; the talk is recorded all the same, because what happened is kept.

    **Gives** the conversation; the same one when the same form comes twice.
    **Raises** NotAllowedError, AlreadyDecidedError, InvalidInputError (something not on this sheet; words of staff
    that speak of a loss; a name that is far too long).
    **Writes** Conversation and its parts, Consent state informed; entry consent.informed; Hold and entry hold.raised
    for each sign; the clinician's draft is emptied.
    **Source** CR-031 to CR-036, CR-050 to CR-058; PS-05, PS-06, PS-07, PS-11, PS-15, PS-38, PS-39.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.RECORD_CONVERSATION, consent_site_id=consent.site_id)
    earlier = sent_before(
        Conversation.objects, form_key=form_key, by=by, by_field="held_by", about={"consent_id": consent.pk}
    )
    if earlier is not None:
        return earlier
    check_about_this_sheet(consent, talk)
    words = signals_in_words(consent, talk)
    move(consent, Act.INFORM)
    at = clock.now()
    conversation = _save_talk(consent, talk, by=by, at=at, form_key=form_key)
    parts = _save_parts(conversation, talk)
    consent.informed_by, consent.informed_at = by, at
    save_as(consent, by=by)
    rows, detail = [consent, conversation, *parts], _how_timed(talk)
    record(EntryKind.CONSENT_INFORMED, consent, by=by, via=Via.STAFF, at=at, rows=rows, detail=detail)
    raise_signal_holds(consent, words | talk_signals(consent, talk, at=at), by=by, at=at)
    empty_draft(consent, by=by, at=at)
    return conversation


def _how_timed(talk: ConversationInput) -> dict[str, Any] | None:
    """Whether the minutes alone are the server clock's or the clinician's own word."""
    if talk.minutes_alone is None:
        return None
    return {"alone": "timed" if talk.was_timed else "stated"}
