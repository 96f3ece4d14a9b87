"""The pages on which a clinician writes down a talk, one thing on each, while it goes on.

Every page is kept as it was typed, also one that cannot be read yet: no word is lost on the way back. Times are the
server's, made by buttons. The last page records the talk.
"""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods

from clinic import clock
from clinic.accounts.doors import see, staff_only
from clinic.exceptions import ClinicError, NotSavedError
from clinic.vocabulary import Permission
from consent.actions.inform import record_conversation
from consent.actions.talk_draft import CHOICE_OPENED, CHOICES_CLOSED, Kept, keep_draft
from consent.forms import ConversationForm, TalkPageForm
from consent.queries.staff_words import refused_words
from consent.queries.talk_plan import is_recorded
from consent.rules.lifecycle import is_possible
from consent.rules.talk_steps import Page, TalkStep
from consent.views.showing import UNREADABLE, consent_for_staff, log_shown_again, status_of, who
from consent.views.talk_desk import TalkDesk
from consent.vocabulary import Act

START = "start"


@staff_only(Permission.RECORD_CONVERSATION)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, consent_id: uuid.UUID, step: str) -> HttpResponse:
    """One page of the talk. `start` leads to the first one, or to the overview where something was entered already."""
    found = consent_for_staff(request, consent_id)
    desk = TalkDesk.of(found, who(request))
    if request.method == "GET" and not is_possible(found.state, Act.INFORM):
        return see("consent", consent_id=found.pk)
    if step == START and request.method == "GET":
        return place(found, desk.last if desk.is_begun else desk.steps[0])
    here = next((one for one in desk.steps if one.key == step and one.page is not Page.RECORD), None)
    if here is None:
        raise Http404
    if request.method == "POST":
        return _sent(request, desk, here)
    return _shown(request, desk, here, TalkPageForm(step=here, sheet=desk.sheet, initial=desk.answers))


@staff_only(Permission.RECORD_CONVERSATION)
@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest, consent_id: uuid.UUID) -> HttpResponse:
    """The overview of the talk, and the button that records it. Short talks have all their questions here."""
    found = consent_for_staff(request, consent_id)
    if request.method == "GET" and not is_possible(found.state, Act.INFORM):
        return see("consent", consent_id=found.pk)
    if request.method == "POST":
        if is_recorded(found, form_key=request.POST.get("form_key", ""), account=who(request)):
            return see("consent", consent_id=found.pk)
        return _to_record(request, TalkDesk.of(found, who(request)))
    desk = TalkDesk.of(found, who(request))
    return _overview(request, desk, desk.whole_form(initial=desk.answers))


def place(consent: Any, step: TalkStep) -> HttpResponse:
    """Go to a page of the talk."""
    if step.page is Page.RECORD:
        return see("consent-conversation", consent_id=consent.pk)
    return see("consent-talk", consent_id=consent.pk, step=step.key)


def where_pressed(answer: HttpResponse, mark: str) -> HttpResponse:
    """The same page again, at the choice that was opened: nobody has to look for it."""
    if mark.startswith(CHOICE_OPENED):
        answer["Location"] += f"#choice-{slugify(mark.removeprefix(CHOICE_OPENED))}"
    return answer


def _sent(request: HttpRequest, desk: TalkDesk, here: TalkStep) -> HttpResponse:
    """One page came back: keep it, then go where the button says; on only when it can be read."""
    form = TalkPageForm(request.POST, step=here, sheet=desk.sheet)
    mark, goes_back = request.POST.get("mark", ""), request.POST.get("go") == "back"
    try:
        kept = keep_draft(
            consent_id=desk.consent.pk, answers=form.answers(), mark=mark or CHOICES_CLOSED, by=who(request)
        )
    except NotSavedError:
        raise  # the whole house has one page for this
    except ClinicError as refusal:
        form.add_error(None, refusal.message)
        return _shown(request, desk, here, form, status=status_of(refusal))
    if mark or goes_back:
        return where_pressed(place(desk.consent, here if mark else desk.before(here)), mark)
    if not form.is_valid() or add_refused_words(form, kept):
        return _shown(request, TalkDesk.of(desk.consent, who(request)), here, form, status=UNREADABLE)
    return place(desk.consent, _next(TalkDesk.of(desk.consent, who(request)), here, form, kept))


def add_refused_words(form: TalkPageForm | ConversationForm, kept: Kept) -> bool:
    """Whether staff wrote words that are not taken; each of the answers says so."""
    refused = {one.field for one in kept.flagged if one.is_refused and one.field in form.fields}
    for field in refused:
        form.add_error(field, refused_words([one for one in kept.flagged if one.field == field]))
    return bool(refused)


def _next(desk: TalkDesk, here: TalkStep, form: TalkPageForm, kept: Kept) -> TalkStep:
    """The next page; this one again where more is asked now, or where an answer just judged was not enough."""
    same = next((one for one in desk.steps if one.key == here.key), here)
    understood = form.cleaned_data.get(f"teach_back_{here.number}_understood")
    by_patient = form.cleaned_data.get(f"teach_back_{here.number}_by") != "companion"
    is_short = kept.was_judged and not (understood and by_patient)
    return same if is_short or len(same.fields) > len(here.fields) else desk.after(here)


def _shown(
    request: HttpRequest, desk: TalkDesk, here: TalkStep, form: TalkPageForm, *, status: int = 200
) -> HttpResponse:
    context = desk.context(here, form, at=clock.now())
    if request.method == "POST":
        log_shown_again(request, context)
    return render(request, "consent/talk_page.html", context, status=status)


def _to_record(request: HttpRequest, desk: TalkDesk) -> HttpResponse:
    """The last page came back: keep it, and record the talk when all of it can be read."""
    here, mark = desk.last, request.POST.get("mark", "")
    on_page = TalkPageForm(request.POST, step=here, sheet=desk.sheet)
    refusal: ClinicError | None = None
    try:
        kept = keep_draft(
            consent_id=desk.consent.pk, answers=on_page.answers(), mark=mark or CHOICES_CLOSED, by=who(request)
        )
        if mark or request.POST.get("go") == "back":
            return where_pressed(place(desk.consent, here if mark else desk.before(here)), mark)
        desk = TalkDesk.of(desk.consent, who(request))
        form = desk.whole_form(request.POST.get("form_key", ""), typed=on_page.answers())
        if form.is_valid() and not add_refused_words(form, kept):
            record_conversation(
                consent_id=desk.consent.pk,
                talk=form.talk(),
                by=who(request),
                form_key=form.cleaned_data["form_key"],
            )
            return see("consent", consent_id=desk.consent.pk)
    except NotSavedError:
        raise  # the whole house has one page for this
    except ClinicError as stopped:
        refusal = stopped
        form = desk.whole_form(request.POST.get("form_key", ""), typed=on_page.answers())
        form.add_error(stopped.field if stopped.field in form.fields else None, stopped.message)
    return _overview(request, desk, form, status=status_of(refusal) if refusal else UNREADABLE)


def _overview(request: HttpRequest, desk: TalkDesk, form: ConversationForm, *, status: int = 200) -> HttpResponse:
    context = desk.context(desk.last, form, at=clock.now())
    if request.method == "POST":
        log_shown_again(request, context)
    return render(request, "consent/conversation.html", context, status=status)
