"""The newest talk about a consent as facts for the gate, with what was ever said before."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from clinic.models import Account
from consent.facts import AlternativeFacts, ConversationFacts, PersonPresentFacts
from consent.models import Consent, Conversation, TeachBack
from consent.queries.rows_around import Around
from consent.vocabulary import (
    Capacity,
    InterpreterQualification,
    PersonRole,
    ReadingAid,
    Referral,
    RequestSource,
    SigningState,
)

Code = TypeVar("Code", bound=StrEnum)


def conversation_facts(consent: Consent, around: Around) -> ConversationFacts | None:
    """The newest talk about a consent as facts, with what was said before; None when nobody recorded one."""
    talk = around.talk
    if talk is None:
        return None
    answers = talk.teach_backs.all()
    return ConversationFacts(
        held_at=talk.held_at,
        held_by=talk.held_by_id,
        spoken_language=talk.spoken_language,
        text_language=talk.text_language,
        patient_languages=tuple(consent.patient.languages),
        interpreter_qualification=(
            InterpreterQualification(talk.interpreter_qualification) if talk.interpreter_qualification else None
        ),
        interpreter_is_companion=talk.interpreter_is_companion,
        minutes_alone=talk.minutes_alone,
        people_present=_people(talk),
        alternatives_opened=_alternatives(talk),
        teach_back_asked=len(answers),
        teach_back_understood=sum(_is_understood(answer) for answer in answers),
        request_source=RequestSource(talk.request_source),
        capacity=Capacity(talk.capacity) if talk.capacity else None,
        signing_states=codes(SigningState, talk.signing_states),
        sheet_opened_at=talk.sheet_opened_at,
        reading_aids=codes(ReadingAid, talk.reading_aids),
        was_live=talk.was_live,
        no_loss_spoken=talk.no_loss_spoken,
        anaesthetic_told=talk.anaesthetic_told,
        health_questions_asked=talk.health_questions_asked,
        witness_offered=talk.witness_offered,
        companion_would_not_leave=talk.companion_would_not_leave,
        referral=Referral(talk.referral) if talk.referral else None,
        request_repeated_alone=talk.request_repeated_alone,
        holder_is_trained=is_trained(talk.held_by, consent.procedure.procedure_type.category),
        request_sources_named=tuple(around.said.request_sources),
        doubts_named=tuple(around.said.doubts),
        doubted_at=around.said.doubted_at,
    )


def _people(talk: Conversation) -> tuple[PersonPresentFacts, ...]:
    return tuple(
        PersonPresentFacts(
            role=PersonRole(person.role),
            left_before_signing=person.left_before_signing,
            asked_for_by_patient_alone=person.asked_for_by_patient_alone,
        )
        for person in talk.people_present.all()
    )


def _alternatives(talk: Conversation) -> tuple[AlternativeFacts, ...]:
    rows = sorted(talk.alternatives_opened.all(), key=lambda row: row.key)
    return tuple(AlternativeFacts(key=row.key, seconds_open=row.seconds_open) for row in rows)


def _is_understood(answer: TeachBack) -> bool:
    """Said back in words, by the patient herself, and judged understood."""
    return answer.is_understood and not answer.answered_by_companion and bool(answer.answer.strip())


def is_trained(account: Account, category: str) -> bool | None:
    """Whether this clinician is trained for this kind of care; None where the account is no clinician's."""
    practitioner = getattr(account, "practitioner", None)
    return None if practitioner is None else category in practitioner.trained_for


def codes(kind: type[Code], stored: Sequence[str] | None) -> tuple[Code, ...] | None:
    """Stored codes; None stays None: it was not asked."""
    return None if stored is None else tuple(kind(code) for code in stored)
