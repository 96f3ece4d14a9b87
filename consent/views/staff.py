"""Pages of the care team about one consent: propose it, look at it, print the sheet."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.access import procedure_or_404
from clinic.accounts.doors import see, staff_only
from clinic.vocabulary import Permission, ProcedureStatus
from consent.actions.propose import propose_consent
from consent.forms import ProposeForm
from consent.queries.ability import ability_page
from consent.queries.emergency_pages import has_emergency_path, is_without_consent
from consent.queries.offers import asking, may_record_fact, offer_questions
from consent.queries.pages import consent_page, earlier_consents, live_consent_id, own_sheet_language
from consent.queries.papers import papers_of
from consent.queries.sheet_pages import shown_sheet
from consent.queries.waits import WAITING_TIME, wait_page
from consent.views.offers import offer_refused
from consent.views.showing import consent_for_staff, form_page, log_look, typed, who


@staff_only(Permission.PROPOSE_CONSENT)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, procedure_id: uuid.UUID) -> HttpResponse:
    """Choose the language of the sheet, say who first raised the idea, and answer what the rules ask before an offer.

    Where nothing can be proposed, the consent that is open, or was the last, is shown instead.
    """
    procedure = procedure_or_404(who(request), procedure_id)
    earlier = earlier_consents(procedure.pk)
    shown = live_consent_id(procedure.pk)
    if shown is None and earlier and procedure.status != ProcedureStatus.PREPARATION:
        shown = earlier[0].id
    if request.method == "GET" and shown is not None:
        return see("consent", consent_id=shown)
    if request.method == "GET" and is_without_consent(procedure.pk):
        return see("emergency", procedure_id=procedure.pk)
    log_look(request, procedure.patient_id)
    questions = offer_questions(procedure)
    form = ProposeForm(typed(request), questions=questions, initial={"language": own_sheet_language(procedure)})

    def act() -> HttpResponse:
        answer = propose_consent(procedure_id=procedure.pk, by=who(request), **form.cleaned_data)
        if answer.consent is None:
            return offer_refused(request, procedure, answer.verdict)
        return see("consent", consent_id=answer.consent.pk)

    context = {
        "procedure": procedure,
        "has_sheet": bool(questions.languages),
        "earlier": earlier,
        "asking": asking(procedure, account=who(request), at=clock.now()),
        "has_emergency_path": has_emergency_path(procedure) and procedure.status == ProcedureStatus.PREPARATION,
    }
    return form_page(request, "consent/propose.html", form=form, context=context, act=act)


@staff_only(Permission.READ_PATIENT_RECORD)
@require_safe
def consent(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Where one consent stands, how it came there, what is missing at the gate, and what can be done."""
    found = consent_for_staff(request, consent_id)
    at = clock.now()
    page = consent_page(found, account=who(request), at=at)
    waits_until = next((one.earliest_at for one in page.missing if one.requirement_id == WAITING_TIME), None)
    context = {
        "consent": found,
        "page": page,
        "asking": asking(found.procedure, account=who(request), at=at),
        "can_record_fact": may_record_fact(found, who(request)),
        "ability": ability_page(found, account=who(request)),
        "papers": papers_of(found),
        "wait": wait_page(found, account=who(request), earliest_at=waits_until),
    }
    return render(request, "consent/consent.html", context)


@staff_only(Permission.READ_PATIENT_RECORD)
@require_safe
def sheet(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The information sheet of one consent, to print."""
    found = consent_for_staff(request, consent_id)
    context = {"consent": found, "sheet": shown_sheet(found.sheet_version)}
    return render(request, "consent/sheet.html", context)
