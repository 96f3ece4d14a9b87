"""Planning a procedure, calling it off, and handing the tablet to the patient. Starting one is not done here."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clinic.access import patient_or_404, procedure_or_404
from clinic.accounts.doors import StaffRequest, see, staff_only
from clinic.accounts.sessions import begin_handover_session, end_session
from clinic.actions.cancel_procedure import cancel_procedure
from clinic.actions.log_record_view import log_record_view
from clinic.actions.open_handover import open_handover
from clinic.actions.plan_procedure import plan_procedure
from clinic.exceptions import ClinicError
from clinic.forms import HouseForm, ProcedureForm
from clinic.queries import (
    open_appointments_of,
    practitioner_choices,
    practitioner_id_of,
    procedure_type_choices,
)
from clinic.templatetags.house import moment
from clinic.views.pages import act, refusal_page, refused
from clinic.vocabulary import Permission

PLAN_FIELDS = ("laterality", "body_site", "accompanies_birth", "form_key")


@staff_only(Permission.PLAN_PROCEDURES)
@require_http_methods(["GET", "POST"])
def procedure_new(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Plan a procedure for one of the patient's open appointments."""
    account = request.user
    patient = patient_or_404(account, patient_id)
    form = ProcedureForm(
        request.POST if request.method == "POST" else None,
        initial={"operator": practitioner_id_of(account)},
        procedure_types=procedure_type_choices(get_language()),
        operators=practitioner_choices(account),
        appointments=_appointment_choices(account, patient),
    )
    context = {"patient": patient, "form": form}
    if request.method != "POST":
        log_record_view(patient_id=patient.pk, by=account, page="procedure-new")
        return render(request, "clinic/procedure_new.html", context)

    def plan() -> object:
        typed = form.cleaned_data
        return plan_procedure(
            patient_id=patient.pk,
            procedure_type_id=typed["procedure_type"],
            operator_id=typed["operator"],
            appointment_id=typed["appointment"],
            by=account,
            **{name: typed[name] for name in PLAN_FIELDS},
        )

    if act(form, plan) is None:
        return refused(request, "clinic/procedure_new.html", context)
    return see("patient", patient_id=patient.pk)


@staff_only(Permission.PLAN_PROCEDURES)
@require_http_methods(["GET", "POST"])
def procedure_cancel(request: StaffRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Call a planned procedure off, after one question. No reason is asked for."""
    account = request.user
    procedure = procedure_or_404(account, procedure_id)
    form = HouseForm(request.POST if request.method == "POST" else None)
    context = {
        "patient": procedure.patient,
        "procedure": procedure,
        "procedure_name": procedure.procedure_type.name_in(get_language()),
        "form": form,
    }
    if request.method != "POST":
        log_record_view(patient_id=procedure.patient_id, by=account, page="procedure-cancel")
        return render(request, "clinic/procedure_cancel.html", context)
    if act(form, lambda: cancel_procedure(procedure_id=procedure.pk, by=account)) is None:
        return refused(request, "clinic/procedure_cancel.html", context)
    return see("patient", patient_id=procedure.patient_id)


@staff_only(Permission.HAND_OVER_TABLET)
@require_POST
def procedure_hand_over(request: StaffRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Put the tablet into the patient's hands. The staff sign-in on it ends here."""
    procedure = procedure_or_404(request.user, procedure_id)
    try:
        handover = open_handover(procedure_id=procedure.pk, by=request.user)
    except ClinicError as error:
        back = reverse("patient", kwargs={"patient_id": procedure.patient_id})
        return refusal_page(request, error, back=back)
    begin_handover_session(request, handover)
    return see("mine")


@require_POST
def hand_over_end(request: HttpRequest) -> HttpResponse:
    """The patient gives the tablet back. Nothing of the session remains; staff sign in anew."""
    end_session(request)
    return see("hand-over-ended")


@require_GET
def hand_over_ended(request: HttpRequest) -> HttpResponse:
    """Says that the tablet can be given back."""
    return render(request, "clinic/hand_over_ended.html")


def _appointment_choices(account: Any, patient: Any) -> list[tuple[str, str]]:
    zone = patient.site.time_zone
    return [
        (str(line.id), f"{moment(line.starts_at, zone)}, {line.practitioner_name}")
        for line in open_appointments_of(account, patient.pk)
    ]
