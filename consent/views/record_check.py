"""Anybody may ask whether a printed record was written here. Nothing about the patient is said, nothing is kept.

The address of the code holds no more than the digest of the record: who knows that has held the record itself.
"""

from allauth.core.ratelimit import consume_or_429
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from consent.forms import RecordCheckForm
from consent.forms.handed_in import InMemoryHandler
from consent.queries.record_check import answer_to_code, answer_to_file
from consent.views.showing import UNREADABLE, typed

PAGE = "consent/record_check.html"
LIMIT = "record_check"


@csrf_exempt  # nobody is signed in here, nothing a browser holds is read, and nothing is written
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Hand in the code of a record, or its file; read whether it was written here."""
    if request.method == "GET":
        return render(request, PAGE, {"form": RecordCheckForm(), "answer": None})
    refused = consume_or_429(request, action=LIMIT)
    if refused is not None:
        return refused
    request.upload_handlers = [InMemoryHandler(request)]
    form = RecordCheckForm(typed(request), request.FILES or None)
    if not form.is_valid():
        return render(request, PAGE, {"form": form, "answer": None}, status=UNREADABLE)
    code, at = form.code(), clock.now()
    answer = answer_to_code(code, at=at) if code else answer_to_file(form.data_handed_in(), at=at)
    return render(request, PAGE, {"answer": answer})


@require_safe
def record(request: HttpRequest, digest: str) -> HttpResponse:
    """The page behind the square code of a printed record."""
    refused = consume_or_429(request, action=LIMIT, limit_get=True)
    if refused is not None:
        return refused
    return render(request, PAGE, {"answer": answer_to_code(digest, at=clock.now())})
