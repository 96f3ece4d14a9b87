"""Seal: give a finished paper the clinic's seal, stamped with the time where an authority for that is named."""

import logging
import uuid

from django.conf import settings

from clinic import clock
from consent.actions.outside import OutsideError, post
from consent.queries.seals import usable_seal
from consent.queries.stamps import pinned_authority
from consent.record.certificates import SiteSeal
from consent.record.seal import Sealed, StampService, seal

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
GRANTED = 200
logger = logging.getLogger(__name__)


def seal_copy(pdf: bytes, *, site_id: uuid.UUID) -> Sealed | None:
    """Seal a finished paper; None when the clinic has no certificate it could use: the paper stays as it is.

    Asking an authority takes its time: never call this while a lock is held.

    **Raises** SealError when the certificate expires in this very moment.
    """
    site_seal = usable_seal(site_id)
    if site_seal is None:
        return None
    return seal_with(pdf, site_seal=site_seal)


def seal_with(pdf: bytes, *, site_seal: SiteSeal) -> Sealed:
    """Seal a finished paper with a certificate that was read before. **Raises** SealError."""
    sealed = seal(pdf, site_seal=site_seal, at=clock.now(), stamps=_stamps())
    if sealed.not_stamped:
        logger.warning("A paper was sealed, but %s.", sealed.not_stamped)
    return sealed


def _stamps() -> StampService | None:
    authority = pinned_authority()
    if not settings.SEAL_STAMP_URL or authority is None:
        return None
    return StampService(ask=_ask, certificate=authority.certificate, above=authority.above)


def _ask(query: bytes) -> bytes:
    try:
        answer = post(settings.SEAL_STAMP_URL, query, kind=QUERY)
    except OutsideError as error:
        raise ConnectionError(str(error)) from error
    if answer.status != GRANTED or answer.kind != REPLY:
        raise ConnectionError(f"the stamp authority answered {answer.status} ({answer.kind})")
    return answer.body
