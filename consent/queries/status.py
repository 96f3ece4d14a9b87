"""The consent light: one word for each planned procedure in a list, and whether it could be started now.

The number of questions to the database does not grow with the list. A report only: the gate asks again, under
its locks.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.models import Procedure
from clinic.vocabulary import ProcedureStatus
from consent.models import Consent
from consent.queries.facts import start_facts
from consent.queries.rows_around import Around, rows_around
from consent.queries.verdicts import judge
from consent.rules.gate import Stage, Verdict
from consent.vocabulary import LIVE_STATES, ConsentState

WORDS = {
    "none": _("No consent yet"),
    "draft": _("Not talked about yet"),
    "informed": _("Waiting for the answer"),
    "thinking": _("Patient wants more time"),
    "given": pgettext_lazy("consent", "Given"),
    "ready": _("Ready to start"),
    "refused": pgettext_lazy("consent", "Refused"),
    "withdrawn": _("Taken back"),
    "expired": _("Too old"),
    "hold": _("On hold"),
    "second": _("Emergency: waits for a second clinician"),
    "in-progress": _("In progress"),
    "completed": _("Finished"),
    "stopped": _("Stopped"),
}
STYLES = {
    "none": "not-yet",
    "draft": "not-yet",
    "informed": "waiting",
    "thinking": "waiting",
    "given": "waiting",
    "ready": "given",
    "refused": "refused",
    "withdrawn": "withdrawn",
    "expired": "hold",
    "hold": "hold",
    "second": "hold",
    "in-progress": "given",
    "completed": "ended",
    "stopped": "ended",
}
BY_PROCEDURE_STATUS = {
    ProcedureStatus.IN_PROGRESS: "in-progress",
    ProcedureStatus.COMPLETED: "completed",
    ProcedureStatus.STOPPED: "stopped",
}
ENDED_CODES = {ConsentState.REFUSED: "refused", ConsentState.WITHDRAWN: "withdrawn"}
EXPIRY = "not-expired"


@dataclass(frozen=True, slots=True)
class Light:
    """A code, its words, the shape beside them, and whether the gate would open now."""

    code: str
    words: str | Promise
    style: str
    may_start: bool = False

    @classmethod
    def of(cls, code: str) -> "Light":
        """The light of a code; only `ready` may start."""
        return cls(code=code, words=WORDS[code], style=STYLES[code], may_start=code == "ready")


def status_light(procedure_ids: Iterable[uuid.UUID], at: datetime.datetime) -> dict[uuid.UUID, Light]:
    """The light of each of these procedures at this moment."""
    about = ("patient__site", "procedure_type", "emergency", "addition")
    procedures = Procedure.objects.select_related(*about).filter(pk__in=list(procedure_ids))
    planned = {procedure.pk: procedure for procedure in procedures}
    consents = _newest_consents(planned)
    surroundings = rows_around(list(consents.values()), at=at)
    return {pk: _light_at(procedure, consents.get(pk), surroundings, at=at) for pk, procedure in planned.items()}


def light_of(procedure: Procedure, consent: Consent | None, verdict: Verdict, *, open_holds: int) -> Light:
    """The light that a procedure, its newest consent and the gate's answer make together."""
    state = ConsentState(consent.state) if consent else None
    if state is not None and state in ENDED_CODES and procedure.status == ProcedureStatus.IN_PROGRESS:
        return Light.of(ENDED_CODES[state])  # the operator has to see this before anything else
    if procedure.status in BY_PROCEDURE_STATUS:
        return Light.of(BY_PROCEDURE_STATUS[ProcedureStatus(procedure.status)])
    if consent is None or state is None:
        return Light.of("none")
    if state not in LIVE_STATES:
        return Light.of(ENDED_CODES.get(state, "none"))
    return Light.of("hold" if open_holds else _live_code(consent, verdict))


def _live_code(consent: Consent, verdict: Verdict) -> str:
    if consent.state == ConsentState.DRAFT:
        return "draft"
    if consent.state == ConsentState.INFORMED:
        return "thinking" if is_thinking(consent) else "informed"
    if verdict.is_allowed:
        return "ready"
    return "expired" if any(one.requirement_id == EXPIRY for one in verdict.unmet) else "given"


def is_thinking(consent: Consent) -> bool:
    """Whether the patient has asked for time since the last talk and has not answered yet."""
    asked_at, informed_at = consent.more_time_asked_at, consent.informed_at
    return asked_at is not None and (informed_at is None or asked_at >= informed_at)


def _newest_consents(planned: Iterable[uuid.UUID]) -> dict[uuid.UUID, Consent]:
    """The live consent of each procedure, else the newest."""
    found: dict[uuid.UUID, Consent] = {}
    rows = Consent.objects.select_related(
        "patient",
        "sheet_version",
        "procedure__patient__site",
        "procedure__procedure_type",
        "operator",
        "premature_birth",
        "abdominal_emergency",
        "shorter_wait_request__answer",
    )
    for consent in rows.filter(procedure_id__in=list(planned)).order_by("proposed_at"):
        earlier = found.get(consent.procedure_id)
        if earlier is None or earlier.state not in LIVE_STATES:
            found[consent.procedure_id] = consent
    return found


def _waits_for_second(procedure: Procedure) -> bool:
    """Whether one clinician has declared an emergency or an addition, and no second has agreed."""
    declared = hasattr(procedure, "emergency") or hasattr(procedure, "addition")
    return declared and procedure.status == ProcedureStatus.PREPARATION


def _light_at(
    procedure: Procedure,
    consent: Consent | None,
    surroundings: dict[uuid.UUID, Around],
    *,
    at: datetime.datetime,
) -> Light:
    if _waits_for_second(procedure) and (consent is None or consent.state not in ENDED_CODES):
        return Light.of("second")
    live = consent if consent and consent.state in LIVE_STATES else None
    facts = start_facts(
        procedure=procedure,
        consent=live,
        at=at,
        operator_id=procedure.operator_id,
        around=surroundings.get(live.pk) if live else None,
    )
    verdict = judge(facts, stage=Stage.START, site=procedure.patient.site, consent=live)
    return light_of(procedure, consent, verdict, open_holds=facts.open_holds or 0)
