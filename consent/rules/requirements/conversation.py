"""Was the talk a free and a full one? What the clinician recorded of it, before the patient signed.

These hold at both stages: nobody signs without them, and nothing starts on a consent that lacks them.

>>> [requirement.id for requirement in REQUIREMENTS][:4]
['signing-moment', 'capacity', 'interpreter', 'time-alone']
"""

from consent.rules.case import AT_BOTH, Answer, Case, Detail, Requirement, all_of
from consent.rules.disclosure import DOING_NOTHING
from consent.rules.languages import follows_speech, reads
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import COMPANION_ROLES, Capacity, InterpreterQualification


def was_asked_at_a_free_moment(case: Case) -> Answer:
    """CR-007. The patient was in none of the states in which no free answer is possible."""
    if case.conversation is None or case.conversation.signing_states is None:
        return None
    return case.policy.members("forbidden_signing_states").isdisjoint(case.conversation.signing_states)


def explain_moment(case: Case) -> Detail:
    """Name the states, by their codes."""
    present = set(case.conversation.signing_states or ()) if case.conversation else set()
    forbidden = present & case.policy.members("forbidden_signing_states")
    return Detail(template=_("Recorded: %(states)s."), params={"states": ", ".join(sorted(forbidden))})


def has_capacity(case: Case) -> Answer:
    """CR-058. The patient is taken to be able to decide this or, where there was ever doubt, was found able since."""
    talk = case.conversation
    if talk is None or talk.capacity is None:
        return None
    if talk.capacity == Capacity.PRESUMED:
        findings = [one for one in talk.capacity_history if one != Capacity.PRESUMED]
        return not findings or findings[-1] == Capacity.ASSESSED_HAS
    return talk.capacity == Capacity.ASSESSED_HAS


def was_understood_across_languages(case: Case) -> Answer:
    """CR-052. Talk and text were in the patient's languages, or a qualified outside interpreter helped."""
    talk = case.conversation
    if talk is None or not (talk.patient_languages and talk.spoken_language and talk.text_language):
        return None
    known = talk.patient_languages
    if follows_speech(talk.spoken_language, known) and reads(talk.text_language, known):
        return True
    is_qualified = talk.interpreter_qualification not in {None, InterpreterQualification.UNQUALIFIED}
    is_companion = talk.interpreter_is_companion
    return all_of(is_qualified, None if is_companion is None else not is_companion)


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
            person.asked_for_by_patient_alone
            for person in case.conversation.people_present
            if person.role in COMPANION_ROLES and person.left_before_signing is not True
        )
    )


def was_not_asked_for_by_an_office(case: Case) -> Answer:
    """CR-014. The idea did not come from an official, an employer or the like; what was said once stays said."""
    talk = case.conversation
    if talk is None:
        return None
    named = {talk.request_source, *talk.request_sources_named}
    return case.policy.members("refused_request_sources").isdisjoint(named)


def is_own_request(case: Case) -> Answer:
    """CR-014. The idea came from the patient or the clinician; else the patient is to say it again, alone."""
    if case.conversation is None:
        return None
    return case.conversation.request_source not in case.policy.members("request_sources_to_repeat_alone")


def opened_alternatives(case: Case) -> Answer:
    """CR-031. The patient opened enough other choices, and also the one of doing nothing."""
    if case.conversation is None:
        return None
    opened = set(case.conversation.alternatives_opened)
    others = opened - {DOING_NOTHING}
    return DOING_NOTHING in opened and len(others) >= case.policy.number("alternatives_opened_min")


def explain_alternatives(case: Case) -> Detail:
    """Name both numbers, and whether doing nothing was opened."""
    opened = set(case.conversation.alternatives_opened) if case.conversation else set()
    params = {
        "opened": len(opened - {DOING_NOTHING}),
        "needed": case.policy.number("alternatives_opened_min"),
    }
    if DOING_NOTHING in opened:
        return Detail(template=_("Other choices opened: %(opened)s; needed: %(needed)s."), params=params)
    return Detail(
        template=_("Other choices opened: %(opened)s; needed: %(needed)s, and doing nothing as well."),
        params=params,
    )


def understood(case: Case) -> Answer:
    """CR-036. Enough points came back in the patient's own words, and none of those asked was left open."""
    talk = case.conversation
    if talk is None:
        return None
    return talk.teach_back_understood >= max(talk.teach_back_asked, case.policy.number("teach_back_min"))


def explain_understanding(case: Case) -> Detail:
    """Name the three numbers."""
    talk = case.conversation
    return Detail(
        template=_("Understood: %(understood)s of %(asked)s asked; needed: %(needed)s."),
        params={
            "understood": talk.teach_back_understood if talk else 0,
            "asked": talk.teach_back_asked if talk else 0,
            "needed": case.policy.number("teach_back_min"),
        },
    )


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="signing-moment",
        rule_ids=("CR-007",),
        stages=AT_BOTH,
        sentence=_(
            "The patient was in a state in which no free answer is possible, or nobody asked. Ask for consent at "
            "another time."
        ),
        patient_sentence=_("This is not a good moment to decide. You will be asked at another time."),
        check=was_asked_at_a_free_moment,
        explain=explain_moment,
        parameter="forbidden_signing_states",
    ),
    Requirement(
        id="capacity",
        rule_ids=("CR-058",),
        stages=AT_BOTH,
        sentence=_(
            "It is not recorded that the patient can make this decision. Support the patient, assess, and record it."
        ),
        patient_sentence=_("Your clinician still has to make sure that you have all the help you need to decide."),
        check=has_capacity,
        parameter="capacity",
    ),
    Requirement(
        id="interpreter",
        rule_ids=("CR-052",),
        stages=AT_BOTH,
        sentence=_(
            "The talk or the text was not in the patient's language. Repeat it with a qualified interpreter who did "
            "not come with the patient."
        ),
        patient_sentence=_("You have a right to an interpreter who did not come with you. Ask for one."),
        check=was_understood_across_languages,
        parameter="interpreter",
    ),
    Requirement(
        id="time-alone",
        rule_ids=("CR-050",),
        stages=AT_BOTH,
        sentence=_("The patient has not had enough time alone with you. Ask companions to wait outside, and talk."),
        patient_sentence=_("You have not had enough time alone with your clinician. You can ask for it."),
        check=had_time_alone,
        explain=explain_time_alone,
        parameter="alone_minutes",
    ),
    Requirement(
        id="never-in-room",
        rule_ids=("CR-051",),
        stages=AT_BOTH,
        sentence=_(
            "An official, an employer or the police was in the room at signing. Begin again without them, whoever "
            "wished them there."
        ),
        patient_sentence=_("Nobody from an office, an employer or the police may be there when you decide."),
        check=was_free_of_officials,
        parameter="roles_never_present",
    ),
    Requirement(
        id="companions-invited",
        rule_ids=("CR-051",),
        stages=AT_BOTH,
        sentence=_(
            "A companion was in the room at signing whom the patient had not asked for while alone. Ask the patient "
            "alone, and begin again."
        ),
        patient_sentence=_("Only people you have asked for yourself may be there when you decide."),
        check=stayed_by_invitation,
        parameter="companions_by_invitation",
    ),
    Requirement(
        id="request-source",
        rule_ids=("CR-014",),
        stages=AT_BOTH,
        sentence=_("This was asked for by an office or an employer. It cannot go on; speak to the advocate."),
        patient_sentence=_("Nobody but you can ask for this. You can speak to the advocate."),
        check=was_not_asked_for_by_an_office,
        parameter="refused_request_sources",
    ),
    Requirement(
        id="own-request",
        rule_ids=("CR-014",),
        stages=AT_BOTH,
        sentence=_("Someone else, or nobody known, first raised the idea. Let the patient say it again, alone."),
        patient_sentence=_("Say alone, in your own words, whether you want this."),
        check=is_own_request,
        parameter="request_sources_to_repeat_alone",
    ),
    Requirement(
        id="alternatives-opened",
        rule_ids=("CR-031",),
        stages=AT_BOTH,
        sentence=_("Not enough other choices were opened. Go through them together, also through doing nothing."),
        patient_sentence=_("Look at the other choices first. Doing nothing is one of them."),
        check=opened_alternatives,
        explain=explain_alternatives,
        parameter="alternatives_opened_min",
    ),
    Requirement(
        id="understanding",
        rule_ids=("CR-036",),
        stages=AT_BOTH,
        sentence=_("Not every point came back in the patient's own words. Explain it once more, and ask again."),
        patient_sentence=_("Your clinician would like to explain some points once more."),
        check=understood,
        explain=explain_understanding,
        parameter="teach_back_min",
    ),
)
