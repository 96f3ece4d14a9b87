"""Has everyone signed who must? The patient in a way that counts, again on the day, and after that the operator.

>>> [requirement.id for requirement in REQUIREMENTS]
['signature', 'signature-not-reused', 'signature-order', 'confirmed-today', 'confirmed-alone', 'operator-certificate']
"""

import datetime
from itertools import pairwise

from consent.rules.case import (
    AT_BOTH,
    AT_SIGNING,
    AT_START,
    Answer,
    Case,
    Detail,
    Requirement,
    Stage,
    all_of,
    not_,
    same,
)
from consent.rules.days import days_between, elapsed, minutes_long
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import SignatureMethod


def is_signed_in_a_way_that_counts(case: Case) -> Answer:
    """CR-070. What is drawn, typed or on paper stands by itself; a mark or a spoken yes needs an independent witness.

    A paper comes this far only after two people have looked at it.
    """
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
    limit = minutes_long(case.policy.number("reconfirmation_minutes"))
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


def is_signed_in_order(case: Case) -> Answer:
    """CR-057. Talk, then patient; the interpreter that day; whoever took the consent after her; the operator last."""
    talk, consent, same_day = case.conversation, case.consent, _is_interpreted_on_day_of_signing(case)
    if talk is None:
        return None
    if case.stage is Stage.SIGNING:
        return all_of(in_order(talk.held_at, case.facts.at), same_day)
    if consent is None:
        return None
    return all_of(
        in_order(talk.held_at, consent.given_at, consent.obtainer_stated_at, case.facts.at),
        same(consent.obtainer_stated_by, talk.held_by),
        in_order(consent.confirmed_at, consent.certified_at),
        same_day,
    )


def is_freshly_signed(case: Case) -> Answer:
    """CR-072. What was drawn does not look like a signature that was used for somebody else."""
    return not_(case.consent.signature_is_reused) if case.consent else None


def in_order(*instants: datetime.datetime | None) -> Answer:
    """None of these instants lies before the one named before it; unknown where one is unknown."""
    return all_of(*(None if one is None or next_ is None else one <= next_ for one, next_ in pairwise(instants)))


def _is_interpreted_on_day_of_signing(case: Case) -> Answer:
    if case.conversation is None or case.conversation.interpreter_qualification is None:
        return True
    stated_at = case.consent.interpreter_stated_at if case.consent else None
    if stated_at is None or case.zone is None or case.signed_at is None:
        return None
    return days_between(stated_at, case.signed_at, case.zone) == 0


def _facts_of_signature(case: Case) -> tuple[str, ...]:
    method, witness = "consent.signing_method", "consent.witness_is_independent"
    chosen = case.consent.signing_method if case.consent else None
    if case.stage is Stage.SIGNING:
        method, witness = "proposed_signature", "proposed_witness_is_independent"
        chosen = case.facts.proposed_signature
    return (method, witness) if chosen == SignatureMethod.MARK else (method,)


def _facts_of_order(case: Case) -> tuple[str, ...]:
    was_interpreted = case.conversation is not None and case.conversation.interpreter_qualification is not None
    interpreted = ("consent.interpreter_stated_at", "time_zone") if was_interpreted else ()
    if case.stage is Stage.SIGNING:
        return ("conversation.held_at", *interpreted)
    stated = ("consent.obtainer_stated_at", "consent.obtainer_stated_by")
    return (
        "conversation.held_at",
        "consent.given_at",
        *stated,
        "consent.confirmed_at",
        "consent.certified_at",
        *interpreted,
    )


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="signature",
        stages=AT_BOTH,
        parameter="signature_manifest",
        check=is_signed_in_a_way_that_counts,
        facts=_facts_of_signature,
    ),
    Requirement(
        id="signature-not-reused",
        stages=AT_SIGNING,
        parameter="signature_not_reused",
        check=is_freshly_signed,
        facts=("consent.signature_is_reused",),
    ),
    Requirement(
        id="signature-order",
        stages=AT_BOTH,
        parameter="signature_order",
        check=is_signed_in_order,
        facts=_facts_of_order,
    ),
    Requirement(
        id="confirmed-today",
        stages=AT_START,
        parameter="reconfirmation_minutes",
        check=was_confirmed_today,
        explain=explain_confirmation,
        facts=("consent.confirmed_at", "time_zone"),
    ),
    Requirement(
        id="confirmed-alone",
        stages=AT_START,
        parameter="reconfirmation_alone",
        check=was_confirmed_alone,
        facts=("consent.was_alone_at_confirmation",),
    ),
    Requirement(
        id="operator-certificate",
        stages=AT_START,
        parameter="operator_certificate",
        check=is_certified_by_operator,
        facts=("consent.confirmed_at", "consent.certified_at", "consent.certified_by", "procedure.operator_id"),
    ),
)
