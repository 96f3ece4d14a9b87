"""What stands around every page.

The one encoding that is read, the words when nothing could be saved, the walls of a hand-over, privacy of pages.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from clinic import clock
from clinic.accounts.doors import SeeOther, see
from clinic.accounts.not_saved import NEVER_KEPT, is_not_saved, may_be_saved, not_saved_page, note_act
from clinic.accounts.sessions import HANDOVER_KEY, SEEN_KEY, end_session, open_handover_of
from clinic.vocabulary import Role

Answer = Callable[[HttpRequest], HttpResponse]

# Besides the pages of the one consent ("mine", "mine-…"), a handed-over tablet may ask for these and nothing else.
ALWAYS_OPEN = frozenset({"language", "large-text", "hand-over-end", "hand-over-ended"})
ENCODINGS = frozenset({"utf-8", "utf8"})
# The log of views tells more than this one consent is about: the patient reads it with her own card.
OWN_CARD_ONLY = frozenset({"mine-looked", "mine-download", "mine-extract", "mine-attendance"})


class OneEncodingMiddleware:
    """Requests are read as UTF-8. One that names another encoding is refused before anything tries to decode it.

    Python knows encodings that give no text, or text that no database takes; browsers never ask for them here. A cookie
    can hold a NUL, which no database takes as a session's key.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding is not None and request.encoding.lower() not in ENCODINGS:
            raise BadRequest("This encoding is not read here.")
        if any("\0" in value for value in request.COOKIES.values()):
            raise BadRequest("No cookie of ours holds a NUL.")
        return self.get_response(request)


class NotSavedMiddleware:
    """When the database or the disk refuses, the page says so. The act was undone by its transaction."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return not_saved_page(exception) if is_not_saved(exception) and not may_be_saved(request) else None


class HandoverMiddleware:
    """A tablet in a patient's hands shows the pages of one consent. Every other address leads back to them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if HANDOVER_KEY not in request.session:
            return None
        if open_handover_of(request) is None:
            end_session(request)
            return see("hand-over-ended")
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        is_hers = name == "mine" or (name.startswith("mine-") and name not in OWN_CARD_ONLY)
        return None if is_hers or name in ALWAYS_OPEN else see("mine")


class PrivatePagesMiddleware:
    """No answer is kept by anyone, stands in a frame, or may use camera and microphone: pages of faults neither.

    Only a view that calls its answer public, because it is the same for everybody, lets it be kept.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.headers.get("Cache-Control", "").startswith("public"):
            response.headers["Cache-Control"] = NEVER_KEPT
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response


class IdlePatientMiddleware:
    """A patient's session ends when nobody touches it for a while."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._has_been_left(request):
            end_session(request)
            return SeeOther(f"{reverse('card-sign-in')}?ended=idle")
        response = self.get_response(request)
        if response.status_code < 500:
            note_act(request)
        return response

    def _has_been_left(self, request: HttpRequest) -> bool:
        account = request.user
        if not account.is_authenticated or account.role != Role.PATIENT:
            return False
        now = clock.now().timestamp()
        seen_at = request.session.get(SEEN_KEY)
        request.session[SEEN_KEY] = now
        return seen_at is None or now - seen_at > settings.PATIENT_IDLE_MINUTES * 60
