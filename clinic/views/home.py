"""The first page, by role, and the switch for large text."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from clinic.accounts.doors import SeeOther, see
from clinic.accounts.sessions import patient_session
from clinic.context import LARGE_TEXT_COOKIE
from clinic.vocabulary import Permission

YEAR = 365 * 24 * 60 * 60


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Patients go to their decisions, staff to their day or their worries; nobody signed in sees two doors."""
    if patient_session(request) is not None:
        return see("mine")
    account = request.user
    if not account.is_authenticated:
        return render(request, "clinic/doors.html")
    if account.may(Permission.SEE_DIARY):
        return see("today")
    if account.may(Permission.LIFT_HOLD):
        return see("holds")
    if account.may(Permission.CHECK_LEDGER):
        return see("audit")
    return render(request, "clinic/no_pages.html")


@require_POST
def large_text(request: HttpRequest) -> HttpResponse:
    """Large or normal text, remembered in a cookie."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = SeeOther(back)
    response.set_cookie(
        LARGE_TEXT_COOKIE,
        "1" if request.POST.get("large") == "1" else "0",
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
