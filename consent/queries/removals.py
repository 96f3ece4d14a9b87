"""Wishes to have a device taken out: where each stands, for the team, the advocate, and the patient herself."""

import datetime
import uuid
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.models import Account, Procedure, Site
from clinic.vocabulary import Permission, ProcedureCategory, ProcedureStatus, Role
from consent.models import RemovalContraindication, RemovalRequest
from consent.queries.policies import law_of
from consent.rules.policy import PolicyError, policy_for
from consent.rules.removals import (
    ContraindicationFacts,
    RemovalDays,
    RemovalFacts,
    RemovalState,
    Standing,
    standing,
)

OWED_AT_ONCE = RemovalDays(removal_days=0, second_opinion_hours=0)
STATE_WORDS: dict[RemovalState, str | Promise] = {
    RemovalState.OPEN: _("To be done"),
    RemovalState.OVERDUE: _("Overdue"),
    RemovalState.CONTRAINDICATED: _("Two clinicians advise against it for now"),
    RemovalState.ENDED: _("Settled"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class RemovalLine:
    """One wish and where it stands."""

    request: RemovalRequest
    standing: Standing
    words: str | Promise
    reason: RemovalContraindication | None

    @property
    def is_overdue(self) -> bool:
        """Whether the day by which it was owed has passed."""
        return self.standing.state is RemovalState.OVERDUE


def removals_visible_to(account: Account) -> QuerySet[RemovalRequest]:
    """The wishes this person may see: the own clinic's for those who watch over them; a patient's own."""
    rows = RemovalRequest.objects.select_related("patient", "site", "end").order_by("asked_at")
    if account.may(Permission.WATCH_REMOVALS):
        return rows.filter(site_id=account.site_id)
    if account.is_active and account.role == Role.PATIENT:
        return rows.filter(patient__account_id=account.pk)
    return rows.none()


def removal_lines(requests: Iterable[RemovalRequest], *, at: datetime.datetime) -> tuple[RemovalLine, ...]:
    """Where each of these wishes stands, the one owed first at the top."""
    found = list(requests)
    reasons: dict[uuid.UUID, RemovalContraindication] = {}
    rows = RemovalContraindication.objects.select_related("second_opinion__given_by", "recorded_by")
    for reason in rows.filter(request__in=[request.pk for request in found]).order_by("recorded_at"):
        reasons[reason.request_id] = reason
    lines = [_line(request, reasons.get(request.pk), at=at) for request in found]
    return tuple(sorted(lines, key=lambda line: (line.standing.due_on, line.request.asked_at)))


def _line(request: RemovalRequest, reason: RemovalContraindication | None, *, at: datetime.datetime) -> RemovalLine:
    end = getattr(request, "end", None)
    facts = RemovalFacts(
        asked_at=request.asked_at,
        ended_at=end.ended_at if end else None,
        contraindication=_reason_facts(reason) if reason else None,
    )
    found = standing(facts, days=removal_days_at(request.site), zone=zoneinfo.ZoneInfo(request.site.time_zone), at=at)
    return RemovalLine(request=request, standing=found, words=STATE_WORDS[found.state], reason=reason)


def removal_days_at(site: Site) -> RemovalDays:
    """CR-019 at this site. Where the rules cannot be read it is owed at once: a right waits for no file."""
    try:
        policy = policy_for(law_of(site), ProcedureCategory.LARC_OUT)
        return RemovalDays(
            removal_days=policy.number("removal_days"), second_opinion_hours=policy.number("second_opinion_hours")
        )
    except PolicyError:
        return OWED_AT_ONCE


def _reason_facts(reason: RemovalContraindication) -> ContraindicationFacts:
    opinion = getattr(reason, "second_opinion", None)
    return ContraindicationFacts(
        recorded_at=reason.recorded_at,
        is_agreed=opinion.agrees if opinion else None,
        was_told=opinion.told_patient if opinion else None,
        review_on=opinion.review_on if opinion else None,
    )


def removals_done(request: RemovalRequest) -> list[Procedure]:
    """Removals of this patient that are completed: what a met wish can point at."""
    rows = Procedure.objects.select_related("procedure_type", "appointment").filter(
        patient_id=request.patient_id,
        procedure_type__category=ProcedureCategory.LARC_OUT,
        status=ProcedureStatus.COMPLETED,
    )
    return list(rows.order_by("-appointment__starts_at"))
