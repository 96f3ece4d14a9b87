"""Hashes every entry again and compares the root with the newest head: a whole ledger in seconds, and nothing else.

Whoever changed, removed, added or moved an entry is found here. What entries say, the copies in columns, the rows they
bind and the older heads are for `consent.queries.ledger`, which takes far longer.
"""

from collections.abc import Iterable, Iterator

from clinic.models import Site
from consent.ledger.tree import Frontier
from consent.ledger.verify import Finding, StoredCheckpoint
from consent.ledger.verify_heads import check_head, head_finding
from consent.models import Ledger, LedgerLeaf
from consent.queries.anchoring import anchoring_of
from consent.queries.ledger import LedgerReport, VerifyReport, ledgers_of, site_name
from consent.queries.ledger_bytes import HashedPage, hashed_pages
from consent.queries.ledger_proof_rows import keys_at
from consent.queries.ledger_reading import newest_checkpoint
from consent.queries.snapshot import snapshot


def verify_roots(sites: Iterable[Site] | None = None) -> VerifyReport:
    """Compute the root of every ledger again, in one snapshot of the database.

    **Takes** the sites whose ledgers to read; None for all.
    **Gives** a report like that of `verify`, about bytes, hashes and the newest heads only.
    """
    report = VerifyReport()
    with snapshot():
        for ledger in ledgers_of(sites, report):
            report.ledgers.append(_check(ledger))
    for part in report.ledgers:
        part.findings.tidy()
    return report


def _check(ledger: Ledger) -> LedgerReport:
    report = LedgerReport(origin=ledger.origin, site=site_name(ledger))
    head = newest_checkpoint(ledger)
    size = 0 if head is None else head.size
    if head is not None:
        report.findings.add(_signed(ledger, head))
        report.findings.add(_under(head, hashed_pages(ledger, end=size)))
        report.entries, report.root_hash = size, head.root_hash
    if (later := LedgerLeaf.objects.filter(ledger=ledger, index__gte=size).count()) != 0:
        sentence = f"Entry {size}: no checkpoint covers it; {later} are like that."
        report.findings.add([Finding(index=size, what="root-missing", where="LedgerCheckpoint", sentence=sentence)])
    report.anchoring = anchoring_of(ledger)
    return report


def _signed(ledger: Ledger, head: StoredCheckpoint) -> Iterator[Finding]:
    keys = keys_at(ledger)(head.size)
    yield from check_head(head, origin=ledger.origin, keys=keys, last_entry=head.id)
    if not keys:
        yield head_finding(head, "signature", "no key is kept that could have signed it")


def _under(head: StoredCheckpoint, pages: Iterable[HashedPage]) -> Iterator[Finding]:
    frontier, is_whole = Frontier(), True
    for page in pages:
        for index in page.missing:
            sentence = f"Entry {index}: it is missing or cannot be read."
            yield Finding(index=index, what="gap", where="LedgerLeaf", sentence=sentence)
        for index in page.wrong:
            sentence = f"Entry {index}: the hash kept with its place is not the hash of its bytes."
            yield Finding(index=index, what="place-hash", where="LedgerLeaf", sentence=sentence)
        is_whole = is_whole and not page.missing
        frontier = frontier.extend(page.leaves)
    if is_whole and frontier.root().hex() != head.root_hash:
        yield head_finding(head, "root", "the entries do not give it")
