"""Pages around the wait before a procedure: two certificates, the patient's wish, and the second clinician's answer."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.accounts.doors import patient_only, see, staff_only
from clinic.accounts.sessions import PatientSession
from clinic.vocabulary import Permission
from consent.actions.answer_shorter_wait import answer_shorter_wait
from consent.actions.ask_shorter_wait import ask_shorter_wait
from consent.actions.certify_abdominal_emergency import certify_abdominal_emergency
from consent.actions.certify_premature_birth import certify_premature_birth
from consent.forms.waits import AbdominalEmergencyForm, EarlyBirthForm, ShorterWaitAnswerForm, ShorterWaitForm
from consent.queries.team import is_outside_team
from consent.queries.waits import open_wishes_for, own_wait, wish_for
from consent.views.mine import find_own, own_page
from consent.views.showing import consent_for_staff, form_page, typed, who
from consent.vocabulary import Via


@staff_only(Permission.CERTIFY_SHORTER_WAIT)
@require_http_methods(["GET", "POST"])
def early_birth(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The operator certifies that the birth came early."""
    consent = consent_for_staff(request, consent_id)
    form = EarlyBirthForm(typed(request))

    def act() -> HttpResponse:
        certify_premature_birth(consent_id=consent.pk, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    return form_page(request, "consent/waits_early_birth.html", form=form, context={"consent": consent}, act=act)


@staff_only(Permission.CERTIFY_SHORTER_WAIT)
@require_http_methods(["GET", "POST"])
def abdominal_emergency(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The operator certifies that the belly has to be opened in an emergency."""
    consent = consent_for_staff(request, consent_id)
    form = AbdominalEmergencyForm(typed(request))

    def act() -> HttpResponse:
        certify_abdominal_emergency(consent_id=consent.pk, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    return form_page(request, "consent/waits_emergency.html", form=form, context={"consent": consent}, act=act)


@staff_only(Permission.ANSWER_SHORTER_WAIT)
@require_safe
def wishes(request: HttpRequest) -> HttpResponse:
    """Wishes for a shorter wait that this clinician may answer, without names: those stand on the page of each."""
    return render(request, "consent/waits_wishes.html", {"wishes": open_wishes_for(who(request))})


@staff_only(Permission.ANSWER_SHORTER_WAIT)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """Answer one wish, after speaking with the patient alone. Whoever has a part in the care sees the consent."""
    consent = consent_for_staff(request, consent_id)
    wish = wish_for(consent)
    if wish is None:
        raise Http404
    if request.method == "GET" and not is_outside_team(who(request).pk, consent.procedure_id):
        return see("consent", consent_id=consent.pk)
    form = ShorterWaitAnswerForm(typed(request))

    def act() -> HttpResponse:
        answer_shorter_wait(consent_id=consent.pk, by=who(request), **form.cleaned_data)
        return see("consent", consent_id=consent.pk)

    context = {"consent": consent, "wish": wish}
    return form_page(request, "consent/waits_answer.html", form=form, context=context, act=act)


@patient_only
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """The patient asks for a shorter wait. Where there is nothing to ask, her own page is shown instead."""
    consent = find_own(session, consent_id)
    wait = own_wait(consent, at=clock.now())
    if request.method == "GET" and not (wait and wait.can_ask):
        return see("mine-consent", consent_id=consent.pk)
    form = ShorterWaitForm(typed(request))

    def act() -> HttpResponse:
        ask_shorter_wait(
            consent_id=consent.pk, words=form.cleaned_data["words"], by=session.account, via=Via(session.via)
        )
        return see("mine-consent", consent_id=consent.pk)

    context = own_page(session, consent, wait=wait)
    return form_page(request, "consent/mine_shorter_wait.html", form=form, context=context, act=act)
