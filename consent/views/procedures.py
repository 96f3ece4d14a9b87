"""Start, stop and finish a procedure. Starting is asked of the gate; what it answers is shown, all of it."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from clinic.access import procedure_or_404
from clinic.accounts.doors import see, staff_only
from clinic.accounts.not_saved import note_act
from clinic.exceptions import NotAllowedError
from clinic.vocabulary import Permission
from consent.actions.finish_procedure import finish_procedure
from consent.actions.start_procedure import start_procedure
from consent.actions.stop_procedure import stop_procedure
from consent.forms import EndForm, StopForm
from consent.queries.pages import earlier_consents, in_words, live_consent_id
from consent.queries.visible import consents_visible_to
from consent.views.showing import NOT_ALLOWED, NOT_NOW, form_page, log_look, typed, who


@staff_only(Permission.START_PROCEDURE)
@require_POST
def start(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Ask the gate. Open: the procedure is in progress. Shut: everything that is missing, and nothing changed."""
    procedure = procedure_or_404(who(request), procedure_id)
    live_id = live_consent_id(procedure.pk)
    ended = earlier_consents(procedure.pk)[:1] if live_id is None else []
    context: dict[str, Any] = {"procedure": procedure, "consent_id": live_id, "ended": ended}
    try:
        answer = start_procedure(procedure_id=procedure.pk, by=who(request))
    except NotAllowedError as refusal:
        context["refusal"] = refusal.message
        return render(request, "consent/start_refused.html", context, status=NOT_ALLOWED)
    if answer.start is not None:
        return see("consent", consent_id=answer.start.consent_id)
    note_act(request)  # that the gate was asked and said no is on record
    context["missing"] = in_words(answer.verdict.unmet)
    return render(request, "consent/start_refused.html", context, status=NOT_NOW)


@staff_only(Permission.START_PROCEDURE)
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Record that a procedure was stopped before it was complete."""
    consent = _started_consent(request, procedure_id)
    form = StopForm(typed(request))

    def act() -> HttpResponse:
        stop_procedure(procedure_id=procedure_id, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    return form_page(request, "consent/stop.html", form=form, context={"consent": consent}, act=act)


@staff_only(Permission.START_PROCEDURE)
@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Record that a procedure was done."""
    consent = _started_consent(request, procedure_id)
    form = EndForm(typed(request))

    def act() -> HttpResponse:
        finish_procedure(procedure_id=procedure_id, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    return form_page(request, "consent/finish.html", form=form, context={"consent": consent}, act=act)


def _started_consent(request: HttpRequest, procedure_id: uuid.UUID) -> Any:
    consent = consents_visible_to(who(request)).filter(start__procedure_id=procedure_id).first()
    if consent is None:
        raise Http404
    log_look(request, consent.patient_id)
    return consent
