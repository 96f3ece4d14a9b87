"""Is this the consent for what is about to be done? Patient, procedure, side, operator and sheet must be the same.

>>> [requirement.id for requirement in REQUIREMENTS][:3]
['procedure-waiting', 'consent-state', 'no-hold']
"""

from clinic.vocabulary import Laterality, ProcedureStatus
from consent.rules.case import AT_ALL, AT_BOTH, Answer, Case, Detail, Requirement, Stage, all_of, same
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import ConsentState, Decision


def is_waiting_to_be_done(case: Case) -> Answer:
    """The procedure has neither begun nor ended nor been called off."""
    return case.facts.procedure.status == ProcedureStatus.PREPARATION


def is_in_right_state(case: Case) -> Answer:
    """To sign: the talk was held. To start: the patient has given and confirmed, and not taken it back."""
    if case.consent is None:
        return False
    if case.stage is Stage.SIGNING:
        return case.consent.state == ConsentState.INFORMED
    return all_of(case.consent.state == ConsentState.CONFIRMED, case.consent.decision == Decision.PERMIT)


def explain_state(case: Case) -> Detail:
    """Name the state, by its code."""
    if case.consent is None:
        return Detail(template=_("There is no live consent for this procedure."))
    return Detail(template=_("The consent now stands at: %(state)s."), params={"state": case.consent.state.value})


def is_free_of_holds(case: Case) -> Answer:
    """Nobody has an open concern about pressure."""
    return None if case.facts.open_holds is None else case.facts.open_holds == 0


def is_for_this_patient(case: Case) -> Answer:
    """The consent was made for this patient and for this planned procedure."""
    if case.consent is None:
        return None
    planned = case.facts.procedure
    return case.consent.patient_id == planned.patient_id and case.consent.procedure_id == planned.id


def is_for_this_procedure(case: Case) -> Answer:
    """CR-023. What is planned is still what the patient was asked about."""
    return same(case.consent and case.consent.procedure_code, case.facts.procedure.code)


def explain_procedure(_case: Case) -> Detail:
    """Say what changed."""
    return Detail(template=_("What is planned is no longer what the patient was asked about."))


def is_for_this_side(case: Case) -> Answer:
    """CR-023. Side and place on the body are those the patient was asked about, and recorded where needed."""
    if case.consent is None:
        return None
    planned = case.facts.procedure
    if planned.needs_laterality and planned.laterality is None:
        return None
    if planned.needs_laterality and planned.laterality == Laterality.NONE and not planned.body_site.strip():
        return None
    return case.consent.laterality == planned.laterality and case.consent.body_site == planned.body_site


def is_by_this_operator(case: Case) -> Answer:
    """Who is planned is who the patient was told of and, at the start, who stands ready."""
    planned = case.facts.procedure.operator_id
    told_of = same(case.consent and case.consent.operator_id, planned)
    if case.stage is Stage.SIGNING:
        return told_of
    return all_of(told_of, same(case.facts.starting_operator_id, planned))


def is_on_current_sheet(case: Case) -> Answer:
    """CR-023. No newer major version of the information sheet is published here in this language."""
    return case.consent.is_sheet_current if case.consent else None


def explain_sheet(_case: Case) -> Detail:
    """Say what changed."""
    return Detail(template=_("A new version of the information sheet is published."))


def was_signed_on_this_sheet(case: Case) -> Answer:
    """The words on the screen when the patient signed are the words of the sheet this consent is about."""
    if case.consent is None or not case.consent.sheet_digest:
        return None
    return same(case.consent.signed_digest, case.consent.sheet_digest)


def _facts_of_state(case: Case) -> tuple[str, ...]:
    return ("consent.state",) if case.stage is Stage.SIGNING else ("consent.state", "consent.decision")


def _facts_of_operator(case: Case) -> tuple[str, ...]:
    told_of = ("consent.operator_id", "procedure.operator_id")
    return told_of if case.stage is Stage.SIGNING else (*told_of, "starting_operator_id")


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="procedure-waiting",
        stages=AT_ALL,
        sentence=_("This procedure is not waiting to be done. Look whether it has begun, ended or been called off."),
        patient_sentence=_("This procedure is not waiting to be done. Ask your clinician what has changed."),
        source="FHIR event-status: preparation",
        check=is_waiting_to_be_done,
        facts=("procedure.status",),
    ),
    Requirement(
        id="consent-state",
        rule_ids=("CR-081",),
        stages=AT_BOTH,
        sentence=_(
            "There is no consent that carries this step. Look at where the consent stands and do what comes next."
        ),
        patient_sentence=_("Nothing can go ahead yet: we have not talked with you, or you have not said yes."),
        source="CR-081 (the live state is read at the moment of the start); 42 CFR 50 subpart B; FIGO 2011",
        check=is_in_right_state,
        facts=_facts_of_state,
        explain=explain_state,
    ),
    Requirement(
        id="no-hold",
        stages=AT_BOTH,
        sentence=_("A concern is open. Wait until the advocate has looked into it; the care team cannot lift it."),
        patient_sentence=_("One check is still open. Nothing will be done before it is settled."),
        source="Design: a hold stops every step forward and none back",
        check=is_free_of_holds,
        facts=("open_holds",),
    ),
    Requirement(
        id="right-patient",
        stages=AT_BOTH,
        sentence=_(
            "This consent belongs to another patient or another procedure. Stop, and ask the patient for name and "
            "birth date."
        ),
        patient_sentence=_("These papers are not yours, or not for this procedure. Tell your clinician."),
        source="WHO Surgical Safety Checklist 2009: identity, site, procedure, consent",
        check=is_for_this_patient,
        facts=("consent.patient_id", "consent.procedure_id"),
    ),
    Requirement(
        id="right-procedure",
        stages=AT_BOTH,
        parameter="re_consent_on_change",
        check=is_for_this_procedure,
        explain=explain_procedure,
        facts=("consent.procedure_code",),
    ),
    Requirement(
        id="right-side",
        rule_ids=("CR-023",),
        stages=AT_BOTH,
        sentence=_(
            "The side or place on the body is missing, or is not the one the patient was asked about. Correct the "
            "plan, or propose a new consent."
        ),
        patient_sentence=_("The side or place on your body is not clear. Ask before you go on."),
        source="WHO Surgical Safety Checklist 2009: identity, site, procedure, consent",
        check=is_for_this_side,
        facts=("consent.laterality", "consent.body_site", "procedure.laterality", "procedure.body_site"),
    ),
    Requirement(
        id="right-operator",
        stages=AT_BOTH,
        sentence=_(
            "The operator is missing, or is not the one the patient was told of. Let the planned operator do it, or "
            "propose a new consent."
        ),
        patient_sentence=_("The person who would do it is not the one you were told of."),
        source="GMC 2020 and RCS guidance: who will do it; DE-10",
        check=is_by_this_operator,
        facts=_facts_of_operator,
    ),
    Requirement(
        id="sheet-current",
        stages=AT_BOTH,
        parameter="re_consent_on_change",
        check=is_on_current_sheet,
        explain=explain_sheet,
        facts=("consent.is_sheet_current",),
    ),
    Requirement(
        id="sheet-signed",
        rule_ids=("CR-038", "CR-070"),
        stages=AT_BOTH,
        sentence=_(
            "The words on the screen at signing are not the words of this sheet. Show these words; if it is signed "
            "already, propose a new consent."
        ),
        patient_sentence=_("We cannot show that you signed exactly these words. You will be asked anew."),
        source="21 CFR 11.50 and 11.70 (a signature is bound to what it signs); A.S. v. Hungary",
        check=was_signed_on_this_sheet,
        facts=("consent.sheet_digest", "consent.signed_digest"),
    ),
)
