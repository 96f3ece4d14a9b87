"""What each clinic seals its papers with, and what an administrator has to know about it."""

import datetime
import uuid

from cryptography import x509
from django.conf import settings

from clinic import clock
from clinic.models import Site
from consent.exceptions import KeyStoreError
from consent.keys.site_seals import read_site_seal, roots_ever_used
from consent.queries.stamps import pinned_authority
from consent.record.certificates import SealError, SiteSeal, check_time

SOON = datetime.timedelta(days=30)


def usable_seal(site_id: uuid.UUID) -> SiteSeal | None:
    """What a clinic can seal with now; None when it has nothing, or nothing that can be used.

    A paper is handed over without a seal then, and says so: nobody waits for her copy because of a certificate.
    """
    try:
        seal = read_site_seal(site_id)
        if seal is not None:
            check_time(seal, at=clock.now())
    except (SealError, KeyStoreError):
        return None
    return seal


def trusted_roots() -> tuple[x509.Certificate, ...]:
    """With what a paper of this house is judged: the roots of its seals, former ones included, and of the stamps.

    **Raises** KeyStoreError.
    """
    authority = pinned_authority()
    stamps = () if authority is None else (authority.above[-1] if authority.above else authority.certificate,)
    return (*roots_ever_used(), *stamps)


def seal_findings() -> list[str]:
    """What is wrong with the certificates of the seals; a clinic that has none has no finding."""
    return [f"{site.name}: {sentence}" for site in Site.objects.order_by("name") if (sentence := _finding(site.pk))]


def _finding(site_id: uuid.UUID) -> str:
    at = clock.now()
    try:
        seal = read_site_seal(site_id)
        if seal is None:
            return ""
        check_time(seal, at=at)
    except (SealError, KeyStoreError) as error:
        return f"papers are handed over without a seal: {error}"
    if seal.valid_until - at < SOON:
        return f"the certificate of the seal is valid until {seal.valid_until:%Y-%m-%d} only; import the next one."
    return ""


def stamp_findings() -> list[str]:
    """What is wrong with the authority that stamps seals."""
    if settings.SEAL_STAMP_URL and pinned_authority() is None:
        return ["SEAL_STAMP_URL is set, but LEDGER_STAMP_CERTIFICATES names no authority: no seal is stamped."]
    return []
