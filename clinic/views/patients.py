"""Finding a patient by two identifiers, registering one, and the patient's page."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from clinic import clock
from clinic.access import patient_or_404
from clinic.accounts.backends import tidy_code
from clinic.accounts.doors import StaffRequest, see, staff_only
from clinic.actions.log_record_view import log_record_view
from clinic.actions.record_access_needs import record_access_needs
from clinic.actions.register_patient import register_patient
from clinic.exceptions import ClinicError, LookAlikeError, NotSavedError
from clinic.forms import AccessNeedsForm, CardSearchForm, PatientForm, PatientSearchForm
from clinic.queries import (
    PatientLine,
    appointments_of,
    card_of,
    find_by_card,
    find_patients,
    look_alikes,
    procedures_of,
)
from clinic.views.pages import act, refused
from clinic.vocabulary import Permission
from consent.queries.offers import askings
from consent.queries.status import status_light

WRITTEN_DOWN = (
    "name",
    "latin_name",
    "birth_date",
    "languages",
    "communication_needs",
    "access_needs",
    "safe_contact",
    "contact_detail",
    "has_looked",
    "form_key",
)


@staff_only(Permission.FIND_PATIENTS)
@require_http_methods(["GET", "POST"])
def patients(request: StaffRequest) -> HttpResponse:
    """Look for one patient. Sent as POST, so that names never stand in an address or a server's log."""
    by_card = "card_code" in request.POST
    search = PatientSearchForm(request.POST if request.method == "POST" and not by_card else None)
    card_search = CardSearchForm(request.POST if by_card else None)
    form = card_search if by_card else search
    context: dict[str, Any] = {"search": search, "card_search": card_search, "form": form}
    if request.method != "POST":
        return render(request, "clinic/patients.html", context)
    if not form.is_valid():
        return refused(request, "clinic/patients.html", context)
    asked = form.cleaned_data
    if by_card:
        context["found"] = find_by_card(request.user, code=tidy_code(asked["card_code"]))
    else:
        context["found"] = find_patients(request.user, name_part=asked["name_part"], birth_date=asked["birth_date"])
    _log_found(request, context["found"], page="patients")
    return render(request, "clinic/patients.html", context)


@staff_only(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def patient_new(request: StaffRequest) -> HttpResponse:
    """Register a patient. When someone looks alike, the page shows them, keeps what was typed, and asks."""
    form = PatientForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "clinic/patient_new.html", {"form": form})
    if not form.is_valid():
        return refused(request, "clinic/patient_new.html", {"form": form})
    try:
        patient = _register(request, form)
    except LookAlikeError as error:
        form.show_look_alike_question()
        form.add_error("has_looked", error.message)
        found = _look_alikes(request, form)
        _log_found(request, found, page="patient-new")
        return refused(request, "clinic/patient_new.html", {"form": form, "look_alikes": found})
    except NotSavedError:
        raise  # the whole house has one page for this
    except ClinicError as error:
        form.add_refusal(error)
        return refused(request, "clinic/patient_new.html", {"form": form})
    return see("patient", patient_id=patient.pk)


@staff_only(Permission.FIND_PATIENTS)
@require_GET
def patient(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """The patient's page: for clinicians with procedures and their lights, for the desk times and the card."""
    account = request.user
    shown = patient_or_404(account, patient_id)
    log_record_view(patient_id=shown.pk, by=account, page="patient")
    language, at = get_language(), clock.now()
    procedures = procedures_of(account, shown.pk, language=language)
    context = {
        "patient": shown,
        "zone": shown.site.time_zone,
        "appointments": appointments_of(account, shown.pk, language=language),
        "procedures": procedures,
        "lights": status_light([line.id for line in procedures], at),
        "askings": askings([line.id for line in procedures], account=account, at=at),
        "card": card_of(account, shown.pk) if account.may(Permission.ISSUE_CARDS) else None,
    }
    return render(request, "clinic/patient.html", context)


@staff_only(Permission.REGISTER_PATIENTS)
@require_http_methods(["GET", "POST"])
def access_needs(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Ask what keeps the patient from reading or hearing a sheet, and write down the answer."""
    shown = patient_or_404(request.user, patient_id)
    form = AccessNeedsForm(request.POST if request.method == "POST" else None)
    context = {"patient": shown, "form": form}
    if request.method != "POST":
        log_record_view(patient_id=shown.pk, by=request.user, page="patient-access-needs")
        return render(request, "clinic/access_needs.html", context)
    made = act(form, lambda: record_access_needs(patient_id=shown.pk, by=request.user, **form.cleaned_data))
    return (
        refused(request, "clinic/access_needs.html", context) if made is None else see("patient", patient_id=shown.pk)
    )


def _register(request: StaffRequest, form: PatientForm) -> Any:
    typed = form.cleaned_data
    return register_patient(
        site_id=request.user.site_id, by=request.user, **{name: typed[name] for name in WRITTEN_DOWN}
    )


def _look_alikes(request: StaffRequest, form: PatientForm) -> list[Any]:
    typed = form.cleaned_data
    return look_alikes(
        site_id=request.user.site_id,
        name=typed["name"],
        latin_name=typed["latin_name"],
        birth_date=typed["birth_date"],
    )


def _log_found(request: StaffRequest, found: Iterable[PatientLine], *, page: str) -> None:
    """A search that found a patient has shown her name and birth date: each time that is a look."""
    for line in found:
        log_record_view(patient_id=line.id, by=request.user, page=page)
