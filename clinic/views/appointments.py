"""Booking, moving, cancelling and checking in."""

import uuid
import zoneinfo
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from clinic import clock
from clinic.access import appointment_or_404, patient_or_404
from clinic.accounts.doors import SeeOther, StaffRequest, see, staff_only
from clinic.actions.book_appointment import book_appointment
from clinic.actions.cancel_appointment import cancel_appointment
from clinic.actions.check_in import check_in
from clinic.actions.log_record_view import log_record_view
from clinic.actions.move_appointment import move_appointment
from clinic.exceptions import ClinicError
from clinic.forms import AppointmentForm, HouseForm
from clinic.queries import practitioner_choices, practitioner_id_of
from clinic.views.pages import act, refusal_page, refused
from clinic.vocabulary import Permission


@staff_only(Permission.BOOK_APPOINTMENTS)
@require_http_methods(["GET", "POST"])
def appointment_new(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Book a time for a patient."""
    account = request.user
    patient = patient_or_404(account, patient_id)
    zone = patient.site.time_zone
    form = _form(request, zone, {"practitioner": practitioner_id_of(account), "day": _today(zone)})
    context = {"patient": patient, "form": form}
    if request.method != "POST":
        log_record_view(patient_id=patient.pk, by=account, page="appointment-new")
        return render(request, "clinic/appointment_new.html", context)
    booked = act(
        form,
        lambda: book_appointment(
            patient_id=patient.pk, by=account, form_key=form.cleaned_data["form_key"], **_wanted(form)
        ),
    )
    if booked is None:
        return refused(request, "clinic/appointment_new.html", context)
    return see("patient", patient_id=patient.pk)


@staff_only(Permission.BOOK_APPOINTMENTS)
@require_http_methods(["GET", "POST"])
def appointment_move(request: StaffRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Move an appointment to another time or clinician."""
    account = request.user
    appointment = appointment_or_404(account, appointment_id)
    zone = appointment.site.time_zone
    local = appointment.starts_at.astimezone(zoneinfo.ZoneInfo(zone))
    length = int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)
    now = {"practitioner": appointment.practitioner_id, "day": local.date(), "time": local.time(), "minutes": length}
    form = _form(request, zone, now, length=length)
    context = {"patient": appointment.patient, "appointment": appointment, "zone": zone, "form": form}
    if request.method != "POST":
        log_record_view(patient_id=appointment.patient_id, by=account, page="appointment-move")
        return render(request, "clinic/appointment_move.html", context)
    moved = act(form, lambda: move_appointment(appointment_id=appointment.pk, by=account, **_wanted(form)))
    if moved is None:
        return refused(request, "clinic/appointment_move.html", context)
    return _to_day(moved)


@staff_only(Permission.BOOK_APPOINTMENTS)
@require_http_methods(["GET", "POST"])
def appointment_cancel(request: StaffRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """Cancel, after one question. No reason is asked for."""
    account = request.user
    appointment = appointment_or_404(account, appointment_id)
    form = HouseForm(request.POST if request.method == "POST" else None)
    context = {
        "patient": appointment.patient,
        "appointment": appointment,
        "zone": appointment.site.time_zone,
        "form": form,
    }
    if request.method != "POST":
        log_record_view(patient_id=appointment.patient_id, by=account, page="appointment-cancel")
        return render(request, "clinic/appointment_cancel.html", context)
    if act(form, lambda: cancel_appointment(appointment_id=appointment.pk, by=account)) is None:
        return refused(request, "clinic/appointment_cancel.html", context)
    return _to_day(appointment)


@staff_only(Permission.BOOK_APPOINTMENTS)
@require_POST
def appointment_check_in(request: StaffRequest, appointment_id: uuid.UUID) -> HttpResponse:
    """The patient has come."""
    appointment = appointment_or_404(request.user, appointment_id)
    try:
        check_in(appointment_id=appointment.pk, by=request.user)
    except ClinicError as error:
        return refusal_page(request, error, back=_day_address(appointment))
    return _to_day(appointment)


def _form(request: StaffRequest, zone: str, initial: dict[str, Any], *, length: int = 30) -> AppointmentForm:
    return AppointmentForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        practitioners=practitioner_choices(request.user),
        time_zone=zone,
        length=length,
    )


def _wanted(form: AppointmentForm) -> dict[str, Any]:
    typed = form.cleaned_data
    return {
        "practitioner_id": typed["practitioner"],
        "starts_at": typed["starts_at"],
        "minutes": typed["minutes"],
    }


def _today(zone: str) -> Any:
    return clock.local_date(clock.now(), time_zone=zone)


def _day_address(appointment: Any) -> str:
    day = clock.local_date(appointment.starts_at, time_zone=appointment.site.time_zone)
    return f"{reverse('today')}?day={day.isoformat()}"


def _to_day(appointment: Any) -> SeeOther:
    return SeeOther(_day_address(appointment))
