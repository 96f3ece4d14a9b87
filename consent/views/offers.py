"""Pages about offering: an offer that is not allowed, the patient's wish to talk again, and a new clinical fact."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from clinic.accounts.doors import patient_only, see, staff_only
from clinic.accounts.not_saved import note_act
from clinic.accounts.sessions import PatientSession
from clinic.vocabulary import Permission
from consent.actions.ask_to_talk import ask_to_talk
from consent.actions.record_clinical_fact import record_clinical_fact
from consent.exceptions import AlreadyDecidedError
from consent.forms import ClinicalFactForm
from consent.queries.offers import may_record_fact
from consent.queries.pages import in_words
from consent.rules.gate import Verdict
from consent.views.answers import moved_on
from consent.views.mine import find_own
from consent.views.showing import NOT_NOW, consent_for_staff, form_page, log_shown_again, typed, who
from consent.vocabulary import Via


def offer_refused(request: HttpRequest, procedure: Any, verdict: Verdict) -> HttpResponse:
    """Everything that is missing before this may be offered, and from when it may be. The attempt is on record."""
    note_act(request)
    context = {"procedure": procedure, "missing": in_words(verdict.unmet)}
    log_shown_again(request, context)
    return render(request, "consent/offer_refused.html", context, status=NOT_NOW)


@patient_only
@require_POST
def ask(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """The patient wants to talk about it again."""
    consent = find_own(session, consent_id)
    try:
        ask_to_talk(consent_id=consent.pk, by=session.account, via=Via(session.via))
    except AlreadyDecidedError as refusal:
        return moved_on(request, session, consent, refusal)
    return see("mine-consent", consent_id=consent.pk)


@staff_only(Permission.RECORD_CLINICAL_FACT)
@require_http_methods(["GET", "POST"])
def clinical_fact(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Something new about the patient's health, by a clinician who did not ask her before."""
    consent = consent_for_staff(request, consent_id)
    if request.method == "GET" and not may_record_fact(consent, who(request)):
        return see("consent", consent_id=consent.pk)
    form = ClinicalFactForm(typed(request))

    def act() -> HttpResponse:
        record_clinical_fact(consent_id=consent.pk, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    return form_page(request, "consent/clinical_fact.html", form=form, context={"consent": consent}, act=act)
