"""Pages for what goes wrong. They know nothing about the reader: no session, no ids, the same bytes for everyone."""

import logging
import sys
from typing import Any

from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from clinic.accounts.not_saved import NEVER_KEPT, is_not_saved, may_be_saved, not_saved_page

log = logging.getLogger(__name__)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404, byte for byte the same for what does not exist and for what is not yours."""
    return _bare("not_found", 404)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """403."""
    return _bare("forbidden", 403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """400. A session that could not be kept after the page was made arrives here too: then the act may be saved."""
    if isinstance(exception, SessionInterrupted) and may_be_saved(request):
        log.error("The session could not be kept.")
        return _bare("unsure", 500)
    return _bare("bad_request", 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is gone: mostly a page left open."""
    return _bare("csrf", 403)


def too_many(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """429."""
    return _bare("too_many", 429)


def server_error(request: HttpRequest) -> HttpResponse:
    """A fault outside the view.

    When the database failed before the view had answered, nothing was changed and the page says so. After an answer
    something may have been saved, and the page says that instead.
    """
    fault = sys.exc_info()[1]
    if is_not_saved(fault) and not may_be_saved(request):
        return not_saved_page(fault)
    log.error("Fault outside the view.", exc_info=fault)
    return _bare("unsure", 500)


def _bare(name: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(f"errors/{name}.html"), status=status, headers={"Cache-Control": NEVER_KEPT})
