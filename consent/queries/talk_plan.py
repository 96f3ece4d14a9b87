"""A talk that is being written down: what is kept of it so far, which pages it needs, and how far it carries.

A report for the clinician who writes. Nothing here is evidence; the gate asks again, under its locks, of what is
recorded.
"""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from clinic.languages import LANGUAGE_NAMES
from clinic.models import Account
from clinic.vocabulary import AccessNeed, Preset, ProcedureCategory, ProcedureStatus
from consent.facts import AlternativeFacts, ConsentFacts, ConversationFacts, GateFacts, PersonPresentFacts
from consent.models import Consent, Conversation, TalkDraft
from consent.queries.consent_policy import policy_of
from consent.queries.facts import SigningNow, signing_facts
from consent.queries.pages import Missing, in_words
from consent.queries.talk_facts import is_trained
from consent.queries.verdicts import judge
from consent.rules.gate import Stage, Verdict
from consent.rules.languages import follows_speech, reads
from consent.rules.policy import Policy
from consent.rules.talk_steps import TalkStep, talk_steps
from consent.talk_input import ConversationInput
from consent.vocabulary import Capacity, ConsentState, CopyChoice, SignatureMethod


@dataclass(frozen=True, slots=True)
class Draft:
    """What one clinician has entered so far."""

    answers: Mapping[str, str | list[str]]
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Outlook:
    """How far a talk carries as it stands: what is missing before the patient can sign, and the earliest dates."""

    missing: tuple[Missing, ...]
    warnings: tuple[Missing, ...]
    sign_at: datetime.datetime | None  # None: time alone does not mend it, or nothing has to be waited for
    start_at: datetime.datetime | None


def draft_of(consent: Consent, account: Account) -> Draft:
    """What this clinician has entered about this consent."""
    row = TalkDraft.objects.filter(consent=consent, held_by=account).first()
    return Draft(row.answers, row.clock_marks) if row else Draft({}, {})


def is_recorded(consent: Consent, *, form_key: str, account: Account) -> bool:
    """Whether this very form was recorded already: a second click."""
    try:
        key = uuid.UUID(form_key)
    except ValueError:
        return False
    return Conversation.objects.filter(consent=consent, form_key=key, held_by=account).exists()


def plan_of(consent: Consent, answers: Mapping[str, str | list[str]]) -> tuple[TalkStep, ...]:
    """The pages of a talk about this consent, under the rules that hold for it."""
    kind, preset = consent.procedure.procedure_type, Preset(consent.site.preset)
    content = consent.sheet_version.content
    empty = Policy(preset=preset, category=ProcedureCategory(kind.category), rules={})
    return talk_steps(
        policy_of(consent) or empty,
        teach_backs=len(content.get("teach_back", ())),
        alternatives=len(content.get("alternative", ())),
        is_interpreted=_is_interpreted(consent, answers),
        has_access_needs=bool(_access_needs(consent)),
    )


def _access_needs(consent: Consent) -> Sequence[AccessNeed]:
    return [AccessNeed(code) for code in consent.patient.access_needs or ()]


def _is_interpreted(consent: Consent, answers: Mapping[str, str | list[str]]) -> bool:
    """Whether talk and sheet are not both in a language of the patient's, or somebody interpreted."""
    known, spoken = tuple(consent.patient.languages), str(answers.get("spoken_language", ""))
    is_shared = reads(consent.sheet_version.language, known) and (not spoken or follows_speech(spoken, known))
    return not is_shared or bool(answers.get("interpreter_qualification"))


def first_answers(consent: Consent) -> dict[str, str]:
    """What a short page begins with: the patient's own language, whose idea it was, and no doubt about deciding."""
    sheet, known = consent.sheet_version.language, tuple(consent.patient.languages)
    own = sheet if follows_speech(sheet, known) else next(iter(known), "")
    return {
        "spoken_language": own if own in LANGUAGE_NAMES else "",
        "request_source": consent.request_source,
        "capacity": Capacity.PRESUMED.value,
    }


def outlook_of(consent: Consent, talk: ConversationInput, *, by: Account, at: datetime.datetime) -> Outlook:
    """What the gate would say of this talk if it were recorded now."""
    now = SigningNow(
        shown_digest=consent.sheet_version.digest,
        method=SignatureMethod.TYPED,
        witness_is_independent=None,
        copy_choice=CopyChoice.PAPER,
        is_reused=False,
    )
    facts = signing_facts(consent=consent, at=at, now=now)
    if facts.consent is None:
        return Outlook((), (), None, None)
    drafted = replace(
        facts,
        conversation=_drafted(consent, talk, facts, by=by, at=at),
        consent=replace(facts.consent, state=ConsentState.INFORMED),
    )
    verdict = judge(drafted, stage=Stage.SIGNING, site=consent.site, consent=consent)
    sign_at = _latest(verdict)
    started = judge(_as_if_signed(drafted, sign_at or at), stage=Stage.START, site=consent.site, consent=consent)
    return Outlook(in_words(verdict.unmet), in_words(verdict.warnings), sign_at, _latest(started))


def _latest(verdict: Verdict) -> datetime.datetime | None:
    """The last of the instants from which time mends what is missing."""
    return max((one.earliest_at for one in verdict.unmet if one.earliest_at), default=None)


def _as_if_signed(facts: GateFacts, at: datetime.datetime) -> GateFacts:
    """The facts as they would be for somebody who stands ready to start right after the signature."""
    consent: ConsentFacts | None = facts.consent
    signed = consent and replace(consent, state=ConsentState.CONFIRMED, given_at=at)
    procedure = replace(facts.procedure, status=ProcedureStatus.PREPARATION)
    return replace(facts, at=at, consent=signed, procedure=procedure, starting_operator_id=procedure.operator_id)


def _people(talk: ConversationInput) -> tuple[PersonPresentFacts, ...]:
    return tuple(
        PersonPresentFacts(
            role=person.role,
            left_before_signing=person.left_before_signing,
            asked_for_by_patient_alone=person.asked_for_by_patient_alone,
        )
        for person in talk.people
    )


def _drafted(
    consent: Consent, talk: ConversationInput, facts: GateFacts, *, by: Account, at: datetime.datetime
) -> ConversationFacts:
    """The talk as facts, as if it were recorded now."""
    earlier = facts.conversation
    return ConversationFacts(
        held_at=at,
        held_by=by.pk,
        spoken_language=talk.spoken_language,
        text_language=consent.sheet_version.language,
        patient_languages=tuple(consent.patient.languages),
        interpreter_qualification=talk.interpreter_qualification,
        interpreter_is_companion=talk.interpreter_is_companion,
        minutes_alone=talk.minutes_alone,
        people_present=_people(talk),
        alternatives_opened=tuple(
            AlternativeFacts(key=one.key, seconds_open=one.seconds_open) for one in talk.alternatives
        ),
        teach_back_asked=len(talk.teach_backs),
        teach_back_understood=sum(one.is_understood and not one.answered_by_companion for one in talk.teach_backs),
        request_source=talk.request_source,
        capacity=talk.capacity,
        signing_states=talk.signing_states,
        sheet_opened_at=talk.sheet_opened_at,
        reading_aids=talk.reading_aids,
        was_live=talk.was_live,
        no_loss_spoken=talk.no_loss_spoken,
        anaesthetic_told=talk.anaesthetic_told,
        health_questions_asked=talk.health_questions_asked,
        witness_offered=talk.witness_offered,
        companion_would_not_leave=talk.companion_would_not_leave,
        referral=talk.referral,
        request_repeated_alone=talk.request_repeated_alone,
        holder_is_trained=is_trained(by, consent.procedure.procedure_type.category),
        request_sources_named=(*(earlier.request_sources_named if earlier else ()), talk.request_source),
        doubts_named=(*(earlier.doubts_named if earlier else ()), *((talk.capacity,) if talk.capacity else ())),
        doubted_at=earlier.doubted_at if earlier else None,
    )
