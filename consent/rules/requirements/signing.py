"""Has everyone signed who must? The patient in a way that counts, again on the day, and after that the operator.

>>> [requirement.id for requirement in REQUIREMENTS]
['signature', 'confirmed-today', 'confirmed-alone', 'operator-certificate']
"""

import datetime

from consent.rules.case import AT_BOTH, AT_START, Answer, Case, Detail, Requirement, Stage, all_of, same
from consent.rules.days import days_between, elapsed
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import SignatureMethod


def is_signed_in_a_way_that_counts(case: Case) -> Answer:
    """A drawn or typed signature stands by itself; a mark or a spoken yes needs an independent witness."""
    if case.stage is Stage.SIGNING:
        method, has_witness = case.facts.proposed_signature, case.facts.proposed_witness_is_independent
    elif case.consent is not None:
        method, has_witness = case.consent.signing_method, case.consent.witness_is_independent
    else:
        return None
    if method is None:
        return None
    return has_witness if method == SignatureMethod.MARK else True


def was_confirmed_today(case: Case) -> Answer:
    """CR-022. The patient said yes again on this calendar day, and shortly before."""
    confirmed_at = case.consent.confirmed_at if case.consent else None
    if confirmed_at is None or case.zone is None:
        return None
    since = elapsed(confirmed_at, case.facts.at)
    limit = datetime.timedelta(minutes=case.policy.number("reconfirmation_minutes"))
    return days_between(confirmed_at, case.facts.at, case.zone) == 0 and datetime.timedelta(0) <= since <= limit


def explain_confirmation(case: Case) -> Detail:
    """Name the number of minutes."""
    return Detail(
        template=_("The confirmation must be of the same day and at most %(minutes)s minutes old."),
        params={"minutes": case.policy.number("reconfirmation_minutes")},
    )


def was_confirmed_alone(case: Case) -> Answer:
    """CR-022. When the patient said yes again, no companion was there."""
    return case.consent.was_alone_at_confirmation if case.consent else None


def is_certified_by_operator(case: Case) -> Answer:
    """CR-056. After that confirmation the planned operator signed: explained again, no pressure seen."""
    consent = case.consent
    if consent is None or consent.certified_at is None or consent.confirmed_at is None:
        return None
    is_in_order = consent.confirmed_at <= consent.certified_at <= case.facts.at
    return all_of(is_in_order, same(consent.certified_by, case.facts.procedure.operator_id))


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="signature",
        rule_ids=("CR-070",),
        stages=AT_BOTH,
        sentence=_(
            "It is not clear how the patient signs. A mark or a spoken yes needs a witness who neither took the "
            "consent nor interpreted."
        ),
        patient_sentence=_("If you make a mark or say yes aloud, someone independent must witness it."),
        source="21 CFR 11.50 (name, time and meaning); the witness by product default",
        check=is_signed_in_a_way_that_counts,
    ),
    Requirement(
        id="confirmed-today",
        rule_ids=("CR-022",),
        stages=AT_START,
        sentence=_("The patient has not said yes again shortly before. Ask once more today, without companions."),
        patient_sentence=_("You will be asked once more today. You can still say no."),
        check=was_confirmed_today,
        explain=explain_confirmation,
        parameter="reconfirmation_minutes",
    ),
    Requirement(
        id="confirmed-alone",
        rule_ids=("CR-022",),
        stages=AT_START,
        sentence=_("The patient was not alone when saying yes again. Ask companions to wait outside, and ask anew."),
        patient_sentence=_("You will be asked once more, alone. You can still say no."),
        check=was_confirmed_alone,
        parameter="reconfirmation_alone",
    ),
    Requirement(
        id="operator-certificate",
        rule_ids=("CR-056",),
        stages=AT_START,
        sentence=_(
            "The operator has not signed since the patient confirmed. The planned operator explains, looks for "
            "pressure, and signs."
        ),
        patient_sentence=_("The person who will do it still has to speak with you and sign."),
        check=is_certified_by_operator,
        parameter="operator_certificate",
    ),
)
