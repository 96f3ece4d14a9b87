"""Reads whole ledgers back, page by page, and compares them with themselves and with the rows they bind.

Memory does not grow with the ledger. A row that cannot be read (its column holds something that is no value of that
kind) is a finding like any other. All of it is inner agreement: without a root held by somebody outside, a database
that was rewritten as a whole agrees with itself.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.models import Exists, Min, OuterRef, Subquery

from clinic.models import Site
from consent.ledger.verify import Finding, Step, StoredEntry, StoredRoot, walk
from consent.models import Ledger, LedgerEntry, LedgerRoot, LedgerSalt
from consent.models.ledger import ledger_id, ledger_origin
from consent.queries.ledger_rows import CROSS_CHECKS, bound_rows, readable, readable_keys, unnamed_rows

PAGE = 200
LARGEST_NUMBER = 2**63 - 1
KEPT_FINDINGS = 1000  # the first ones; the rest are only counted
LONG_AGO = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)

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
    root_hash: str = ""
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
    with _snapshot():
        report.around.add(_loose_ends())
        ledgers = Ledger.objects.order_by("created_at")
        chosen = ledgers if sites is None else ledgers.filter(site__in=list(sites))
        for ledger in readable(chosen, ledgers):
            report.ledgers.append(_verify_ledger(ledger))
        if len(report.ledgers) < chosen.count():
            sentence = "A row of the table of ledgers cannot be read."
            report.around.add([Finding(index=None, what="ledger", where="Ledger", sentence=sentence)])
        report.around.add(unnamed_rows())
        for check in CROSS_CHECKS:
            report.around.add(check())
    for part in report._parts():
        part.tidy()
    return report


@contextmanager
def _snapshot() -> Iterator[None]:
    """One view of the database for all reads, without holding up anybody who writes."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with _no_write_lock(connection), transaction.atomic():
            yield


@contextmanager
def _no_write_lock(connection: Any) -> Iterator[None]:
    """SQLite transactions of this house take the write lock at once; this one only reads."""
    connection.ensure_connection()
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        connection.transaction_mode = mode


def _verify_ledger(ledger: Ledger) -> LedgerReport:
    report = LedgerReport(origin=ledger.origin, site=_site_name(ledger))
    report.findings.add(_ledger_row(ledger))
    roots = _Counted(stored_roots(ledger))
    for page in _pages(walk(stored_entries(ledger), roots, origin=ledger.origin)):
        for step in page:
            report.entries += step.stored is not None
            report.findings.add(step.findings)
        report.findings.add(bound_rows(ledger.pk, page))
    report.findings.add(_outside_the_numbering(ledger, LedgerEntry, report.entries))
    report.findings.add(_outside_the_numbering(ledger, LedgerRoot, roots.count))
    report.root_hash = roots.last.root_hash if roots.last is not None else ""
    return report


def _site_name(ledger: Ledger) -> str:
    return Site.objects.filter(pk=ledger.site_id).values_list("name", flat=True).first() or ""


def _ledger_row(ledger: Ledger) -> Iterator[Finding]:
    where = f"Ledger {ledger.pk.hex}"
    if not ledger.created_at or ledger.pk != ledger_id(site_id=ledger.site_id, created_at=ledger.created_at):
        sentence = f"The ledger {ledger.origin}: its id, site or date was changed."
        yield Finding(index=0, what="ledger", where=where, sentence=sentence)
    if ledger.origin != ledger_origin(ledger.pk):
        sentence = f"The ledger {ledger.origin}: its origin was changed."
        yield Finding(index=0, what="ledger", where=where, sentence=sentence)


def _outside_the_numbering(ledger: Ledger, model: type[M], read: int) -> Iterator[Finding]:
    rows = model._base_manager.filter(ledger=ledger)
    if rows.count() != read:
        sentence = f"{rows.count()} rows of {model.__name__} are stored, but only {read} could be read in order."
        yield Finding(index=None, what="count", where=f"Ledger {ledger.pk.hex}", sentence=sentence)


class _Counted:
    """Hands roots on, and remembers how many there were and which was the last."""

    def __init__(self, roots: Iterator[StoredRoot]) -> None:
        self._roots = roots
        self.count = 0
        self.last: StoredRoot | None = None

    def __iter__(self) -> Iterator[StoredRoot]:
        for root in self._roots:
            self.count, self.last = self.count + 1, root
            yield root


def _pages(steps: Iterable[Step]) -> Iterator[list[Step]]:
    page: list[Step] = []
    for step in steps:
        page.append(step)
        if len(page) == PAGE:
            yield page
            page = []
    yield page


def stored_entries(ledger: Ledger) -> Iterator[StoredEntry]:
    """The entries of a ledger that can be read, in order. SQLite may hold text where a time or bytes should be."""
    before = LedgerEntry.objects.filter(
        ledger=OuterRef("ledger"), subject=OuterRef("subject"), sseq=OuterRef("sseq") - 1
    )
    entries = LedgerEntry.objects.filter(ledger=ledger).annotate(previous_leaf=Subquery(before.values("leaf_hash")[:1]))
    row: Any  # the annotation is not part of its type
    for _index, row in _numbered(entries, "index"):
        if row is not None and row.recorded_at is not None and isinstance(row.body, bytes | memoryview):
            yield StoredEntry(
                id=row.pk,
                index=row.index,
                kind=row.kind,
                subject=row.subject,
                sseq=row.sseq,
                body=bytes(row.body),
                leaf_hash=row.leaf_hash,
                recorded_at=row.recorded_at,
                previous_leaf=row.previous_leaf,
            )


def stored_roots(ledger: Ledger) -> Iterator[StoredRoot]:
    """The roots of a ledger by size; one that cannot be read comes as a root that fits nothing."""
    for size, row in _numbered(LedgerRoot.objects.filter(ledger=ledger), "size"):
        if row is None:
            yield StoredRoot(id=uuid.UUID(int=0), size=size, root_hash="", frontier=None, made_at=LONG_AGO)
        else:
            yield StoredRoot(id=row.pk, size=size, root_hash=row.root_hash, frontier=row.frontier, made_at=row.made_at)


def _numbered(rows: models.QuerySet[M], column: str) -> Iterator[tuple[int, M | None]]:
    """Rows by their number, page by page; None in place of a row that cannot be read."""
    rows = rows.filter(**{f"{column}__lte": LARGEST_NUMBER})
    start = 0
    while (first := rows.filter(**{f"{column}__gte": start}).aggregate(first=Min(column))["first"]) is not None:
        start = int(first) + PAGE
        page = rows.filter(**{f"{column}__gte": first, f"{column}__lt": start}).order_by(column)
        try:
            yield from [(getattr(row, column), row) for row in page]
        except ValueError:
            for number in list(page.values_list(column, flat=True)):
                yield number, _one(page.filter(**{column: number}))


def _one(rows: models.QuerySet[M]) -> M | None:
    try:
        return rows.first()
    except ValueError:
        return None


def _loose_ends() -> Iterator[Finding]:
    """Rows of the ledger's tables that hang on nothing."""
    ledger_gone, entry_gone = (
        ~Exists(Ledger.objects.filter(pk=OuterRef("ledger"))),
        ~Exists(LedgerEntry.objects.filter(pk=OuterRef("entry"))),
    )
    loose = (
        (LedgerEntry.objects.filter(ledger_gone), "LedgerEntry", "ledger"),
        (LedgerRoot.objects.filter(ledger_gone), "LedgerRoot", "ledger"),
        (LedgerSalt.objects.filter(entry_gone), "LedgerSalt", "entry"),
    )
    for rows, name, owner in loose:
        for key in readable_keys(rows):
            sentence = f"The {name} {key.hex} belongs to no {owner}."
            yield Finding(index=None, what="loose", where=f"{name} {key.hex}", sentence=sentence)
