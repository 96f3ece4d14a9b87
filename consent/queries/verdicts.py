"""Verdicts: the gate asked about facts of a site, under the rules that hold there and held at signing.

`judge` is how every act and every page asks the gate. Pages only report; the acts ask again, under their locks.
"""

import datetime
import uuid

from clinic.models import Procedure, Site
from consent.facts import GateFacts
from consent.models import Consent
from consent.queries.facts import SigningNow, signing_facts, start_facts
from consent.queries.policies import law_for
from consent.rules.gate import Stage, Verdict, decide, rules_unreadable
from consent.rules.policy import PolicyError
from consent.vocabulary import LIVE_STATES, CopyChoice, SignatureMethod


def judge(facts: GateFacts, *, stage: Stage, site: Site, consent: Consent | None = None) -> Verdict:
    """What the gate says, by the stricter of the rules now and the rules under which the patient signed.

    Where the rules of the site cannot be read, that alone is unmet: nothing goes ahead, and every no still works.
    """
    try:
        law = law_for(site, consent)
    except PolicyError as problem:
        return rules_unreadable(problem)
    return decide(facts, stage=stage, law=law)


def start_verdict(procedure_id: uuid.UUID, *, at: datetime.datetime, operator_id: uuid.UUID | None) -> Verdict:
    """What the gate would answer this practitioner now, with every unmet requirement."""
    procedure = Procedure.objects.select_related("patient__site", "procedure_type").get(pk=procedure_id)
    consent = Consent.objects.filter(procedure=procedure, state__in=sorted(LIVE_STATES)).first()
    facts = start_facts(procedure=procedure, consent=consent, at=at, operator_id=operator_id)
    return judge(facts, stage=Stage.START, site=procedure.patient.site, consent=consent)


def signing_verdict(consent_id: uuid.UUID, *, at: datetime.datetime) -> Verdict:
    """What is missing before the patient could say yes now, by typing her name under the sheet as it stands."""
    consent = Consent.objects.select_related("patient__site", "sheet_version", "procedure__procedure_type").get(
        pk=consent_id
    )
    now = SigningNow(
        shown_digest=consent.sheet_version.digest,
        method=SignatureMethod.TYPED,
        witness_is_independent=None,
        copy_choice=CopyChoice.PAPER,
        is_reused=False,
    )
    return judge(signing_facts(consent=consent, at=at, now=now), stage=Stage.SIGNING, site=consent.site)
