"""Pages of the care team about one consent: propose it, look at it, record the talk, print the sheet."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.access import procedure_or_404
from clinic.accounts.doors import see, staff_only
from clinic.vocabulary import Permission, ProcedureStatus
from consent.actions.inform import record_conversation
from consent.actions.propose import propose_consent
from consent.forms import ConversationForm, ProposeForm
from consent.queries.pages import consent_page, earlier_consents, live_consent_id, own_sheet_language, sheet_languages
from consent.queries.sheet_pages import shown_sheet
from consent.queries.talk_pages import asked_on_sheet, spoken_languages
from consent.rules.lifecycle import is_possible
from consent.views.showing import consent_for_staff, form_page, log_look, typed, who
from consent.vocabulary import Act


@staff_only(Permission.PROPOSE_CONSENT)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Choose the language of the sheet and say who first raised the idea.

    Where nothing can be proposed, the consent that is open, or was the last, is shown instead.
    """
    procedure = procedure_or_404(who(request), procedure_id)
    earlier = earlier_consents(procedure.pk)
    shown = live_consent_id(procedure.pk)
    if shown is None and earlier and procedure.status != ProcedureStatus.PREPARATION:
        shown = earlier[0].id
    if request.method == "GET" and shown is not None:
        return see("consent", consent_id=shown)
    log_look(request, procedure.patient_id)
    languages = sheet_languages(procedure)
    form = ProposeForm(
        typed(request),
        languages=languages,
        initial={"language": own_sheet_language(procedure)},
    )

    def act() -> HttpResponse:
        consent = propose_consent(procedure_id=procedure.pk, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    context = {"procedure": procedure, "has_sheet": bool(languages), "earlier": earlier}
    return form_page(request, "consent/propose.html", form=form, context=context, act=act)


@staff_only(Permission.READ_PATIENT_RECORD)
@require_safe
def consent(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Where one consent stands, how it came there, what is missing at the gate, and what can be done."""
    found = consent_for_staff(request, consent_id)
    page = consent_page(found, account=who(request), at=clock.now())
    return render(request, "consent/consent.html", {"consent": found, "page": page})


@staff_only(Permission.READ_PATIENT_RECORD)
@require_safe
def sheet(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The information sheet of one consent, to print."""
    found = consent_for_staff(request, consent_id)
    context = {"consent": found, "sheet": shown_sheet(found.sheet_version)}
    return render(request, "consent/sheet.html", context)


@staff_only(Permission.RECORD_CONVERSATION)
@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Record a talk. Everything typed comes back when something is missing."""
    found = consent_for_staff(request, consent_id)
    if request.method == "GET" and not is_possible(found.state, Act.INFORM):
        return see("consent", consent_id=found.pk)
    form = ConversationForm(
        typed(request),
        languages=spoken_languages(found),
        sheet=asked_on_sheet(found),
    )

    def act() -> HttpResponse:
        record_conversation(
            consent_id=found.pk, talk=form.talk(), by=who(request), form_key=form.cleaned_data["form_key"]
        )
        return see("consent", consent_id=found.pk)

    return form_page(request, "consent/conversation.html", form=form, context={"consent": found}, act=act)
