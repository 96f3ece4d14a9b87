"""The patient's card at the desk: issue one, open a locked one again."""

import uuid

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from clinic.access import patient_or_404
from clinic.accounts.doors import StaffRequest, see, staff_only
from clinic.actions.issue_card import issue_card
from clinic.actions.lift_card_lock import lift_card_lock
from clinic.actions.log_record_view import log_record_view
from clinic.exceptions import WrongStateError
from clinic.forms import PinForm
from clinic.queries import card_of
from clinic.views.pages import act, refusal_page, refused
from clinic.vocabulary import Permission

NEW_CODE = "new_card"  # in the session, from the act to the page that shows it once


@sensitive_post_parameters("pin", "pin_again")
@staff_only(Permission.ISSUE_CARDS)
@require_http_methods(["GET", "POST"])
def patient_card(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Issue a card: the patient types a PIN; the next page shows the code once, for printing."""
    account = request.user
    patient = patient_or_404(account, patient_id)
    new = request.session.pop(NEW_CODE, None)
    form = PinForm(request.POST if request.method == "POST" else None)
    context = {
        "patient": patient,
        "card": card_of(account, patient.pk),
        "code": new["code"] if new and new["patient"] == str(patient.pk) else None,
        "form": form,
    }
    if request.method != "POST":
        log_record_view(patient_id=patient.pk, by=account, page="patient-card")
        return render(request, "clinic/card.html", context)
    made = act(form, lambda: issue_card(patient_id=patient.pk, pin=form.cleaned_data["pin"], by=account))
    if made is None:
        return refused(request, "clinic/card.html", context)
    request.session[NEW_CODE] = {"patient": str(patient.pk), "code": made.code}
    return see("patient-card", patient_id=patient.pk)


@staff_only(Permission.ISSUE_CARDS)
@require_POST
def card_unlock(request: StaffRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Open a locked card again, with the patient at the desk."""
    patient = patient_or_404(request.user, patient_id)
    try:
        lift_card_lock(patient_id=patient.pk, by=request.user)
    except WrongStateError as error:
        return refusal_page(request, error, back=reverse("patient", kwargs={"patient_id": patient.pk}))
    return see("patient", patient_id=patient.pk)
