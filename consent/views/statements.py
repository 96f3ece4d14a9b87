"""Statements beside the patient's signature: of whoever interpreted, and of whoever explained."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from clinic.accounts.doors import see, staff_only
from clinic.vocabulary import Permission
from consent.actions.state_as_interpreter import state_as_interpreter
from consent.actions.state_as_obtainer import state_as_obtainer
from consent.forms import InterpreterForm, ObtainerForm
from consent.queries.talk_pages import asked_on_sheet
from consent.views.showing import consent_for_staff, form_page, typed, who
from consent.vocabulary import SignatureMeaning
from consent.wording import STATEMENTS


@staff_only(Permission.RECORD_CONVERSATION)
@require_http_methods(["GET", "POST"])
def interpreter(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The interpreter signs, on the clinician's screen."""
    consent = consent_for_staff(request, consent_id)
    form = InterpreterForm(typed(request), sheet=asked_on_sheet(consent))

    def act() -> HttpResponse:
        state_as_interpreter(consent_id=consent.pk, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    context = {"consent": consent, "statement": STATEMENTS[SignatureMeaning.STATES_AS_INTERPRETER]}
    return form_page(request, "consent/interpreter.html", form=form, context=context, act=act)


@staff_only(Permission.RECORD_CONVERSATION)
@require_http_methods(["GET", "POST"])
def obtainer(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The clinician who explained signs, after the patient."""
    consent = consent_for_staff(request, consent_id)
    form = ObtainerForm(typed(request))

    def act() -> HttpResponse:
        state_as_obtainer(consent_id=consent.pk, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    context = {"consent": consent, "statement": STATEMENTS[SignatureMeaning.STATES_AS_OBTAINER]}
    return form_page(request, "consent/obtainer.html", form=form, context=context, act=act)
