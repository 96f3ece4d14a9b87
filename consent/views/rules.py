"""The rules in force, for anyone, without signing in: what is asked here, why, and the digest each consent carries."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consent.queries.rule_pages import document_of, lines_of, rules_of_sites


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """Which rules each clinic on this server follows, and their digest."""
    return render(request, "consent/rules.html", {"sites": rules_of_sites()})


@require_safe
def table(request: HttpRequest, digest: str) -> HttpResponse:
    """The whole table with this digest, rule by rule."""
    return render(request, "consent/rules_table.html", {"digest": digest, "rules": lines_of(_document(digest))})


@require_safe
def document(request: HttpRequest, digest: str) -> HttpResponse:
    """The exact text the digest is computed over, so that anyone can compute it again."""
    return HttpResponse(_document(digest), content_type="application/json")


def _document(digest: str) -> bytes:
    found = document_of(digest)
    if found is None:
        raise Http404
    return found
