"""Verdicts for pages that report: what the gate would say now. The gate itself asks again, under its locks."""

import datetime
import uuid

from clinic.models import Procedure
from consent.models import Consent
from consent.queries.facts import signing_facts, start_facts
from consent.rules.gate import Stage, Verdict, decide
from consent.vocabulary import LIVE_STATES, SignatureMethod


def start_verdict(procedure_id: uuid.UUID, *, at: datetime.datetime, operator_id: uuid.UUID | None) -> Verdict:
    """What the gate would answer this practitioner now, with every unmet requirement."""
    procedure = Procedure.objects.select_related("patient__site", "procedure_type").get(pk=procedure_id)
    consent = Consent.objects.filter(procedure=procedure, state__in=sorted(LIVE_STATES)).first()
    return decide(start_facts(procedure=procedure, consent=consent, at=at, operator_id=operator_id), stage=Stage.START)


def signing_verdict(consent_id: uuid.UUID, *, at: datetime.datetime) -> Verdict:
    """What is missing before the patient could say yes now, by typing her name under the sheet as it stands."""
    consent = Consent.objects.select_related("patient__site", "sheet_version", "procedure").get(pk=consent_id)
    facts = signing_facts(
        consent=consent,
        at=at,
        shown_digest=consent.sheet_version.digest,
        method=SignatureMethod.TYPED,
        witness_is_independent=None,
    )
    return decide(facts, stage=Stage.SIGNING)
