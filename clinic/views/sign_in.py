"""The doors: staff with password, patients with card and PIN; and out again."""

from typing import Any

from allauth.account.views import LoginView, PasswordChangeView
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from clinic.accounts.doors import see, staff_only
from clinic.accounts.sessions import begin_card_session, end_session, patient_session
from clinic.forms import CardSignInForm
from clinic.views.pages import UNREADABLE, act, refused


class StaffSignIn(LoginView):
    """allauth's sign-in with our page; a wrong password is a form that could not be accepted."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = UNREADABLE
        return response


staff_sign_in = StaffSignIn.as_view()


class PasswordChange(PasswordChangeView):
    """allauth's page for a new password."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = UNREADABLE
        return response


change_password = staff_only()(PasswordChange.as_view())


@sensitive_post_parameters("pin", "card_code")
@require_http_methods(["GET", "POST"])
def card_sign_in(request: HttpRequest) -> HttpResponse:
    """A patient signs in. A wrong code and a wrong PIN get the same words."""
    if patient_session(request) is not None:
        return see("mine")
    form = CardSignInForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "has_been_left": request.GET.get("ended") == "idle"}
    if request.method != "POST":
        return render(request, "clinic/card_sign_in.html", context)
    account = act(form, lambda: authenticate(request, **form.cleaned_data))
    if account is None:
        if not form.errors:
            form.add_error(None, _("This code and this PIN do not belong together. Check both and try again."))
        return refused(request, "clinic/card_sign_in.html", context)
    begin_card_session(request, account)
    return see("mine")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out. Nothing of the session remains on a shared computer."""
    end_session(request)
    return see("home")
