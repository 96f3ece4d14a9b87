"""A bundle that somebody hands in, held against itself and against this house's own ledgers."""

import datetime
from typing import BinaryIO

from consent.ledger.policy import Policy
from consent.models import LedgerEntry
from consent.queries.known_logs import known_logs
from consent.queries.seals import trusted_roots
from consent.record.bundle_check import BundleReport, check_bundle


def judge_bundle(file: BinaryIO, *, policy: Policy | None, at: datetime.datetime) -> BundleReport:
    """Everything that can be found out about a bundle here.

    **Takes** whose signatures count; the logs of this house where nothing is said.
    **Raises** KeyStoreError where the certificates of this house cannot be read.
    """
    report = check_bundle(file, policy=policy or known_logs(), roots=trusted_roots(), at=at)
    if policy is None and report.is_sound:
        report.findings += [
            f"The entry {one.id} is not in the ledger {one.log} of this house."
            for one in report.entries
            if not LedgerEntry.objects.filter(pk=one.id, ledger__origin=one.log, leaf_hash=one.leaf).exists()
        ]
    return report
