"""What a patient's own pages show: what awaits an answer, what was agreed to, what is over, and who looked.

Holds, staff notes and the words of others never enter these pages.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from clinic import clock
from clinic.queries import record_views_of
from clinic.vocabulary import AppointmentStatus, ProcedureStatus, Role
from clinic.wording import ROLE_WORDS
from consent.models import Consent
from consent.queries.status import is_thinking
from consent.queries.verdicts import signing_verdict
from consent.rules.gate import Verdict
from consent.vocabulary import ConsentState
from consent.wording import OTHER_PAGE_WORDS, PAGE_WORDS, PATIENT_STATE_SENTENCES, said

AWAITING = frozenset({ConsentState.DRAFT, ConsentState.INFORMED})
AGREED = frozenset({ConsentState.GIVEN, ConsentState.CONFIRMED, ConsentState.USED})
NOT_OVER = frozenset({ProcedureStatus.PREPARATION, ProcedureStatus.IN_PROGRESS})
# A yes to what was called off is still a yes, and can be taken back; what was done cannot.
CAN_TAKE_BACK = NOT_OVER | {ProcedureStatus.NOT_DONE}
STANDING = frozenset({AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED})
LOOKS_ON_A_PAGE = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnConsent:
    """One consent as its patient sees it."""

    consent: Consent
    procedure_name: str
    sentence: str | Promise
    starts_at: datetime.datetime | None  # None: no appointment stands for it
    is_called_off: bool
    is_thinking: bool
    can_answer: bool
    is_before_talk: bool
    can_take_back: bool
    can_confirm: bool
    is_being_done: bool


@dataclass(frozen=True, slots=True)
class OwnConsents:
    """All of a patient's consents, in three heaps."""

    awaiting: tuple[OwnConsent, ...]
    agreed: tuple[OwnConsent, ...]
    over: tuple[OwnConsent, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """Someone on the staff saw something about the patient; or she herself read this list."""

    at: datetime.datetime
    name: str
    role: str | Promise
    place: str  # the clinic at which the person works
    page: str | Promise
    is_own: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class LooksPage:
    """One page of the list of who looked."""

    looks: tuple[Look, ...]
    number: int
    pages: int
    is_any_of_staff: bool  # on any page


def sort_own(consents: Iterable[Consent], *, at: datetime.datetime) -> OwnConsents:
    """A patient's consents, newest first in each heap."""
    shown = [own_consent(consent, at=at) for consent in sorted(consents, key=_newest_first, reverse=True)]
    awaiting = tuple(one for one in shown if one.can_answer)
    agreed = tuple(one for one in shown if one.can_take_back)
    return OwnConsents(
        awaiting=awaiting,
        agreed=agreed,
        over=tuple(one for one in shown if one not in awaiting and one not in agreed),
    )


def _newest_first(consent: Consent) -> datetime.datetime:
    return consent.proposed_at


def own_consent(consent: Consent, *, at: datetime.datetime, is_on_tablet: bool = False) -> OwnConsent:
    """One consent as its patient sees it at this moment.

    A yes is asked for again on the day of the appointment, and whenever staff hand over the tablet for it.
    """
    state, status = ConsentState(consent.state), ProcedureStatus(consent.procedure.status)
    may_be_done = status in NOT_OVER
    is_given = state in {ConsentState.GIVEN, ConsentState.CONFIRMED} and status == ProcedureStatus.PREPARATION
    return OwnConsent(
        consent=consent,
        procedure_name=consent.procedure.procedure_type.name_in(get_language() or "en"),
        sentence=PATIENT_STATE_SENTENCES[state],
        starts_at=_planned_for(consent),
        is_called_off=status == ProcedureStatus.NOT_DONE,
        is_thinking=state in AWAITING and is_thinking(consent),
        can_answer=state in AWAITING and may_be_done,
        is_before_talk=state is ConsentState.DRAFT,
        can_take_back=state in AGREED and status in CAN_TAKE_BACK,
        can_confirm=is_given and (is_on_tablet or _is_on_the_day(consent, at)),
        is_being_done=status == ProcedureStatus.IN_PROGRESS,
    )


def _planned_for(consent: Consent) -> datetime.datetime | None:
    appointment = consent.procedure.appointment
    return appointment.starts_at if appointment.status in STANDING else None


def _is_on_the_day(consent: Consent, at: datetime.datetime) -> bool:
    appointment, zone = consent.procedure.appointment, consent.site.time_zone
    if appointment.status not in {AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED}:
        return False
    return clock.local_date(appointment.starts_at, time_zone=zone) == clock.local_date(at, time_zone=zone)


def what_is_missing(consent: Consent, *, at: datetime.datetime) -> tuple[str, ...]:
    """What the clinic still has to do before the patient's yes can be taken, in words for the patient."""
    if consent.state == ConsentState.DRAFT:
        return (_("A clinician has to talk with you about it first, and write down what you talked about."),)
    return in_patients_words(signing_verdict(consent.pk, at=at))


def in_patients_words(verdict: Verdict) -> tuple[str, ...]:
    """The patient's sentence of everything the gate found missing."""
    return tuple(dict.fromkeys(said(one.patient_sentence) for one in verdict.unmet))


def newest_after(consent: Consent) -> Consent | None:
    """The consent that took the place of this one, at the end of the chain; None where it was not replaced."""
    newest, after = None, Consent.objects.filter(supersedes=consent).first()
    while after is not None:
        newest, after = after, Consent.objects.filter(supersedes=after).first()
    return newest


def looks_at(patient_id: uuid.UUID) -> tuple[Look, ...]:
    """Who saw anything about this patient, newest first, in words."""
    return tuple(
        Look(
            at=view.viewed_at,
            name=_("You") if view.role is Role.PATIENT else view.name,
            role=_("with your own card") if view.role is Role.PATIENT else ROLE_WORDS[view.role],
            place="" if view.role is Role.PATIENT else view.site,
            page=PAGE_WORDS.get(view.page, OTHER_PAGE_WORDS),
            is_own=view.role is Role.PATIENT,
        )
        for view in record_views_of(patient_id)
    )


def looks_page(patient_id: uuid.UUID, *, number: int) -> LooksPage | None:
    """One page of the list of who looked, the newest on the first; None where there is no such page."""
    looks = looks_at(patient_id)
    pages = max(1, -(-len(looks) // LOOKS_ON_A_PAGE))
    if not 1 <= number <= pages:
        return None
    return LooksPage(
        looks=looks[(number - 1) * LOOKS_ON_A_PAGE : number * LOOKS_ON_A_PAGE],
        number=number,
        pages=pages,
        is_any_of_staff=any(not look.is_own for look in looks),
    )
