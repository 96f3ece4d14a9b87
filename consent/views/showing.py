"""How every page of this floor answers: what was asked for, what was typed wrongly, or why it cannot be done."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from clinic.actions.log_record_view import log_record_view
from clinic.exceptions import ClinicError, InvalidInputError, NotAllowedError, NotSavedError
from clinic.vocabulary import Role
from consent.queries.visible import consents_visible_to

UNREADABLE = 422
NOT_ALLOWED = 403
NOT_NOW = 409
# What a form page is about, by the name in its context; a page about nobody yet says None there.
ABOUT_WHOM = ("consent", "procedure", "removal", "complaint", "correction")


def status_of(refusal: ClinicError) -> int:
    """The status of a page that shows this refusal."""
    if isinstance(refusal, InvalidInputError):
        return UNREADABLE
    return NOT_ALLOWED if isinstance(refusal, NotAllowedError) else NOT_NOW


def typed(request: HttpRequest) -> QueryDict | None:
    """What was sent to a form; nothing while the form is only looked at."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    template: str,
    *,
    form: Form,
    context: Mapping[str, Any],
    act: Callable[[], HttpResponse],
) -> HttpResponse:
    """Show a form; when it comes back readable, act. A refusal is shown beside everything that was typed."""
    status = 200
    if request.method == "POST":
        status = UNREADABLE
        if form.is_valid():
            try:
                return act()
            except NotSavedError:
                raise  # the whole house has one page for this
            except ClinicError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
                status = status_of(refusal)
        log_shown_again(request, context)
    return render(request, template, {**context, "form": form}, status=status)


def log_shown_again(request: HttpRequest, context: Mapping[str, Any]) -> None:
    """A page that comes back after a refused form shows the patient's things once more: staff looked again."""
    if request.user.is_authenticated and request.user.role != Role.PATIENT:
        about = next(filter(None, [context[name] for name in ABOUT_WHOM if name in context]), None)
        page = request.resolver_match and request.resolver_match.url_name
        if about is not None:
            log_record_view(patient_id=about.patient_id, by=request.user, page=page or "")


def who(request: HttpRequest) -> Any:
    """The member of staff who asks; `staff_only` has made sure that there is one."""
    return request.user


def consent_for_staff(request: HttpRequest, consent_id: uuid.UUID) -> Any:
    """The consent this member of staff may see; that it was looked at is written down. Raises Http404."""
    consent = consents_visible_to(who(request)).filter(pk=consent_id).first()
    if consent is None:
        raise Http404
    log_look(request, consent.patient_id)
    return consent


def log_look(request: HttpRequest, patient_id: uuid.UUID) -> None:
    """Write down that a page about a patient was opened, by the name of its address; the patient can read it."""
    page = request.resolver_match and request.resolver_match.url_name
    if request.method == "GET" and page:
        log_record_view(patient_id=patient_id, by=who(request), page=page)
