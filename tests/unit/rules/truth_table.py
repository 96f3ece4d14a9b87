"""The truth table of the gate: for each requirement, what breaks it and what leaves it unknown.

Each row changes a good case in one thing. The gate must then name exactly that requirement, at each of its stages;
where one thing necessarily touches another requirement too, the row says which. Rows are about a sterilisation unless
they say which kind of care they are about.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

from clinic.vocabulary import AccessNeed, Laterality, Particular, ProcedureCategory, ProcedureStatus
from consent.facts import CapacityFindingFacts, GateFacts, GuardianFacts
from consent.rules.case import AT_OFFER, AT_SIGNING, AT_START
from consent.rules.gate import Stage
from consent.vocabulary import (
    Capacity,
    CapacityFinding,
    ConsentState,
    Decision,
    ExcludedSubject,
    InterpreterQualification,
    PersonRole,
    Purpose,
    ReadingAid,
    Referral,
    RequestSource,
    SignatureMethod,
    SigningState,
)
from tests.unit.rules.cases import (
    CLINICIAN,
    DAY,
    HOUR,
    MINUTE,
    OTHER_SHEET,
    SOMEONE_ELSE,
    STARTS_AT,
    ability,
    consent,
    offer,
    opened,
    past,
    person,
    procedure,
    talk,
)

STER, LARC_IN, ABRT, MINOR, ANAES, VACC, MAJOR = (
    ProcedureCategory.STER,
    ProcedureCategory.LARC_IN,
    ProcedureCategory.ABRT,
    ProcedureCategory.MINOR,
    ProcedureCategory.ANAES,
    ProcedureCategory.VACC,
    ProcedureCategory.MAJOR,
)
SECOND = datetime.timedelta(seconds=1)
FOREIGN = {"spoken_language": "en", "text_language": "en"}
QUALIFIED = InterpreterQualification.PROFESSIONAL
OFFICE, RELATIVE = RequestSource.OFFICIAL_OR_EMPLOYER, RequestSource.PARTNER_OR_RELATIVE
SEVENTEEN = datetime.date(2010, 1, 1)
STATUTE = """
[CR-013.imposed_wait_hours]
citation = "Some statute, section 1"
expires = 2028-01-01
ABRT = { value = 72 }
"""
Change = Callable[[GateFacts], GateFacts]


@dataclass(frozen=True)
class Row:
    requirement: str
    what: str
    change: Change
    stages: frozenset[Stage] | None = None  # None: all stages of the requirement
    also: frozenset[str] = frozenset()  # requirements that the same change touches necessarily
    category: ProcedureCategory = STER
    particular: Particular = Particular.NONE
    overrides: str = ""  # what the site has set


def row(requirement: str, what: str, change: Change, stages: frozenset[Stage] | None = None, *also: str) -> Row:
    return Row(requirement, what, change, stages, frozenset(also))


def about(
    category: ProcedureCategory, one: Row, *, particular: Particular = Particular.NONE, overrides: str = ""
) -> Row:
    return replace(one, category=category, particular=particular, overrides=overrides)


def signed(facts: GateFacts, given_at: datetime.datetime) -> GateFacts:
    """Signed at that time, after a talk two hours before; whoever took the consent signed right after."""
    facts = consent(facts, given_at=given_at, obtainer_stated_at=given_at + MINUTE)
    return talk(facts, held_at=given_at - 2 * HOUR)


def interpreted(facts: GateFacts, **changes: object) -> GateFacts:
    """A talk in a language that the patient does not speak, interpreted; the interpreter signed an hour before her."""
    assert facts.consent is not None
    stated_at = (facts.consent.given_at or facts.at) - HOUR
    facts = consent(facts, interpreter_stated_at=stated_at)
    known = {"interpreter_qualification": QUALIFIED, "interpreter_is_companion": False}
    return talk(facts, **{**FOREIGN, **known, **changes})


def in_need(facts: GateFacts, aid: ReadingAid | None, *needs: AccessNeed) -> GateFacts:
    """A patient who does not read or hear as others do, and the aid that was used at the offer and in the talk."""
    facts = offer(facts, access_needs=needs, reading_aid=aid)
    aids = None if aid is None else (aid,)
    return facts if facts.conversation is None else talk(facts, reading_aids=aids)


def found(finding: CapacityFinding, at: datetime.datetime, by: object = CLINICIAN) -> CapacityFindingFacts:
    return CapacityFindingFacts(finding=finding, assessed_at=at, assessed_by=by)  # type: ignore[arg-type]


def doubted(facts: GateFacts, *findings: CapacityFindingFacts, at: datetime.datetime | None = None) -> GateFacts:
    """Doubted in an earlier talk and presumed able since, with these findings."""
    facts = talk(facts, doubts_named=(Capacity.IN_DOUBT, Capacity.PRESUMED), doubted_at=at)
    return ability(facts, findings=findings)


def guarded(facts: GateFacts, *decisions: Decision, able: bool | None = None) -> GateFacts:
    """Somebody of seventeen, and what those who look after her said."""
    words = [
        GuardianFacts(name=f"guardian {number}", decision=decision, recorded_at=STARTS_AT - DAY)
        for number, decision in enumerate(decisions)
    ]
    return ability(replace(facts, birth_date=SEVENTEEN), guardians=tuple(words), is_able_young_person=able)


HAS, LACKS = CapacityFinding.HAS, CapacityFinding.LACKS
PERMIT, DENY = Decision.PERMIT, Decision.DENY
LONG_AGO = STARTS_AT - 60 * DAY
MARK = SignatureMethod.MARK

MATCHING = [
    row("procedure-waiting", "begun", lambda f: procedure(f, status=ProcedureStatus.IN_PROGRESS)),
    row("procedure-waiting", "called off", lambda f: procedure(f, status=ProcedureStatus.NOT_DONE)),
    row("consent-state", "not informed", lambda f: consent(f, state=ConsentState.DRAFT)),
    row("consent-state", "given already", lambda f: consent(f, state=ConsentState.GIVEN)),
    row("consent-state", "used already", lambda f: consent(f, state=ConsentState.USED)),
    row("consent-state", "withdrawn", lambda f: consent(f, state=ConsentState.WITHDRAWN)),
    row("consent-state", "in error", lambda f: consent(f, state=ConsentState.ENTERED_IN_ERROR)),
    row("consent-state", "deny", lambda f: consent(f, decision=Decision.DENY), AT_START),
    row("consent-state", "no decision", lambda f: consent(f, decision=None), AT_START),
    row("no-hold", "one hold", lambda f: replace(f, open_holds=1)),
    row("right-patient", "another patient", lambda f: consent(f, patient_id=SOMEONE_ELSE)),
    row("right-patient", "another procedure of hers", lambda f: consent(f, procedure_id=SOMEONE_ELSE)),
    row("right-procedure", "another code", lambda f: procedure(f, code="another-procedure")),
    row("right-side", "another side", lambda f: procedure(f, laterality=Laterality.RIGHT)),
    row("right-side", "another place", lambda f: procedure(f, body_site="leg")),
    row("right-side", "side added later", lambda f: consent(f, laterality=None)),
    row("right-operator", "patient told of another", lambda f: consent(f, operator_id=SOMEONE_ELSE)),
    row("right-operator", "another stands ready", lambda f: replace(f, starting_operator_id=SOMEONE_ELSE), AT_START),
    row("sheet-current", "newer major version", lambda f: consent(f, is_sheet_current=False)),
    row("sheet-signed", "other words", lambda f: consent(f, signed_digest=OTHER_SHEET)),
]
OFFERING = [
    row("sheet-in-language", "no approved sheet", lambda f: offer(f, sheet_language="")),
    row(
        "sheet-in-language",
        "foreign, read aloud as it stands",
        lambda f: offer(f, sheet_language="en", reading_aid=ReadingAid.READ_ALOUD),
    ),
    about(
        MAJOR,
        row("sterilising-purpose", "no other purpose", lambda f: offer(f, purpose=Purpose.STERILISATION_ONLY)),
        particular=Particular.HYSTERECTOMY,
    ),
    row("ethics-approval", "no study", lambda f: procedure(f, is_experimental=True, ethics_approval=" ")),
    row("re-offer-days", "179 days ago", lambda f: past(f, last_no_at=STARTS_AT - 179 * DAY)),
    about(LARC_IN, row("re-offer-days", "89 days ago", lambda f: past(f, last_no_at=STARTS_AT - 89 * DAY))),
    row(
        "re-offer-days",
        "asked and found before the last no",
        lambda f: past(f, last_no_at=LONG_AGO, patient_asked_at=LONG_AGO, clinical_fact_at=LONG_AGO),
    ),
    about(
        ProcedureCategory.TEST,
        row("re-offer-days", "years ago, until asked", lambda f: past(f, last_no_at=STARTS_AT - 4000 * DAY)),
        particular=Particular.PREGNANCY_TEST,
    ),
    row("contact-lock-hours", "just now", lambda f: past(f, last_withdrawal_at=STARTS_AT - 72 * HOUR + SECOND)),
]
TIMING = [
    row(
        "minimum-age",
        "seventeen, though able",
        lambda f: ability(replace(f, birth_date=SEVENTEEN), is_able_young_person=True),
    ),
    row("waiting-time", "ten days", lambda f: signed(f, STARTS_AT - 10 * DAY)),
    row("waiting-time", "720 hours less one", lambda f: signed(f, STARTS_AT - 719 * HOUR)),
    row("not-expired", "200 days", lambda f: signed(f, STARTS_AT - 200 * DAY)),
    row(
        "first-signature-before-the-day",
        "this morning",
        lambda f: signed(f, STARTS_AT - 3 * HOUR),
        None,
        "waiting-time",
    ),
    about(MAJOR, row("first-signature-before-the-day", "this morning", lambda f: signed(f, STARTS_AT - 3 * HOUR))),
    about(
        LARC_IN,
        row(
            "hours-after-choice",
            "a day less a second",
            lambda f: past(procedure(f, accompanies_birth=True), choice_recorded_at=STARTS_AT - DAY + SECOND),
        ),
    ),
    about(
        ABRT,
        row("imposed-wait-hours", "71 hours", lambda f: talk(f, held_at=STARTS_AT - 71 * HOUR)),
        overrides=STATUTE,
    ),
    row("breathing-minutes", "59 minutes", lambda f: talk(f, held_at=STARTS_AT - 59 * MINUTE)),
    row("operator-day-max", "the 31st", lambda f: past(f, operator_starts_today=30), None, "operator-day-warn"),
    row("operator-day-warn", "the 11th", lambda f: past(f, operator_starts_today=10)),
]
ABILITY = [
    row("capacity", "in doubt, nobody assessed", lambda f: talk(f, capacity=Capacity.IN_DOUBT)),
    row("capacity", "in doubt in an earlier talk", lambda f: doubted(f, at=LONG_AGO)),
    row("capacity", "found lacking", lambda f: ability(f, findings=(found(LACKS, LONG_AGO),))),
    row(
        "capacity",
        "found able, then lacking",
        lambda f: ability(f, findings=(found(HAS, LONG_AGO), found(LACKS, LONG_AGO + HOUR, SOMEONE_ELSE))),
    ),
    row(
        "capacity",
        "lacking, then able, by the same clinician",
        lambda f: ability(f, findings=(found(LACKS, LONG_AGO), found(HAS, LONG_AGO + HOUR))),
    ),
    row(
        "capacity",
        "both at the same instant",
        lambda f: ability(f, findings=(found(LACKS, LONG_AGO), found(HAS, LONG_AGO, SOMEONE_ELSE))),
    ),
    row(
        "capacity",
        "able before the doubt",
        lambda f: ability(talk(f, capacity=Capacity.IN_DOUBT), findings=(found(HAS, LONG_AGO),)),
    ),
    row("capacity", "able before an older doubt", lambda f: doubted(f, found(HAS, LONG_AGO), at=LONG_AGO + SECOND)),
    about(MINOR, row("guardian-word", "guardian says no", lambda f: guarded(f, DENY, able=True))),
    about(MINOR, row("guardian-word", "guardians disagree", lambda f: guarded(f, PERMIT, DENY))),
    about(
        LARC_IN, row("guardian-word", "not able, never on a guardian's word", lambda f: guarded(f, PERMIT, able=False))
    ),
    row(
        "excluded-subjects",
        "declared unable",
        lambda f: offer(f, excluded_as=(ExcludedSubject.COURT_DECLARED,)),
    ),
]
CONVERSATION = [
    row("request-source", "an office", lambda f: offer(f, request_source=OFFICE), AT_OFFER),
    row("request-source", "an office", lambda f: talk(f, request_source=OFFICE), AT_SIGNING | AT_START),
    row(
        "request-source",
        "an office when it was proposed",
        lambda f: talk(f, request_sources_named=(OFFICE, RequestSource.PATIENT)),
        AT_SIGNING | AT_START,
    ),
    row("own-request", "a relative", lambda f: talk(f, request_source=RELATIVE, request_repeated_alone=False)),
    row(
        "own-request",
        "nobody knows",
        lambda f: talk(f, request_source=RequestSource.UNKNOWN, request_repeated_alone=False),
    ),
    row("signing-moment", "in labour", lambda f: talk(f, signing_states=(SigningState.LABOUR,))),
    row("signing-moment", "in custody", lambda f: talk(f, signing_states=(SigningState.DETAINED,))),
    row("oral-explanation", "by paper alone", lambda f: talk(f, was_live=False)),
    row("no-loss-spoken", "not said", lambda f: talk(f, no_loss_spoken=False)),
    row("anaesthetic-told", "not told", lambda f: talk(f, anaesthetic_told=False)),
    about(ANAES, row("anaesthetic-told", "not told", lambda f: talk(f, anaesthetic_told=False))),
    row("understanding", "six", lambda f: talk(f, teach_back_asked=6, teach_back_understood=6)),
    row("understanding", "one left open", lambda f: talk(f, teach_back_asked=8)),
]
PEOPLE = [
    row("interpreter", "foreign talk, nobody interpreted", lambda f: talk(f, spoken_language="en")),
    row("interpreter", "foreign text, nobody interpreted", lambda f: talk(f, text_language="zh-Hant")),
    row(
        "interpreter",
        "unqualified",
        lambda f: interpreted(f, interpreter_qualification=InterpreterQualification.UNQUALIFIED),
    ),
    row("interpreter", "qualified, but came along", lambda f: interpreted(f, interpreter_is_companion=True)),
    about(
        MINOR,
        row(
            "interpreter-statement",
            "dated after now",
            lambda f: consent(interpreted(f), interpreter_stated_at=STARTS_AT + SECOND),
        ),
    ),
    row("time-alone", "nine minutes", lambda f: talk(f, minutes_alone=9)),
    row("patient-left-alone", "would not leave", lambda f: talk(f, companion_would_not_leave=True)),
    row(
        "never-in-room",
        "official, though asked for",
        lambda f: talk(f, people_present=(person(PersonRole.OFFICIAL, asked_for=True),)),
    ),
    row(
        "never-in-room",
        "police, not asked for",
        lambda f: talk(f, people_present=(person(PersonRole.POLICE, asked_for=False),)),
        None,
        "companions-invited",
    ),
    row(
        "companions-invited",
        "partner, not asked for",
        lambda f: talk(f, people_present=(person(PersonRole.PARTNER, asked_for=False),)),
    ),
    row("witness-offered", "not offered", lambda f: talk(f, witness_offered=False)),
    row("obtainer-trained", "not trained", lambda f: talk(f, holder_is_trained=False)),
    row("obtainer-not-referrer", "sent and asked", lambda f: talk(f, referral=Referral.SAME)),
]
DISCLOSURE = [
    row("plain-name", "no plain name", lambda f: _without(f, "DE-03"), None, "separate-decision"),
    row("separate-decision", "nothing on failure", lambda f: _without(f, "DS-8")),
    row("accessible-mode", "blind, no aid", lambda f: in_need(f, ReadingAid.NOT_NEEDED, AccessNeed.BLIND)),
    row("accessible-mode", "deaf, read aloud", lambda f: in_need(f, ReadingAid.READ_ALOUD, AccessNeed.DEAF)),
    row(
        "accessible-mode",
        "one need of two",
        lambda f: in_need(f, ReadingAid.READ_ALOUD, AccessNeed.BLIND, AccessNeed.LEARNING_DISABILITY),
        AT_SIGNING,
    ),
    row("alternatives-opened", "three", lambda f: talk(f, alternatives_opened=opened("a", "b", "c", "nothing"))),
    row("alternatives-opened", "not doing nothing", lambda f: talk(f, alternatives_opened=opened(*"abcde"))),
    row("alternatives-opened", "one four times", lambda f: talk(f, alternatives_opened=opened(*"aaaa", "nothing"))),
    row(
        "alternatives-opened",
        "for nine seconds",
        lambda f: talk(f, alternatives_opened=opened(*"abcd", "nothing", seconds=9)),
    ),
    about(VACC, row("vaccine-items", "not asked about health", lambda f: talk(f, health_questions_asked=False))),
    about(VACC, row("vaccine-items", "nothing on reactions", lambda f: _without(f, "DV-4"))),
    row(
        "reading-floor-percent",
        "half the time less a second",
        lambda f: talk(f, sheet_opened_at=STARTS_AT - 199 * SECOND),
        None,
        "reading-pace-percent",
    ),
    row("reading-pace-percent", "a second too few", lambda f: talk(f, sheet_opened_at=STARTS_AT - 399 * SECOND)),
]
SIGNING = [
    row(
        "signature",
        "mark, witness took the consent",
        lambda f: consent(f, signing_method=MARK, witness_is_independent=False),
        AT_START,
    ),
    row(
        "signature",
        "about to make a mark, witness interpreted",
        lambda f: replace(f, proposed_signature=MARK, proposed_witness_is_independent=False),
        AT_SIGNING,
    ),
    row("signature-not-reused", "seen before", lambda f: consent(f, signature_is_reused=True)),
    row(
        "signature-order",
        "talk after signing",
        lambda f: talk(f, held_at=STARTS_AT + MINUTE),
        None,
        "breathing-minutes",
    ),
    row(
        "signature-order",
        "obtainer before the patient",
        lambda f: consent(f, obtainer_stated_at=LONG_AGO),
        AT_START,
    ),
    row("signature-order", "obtainer is another", lambda f: consent(f, obtainer_stated_by=SOMEONE_ELSE), AT_START),
    row(
        "signature-order",
        "interpreter on another day",
        lambda f: consent(interpreted(f), interpreter_stated_at=LONG_AGO),
    ),
    row("confirmed-today", "241 minutes ago", lambda f: consent(f, confirmed_at=STARTS_AT - 241 * MINUTE)),
    row(
        "confirmed-today",
        "three hours ago, but yesterday",
        lambda f: replace(
            consent(f, confirmed_at=STARTS_AT + 5 * HOUR, certified_at=STARTS_AT + 8 * HOUR), at=STARTS_AT + 8 * HOUR
        ),
    ),
    row(
        "confirmed-today",
        "in the future",
        lambda f: consent(f, confirmed_at=STARTS_AT + MINUTE),
        None,
        "operator-certificate",
        "signature-order",
    ),
    row("confirmed-alone", "accompanied", lambda f: consent(f, was_alone_at_confirmation=False)),
    row("operator-certificate", "by another", lambda f: consent(f, certified_by=SOMEONE_ELSE)),
    row(
        "operator-certificate",
        "before the last yes",
        lambda f: consent(f, certified_at=STARTS_AT - 3 * HOUR),
        None,
        "signature-order",
    ),
    row("operator-certificate", "in the future", lambda f: consent(f, certified_at=STARTS_AT + MINUTE)),
]
BROKEN = [*MATCHING, *OFFERING, *TIMING, *ABILITY, *CONVERSATION, *PEOPLE, *DISCLOSURE, *SIGNING]


def _without(facts: GateFacts, element: str) -> GateFacts:
    """The same case with a sheet that does not tell one thing."""
    assert facts.consent is not None
    return consent(facts, sheet_elements=tuple(one for one in facts.consent.sheet_elements if one != element))
