"""Anybody may have a slip checked, of this clinic or of another, without a name; and the poster that says so."""

from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.context import LANGUAGE_NAMES
from consent.actions.keep_checkpoint import keep_checkpoint
from consent.forms import SlipCheckForm
from consent.queries.slip_check import judge
from consent.views.showing import UNREADABLE, typed


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Hand in a slip, a file or a promise; read what it proves. A sound statement of a known log is kept."""
    form = SlipCheckForm(typed(request), request.FILES or None)
    context = {"form": form, "judgement": None}
    if request.method == "GET":
        return render(request, "consent/log_check.html", context)
    refused = consume_or_429(request, action="slip_check")
    if refused is not None:
        return refused
    if not form.is_valid():
        return render(request, "consent/log_check.html", context, status=UNREADABLE)
    at = clock.now()
    judgement = judge(form.data_handed_in(), at=at)
    if judgement.statement is not None:
        keep_checkpoint(statement=judgement.statement, at=at)
    return render(request, "consent/log_check.html", {**context, "judgement": judgement})


@require_safe
def poster(request: HttpRequest) -> HttpResponse:
    """One page for the wall, in every language of the house."""
    sides = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            lines = (
                _("No slip, no record."),
                _("Each time you say yes or no here, ask for your slip. It does not say what you answered."),
                _("If you get no slip, your word may not have been written down. Say so at once, here or outside."),
                _("Keep your slips somewhere only you can reach. Anyone can check them."),
            )
            sides.append({"language": code, "name": LANGUAGE_NAMES[code], "lines": lines})
    return render(request, "consent/log_poster.html", {"sides": sides})
