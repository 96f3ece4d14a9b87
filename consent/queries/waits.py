"""What shortens the wait before a procedure: for staff, for the patient, and for the second clinician."""

import datetime
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import Account
from clinic.vocabulary import Permission, ProcedureStatus
from consent.models import AbdominalEmergency, Consent, PrematureBirth, ShorterWaitAnswer, ShorterWaitRequest
from consent.queries.ability import day_of
from consent.queries.consent_policy import is_known_at_site, policy_of
from consent.queries.team import care_teams, is_outside_team
from consent.queries.verdicts import start_verdict
from consent.queries.visible import ABOUT
from consent.rules.policy import Policy
from consent.rules.waits import hours_after, was_signed_in_time
from consent.vocabulary import ConsentState

BIRTH, EMERGENCY, ANSWER = "early-birth", "emergency", "answer"
WAITING = frozenset({ConsentState.GIVEN, ConsentState.CONFIRMED})
SHORTER = ("premature_wait", "abdominal_hours", "shortening_hours")
WAITING_TIME = "waiting-time"
Words = str | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One way to a shorter wait that somebody went, and what came of it."""

    words: Words
    by: str
    at: datetime.datetime
    lines: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitPage:
    """The wait of one consent: whether there is one, what was done to shorten it, and what can be done."""

    ways: tuple[Way, ...]
    earliest_at: datetime.datetime | None  # as things stand; None where it is over, or not running
    doors: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show and nothing to do."""
        return not (self.ways or self.doors)


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnWait:
    """The same for the patient: her wish, what was answered, and whether she can ask."""

    can_ask: bool
    hours: int | None  # to which the wait can be shortened
    wish: ShorterWaitRequest | None
    answer: ShorterWaitAnswer | None
    earliest_at: datetime.datetime | None  # once it was agreed
    certificates: tuple[tuple[str, str], ...]  # label and value


def wait_page(consent: Consent, *, account: Account, earliest_at: datetime.datetime | None) -> WaitPage:
    """What shortens the wait of one consent, and the doors for this member of staff.

    **Takes** the instant until which the gate lets the procedure wait; None where no wait runs.
    """
    policy = policy_of(consent)
    if policy is None or not any(policy.has(name) for name in SHORTER):
        return WaitPage(ways=(), earliest_at=None, doors=frozenset())
    ways = (
        *(_birth(row, consent, policy) for row in PrematureBirth.objects.filter(consent=consent)),
        *(_emergency(row, consent, policy) for row in AbdominalEmergency.objects.filter(consent=consent)),
        *(_wish(row, consent, policy) for row in ShorterWaitRequest.objects.filter(consent=consent)),
    )
    doors = _doors(consent, account, policy) if earliest_at else frozenset()
    return WaitPage(ways=ways, earliest_at=earliest_at, doors=doors)


def _birth(row: PrematureBirth, consent: Consent, policy: Policy) -> Way:
    days = _("Expected on %(expected)s, came on %(born)s.") % {
        "expected": row.expected_on.isoformat(),
        "born": row.born_on.isoformat(),
    }
    lines = [days]
    if policy.has("premature_wait") and consent.given_at is not None:
        wait = policy.premature_wait("premature_wait")
        signed_on = clock.local_date(consent.given_at, time_zone=consent.site.time_zone)
        if was_signed_in_time(signed_on, expected_on=row.expected_on, days_before_due=wait.days_before_due):
            lines.append(_hours(wait.hours))
        else:
            lines.append(
                _("The patient signed less than %(days)s days before the birth was expected: nothing is shortened.")
                % {"days": wait.days_before_due}
            )
    return Way(
        words=_("Early birth, certified"), by=row.certified_by.display_name, at=row.certified_at, lines=tuple(lines)
    )


def _emergency(row: AbdominalEmergency, consent: Consent, policy: Policy) -> Way:
    lines = [row.circumstances]
    if policy.has("abdominal_hours"):
        lines.append(_hours(policy.number("abdominal_hours")))
    return Way(
        words=_("Emergency operation on the belly, certified"),
        by=row.certified_by.display_name,
        at=row.certified_at,
        lines=tuple(lines),
    )


def _wish(row: ShorterWaitRequest, consent: Consent, policy: Policy) -> Way:
    answer = answer_of(row)
    lines = [row.words] if row.words else []
    if answer is None:
        lines.append(_("Not answered yet. A clinician who has no part in this care answers it."))
    else:
        answered = _("Agreed by %(name)s on %(day)s.") if answer.is_agreed else _("Not agreed by %(name)s on %(day)s.")
        day = day_of(answer.answered_at, consent.site.time_zone)
        lines += [answered % {"name": answer.answered_by.display_name, "day": day}, answer.note]
        if answer.is_agreed and policy.has("shortening_hours"):
            lines.append(_hours(policy.number("shortening_hours")))
    return Way(
        words=_("The patient asked for a shorter wait"),
        by=row.asked_by.display_name,
        at=row.asked_at,
        lines=tuple(lines),
    )


def _hours(hours: int) -> str:
    return _("With this the wait is %(hours)s hours from the signature.") % {"hours": hours}


def _doors(consent: Consent, account: Account, policy: Policy) -> frozenset[str]:
    if not _is_waiting(consent):
        return frozenset()
    is_operator = consent.operator.account_id == account.pk and account.may(Permission.CERTIFY_SHORTER_WAIT)
    wish = ShorterWaitRequest.objects.filter(consent=consent, answer__isnull=True)
    is_open = {
        BIRTH: is_operator
        and policy.has("premature_wait")
        and not PrematureBirth.objects.filter(consent=consent).exists(),
        EMERGENCY: is_operator
        and policy.has("abdominal_hours")
        and not AbdominalEmergency.objects.filter(consent=consent).exists(),
        ANSWER: account.may(Permission.ANSWER_SHORTER_WAIT)
        and wish.exists()
        and is_outside_team(account.pk, consent.procedure_id),
    }
    return frozenset(door for door, opens in is_open.items() if opens)


def _is_waiting(consent: Consent) -> bool:
    return consent.state in WAITING and consent.procedure.status == ProcedureStatus.PREPARATION


def answer_of(wish: ShorterWaitRequest) -> ShorterWaitAnswer | None:
    """What was answered to a wish; None while it is open."""
    return ShorterWaitAnswer.objects.select_related("answered_by").filter(request=wish).first()


def wish_for(consent: Consent) -> ShorterWaitRequest | None:
    """The patient's wish for a shorter wait; None where she has none."""
    return ShorterWaitRequest.objects.filter(consent=consent).first()


def open_wishes_for(account: Account) -> list[ShorterWaitRequest]:
    """Wishes at the own site that nobody has answered and that this clinician may answer, the oldest first."""
    if not account.is_active or not account.may(Permission.ANSWER_SHORTER_WAIT):
        return []
    rows = ShorterWaitRequest.objects.filter(
        consent__site_id=account.site_id,
        consent__state__in=sorted(WAITING),
        consent__procedure__status=ProcedureStatus.PREPARATION,
        answer__isnull=True,
    ).select_related(*(f"consent__{name}" for name in ABOUT))
    wishes = list(rows.order_by("asked_at"))
    teams = care_teams([wish.consent.procedure_id for wish in wishes])
    return [wish for wish in wishes if account.pk not in teams[wish.consent.procedure_id]]


def own_wait(consent: Consent, *, at: datetime.datetime) -> OwnWait | None:
    """The patient's wish and its answer. None where this kind of care knows no such wish.

    What it says never depends on whether anybody worries: the earliest time is counted from the signature alone.
    """
    wish = wish_for(consent)
    if wish is None and not any(is_known_at_site(consent, name) for name in SHORTER):
        return None
    policy = policy_of(consent)
    hours = policy.number("shortening_hours") if policy and policy.has("shortening_hours") else None
    answer = answer_of(wish) if wish else None
    is_agreed = answer is not None and answer.is_agreed
    return OwnWait(
        can_ask=wish is None and hours is not None and _is_waiting(consent) and _waits_still(consent, at),
        hours=hours,
        wish=wish,
        answer=answer,
        earliest_at=hours_after(consent.given_at, hours) if is_agreed and hours and consent.given_at else None,
        certificates=certificates(consent),
    )


def _waits_still(consent: Consent, at: datetime.datetime) -> bool:
    verdict = start_verdict(consent.procedure_id, at=at, operator_id=consent.procedure.operator_id)
    return any(one.requirement_id == WAITING_TIME for one in verdict.unmet)


def certificates(consent: Consent) -> tuple[tuple[str, str], ...]:
    """What the operator certified, for the patient: label and value. The operator's own words stay with the staff."""
    zone, lines = consent.site.time_zone, []
    for birth in PrematureBirth.objects.filter(consent=consent):
        days = _("expected on %(expected)s, came on %(born)s") % {
            "expected": birth.expected_on.isoformat(),
            "born": birth.born_on.isoformat(),
        }
        lines.append((_("Early birth"), days))
    for emergency in AbdominalEmergency.objects.select_related("certified_by").filter(consent=consent):
        certified = _("written down by %(name)s on %(day)s") % {
            "name": emergency.certified_by.display_name,
            "day": day_of(emergency.certified_at, zone),
        }
        lines.append((_("Emergency operation on the belly"), certified))
    return tuple(lines)


def own_lines(consent: Consent) -> tuple[tuple[str, str], ...]:
    """What was done about the wait, for the patient's paper: label and value. No staff note."""
    lines = list(certificates(consent))
    wish = wish_for(consent)
    if wish is not None:
        zone = consent.site.time_zone
        asked = _("You asked for a shorter wait on %(day)s") % {"day": day_of(wish.asked_at, zone)}
        lines.append((asked, _answered(answer_of(wish), zone)))
    return tuple(lines)


def _answered(answer: ShorterWaitAnswer | None, zone: str) -> str:
    if answer is None:
        return _("Not answered yet.")
    words = _("Agreed by %(name)s on %(day)s.") if answer.is_agreed else _("Not agreed by %(name)s on %(day)s.")
    return words % {"name": answer.answered_by.display_name, "day": day_of(answer.answered_at, zone)}
