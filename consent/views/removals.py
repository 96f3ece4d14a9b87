"""Wishes to have a device taken out: the patient's own page, the list that is owed, and what staff do about one."""

import contextlib
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic import clock
from clinic.access import patient_or_404
from clinic.accounts.doors import patient_only, see, staff_only
from clinic.accounts.sessions import PatientSession
from clinic.exceptions import WrongStateError
from clinic.vocabulary import Permission
from consent.actions.ask_removal import ask_removal
from consent.actions.give_second_opinion import give_second_opinion
from consent.actions.keep_device import keep_device
from consent.actions.record_contraindication import record_contraindication
from consent.actions.record_removed import record_removed
from consent.forms.removals import ContraindicationForm, RemovalWishForm, RemovedForm, SecondOpinionForm
from consent.queries.removals import RemovalLine, removal_lines, removals_done, removals_visible_to
from consent.views.showing import form_page, log_look, typed, who
from consent.vocabulary import Via


@patient_only
@require_http_methods(["GET", "POST"])
def own_removals(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """The patient's own wishes, and the form for one: two steps, no reason. Not while holding the clinic's tablet."""
    if session.procedure_id is not None:
        raise Http404
    form = RemovalWishForm(typed(request))
    lines = removal_lines(removals_visible_to(session.account), at=clock.now())

    def act() -> HttpResponse:
        ask_removal(patient_id=session.patient.pk, by=session.account, via=Via(session.via), **form.cleaned_data)
        return see("mine-removals")

    context = {"lines": lines, "has_open": any(not _is_settled(line) for line in lines), "zone": _zone(session)}
    return form_page(request, "consent/removals_mine.html", form=form, context=context, act=act)


@patient_only
@require_POST
def own_keep(request: HttpRequest, removal_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """The patient decides to keep it. Asking again starts a new clock. Settled already: her page says how."""
    if session.procedure_id is not None:
        raise Http404
    removal = removals_visible_to(session.account).filter(pk=removal_id).first()
    if removal is None:
        raise Http404
    with contextlib.suppress(WrongStateError):
        keep_device(request_id=removal.pk, by=session.account, via=Via(session.via))
    return see("mine-removals")


@staff_only(Permission.WATCH_REMOVALS)
@require_safe
def removals(request: HttpRequest) -> HttpResponse:
    """What is owed at the clinic, the most urgent first, without names: a name stands on the page that is opened."""
    lines = removal_lines(removals_visible_to(who(request)).filter(end__isnull=True), at=clock.now())
    return render(request, "consent/removals.html", {"lines": lines})


@staff_only(Permission.RECORD_REMOVAL_REQUEST)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """The patient says it to staff, who write it down."""
    patient = patient_or_404(who(request), patient_id)
    log_look(request, patient.pk)
    form = RemovalWishForm(typed(request))

    def act() -> HttpResponse:
        ask_removal(patient_id=patient.pk, by=who(request), via=Via.SPOKEN_TO_STAFF, **form.cleaned_data)
        return see("patient", patient_id=patient.pk)

    context = {"patient": patient, "removal": _About(patient.pk)}
    return form_page(request, "consent/removals_new.html", form=form, context=context, act=act)


@staff_only(Permission.WATCH_REMOVALS)
@require_safe
def removal(request: HttpRequest, removal_id: uuid.UUID) -> HttpResponse:
    """One wish: whose it is, where it stands, and what can be done."""
    line = _line_or_404(request, removal_id)
    may_act = who(request).may(Permission.RECORD_REMOVAL) and not _is_settled(line)
    reason = line.reason
    context = {
        "removal": line.request,
        "line": line,
        "zone": line.request.site.time_zone,
        "may_act": may_act,
        "may_answer": may_act and _may_give_opinion(request, line),
        "opinion": getattr(reason, "second_opinion", None) if reason else None,
    }
    return render(request, "consent/removal.html", context)


@staff_only(Permission.RECORD_REMOVAL)
@require_http_methods(["GET", "POST"])
def done(request: HttpRequest, removal_id: uuid.UUID) -> HttpResponse:
    """The device is out."""
    line = _line_or_404(request, removal_id)
    language = get_language() or "en"
    choices = [(str(row.pk), row.procedure_type.name_in(language)) for row in removals_done(line.request)]
    form = RemovedForm(typed(request), done=choices)

    def act() -> HttpResponse:
        record_removed(request_id=line.request.pk, by=who(request), **form.cleaned_data)
        return see("removal", removal_id=line.request.pk)

    context = {"removal": line.request, "has_any": bool(choices)}
    return form_page(request, "consent/removal_done.html", form=form, context=context, act=act)


@staff_only(Permission.RECORD_REMOVAL)
@require_http_methods(["GET", "POST"])
def contraindication(request: HttpRequest, removal_id: uuid.UUID) -> HttpResponse:
    """A clinical reason against it now; the clock goes on."""
    line = _line_or_404(request, removal_id)
    form = ContraindicationForm(typed(request))

    def act() -> HttpResponse:
        record_contraindication(request_id=line.request.pk, by=who(request), **form.cleaned_data)
        return see("removal", removal_id=line.request.pk)

    return form_page(request, "consent/removal_reason.html", form=form, context={"removal": line.request}, act=act)


@staff_only(Permission.RECORD_REMOVAL)
@require_http_methods(["GET", "POST"])
def second_opinion(request: HttpRequest, removal_id: uuid.UUID) -> HttpResponse:
    """Another clinician looks at the reason."""
    line = _line_or_404(request, removal_id)
    reason = line.reason
    if reason is None:
        raise Http404
    form = SecondOpinionForm(typed(request))

    def act() -> HttpResponse:
        give_second_opinion(contraindication_id=reason.pk, by=who(request), **form.cleaned_data)
        return see("removal", removal_id=line.request.pk)

    context = {"removal": line.request, "reason": reason}
    return form_page(request, "consent/removal_opinion.html", form=form, context=context, act=act)


class _About:
    """Whom a page is about, where there is no row of ours yet."""

    def __init__(self, patient_id: uuid.UUID) -> None:
        self.patient_id = patient_id


def _line_or_404(request: HttpRequest, removal_id: uuid.UUID) -> RemovalLine:
    lines = removal_lines(removals_visible_to(who(request)).filter(pk=removal_id), at=clock.now())
    if not lines:
        raise Http404
    log_look(request, lines[0].request.patient_id)
    return lines[0]


def _is_settled(line: RemovalLine) -> bool:
    return getattr(line.request, "end", None) is not None


def _may_give_opinion(request: HttpRequest, line: RemovalLine) -> bool:
    reason: Any = line.reason
    if reason is None or getattr(reason, "second_opinion", None) is not None:
        return False
    return bool(reason.recorded_by_id != who(request).pk)


def _zone(session: PatientSession) -> str:
    return str(session.patient.site.time_zone)
