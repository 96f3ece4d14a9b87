"""What anybody may read of the clinics' ledgers: heads, hashes, whose signatures count, and the means to check them."""

import functools
import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consent.queries.anchoring import key_level_sentence
from consent.queries.public_log import checkpoint_of, policy_text, public_logs, tile_of

PLAIN = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
FILES = {"program": "freely_given_verify.py", "page": "freely_given_verify.html"}
FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def logs(request: HttpRequest) -> HttpResponse:
    """What the ledger is, how far somebody outside has confirmed it, and how to check it alone."""
    digests = {kind: hashlib.sha256(_verifier(name)).hexdigest() for kind, name in FILES.items()}
    context = {"logs": public_logs(), "key_level": key_level_sentence(), "digests": digests}
    return render(request, "consent/logs.html", context)


@require_safe
def checkpoint(request: HttpRequest, log_id: str) -> HttpResponse:
    """The newest signed head, as text."""
    return _found(checkpoint_of(log_id), PLAIN)


@require_safe
def policy(request: HttpRequest, log_id: str) -> HttpResponse:
    """Whose signatures count, as a policy file."""
    return _found(policy_text(log_id), PLAIN)


@require_safe
def tile(request: HttpRequest, log_id: str, tile: str) -> HttpResponse:
    """The hashes of one tile; a full one never changes again, so anybody may keep it."""
    answer = _found(tile_of(log_id, tile), BYTES)
    if ".p/" not in tile:
        answer.headers["Cache-Control"] = FOR_EVER
    return answer


@require_safe
def verifier(request: HttpRequest, kind: str) -> HttpResponse:
    """The stand-alone verifier, to be kept and used away from here."""
    name = FILES.get(kind)
    if name is None:
        raise Http404
    answer = HttpResponse(_verifier(name), content_type=BYTES)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@functools.cache
def _verifier(name: str) -> bytes:
    """Its bytes; read once in a process, as all code is."""
    return bytes((settings.BASE_DIR / "consent" / "verifier" / name).read_bytes())


def _found(content: str | bytes | None, kind: str) -> HttpResponse:
    if content is None:
        raise Http404
    return HttpResponse(content, content_type=kind)
