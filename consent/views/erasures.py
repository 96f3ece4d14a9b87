"""Erasures: the first of two people asks here; the second does it on the server, where evidence can be emptied."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clinic.accounts.doors import see, staff_only
from clinic.exceptions import ClinicError, NotSavedError
from clinic.vocabulary import Permission
from consent.actions.ask_erasure import ask_erasure
from consent.forms.erasures import ErasureForm
from consent.queries.erasures import erasures_known_to, patient_called
from consent.views.showing import UNREADABLE, status_of, typed, who


@staff_only(Permission.ERASE_PATIENT)
@require_http_methods(["GET", "POST"])
def erasures(request: HttpRequest) -> HttpResponse:
    """What was asked for and done at this clinic, and the form for another. No patient is named on it."""
    form = ErasureForm(typed(request))
    status = 200
    if request.method == "POST":
        status = _ask(request, form)
        if status == 200:
            return see("erasures")
    context = {"form": form, "erasures": erasures_known_to(who(request)), "username": who(request).username}
    return render(request, "consent/erasures.html", context, status=status)


def _ask(request: HttpRequest, form: ErasureForm) -> int:
    """The status of the answer; 200 when it was written down."""
    if not form.is_valid():
        return UNREADABLE
    values = dict(form.cleaned_data)
    patient = patient_called(who(request), name=values.pop("name"), birth_date=values.pop("birth_date"))
    if patient is None:
        form.add_error("name", _("No patient, or more than one, has exactly this name and birth date here."))
        return UNREADABLE
    try:
        ask_erasure(patient_id=patient.pk, by=who(request), **values)
    except NotSavedError:
        raise  # the whole house has one page for this
    except ClinicError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return status_of(refusal)
    return 200
