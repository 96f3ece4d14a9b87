"""A bundle that somebody hands in, held against itself and against this house's own ledgers."""

import datetime
from typing import BinaryIO

from cryptography import x509

from clinic.models import Site
from consent.exceptions import KeyStoreError
from consent.keys.site_seals import read_site_seal
from consent.ledger.policy import Policy
from consent.models import LedgerEntry
from consent.queries.known_logs import known_logs
from consent.queries.stamps import pinned_authority
from consent.record.bundle_check import BundleReport, check_bundle
from consent.record.certificates import SealError


def judge_bundle(file: BinaryIO, *, policy: Policy | None, at: datetime.datetime) -> BundleReport:
    """Everything that can be found out about a bundle here.

    **Takes** whose signatures count; the logs of this house where nothing is said.
    """
    report = check_bundle(file, policy=policy or known_logs(), roots=trusted_roots(), at=at)
    if policy is None and report.is_sound:
        report.findings += [
            f"The entry {one.id} is not in the ledger {one.log} of this house."
            for one in report.entries
            if not LedgerEntry.objects.filter(pk=one.id, ledger__origin=one.log, leaf_hash=one.leaf).exists()
        ]
    return report


def trusted_roots() -> tuple[x509.Certificate, ...]:
    """The roots under which seals of this house stand: of each clinic's certificate, and of the pinned authority."""
    found: list[x509.Certificate] = []
    for site_id in Site.objects.order_by("pk").values_list("pk", flat=True):
        try:
            seal = read_site_seal(site_id)
        except (SealError, KeyStoreError):
            continue  # its own check speaks of it; without its root its seals are not trusted
        if seal is not None:
            found.append(seal.root)
    authority = pinned_authority() if found else None
    if authority is not None:
        found.append(authority.above[-1] if authority.above else authority.certificate)
    return tuple(dict.fromkeys(found))
