"""Papers that are safe to show: an extract of what the patient chooses, and a note that she was at the clinic.

With her own card only: on the clinic's tablet the file would stay there. Nothing is written, and nobody is told.
"""

from typing import Any

from allauth.core.ratelimit import consume_or_429
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.accounts.doors import patient_only
from clinic.accounts.sessions import PatientSession
from clinic.exceptions import WrongStateError
from clinic.vocabulary import ProcedureCategory
from consent.actions.print_leaflet import print_leaflet
from consent.forms.extracts import AS_PAGE, AttendanceForm, ExtractForm
from consent.queries.own_extract import ExtractChoice, attendance_note, own_extract, visit_words, visits_of
from consent.record.exceptions import RecordError
from consent.record.leaflet import Leaflet, leaflet_html
from consent.views.showing import form_page, typed
from consent.vocabulary import ExtractPart

NAME = "page"


@patient_only
@require_http_methods(["GET", "HEAD", "POST"])
def extract(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """Choose what others may know, and take the paper."""
    form = ExtractForm(typed(request), patient_languages=session.patient.languages)

    def act() -> HttpResponse:
        chosen = form.cleaned_data
        choice = ExtractChoice(
            parts=frozenset(ExtractPart(part) for part in chosen["parts"]),
            kinds=frozenset(ProcedureCategory(kind) for kind in chosen["kinds"]),
            language=chosen["language"].lower(),
        )
        return _file(session, own_extract(session.patient, choice, at=clock.now()), way=chosen["way"])

    return _page(request, session, "consent/mine_extract.html", form, {}, act)


@patient_only
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """Choose a visit, and take the note that says that she was there."""
    visits = [(str(visit.pk), visit_words(visit)) for visit in visits_of(session.patient)]
    form = AttendanceForm(typed(request), visits=visits, patient_languages=session.patient.languages)

    def act() -> HttpResponse:
        chosen = form.cleaned_data
        note = attendance_note(session.patient, chosen["visit"], language=chosen["language"].lower(), at=clock.now())
        if note is None:
            raise Http404
        return _file(session, note, way=chosen["way"])

    return _page(request, session, "consent/mine_attendance.html", form, {"visits": visits}, act)


def _page(
    request: HttpRequest, session: PatientSession, template: str, form: Any, context: dict[str, Any], act: Any
) -> HttpResponse:
    if session.procedure_id is not None:
        raise Http404
    refused = consume_or_429(request, action="bundle") if request.method == "POST" else None
    return refused or form_page(request, template, form=form, context=context, act=act)


def _file(session: PatientSession, leaflet: Leaflet, *, way: str) -> HttpResponse:
    """The paper under a name that says nothing.

    **Raises** WrongStateError where our fonts cannot print a word; the plain page holds any.
    """
    if way == AS_PAGE:
        return _answer(leaflet_html(leaflet), "text/html; charset=utf-8", "html")
    try:
        pdf = print_leaflet(leaflet, site_id=session.patient.site_id)
    except RecordError as refusal:
        raise WrongStateError(
            _("A letter in this cannot be printed on paper. Take it as a plain page instead.")
        ) from refusal
    return _answer(pdf, "application/pdf", "pdf")


def _answer(content: bytes, kind: str, ending: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{NAME}.{ending}"'}
    return HttpResponse(content, content_type=kind, headers=disposition)
