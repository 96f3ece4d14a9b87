"""The patient's own pages to read: what awaits an answer, the sheet, and who looked."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from clinic import clock
from clinic.accounts.doors import patient_only, see
from clinic.accounts.sessions import PatientSession
from clinic.actions.log_record_view import log_record_view
from consent.queries import ability, waits
from consent.queries.emergency_pages import is_any_without_word
from consent.queries.offers import own_asking
from consent.queries.papers import papers_of
from consent.queries.patient_pages import looks_page, newest_after, own_consent, sort_own
from consent.queries.receipts import newest_slip_about
from consent.queries.sheet_pages import shown_sheet
from consent.queries.visible import own_consents


def check_own_card(session: PatientSession) -> None:
    """Raises Http404 on the clinic's tablet: this page opens with her own card only."""
    if session.procedure_id is not None:
        raise Http404


def find_own(session: PatientSession, consent_id: uuid.UUID) -> Any:
    """The patient's own consent; on the clinic's tablet only the one it was handed over for. Raises Http404."""
    own = own_consents(session.account, procedure_id=session.procedure_id)
    consent = own.filter(pk=consent_id).first()
    if consent is None:
        raise Http404
    return consent


def own_page(session: PatientSession, consent: Any, **more: Any) -> dict[str, Any]:
    """What every page about one own consent shows."""
    is_on_tablet = session.procedure_id is not None
    return {
        "consent": consent,
        "own": own_consent(consent, at=clock.now(), is_on_tablet=is_on_tablet),
        "sheet": shown_sheet(consent.sheet_version),
        "newest": newest_after(consent),
        "asked": own_asking(consent),
        "zone": consent.site.time_zone,
        "is_on_tablet": is_on_tablet,
        **more,
    }


@patient_only
@require_safe
def mine(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """Everything of the patient's, in three heaps; on the clinic's tablet the one consent it was handed over for."""
    consents = sort_own(own_consents(session.account, procedure_id=session.procedure_id), at=clock.now())
    if session.procedure_id is not None and (open_now := [*consents.awaiting, *consents.agreed]):
        return see("mine-consent", consent_id=open_now[0].consent.pk)
    context = {
        "consents": consents,
        "zone": session.patient.site.time_zone,
        "is_on_tablet": session.procedure_id is not None,
        "has_without_word": session.procedure_id is None and is_any_without_word(session.patient),
    }
    return render(request, "consent/mine.html", context)


@patient_only
@require_safe
def consent(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """The sheet in full, and three answers of equal weight."""
    found = find_own(session, consent_id)
    about = {
        "ability": ability.own_lines(found),
        "wait": waits.own_wait(found, at=clock.now()),
        "papers": papers_of(found),
    }
    return render(request, "consent/mine_consent.html", own_page(session, found, **about))


@patient_only
@require_safe
def sheet(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """The sheet alone, to print."""
    return render(request, "consent/mine_sheet.html", own_page(session, find_own(session, consent_id)))


@patient_only
@require_safe
def done(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """What the patient's answer has brought about; on the clinic's tablet also: please give it back."""
    found = find_own(session, consent_id)
    return render(request, "consent/mine_done.html", own_page(session, found, slip_entry=newest_slip_about(found)))


@patient_only
@require_safe
def looked(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """Who saw anything about the patient. That the list was read is written into it, for the next who reads it."""
    typed = request.GET.get("page", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
    shown = looks_page(session.patient.pk, number=number)
    if session.procedure_id is not None or shown is None:
        raise Http404
    if request.method == "GET":
        log_record_view(patient_id=session.patient.pk, by=session.account, page="mine-looked")
    context = {"shown": shown, "zone": session.patient.site.time_zone}
    return render(request, "consent/mine_looked.html", context)
