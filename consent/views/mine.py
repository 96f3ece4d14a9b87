"""The patient's own pages to read: what awaits an answer, the sheet, the record to take home, and who looked."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from clinic import clock
from clinic.accounts.doors import patient_only, see
from clinic.accounts.sessions import PatientSession
from clinic.exceptions import WrongStateError
from consent.actions.issue_record import issue_record
from consent.queries import ability, waits
from consent.queries.emergency_pages import is_any_without_word
from consent.queries.offers import own_asking
from consent.queries.patient_pages import looks_at, newest_after, own_consent, sort_own
from consent.queries.receipts import newest_slip_about
from consent.queries.sheet_pages import shown_sheet
from consent.queries.visible import own_consents
from consent.record.exceptions import MissingGlyphError, RecordError, UnsupportedScriptError
from consent.views.showing import NOT_NOW
from consent.vocabulary import Via


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
    about = {"ability": ability.own_lines(found), "wait": waits.own_wait(found, at=clock.now())}
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
@require_POST
def record(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """The patient's copy of the record. Not on the clinic's tablet: the file would stay there.

    A script that our fonts cannot print faithfully is never left out in silence: then there is no file, and a page says
    so.
    """
    if session.procedure_id is not None:
        raise Http404
    found = find_own(session, consent_id)
    try:
        issued = issue_record(
            consent_id=found.pk, language=get_language() or "en", by=session.account, via=Via(session.via)
        )
    except RecordError as refusal:
        is_about_letters = isinstance(refusal, MissingGlyphError | UnsupportedScriptError)
        page = own_page(session, found, is_about_letters=is_about_letters)
        return render(request, "consent/mine_not_printable.html", page, status=NOT_NOW)
    except WrongStateError as refusal:
        page = own_page(session, find_own(session, consent_id), refusal=refusal.message)
        return render(request, "consent/mine_consent.html", page, status=NOT_NOW)
    return HttpResponse(
        issued.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="record.pdf"'},
    )


@patient_only
@require_safe
def looked(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """Who on the staff opened a page about the patient."""
    if session.procedure_id is not None:
        raise Http404
    context = {"looks": looks_at(session.patient.pk), "zone": session.patient.site.time_zone}
    return render(request, "consent/mine_looked.html", context)
