"""Care without the patient's word: declare, agree, add in theatre, tell, look at it afterwards; and what she reads."""

import uuid
import zoneinfo
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.access import procedure_or_404
from clinic.accounts.doors import patient_only, see, staff_only
from clinic.accounts.not_saved import note_act
from clinic.accounts.sessions import PatientSession
from clinic.forms import HouseForm
from clinic.vocabulary import Permission, ProcedureStatus
from consent.actions.agree_to_addition import agree_to_addition
from consent.actions.agree_to_emergency import agree_to_emergency
from consent.actions.declare_addition import declare_addition
from consent.actions.declare_emergency import declare_emergency
from consent.actions.review_emergency import review_emergency
from consent.actions.tell_patient import tell_patient
from consent.forms.emergency import AdditionForm, EmergencyForm, ReviewForm, ToldForm
from consent.queries.emergency_pages import (
    CareWithoutConsent,
    additions_to,
    care_without_consent,
    done_without_word,
    emergencies_known_to,
    emergencies_to_review,
    has_emergency_path,
    kinds_that_can_be_added,
    what_mattered,
)
from consent.queries.pages import in_words
from consent.rules.gate import Verdict
from consent.views.showing import NOT_NOW, form_page, log_look, log_shown_again, typed, who


@staff_only(Permission.DECLARE_EMERGENCY)
@require_http_methods(["GET", "POST"])
def declare(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """The first of two clinicians says: life is at risk, and nobody can ask."""
    procedure = procedure_or_404(who(request), procedure_id)
    now, zone = clock.now(), procedure.patient.site.time_zone
    if request.method == "GET" and care_without_consent(procedure.pk, at=now) is not None:
        return see("emergency", procedure_id=procedure.pk)
    if request.method == "GET" and procedure.status != ProcedureStatus.PREPARATION:
        return see("consent-propose", procedure_id=procedure.pk)  # it leads to where this procedure stands
    log_look(request, procedure.patient_id)
    local = now.astimezone(zoneinfo.ZoneInfo(zone))
    form = EmergencyForm(typed(request), now=now, time_zone=zone, initial={"day": local.date(), "time": local.time()})

    def act() -> HttpResponse:
        key = form.cleaned_data["form_key"]
        answer = declare_emergency(procedure_id=procedure.pk, need=form.need(), by=who(request), form_key=key)
        if answer.row is None:
            return _refused(request, procedure, answer.verdict)
        return see("emergency", procedure_id=procedure.pk)

    context = {
        "procedure": procedure,
        "zone": zone,
        "has_path": has_emergency_path(procedure),
        "what_mattered": what_mattered(procedure.patient),
    }
    return form_page(request, "consent/emergency_declare.html", form=form, context=context, act=act)


@staff_only(Permission.DECLARE_EMERGENCY)
@require_safe
def emergency(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Where it stands: who declared, whether a second agreed, whether the patient was told, what the advocate found."""
    procedure, care = _declared(request, procedure_id)
    log_look(request, procedure.patient_id)
    context = _shown(request, procedure, care, additions=additions_to(procedure.pk))
    return render(request, "consent/emergency.html", context)


@staff_only(Permission.DECLARE_EMERGENCY)
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """The second clinician, under an own account. From this click on it has begun."""
    procedure, care = _declared(request, procedure_id)
    if request.method == "GET" and not _may_agree(request, care):
        return see("emergency", procedure_id=procedure.pk)
    log_look(request, procedure.patient_id)
    form = HouseForm(typed(request))

    def act() -> HttpResponse:
        do = agree_to_emergency if care.is_emergency else agree_to_addition
        answer = do(procedure_id=procedure.pk, by=who(request))
        if answer.row is None:
            return _refused(request, procedure, answer.verdict)
        return see("emergency", procedure_id=procedure.pk)

    context = _shown(request, procedure, care, what_mattered=what_mattered(procedure.patient))
    return form_page(request, "consent/emergency_agree.html", form=form, context=context, act=act)


@staff_only(Permission.DECLARE_EMERGENCY)
@require_http_methods(["GET", "POST"])
def told(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """The patient was told what was done without her word."""
    procedure, care = _declared(request, procedure_id)
    if request.method == "GET" and (care.started_at is None or care.told is not None):
        return see("emergency", procedure_id=procedure.pk)
    log_look(request, procedure.patient_id)
    form = ToldForm(typed(request))

    def act() -> HttpResponse:
        tell_patient(procedure_id=procedure.pk, by=who(request), **form.cleaned_data)
        return see("emergency", procedure_id=procedure.pk)

    context = _shown(request, procedure, care)
    return form_page(request, "consent/emergency_told.html", form=form, context=context, act=act)


@staff_only(Permission.DECLARE_EMERGENCY)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Something more must be done at once, while this procedure is under way."""
    during = procedure_or_404(who(request), procedure_id)
    if request.method == "GET" and during.status != ProcedureStatus.IN_PROGRESS:
        return see("patient", patient_id=during.patient_id)
    log_look(request, during.patient_id)
    kinds = kinds_that_can_be_added(during, get_language() or "en")
    form = AdditionForm(typed(request), procedure_types=kinds)

    def act() -> HttpResponse:
        key = form.cleaned_data["form_key"]
        answer = declare_addition(procedure_id=during.pk, wanted=form.wanted(), by=who(request), form_key=key)
        if answer.row is None:
            return _refused(request, during, answer.verdict)
        return see("emergency", procedure_id=answer.row.procedure_id)

    context = {
        "procedure": during,
        "zone": during.patient.site.time_zone,
        "additions": additions_to(during.pk),
        "what_mattered": what_mattered(during.patient),
    }
    return form_page(request, "consent/emergency_add.html", form=form, context=context, act=act)


@staff_only(Permission.REVIEW_EMERGENCY)
@require_safe
def emergencies(request: HttpRequest) -> HttpResponse:
    """Emergencies at the advocate's clinic that nobody has looked at yet, with the time that is left. No names."""
    context = {"lines": emergencies_to_review(who(request), at=clock.now()), "zone": who(request).site.time_zone}
    return render(request, "consent/emergencies.html", context)


@staff_only(Permission.REVIEW_EMERGENCY)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """One emergency: what was done, by whom and why; and what the advocate found."""
    known = emergencies_known_to(who(request))
    if request.method == "GET":
        known = known.filter(start__emergency__review__isnull=True)
    procedure = known.filter(pk=procedure_id).first()
    care = None if procedure is None else care_without_consent(procedure.pk, at=clock.now())
    if procedure is None or care is None:
        raise Http404
    log_look(request, procedure.patient_id)
    form = ReviewForm(typed(request))

    def act() -> HttpResponse:
        review_emergency(procedure_id=procedure.pk, by=who(request), **form.cleaned_data)
        return see("emergencies")

    context = _shown(request, procedure, care, additions=additions_to(procedure.pk))
    return form_page(request, "consent/emergency_review.html", form=form, context=context, act=act)


@patient_only
@require_safe
def without_word(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """What was done without the patient's word: what, when, by whom, why, and what the advocate found."""
    if session.procedure_id is not None:
        raise Http404
    done = done_without_word(session.patient, at=clock.now())
    context = {"done": done, "zone": session.patient.site.time_zone}
    return render(request, "consent/mine_without_word.html", context)


def _declared(request: HttpRequest, procedure_id: uuid.UUID) -> tuple[Any, CareWithoutConsent]:
    """A procedure of this clinic and what was declared about it. Raises Http404."""
    procedure = procedure_or_404(who(request), procedure_id)
    care = care_without_consent(procedure.pk, at=clock.now())
    if care is None:
        raise Http404
    return procedure, care


def _may_agree(request: HttpRequest, care: CareWithoutConsent) -> bool:
    return care.is_waiting and care.declared_by.pk != who(request).pk


def _shown(request: HttpRequest, procedure: Any, care: CareWithoutConsent, **more: Any) -> dict[str, Any]:
    return {
        "procedure": procedure,
        "care": care,
        "zone": procedure.patient.site.time_zone,
        "may_agree": _may_agree(request, care),
        **more,
    }


def _refused(request: HttpRequest, procedure: Any, verdict: Verdict) -> HttpResponse:
    """Nothing was started, and the attempt is on record: everything that speaks against it."""
    note_act(request)
    context = {
        "procedure": procedure,
        "zone": procedure.patient.site.time_zone,
        "missing": in_words(verdict.unmet),
        "declared": care_without_consent(procedure.pk, at=clock.now()),
    }
    log_shown_again(request, context)
    return render(request, "consent/emergency_refused.html", context, status=NOT_NOW)
