"""What the views share: a page for a refused form, and one for a form whose action may refuse."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinic.actions.log_record_view import log_record_view
from clinic.exceptions import ClinicError, InvalidInputError, LookAlikeError, NotAllowedError, NotSavedError
from clinic.forms import HouseForm

UNREADABLE = 422
NOT_ALLOWED = 403
NOT_NOW = 409


def refused(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page again, with what was typed and why it was refused. If it shows a patient, that is one more look."""
    if "patient" in context:
        page = request.resolver_match and request.resolver_match.url_name
        viewer: Any = request.user  # the doors have let in a member of staff
        log_record_view(patient_id=context["patient"].pk, by=viewer, page=page or "")
    return render(request, template, context, status=status_of(getattr(context.get("form"), "refusal", None)))


def refusal_page(request: HttpRequest, error: ClinicError, *, back: str) -> HttpResponse:
    """A page of its own for an act that has no form: one sentence and the way back."""
    context = {"sentence": error.message, "back": back}
    return render(request, "clinic/refusal.html", context, status=status_of(error))


def status_of(error: ClinicError | None) -> int:
    """422 for what cannot be read, 403 for what this person may not do, 409 for what cannot be done now."""
    if error is None or isinstance(error, (InvalidInputError, LookAlikeError)):
        return UNREADABLE
    return NOT_ALLOWED if isinstance(error, NotAllowedError) else NOT_NOW


def act(form: HouseForm, action: Callable[[], Any]) -> Any:
    """Run an action for a valid form.

    **Gives** what the action gives, or None when the form was not valid or the action refused: the form then says why.
    """
    if not form.is_valid():
        return None
    try:
        return action()
    except NotSavedError:
        raise  # the whole house has one page for this
    except ClinicError as error:
        form.add_refusal(error)
        return None
