"""Who was in the room, who took the consent, who operates? Time alone, companions, interpreter, witness, clinicians.

Almost all hold at both stages: nobody signs without them, and nothing starts on a consent that lacks them.

>>> [requirement.id for requirement in REQUIREMENTS][:3]
['interpreter', 'interpreter-statement', 'time-alone']
"""

from consent.rules.case import AT_BOTH, AT_START, Answer, Case, Detail, Requirement, all_of, any_of, not_
from consent.rules.days import aware
from consent.rules.languages import follows_speech, reads
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import COMPANION_ROLES, InterpreterQualification, Referral


def was_understood_across_languages(case: Case) -> Answer:
    """CR-052. Talk and text were in the patient's languages, or a qualified outside interpreter helped."""
    talk = case.conversation
    if talk is None or not (talk.patient_languages and talk.spoken_language and talk.text_language):
        return None
    known = talk.patient_languages
    if follows_speech(talk.spoken_language, known) and reads(talk.text_language, known):
        return True
    is_qualified = talk.interpreter_qualification not in {None, InterpreterQualification.UNQUALIFIED}
    return all_of(is_qualified, not_(talk.interpreter_is_companion))


def did_interpreter_sign(case: Case) -> Answer:
    """CR-053. Whoever interpreted signed that all was interpreted. Where nobody interpreted, nobody signs."""
    if case.conversation is None:
        return None
    if case.conversation.interpreter_qualification is None:
        return True
    stated_at = case.consent.interpreter_stated_at if case.consent else None
    return None if stated_at is None else aware(stated_at) <= case.facts.at


def had_time_alone(case: Case) -> Answer:
    """CR-050. Before signing, patient and clinician spoke with no companion in the room."""
    if case.conversation is None or case.conversation.minutes_alone is None:
        return None
    return case.conversation.minutes_alone >= case.policy.number("alone_minutes")


def explain_time_alone(case: Case) -> Detail:
    """Name both numbers of minutes."""
    recorded = (case.conversation.minutes_alone if case.conversation else None) or 0
    return Detail(
        template=_("Minutes alone: %(recorded)s recorded, %(needed)s needed."),
        params={"recorded": recorded, "needed": case.policy.number("alone_minutes")},
    )


def was_left_alone(case: Case) -> Answer:
    """CR-050. Nobody who came along refused to leave, and the patient was not afraid to be alone."""
    return not_(case.conversation.companion_would_not_leave) if case.conversation else None


def was_free_of_officials(case: Case) -> Answer:
    """CR-051. No official, employer or police officer was still there at signing, whoever asked for it."""
    if case.conversation is None:
        return None
    never = case.policy.members("roles_never_present")
    return all_of(*(person.left_before_signing for person in case.conversation.people_present if person.role in never))


def stayed_by_invitation(case: Case) -> Answer:
    """CR-051. Any companion still there at signing had been asked for by the patient while alone."""
    if case.conversation is None:
        return None
    return all_of(
        *(
            any_of(person.left_before_signing, person.asked_for_by_patient_alone)
            for person in case.conversation.people_present
            if person.role in COMPANION_ROLES
        )
    )


def was_witness_offered(case: Case) -> Answer:
    """CR-054. The patient was offered a witness of her own choice."""
    return case.conversation.witness_offered if case.conversation else None


def is_obtainer_trained(case: Case) -> Answer:
    """CR-055. Whoever held the talk is trained for this kind of care."""
    return case.conversation.holder_is_trained if case.conversation else None


def is_obtainer_not_referrer(case: Case) -> Answer:
    """CR-055. Whoever held the talk did not send the patient here."""
    if case.conversation is None or case.conversation.referral is None:
        return None
    return case.conversation.referral != Referral.SAME


def is_not_one_of_too_many(case: Case) -> Answer:
    """CR-026. With this one, the operator stays within the number for one day."""
    return _is_within(case, "operator_day_max")


def is_not_one_of_many(case: Case) -> Answer:
    """CR-026. With this one, the operator stays within the number above which people hurry."""
    return _is_within(case, "operator_day_warn")


def explain_max(case: Case) -> Detail:
    """Name both numbers."""
    return _numbers_of_the_day(case, "operator_day_max")


def explain_warn(case: Case) -> Detail:
    """Name both numbers."""
    return _numbers_of_the_day(case, "operator_day_warn")


def _is_within(case: Case, name: str) -> Answer:
    done = case.past.operator_starts_today if case.past else None
    return None if done is None else done < case.policy.number(name)


def _numbers_of_the_day(case: Case, name: str) -> Detail:
    done = case.past.operator_starts_today if case.past else None
    return Detail(
        template=_("Begun by this operator today: %(done)s; at most %(most)s."),
        params={"done": done or 0, "most": case.policy.number(name)},
    )


def _facts_of_interpreter(case: Case) -> tuple[str, ...]:
    talk = case.conversation
    languages = ("conversation.patient_languages", "conversation.spoken_language", "conversation.text_language")
    if talk is None or talk.interpreter_qualification is None or _is_shared(case):
        return languages
    return (*languages, "conversation.interpreter_qualification", "conversation.interpreter_is_companion")


def _is_shared(case: Case) -> bool:
    """True where talk and text were in the patient's own languages."""
    talk = case.conversation
    return (
        talk is not None
        and follows_speech(talk.spoken_language, talk.patient_languages)
        and reads(talk.text_language, talk.patient_languages)
    )


def _facts_of_statement(case: Case) -> tuple[str, ...]:
    was_interpreted = case.conversation is not None and case.conversation.interpreter_qualification is not None
    return ("conversation", "consent.interpreter_stated_at") if was_interpreted else ("conversation",)


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="interpreter",
        stages=AT_BOTH,
        parameter="interpreter",
        check=was_understood_across_languages,
        facts=_facts_of_interpreter,
    ),
    Requirement(
        id="interpreter-statement",
        stages=AT_BOTH,
        parameter="interpreter_statement",
        check=did_interpreter_sign,
        facts=_facts_of_statement,
    ),
    Requirement(
        id="time-alone",
        stages=AT_BOTH,
        parameter="alone_minutes",
        check=had_time_alone,
        explain=explain_time_alone,
        facts=("conversation.minutes_alone",),
    ),
    Requirement(
        id="patient-left-alone",
        stages=AT_BOTH,
        parameter="patient_left_alone",
        check=was_left_alone,
        facts=("conversation.companion_would_not_leave",),
    ),
    Requirement(
        id="never-in-room",
        stages=AT_BOTH,
        parameter="roles_never_present",
        check=was_free_of_officials,
        facts=("conversation.people_present",),
    ),
    Requirement(
        id="companions-invited",
        stages=AT_BOTH,
        parameter="companions_by_invitation",
        check=stayed_by_invitation,
        facts=("conversation.people_present",),
    ),
    Requirement(
        id="witness-offered",
        stages=AT_BOTH,
        parameter="witness_offered",
        check=was_witness_offered,
        facts=("conversation.witness_offered",),
    ),
    Requirement(
        id="obtainer-trained",
        stages=AT_BOTH,
        parameter="obtainer_trained",
        check=is_obtainer_trained,
        facts=("conversation.holder_is_trained",),
    ),
    Requirement(
        id="obtainer-not-referrer",
        stages=AT_BOTH,
        parameter="obtainer_not_referrer",
        check=is_obtainer_not_referrer,
        facts=("conversation.referral",),
    ),
    Requirement(
        id="operator-day-max",
        stages=AT_START,
        parameter="operator_day_max",
        check=is_not_one_of_too_many,
        explain=explain_max,
        facts=("past.operator_starts_today",),
    ),
    Requirement(
        id="operator-day-warn",
        stages=AT_START,
        parameter="operator_day_warn",
        check=is_not_one_of_many,
        explain=explain_warn,
        facts=("past.operator_starts_today",),
    ),
)
