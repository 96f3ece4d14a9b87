"""Decorators for views: who may come in. A role that may not see a page gets the page of an unknown address."""

import functools
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from clinic.accounts.sessions import HANDOVER_KEY, patient_session
from clinic.models import Account
from clinic.vocabulary import Permission, Role

View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A request as a view behind `staff_only` sees it: somebody is signed in."""

    user: Account


class SeeOther(HttpResponseRedirect):
    """303: the act is done, look at the result over there."""

    status_code = 303


def see(name: str, **kwargs: Any) -> SeeOther:
    """A 303 to the address of this name."""
    return SeeOther(reverse(name, kwargs=kwargs or None))


def staff_only(permission: Permission | None = None) -> Callable[[View], View]:
    """Signed-in staff whose role carries the permission; without one, any staff.

    Others go to sign-in, to the hand-over's own page, or find nothing.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if HANDOVER_KEY in request.session:
                return see("mine")
            account = request.user
            if not account.is_authenticated:
                return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("home"))
            if account.role == Role.PATIENT or (permission is not None and not account.may(permission)):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def patient_only(view: View) -> View:
    """A patient, by her card or on the clinic's tablet; the view receives `session`. Others: to the card sign-in."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = patient_session(request)
        if session is None:
            return see("card-sign-in")
        return view(request, *args, session=session, **kwargs)

    return guarded
