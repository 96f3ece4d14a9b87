"""Complaints: the patient's own pages, and those of the advocate. No other role has a page that knows of them.

On the clinic's tablet a patient can complain, and nothing shows whether she did: what she complained of, and the
answers, she reads with her own card.
"""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.accounts.backends import tidy_code
from clinic.accounts.doors import patient_only, see, staff_only
from clinic.accounts.sessions import PatientSession
from clinic.actions.log_record_view import log_record_view
from clinic.exceptions import InvalidInputError
from clinic.vocabulary import Permission
from consent.actions.answer_complaint import answer_complaint
from consent.actions.complain import complain
from consent.forms.complaints import AddToComplaintForm, AnswerForm, ComplaintForm, SpokenComplaintForm
from consent.queries.complaints import (
    complaint_lines,
    complaints_visible_to,
    due_if_made_at,
    own_complaints,
    speakers_at,
)
from consent.queries.visible import own_consents
from consent.views.mine import check_own_card, find_own
from consent.views.showing import form_page, log_look, typed, who
from consent.vocabulary import LIVE_STATES, ComplaintCategory, Via
from consent.wording_voice import COMPLAINT_CATEGORY_WORDS


@patient_only
@require_safe
def own(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """What the patient complained of, each with its clock and its answer. With her own card only."""
    check_own_card(session)
    context = {"lines": own_complaints(session.patient), "zone": session.patient.site.time_zone}
    return render(request, "consent/mine_complaints.html", context)


@patient_only
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """One tap on what happened. Words, and which decision it is about, only if she wants to add them."""
    consents = own_consents(session.account, procedure_id=session.procedure_id).order_by("-proposed_at")
    form = ComplaintForm(
        typed(request),
        decisions=[(str(row.pk), _decision(row)) for row in consents],
        initial={"about": request.GET.get("about", "")},
    )

    def act() -> HttpResponse:
        written = dict(form.cleaned_data)
        about = written.pop("about")
        complain(
            patient_id=session.patient.pk,
            consent_id=find_own(session, about).pk if about else None,
            adds_to_id=None,
            by=session.account,
            via=Via(session.via),
            **written,
        )
        return see("mine-complained")

    context = {
        "categories": COMPLAINT_CATEGORY_WORDS.items(),
        "due_on": due_if_made_at(session.patient, clock.now()),
        "is_on_tablet": session.procedure_id is not None,
    }
    return form_page(request, "consent/mine_complain.html", form=form, context=context, act=act)


def _decision(consent: Any) -> str:
    return str(consent.procedure.procedure_type.name_in(get_language() or "en"))


@patient_only
@require_safe
def made(request: HttpRequest, *, session: PatientSession) -> HttpResponse:
    """It is written down. The page is the same for everybody who opens it, whatever was or was not complained of."""
    is_on_tablet = session.procedure_id is not None
    return render(request, "consent/mine_complained.html", {"is_on_tablet": is_on_tablet})


@patient_only
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, complaint_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """More about an earlier complaint. It is a complaint of its own: it has its own clock, and gets its own answer."""
    check_own_card(session)
    earlier = complaints_visible_to(session.account).filter(pk=complaint_id).first()
    if earlier is None:
        raise Http404
    form = AddToComplaintForm(typed(request))

    def act() -> HttpResponse:
        complain(
            patient_id=session.patient.pk,
            category=ComplaintCategory(earlier.category),
            consent_id=earlier.consent_id,
            adds_to_id=earlier.pk,
            by=session.account,
            via=Via(session.via),
            **form.cleaned_data,
        )
        return see("mine-complaints")

    line = complaint_lines([earlier], at=clock.now())[0]
    context = {"line": line, "zone": session.patient.site.time_zone}
    return form_page(request, "consent/mine_complaint_add.html", form=form, context=context, act=act)


@staff_only(Permission.ANSWER_COMPLAINT)
@require_safe
def complaints(request: HttpRequest) -> HttpResponse:
    """What patients complained of, overdue ones first, without names: a name stands on the page that is opened."""
    lines = complaint_lines(complaints_visible_to(who(request)), at=clock.now())
    context = {
        "waiting": [line for line in lines if line.answer is None],
        "answered": [line for line in lines if line.answer is not None],
    }
    return render(request, "consent/complaints.html", context)


@staff_only(Permission.ANSWER_COMPLAINT)
@require_http_methods(["GET", "POST"])
def complaint(request: HttpRequest, complaint_id: uuid.UUID) -> HttpResponse:
    """One complaint: whose it is, her words, how to reach her safely, and the answer."""
    found = complaints_visible_to(who(request)).filter(pk=complaint_id).first()
    if found is None:
        raise Http404
    log_look(request, found.patient_id)
    form = AnswerForm(typed(request))

    def act() -> HttpResponse:
        answer_complaint(complaint_id=found.pk, by=who(request), **form.cleaned_data)
        return see("complaints")

    hers = complaints_visible_to(who(request)).filter(patient_id=found.patient_id).exclude(pk=found.pk)
    context = {
        "complaint": found,
        "line": complaint_lines([found], at=clock.now())[0],
        "others": complaint_lines(hers, at=clock.now()),
        "can_stop": _can_stop(found),
        "zone": found.site.time_zone,
    }
    return form_page(request, "consent/complaint.html", form=form, context=context, act=act)


def _can_stop(found: Any) -> bool:
    """Whether the decision it is about still goes on, so that the advocate can stop it if the patient wants that."""
    is_open = found.consent is not None and getattr(found, "answer", None) is None
    return is_open and found.consent.state in LIVE_STATES


@staff_only(Permission.ANSWER_COMPLAINT)
@require_http_methods(["GET", "POST"])
def spoken(request: HttpRequest) -> HttpResponse:
    """A patient tells the advocate, who writes it down word for word."""
    form = SpokenComplaintForm(typed(request))

    def act() -> HttpResponse:
        written = dict(form.cleaned_data)
        patient = _speaker(request, written)
        complain(
            patient_id=patient.pk,
            category=written["category"],
            words=written["words"],
            consent_id=None,
            adds_to_id=None,
            by=who(request),
            via=Via.SPOKEN_TO_STAFF,
            form_key=written["form_key"],
        )
        return see("complaints")

    return form_page(request, "consent/complaint_spoken.html", form=form, context={"complaint": None}, act=act)


def _speaker(request: HttpRequest, written: dict[str, Any]) -> Any:
    """The patient in front of the advocate. Raises InvalidInputError unless there is exactly one."""
    found = speakers_at(
        who(request),
        name=written["name"],
        birth_date=written["birth_date"],
        card_code=tidy_code(written["card_code"]),
    )
    for patient in found:
        log_record_view(patient_id=patient.pk, by=who(request), page="complaint-new")
    if len(found) != 1:
        field = "card_code" if written["card_code"] else "name"
        raise InvalidInputError(
            _("No patient, or more than one, is found with this. Look at the card again."), field=field
        )
    return found[0]
