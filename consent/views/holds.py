"""The advocate's pages: concerns that are open, and lifting one after speaking with the patient."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.accounts.doors import see, staff_only
from clinic.vocabulary import Permission
from consent.actions.lift_hold import lift_hold
from consent.forms import LiftForm
from consent.queries.complaints import overdue_for
from consent.queries.visible import holds_known_to, holds_open_for
from consent.views.showing import form_page, log_look, typed, who
from consent.vocabulary import HoldReason
from consent.wording_talk import HOLD_REASON_WORDS


@staff_only(Permission.LIFT_HOLD)
@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """Open concerns at the advocate's clinic, without names: a name is shown only on the page that is opened."""
    lines = [
        {"id": hold.pk, "raised_at": hold.raised_at, "reason": HOLD_REASON_WORDS[HoldReason(hold.reason)]}
        for hold in holds_open_for(who(request))
    ]
    context = {"holds": lines, "overdue": len(overdue_for(who(request), at=clock.now()))}
    return render(request, "consent/holds.html", context)


@staff_only(Permission.LIFT_HOLD)
@require_http_methods(["GET", "POST"])
def lift(request: HttpRequest, hold_id: uuid.UUID) -> HttpResponse:
    """One concern: whom it is about, what was noted, and the button that lifts it."""
    found = holds_open_for(who(request)) if request.method == "GET" else holds_known_to(who(request))
    hold = found.filter(pk=hold_id).first()
    if hold is None:
        raise Http404
    log_look(request, hold.consent.patient_id)
    form = LiftForm(typed(request))

    def act() -> HttpResponse:
        lift_hold(hold_id=hold.pk, by=who(request), **form.cleaned_data)
        return see("holds")

    context = {"hold": hold, "consent": hold.consent, "reason": HOLD_REASON_WORDS[HoldReason(hold.reason)]}
    return form_page(request, "consent/hold_lift.html", form=form, context=context, act=act)
