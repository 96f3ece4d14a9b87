"""The patient's no, whatever was said before: before a yes it is a refusal, after a yes it takes the yes back."""

import uuid
from typing import Any

from consent.actions.refuse import refuse_consent
from consent.actions.withdraw import withdraw_consent
from consent.exceptions import AlreadyDecidedError
from consent.vocabulary import Via


def say_no(*, consent_id: uuid.UUID, by: Any, via: Via, words: str) -> None:
    """Record the no. A yes that was recorded a moment before, elsewhere, is taken back: the no wins."""
    try:
        refuse_consent(consent_id=consent_id, by=by, via=via, words=words)
    except AlreadyDecidedError:
        withdraw_consent(consent_id=consent_id, by=by, via=via, words=words)
