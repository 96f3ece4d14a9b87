"""Corrections: what a patient says is wrong in her record, and the clinic's answer to it."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clinic.accounts.doors import patient_only, see, staff_only
from clinic.accounts.sessions import PatientSession
from clinic.vocabulary import Permission
from consent.actions.answer_correction import Details, answer_correction
from consent.actions.ask_correction import ask_correction
from consent.actions.send_to_advocate import send_to_advocate
from consent.forms.corrections import CorrectionAnswerForm, CorrectionForm, DetailsAnswerForm
from consent.queries.corrections import (
    OWN_DETAILS,
    about_words,
    corrections_visible_to,
    decisions_of,
    own_corrections,
    waiting_for,
)
from consent.queries.visible import own_consents
from consent.views.mine import check_own_card, find_own
from consent.views.showing import form_page, log_look, typed, who
from consent.vocabulary import CorrectionOutcome, Via


@patient_only
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """What the patient asked to have corrected, with the answers, and the form for more. With her own card only."""
    check_own_card(session)
    consents = own_consents(session.account).order_by("-proposed_at")
    form = CorrectionForm(
        typed(request),
        places=[("", OWN_DETAILS), *decisions_of(consents)],
        initial={"about": request.GET.get("about", "")},
    )

    def act() -> HttpResponse:
        written = dict(form.cleaned_data)
        about = written.pop("about")
        ask_correction(
            patient_id=session.patient.pk,
            consent_id=find_own(session, about).pk if about else None,
            by=session.account,
            via=Via(session.via),
            **written,
        )
        return see("mine-corrections")

    context = {"lines": own_corrections(session.patient), "zone": session.patient.site.time_zone}
    return form_page(request, "consent/mine_corrections.html", form=form, context=context, act=act)


@patient_only
@require_POST
def send(request: HttpRequest, correction_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """One tap: the advocate shall look at it."""
    check_own_card(session)
    wish = corrections_visible_to(session.account).filter(pk=correction_id).first()
    if wish is None:
        raise Http404
    send_to_advocate(request_id=wish.pk, by=session.account, via=Via(session.via))
    return see("mine-complaints")


@staff_only(Permission.ANSWER_CORRECTION)
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Wishes that wait for an answer, without names: a name stands on the page that is opened."""
    lines = [{"id": wish.pk, "asked_at": wish.asked_at} for wish in waiting_for(who(request))]
    return render(request, "consent/corrections.html", {"lines": lines})


@staff_only(Permission.ANSWER_CORRECTION)
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, correction_id: uuid.UUID) -> HttpResponse:
    """One wish: whose it is, what is wrong, and the answer. About her details, they are changed in the same act."""
    wish = corrections_visible_to(who(request)).filter(pk=correction_id).first()
    if wish is None:
        raise Http404
    log_look(request, wish.patient_id)
    is_about_details = wish.consent_id is None
    form = (
        DetailsAnswerForm(typed(request), initial=_details_now(wish.patient))
        if is_about_details
        else CorrectionAnswerForm(typed(request))
    )

    def act() -> HttpResponse:
        outcome = form.cleaned_data["outcome"]
        is_change = is_about_details and outcome == CorrectionOutcome.CORRECTED
        answer_correction(
            request_id=wish.pk,
            outcome=outcome,
            words=form.cleaned_data["words"],
            details=_details(form.cleaned_data) if is_change else None,
            by=who(request),
        )
        return see("corrections")

    context = {
        "correction": wish,
        "about": about_words(wish),
        "is_about_details": is_about_details,
        "answer": getattr(wish, "answer", None),
        "zone": wish.site.time_zone,
    }
    return form_page(request, "consent/correction.html", form=form, context=context, act=act)


def _details_now(patient: Any) -> dict[str, Any]:
    first, second, third = [*patient.languages, "", "", ""][:3]
    return {
        "name": patient.name,
        "latin_name": patient.latin_name,
        "birth_date": patient.birth_date,
        "first_language": first,
        "second_language": second,
        "third_language": third,
        "safe_contact": patient.safe_contact,
        "contact_detail": patient.contact_detail,
    }


def _details(written: dict[str, Any]) -> Details:
    return Details(
        name=written["name"],
        latin_name=written["latin_name"],
        birth_date=written["birth_date"],
        languages=tuple(written["languages"]),
        safe_contact=written["safe_contact"],
        contact_detail=written["contact_detail"],
    )
