"""The only way out of the house: one POST to an address the operator wrote into a file, with a time limit.

No redirect is followed, and no answer is read further than it may be long. What comes back is believed by nobody until
its signature was checked.
"""

import http.client
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

SECONDS = 20.0
LONGEST_ANSWER = 262_144  # bytes


class OutsideError(Exception):
    """Somebody outside could not be asked; the text says what happened."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    kind: str  # content type, without its parameters
    body: bytes


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Nowhere else is asked."""
        return None


def check_private(url: str) -> None:
    """Raises OutsideError for an address where others on the way could put words into the answer."""
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError as error:
        raise OutsideError(f"{url} is no address") from error
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise OutsideError(f"{url} does not begin with https")


def post(url: str, body: bytes, *, kind: str) -> Answer:
    """Send and hear.

    **Takes** the content type of what is sent.
    **Raises** OutsideError when nobody answers in time, or the address is none of http or https.
    """
    if not url.startswith(("https://", "http://")):
        raise OutsideError(f"{url} is no address of the web.")
    headers = {"Content-Type": kind, "User-Agent": "freely-given"}
    try:
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310  checked above
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
            return _answer(answer.status, answer)
    except urllib.error.HTTPError as error:
        with error:
            return _answer(error.code, error)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise OutsideError(f"{url} does not answer ({error}).") from error


def _answer(status: int, answer: Any) -> Answer:
    body = answer.read(LONGEST_ANSWER + 1)
    if len(body) > LONGEST_ANSWER:
        raise OutsideError("the answer is longer than any answer should be.")
    return Answer(status=status, kind=answer.headers.get_content_type(), body=body)
