"""The page that says "not saved": made without the database, the session or the request, because any may be broken."""

import errno
import logging

from django.db import Error as DatabaseFault
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from clinic.exceptions import NotSavedError

DISK_FAULTS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
NEVER_KEPT = "no-store, private"

log = logging.getLogger(__name__)


def is_not_saved(fault: BaseException | None) -> bool:
    """Whether this fault means that the database or the disk refused, so that the whole act was undone."""
    if isinstance(fault, OSError):
        return fault.errno in DISK_FAULTS
    return isinstance(fault, (DatabaseFault, NotSavedError))


def note_act(request: HttpRequest) -> None:
    """From here on something is saved: whatever fails later on the way to the reader must not say "not saved"."""
    request.is_answered = True  # type: ignore[attr-defined]


def may_be_saved(request: HttpRequest) -> bool:
    """Whether something may have been saved before the fault."""
    return getattr(request, "is_answered", False)


def not_saved_page(fault: BaseException | None) -> HttpResponse:
    """503 with one sentence that says nothing was changed."""
    log.error("Not saved.", exc_info=fault)
    page = render_to_string("errors/not_saved.html")
    return HttpResponse(page, status=503, headers={"Cache-Control": NEVER_KEPT, "Retry-After": "60"})
