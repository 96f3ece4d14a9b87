"""Seal: give a finished paper the clinic's seal, stamped with the time where an authority for that is named."""

import logging

from django.conf import settings

from clinic import clock
from consent.actions.outside import OutsideError, post
from consent.queries.stamps import pinned_authority
from consent.record.certificates import SiteSeal
from consent.record.seal import Sealed, StampService, seal
from consent.record.self_check import Trusted

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
GRANTED = 200
logger = logging.getLogger(__name__)


def seal_with(pdf: bytes, *, site_seal: SiteSeal) -> Sealed:
    """Seal a finished paper. Asking an authority takes its time: never call this while a lock is held.

    **Raises** SealError when the certificate expires in this very moment.
    """
    sealed = seal(pdf, site_seal=site_seal, at=clock.now(), stamps=_stamps())
    if sealed.not_stamped:
        logger.warning("A paper was sealed, but %s.", sealed.not_stamped)
    return sealed


def trusted_for(site_seal: SiteSeal) -> Trusted:
    """With what a paper is judged that was sealed just now."""
    stamps = _stamps()
    roots = (site_seal.root,) if stamps is None else (site_seal.root, stamps.root)
    return Trusted(roots=roots, at=clock.now())


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
