"""We witness the logs of other clinics: they send their newest head, we answer with our signature (C2SP tlog-witness).

No session, no form, no name: whoever sends is known by the signature of the log. The answers are those of the protocol.
"""

from allauth.core.ratelimit import consume_or_429
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from consent.actions.cosign_checkpoint import cosign_checkpoint
from consent.exceptions import KeyStoreError
from consent.ledger.witnessing import LARGEST_SUBMISSION, Refusal

PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
BUSY = 503
STATUS = {
    Refusal.UNREADABLE: 400,
    Refusal.UNKNOWN_LOG: 404,
    Refusal.NOT_SIGNED: 403,
    Refusal.OTHER_SIZE: 409,
    Refusal.FORKED: 409,
    Refusal.NOT_CONSISTENT: 422,
}


@csrf_exempt  # nobody is signed in here, and nothing a browser holds is read
@require_POST
def add_checkpoint(request: HttpRequest) -> HttpResponse:
    """Cosign the head of a log we witness."""
    refused = consume_or_429(request, action="witness")
    if refused is not None:
        return refused
    try:
        answer = cosign_checkpoint(submission=request.read(LARGEST_SUBMISSION + 1))
    except KeyStoreError:
        return HttpResponse("", status=BUSY, content_type=PLAIN)
    if answer.refusal is None:
        return HttpResponse("".join(f"{line}\n" for line in answer.lines), content_type=PLAIN)
    status = STATUS[answer.refusal]
    if status == 409:
        return HttpResponse(f"{answer.held_size}\n", status=status, content_type=SIZE)
    return HttpResponse("", status=status, content_type=PLAIN)
