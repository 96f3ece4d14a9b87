"""The patient's copies of her record: to download, in her language, and to say in what form she took one."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from clinic.accounts.doors import patient_only, see, staff_only
from clinic.accounts.sessions import PatientSession
from clinic.exceptions import WrongStateError
from clinic.vocabulary import Permission
from consent.actions.hand_over_copy import hand_over_copy
from consent.actions.issue_record import issue_record
from consent.forms import CopyTakenForm, RecordLanguageForm
from consent.queries.own_copies import own_copies
from consent.record.exceptions import MissingGlyphError, RecordError
from consent.views.mine import find_own, own_page
from consent.views.showing import NOT_NOW, consent_for_staff, form_page, typed, who
from consent.vocabulary import CopyForm, Via


@patient_only
@require_http_methods(["GET", "HEAD", "POST"])
def copies(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """Her copies: download one, choose its language, say that she took one or leaves it for her own safety."""
    found = _own_away_from_the_clinic(session, consent_id)
    form = CopyTakenForm(typed(request))

    def act() -> HttpResponse:
        hand_over_copy(consent_id=found.pk, form=form.cleaned_data["form"], by=session.account, via=Via(session.via))
        return see("mine-copies", consent_id=found.pk)

    languages = RecordLanguageForm(patient_languages=session.patient.languages)
    page = own_page(session, found, copies=own_copies(found), languages=languages)
    return form_page(request, "consent/mine_copies.html", form=form, context=page, act=act)


@patient_only
@require_POST
def record(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """The patient's copy of the record. Not on the clinic's tablet: the file would stay there.

    What our fonts cannot print faithfully is never left out in silence: then there is no file, and a page says so.
    """
    found = _own_away_from_the_clinic(session, consent_id)
    chosen = RecordLanguageForm(request.POST, patient_languages=session.patient.languages)
    language = chosen.cleaned_data["language"] if chosen.is_valid() else get_language() or "en"
    try:
        issued = issue_record(consent_id=found.pk, language=language, by=session.account, via=Via(session.via))
    except RecordError as refusal:
        page = own_page(session, found, is_about_letters=isinstance(refusal, MissingGlyphError))
        return render(request, "consent/mine_not_printable.html", page, status=NOT_NOW)
    except WrongStateError as refusal:
        page = own_page(session, find_own(session, consent_id), refusal=refusal.message)
        return render(request, "consent/mine_consent.html", page, status=NOT_NOW)
    return HttpResponse(
        issued.pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="record-{issued.number}.pdf"'},
    )


@staff_only(Permission.READ_PATIENT_RECORD)
@require_POST
def handed_paper(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Staff handed the patient the paper."""
    consent = consent_for_staff(request, consent_id)
    hand_over_copy(consent_id=consent.pk, form=CopyForm.PAPER, by=who(request), via=Via.STAFF)
    return see("consent", consent_id=consent.pk)


def _own_away_from_the_clinic(session: PatientSession, consent_id: uuid.UUID) -> Any:
    if session.procedure_id is not None:
        raise Http404
    return find_own(session, consent_id)
