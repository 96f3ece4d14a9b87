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
from consent.queries.emergency_pages import has_emergency_path, is_without_consent
from consent.queries.pages import earlier_consents, in_words, live_consent_id
from consent.queries.visible import consents_visible_to
from consent.views.showing import NOT_ALLOWED, NOT_NOW, form_page, log_look, log_shown_again, typed, who


@staff_only(Permission.START_PROCEDURE)
@require_POST
def start(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Ask the gate. Open: the procedure is in progress. Shut: everything that is missing, and nothing changed."""
    procedure = procedure_or_404(who(request), procedure_id)
    live_id = live_consent_id(procedure.pk)
    ended = earlier_consents(procedure.pk)[:1] if live_id is None else []
    context: dict[str, Any] = {
        "procedure": procedure,
        "consent_id": live_id,
        "ended": ended,
        "has_emergency_path": has_emergency_path(procedure),
    }
    try:
        answer = start_procedure(procedure_id=procedure.pk, by=who(request))
    except NotAllowedError as refusal:
        context["refusal"] = refusal.message
        log_shown_again(request, context)
        return render(request, "consent/start_refused.html", context, status=NOT_ALLOWED)
    if answer.start is not None:
        return _where_it_is(answer.start.consent_id, procedure.pk)
    note_act(request)  # that the gate was asked and said no is on record
    context["missing"] = in_words(answer.verdict.unmet)
    log_shown_again(request, context)
    return render(request, "consent/start_refused.html", context, status=NOT_NOW)


@staff_only(Permission.START_PROCEDURE)
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Record that a procedure was stopped before it was complete."""
    context = _started(request, procedure_id)
    form = StopForm(typed(request))

    def act() -> HttpResponse:
        stop_procedure(procedure_id=procedure_id, by=who(request), **form.cleaned_data)
        return _where_it_is(context["consent_id"], procedure_id)

    return form_page(request, "consent/stop.html", form=form, context=context, act=act)


@staff_only(Permission.START_PROCEDURE)
@require_http_methods(["GET", "POST"])
def finish(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Record that a procedure was done."""
    context = _started(request, procedure_id)
    form = EndForm(typed(request))

    def act() -> HttpResponse:
        finish_procedure(procedure_id=procedure_id, by=who(request), **form.cleaned_data)
        return _where_it_is(context["consent_id"], procedure_id)

    return form_page(request, "consent/finish.html", form=form, context=context, act=act)


def _started(request: HttpRequest, procedure_id: uuid.UUID) -> dict[str, Any]:
    """The procedure that was started, and the consent it was started on where there is one. Raises Http404."""
    procedure = procedure_or_404(who(request), procedure_id)
    consent = consents_visible_to(who(request)).filter(start__procedure_id=procedure_id).first()
    if consent is None and not is_without_consent(procedure_id):
        raise Http404
    log_look(request, procedure.patient_id)
    return {"procedure": procedure, "consent": consent, "consent_id": consent.pk if consent else None}


def _where_it_is(consent_id: uuid.UUID | None, procedure_id: uuid.UUID) -> HttpResponse:
    """The page of the consent it was started on; of the emergency or the addition where there is none."""
    return see("emergency", procedure_id=procedure_id) if consent_id is None else see("consent", consent_id=consent_id)
