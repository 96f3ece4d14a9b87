"""Reads whole ledgers back, page by page, and compares them with themselves and with the rows they bind.

Memory does not grow with the ledger. A row that cannot be read (its column holds something that is no value of that
kind) is a finding like any other. All of it is inner agreement: without a root held by somebody outside, a database
that was rewritten as a whole agrees with itself.
"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef

from clinic.models import Site
from consent.ledger.verify import Finding, Step, StoredCheckpoint, check_entry, walk
from consent.models import (
    Ledger,
    LedgerBinding,
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerEntry,
    LedgerKey,
    LedgerLeaf,
    LedgerStamp,
    LedgerTile,
)
from consent.models.ledger import ledger_id, ledger_origin
from consent.queries.anchoring import Anchoring, anchoring_of
from consent.queries.ledger_proof_rows import cosigned_sizes, keys_at, known_checkpoint_rows, proof_rows
from consent.queries.ledger_readable import readable, readable_keys
from consent.queries.ledger_reading import stored_checkpoints, stored_entries, waiting_entries
from consent.queries.ledger_rows import CROSS_CHECKS, RowCheck, unnamed_rows
from consent.queries.snapshot import snapshot
from consent.vocabulary import EntryKind

PAGE = 200
PROOFS: tuple[type[models.Model], ...] = (LedgerCheckpoint, LedgerTile, LedgerKey, LedgerCosignature, LedgerStamp)
KEPT_FINDINGS = 1000  # the first ones; the rest are only counted

M = TypeVar("M", bound=models.Model)


@dataclass(slots=True)
class Findings:
    """Findings of one ledger, the first entry first; those that concern no entry last."""

    kept: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.kept.append(finding)
            self.count += 1
            if len(self.kept) > 2 * KEPT_FINDINGS:
                self.tidy()

    def tidy(self) -> None:
        self.kept.sort(key=lambda finding: (finding.index is None, finding.index or 0))
        del self.kept[KEPT_FINDINGS:]


@dataclass(slots=True)
class LedgerReport:
    """What reading one ledger gave."""

    origin: str
    site: str
    entries: int = 0
    waiting: int = 0  # entries that are written but not yet sealed
    root_hash: str = ""
    anchoring: Anchoring | None = None  # always there once the ledger was read
    findings: Findings = field(default_factory=Findings)


@dataclass(slots=True)
class VerifyReport:
    """What reading ledgers and rows gave. `around` holds findings that belong to no single ledger."""

    ledgers: list[LedgerReport] = field(default_factory=list)
    around: Findings = field(default_factory=Findings)

    @property
    def findings(self) -> list[Finding]:
        return [finding for part in self._parts() for finding in part.kept]

    @property
    def count(self) -> int:
        return sum(part.count for part in self._parts())

    def _parts(self) -> list[Findings]:
        return [*(ledger.findings for ledger in self.ledgers), self.around]


def sites_called(name: str) -> list[Site]:
    """Sites with this id or this name."""
    try:
        return list(Site.objects.filter(pk=uuid.UUID(name)))
    except ValueError:
        return list(Site.objects.filter(name=name))


def verify(sites: Iterable[Site] | None = None) -> VerifyReport:
    """Compute everything again, in one snapshot of the database.

    **Takes** the sites whose ledgers to read; None for all. Rows are always looked at in all tables.
    **Gives** a report; every finding names an entry or a row.
    """
    report = VerifyReport()
    with snapshot():
        report.around.add(_loose_ends())
        for ledger in ledgers_of(sites, report):
            report.ledgers.append(_verify_ledger(ledger))
        report.around.add(unnamed_rows())
        report.around.add(known_checkpoint_rows())
        for check in CROSS_CHECKS:
            report.around.add(check())
    for part in report._parts():
        part.tidy()
    return report


def ledgers_of(sites: Iterable[Site] | None, report: VerifyReport) -> Iterator[Ledger]:
    """The ledgers of these sites, or all, the oldest first; a row that cannot be read is a finding of the report."""
    ledgers = Ledger.objects.order_by("created_at")
    chosen = ledgers if sites is None else ledgers.filter(site__in=list(sites))
    found = list(readable(chosen, ledgers))
    yield from found
    if len(found) < chosen.count():
        sentence = "A row of the table of ledgers cannot be read."
        report.around.add([Finding(index=None, what="ledger", where="Ledger", sentence=sentence)])


def _verify_ledger(ledger: Ledger) -> LedgerReport:
    report = LedgerReport(origin=ledger.origin, site=site_name(ledger))
    report.findings.add(_ledger_row(ledger))
    heads, rows = _Counted(stored_checkpoints(ledger)), RowCheck(ledger)
    steps = walk(
        stored_entries(ledger), heads, origin=ledger.origin, keys=keys_at(ledger), cosigned=cosigned_sizes(ledger)
    )
    for page in _pages(steps):
        for step in page:
            report.entries += step.stored is not None
            report.findings.add(step.findings)
        report.findings.add(rows.of(page))
    waiting = [check_entry(stored, origin=ledger.origin) for stored in waiting_entries(ledger)]
    report.waiting = len(waiting)
    for step in waiting:
        report.findings.add(step.findings)
    report.findings.add(rows.of(waiting))
    report.findings.add(_outside_the_numbering(ledger, LedgerLeaf, report.entries))
    report.findings.add(_outside_the_numbering(ledger, LedgerCheckpoint, heads.count))
    report.findings.add(proof_rows(ledger))
    report.anchoring = anchoring_of(ledger)
    report.root_hash = heads.last.root_hash if heads.last is not None else ""
    return report


def site_name(ledger: Ledger) -> str:
    """What the ledger's clinic is called."""
    return Site.objects.filter(pk=ledger.site_id).values_list("name", flat=True).first() or ""


def _ledger_row(ledger: Ledger) -> Iterator[Finding]:
    where = f"Ledger {ledger.pk.hex}"
    if not ledger.created_at or ledger.pk != ledger_id(site_id=ledger.site_id, created_at=ledger.created_at):
        sentence = f"The ledger {ledger.origin}: its id, site or date was changed."
        yield Finding(index=0, what="ledger", where=where, sentence=sentence)
    if ledger.origin != ledger_origin(ledger.pk):
        sentence = f"The ledger {ledger.origin}: its origin was changed."
        yield Finding(index=0, what="ledger", where=where, sentence=sentence)
    number = ledger.incarnation if isinstance(ledger.incarnation, int) else 0  # SQLite may hold text there
    if Ledger.objects.filter(site=ledger.site_id, incarnation__lt=number).count() != number - 1:
        sentence = f"The ledger {ledger.origin}: its incarnation {ledger.incarnation} does not follow the others."
        yield Finding(index=0, what="ledger", where=where, sentence=sentence)


def _outside_the_numbering(ledger: Ledger, model: type[M], read: int) -> Iterator[Finding]:
    rows = model._base_manager.filter(ledger=ledger)
    if rows.count() != read:
        sentence = f"{rows.count()} rows of {model.__name__} are stored, but only {read} could be read in order."
        yield Finding(index=None, what="count", where=f"Ledger {ledger.pk.hex}", sentence=sentence)


class _Counted:
    """Hands checkpoints on, and remembers how many there were and which was the last."""

    def __init__(self, heads: Iterator[StoredCheckpoint]) -> None:
        self._heads = heads
        self.count = 0
        self.last: StoredCheckpoint | None = None

    def __iter__(self) -> Iterator[StoredCheckpoint]:
        for head in self._heads:
            self.count, self.last = self.count + 1, head
            yield head


def _pages(steps: Iterable[Step]) -> Iterator[list[Step]]:
    page: list[Step] = []
    for step in steps:
        page.append(step)
        if len(page) == PAGE:
            yield page
            page = []
    yield page


def _loose_ends() -> Iterator[Finding]:
    """Rows of the ledger's tables that hang on nothing, and entries that have neither a place nor a reason."""
    ledger_gone = ~Exists(Ledger.objects.filter(pk=OuterRef("ledger")))
    entry_gone = ~Exists(LedgerEntry.objects.filter(pk=OuterRef("entry")))
    loose: tuple[tuple[models.QuerySet[Any], str, str], ...] = (
        (LedgerEntry.objects.filter(ledger_gone), "LedgerEntry", "ledger"),
        (LedgerLeaf.objects.filter(ledger_gone), "LedgerLeaf", "ledger"),
        (LedgerLeaf.objects.filter(entry_gone), "LedgerLeaf", "entry"),
        *((model._base_manager.filter(ledger_gone), model.__name__, "ledger") for model in PROOFS),
        (LedgerBinding.objects.filter(entry_gone), "LedgerBinding", "entry"),
    )
    for rows, name, owner in loose:
        for key in readable_keys(rows):
            sentence = f"The {name} {key.hex} belongs to no {owner}."
            yield Finding(index=None, what="loose", where=f"{name} {key.hex}", sentence=sentence)
    yield from _lost_entries()


def _lost_entries() -> Iterator[Finding]:
    """Entries that are neither sealed, nor waiting, nor set aside or carried over by name."""
    lost = set(readable_keys(LedgerEntry.objects.filter(leaf__isnull=True, waiting__isnull=True)))
    if lost:
        named = LedgerEntry.objects.filter(kind__in=[EntryKind.ENTRY_QUARANTINED, EntryKind.ENTRY_RECOVERED])
        for body in named.values_list("body", flat=True):
            lost -= {key for key in lost if key.hex.encode() in bytes(body)}
    for key in sorted(lost):
        sentence = f"The entry {key.hex} has no place in its ledger and does not wait for one."
        yield Finding(index=None, what="lost", where=f"LedgerEntry {key.hex}", sentence=sentence)
