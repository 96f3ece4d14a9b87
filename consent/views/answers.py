"""The patient's answers: yes, no, more time, still yes, take it back. Each is the patient's own act."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from clinic import clock
from clinic.accounts.doors import patient_only, see
from clinic.accounts.sessions import PatientSession
from clinic.exceptions import ClinicError, InvalidInputError
from consent.actions.ask_for_time import ask_for_time
from consent.actions.confirm import confirm_consent
from consent.actions.give import give_consent
from consent.actions.withdraw import withdraw_consent
from consent.exceptions import AlreadyDecidedError, NotReadyError, SheetChangedError
from consent.forms import ConfirmForm, SignatureForm, WordsForm
from consent.queries.consent_policy import must_choose_copy
from consent.queries.patient_pages import in_patients_words, newest_after, what_is_missing
from consent.views.mine import find_own, own_page
from consent.views.saying_no import say_no
from consent.views.showing import NOT_NOW, UNREADABLE, form_page, typed
from consent.vocabulary import SignatureMeaning, Via
from consent.wording import STATEMENTS


def text_changed(request: HttpRequest, session: PatientSession, consent: Any) -> HttpResponse:
    """Nothing was written: show the text as it is now, with a notice that it is another one."""
    shown = newest_after(consent) or consent
    context = own_page(session, find_own(session, shown.pk), is_changed=True)
    return render(request, "consent/mine_consent.html", context, status=NOT_NOW)


def moved_on(request: HttpRequest, session: PatientSession, consent: Any, refusal: ClinicError) -> HttpResponse:
    """Nothing was written: the consent stands elsewhere by now; show where."""
    if newest_after(consent) is not None:
        return text_changed(request, session, consent)
    context = own_page(session, find_own(session, consent.pk), refusal=refusal.message)
    return render(request, "consent/mine_consent.html", context, status=NOT_NOW)


def not_ready(request: HttpRequest, context: dict[str, Any], missing: tuple[str, ...]) -> HttpResponse:
    """Nothing was written: the clinic has not done its part; say which, in words for the patient."""
    status = UNREADABLE if request.method == "POST" else 200
    return render(request, "consent/mine_not_ready.html", {**context, "missing": missing}, status=status)


def check_witness(refusal: NotReadyError) -> None:
    """Raises InvalidInputError where nothing is missing but another witness: that the patient can mend at once."""
    if {one.requirement_id for one in refusal.verdict.unmet} == {"signature"}:
        raise InvalidInputError(
            _("Someone independent must witness it: not the clinician who talked with you, and not the interpreter."),
            field="witness_name",
        ) from refusal


@patient_only
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """Sign under the text. When the clinic has not done its part, say what it still has to do."""
    consent = find_own(session, consent_id)
    context = own_page(session, consent, statement=STATEMENTS[SignatureMeaning.GIVES_CONSENT])
    if request.method == "GET" and not context["own"].can_answer:
        return see("mine-consent", consent_id=consent.pk)
    may_be_early = request.method == "GET" or context["own"].is_before_talk
    if may_be_early and (missing := what_is_missing(consent, at=clock.now())):
        return not_ready(request, context, missing)
    form = SignatureForm(
        typed(request),
        must_choose_copy=must_choose_copy(consent),
        initial={"shown_digest": consent.sheet_version.digest},
    )

    def act() -> HttpResponse:
        try:
            give_consent(
                consent_id=consent.pk,
                shown_digest=form.cleaned_data["shown_digest"],
                signature=form.signature(),
                by=session.account,
                via=Via(session.via),
                copy_choice=form.copy_choice_made(),
            )
        except SheetChangedError:
            return text_changed(request, session, consent)
        except NotReadyError as refusal:
            check_witness(refusal)
            return not_ready(request, context, in_patients_words(refusal.verdict))
        except AlreadyDecidedError as refusal:
            return moved_on(request, session, consent, refusal)
        return see("mine-done", consent_id=consent.pk)

    return form_page(request, "consent/mine_give.html", form=form, context=context, act=act)


@patient_only
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """Say no. Words are never asked for."""
    consent = find_own(session, consent_id)
    form = WordsForm(typed(request))

    def act() -> HttpResponse:
        say_no(consent_id=consent.pk, by=session.account, via=Via(session.via), words=form.cleaned_data["words"])
        return see("mine-done", consent_id=consent.pk)

    context = own_page(session, consent)
    return form_page(request, "consent/mine_refuse.html", form=form, context=context, act=act)


@patient_only
@require_POST
def more_time(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """Neither yes nor no: time to think."""
    consent = find_own(session, consent_id)
    try:
        ask_for_time(consent_id=consent.pk, by=session.account, via=Via(session.via))
    except AlreadyDecidedError as refusal:
        return moved_on(request, session, consent, refusal)
    return see("mine-done", consent_id=consent.pk)


@patient_only
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """On the day: still yes, or take it back."""
    consent = find_own(session, consent_id)
    context = own_page(session, consent, statement=STATEMENTS[SignatureMeaning.CONFIRMS_TODAY])
    if request.method == "GET" and not context["own"].can_confirm:
        return see("mine-consent", consent_id=consent.pk)
    form = ConfirmForm(typed(request), initial={"shown_digest": consent.sheet_version.digest})

    def act() -> HttpResponse:
        try:
            confirm_consent(consent_id=consent.pk, by=session.account, via=Via(session.via), **form.cleaned_data)
        except SheetChangedError:
            return text_changed(request, session, consent)
        except AlreadyDecidedError as refusal:
            return moved_on(request, session, consent, refusal)
        return see("mine-done", consent_id=consent.pk)

    return form_page(request, "consent/mine_confirm.html", form=form, context=context, act=act)


@patient_only
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, consent_id: uuid.UUID, *, session: PatientSession) -> HttpResponse:
    """Take the yes back: this page, and one button on it."""
    consent = find_own(session, consent_id)
    form = WordsForm(typed(request))

    def act() -> HttpResponse:
        withdraw_consent(
            consent_id=consent.pk, by=session.account, via=Via(session.via), words=form.cleaned_data["words"]
        )
        return see("mine-done", consent_id=consent.pk)

    context = own_page(session, consent)
    return form_page(request, "consent/mine_take_back.html", form=form, context=context, act=act)
