"""Where the next entry goes: which ledger a site writes to now, and the end of a subject's stream in it."""

import uuid
from dataclasses import dataclass

from django.db import models
from django.db.models import OuterRef, Subquery

from clinic import clock
from clinic.models import Site
from consent.ledger.entry import Seen
from consent.models import Ledger, LedgerCosignature, LedgerEntry
from consent.models.ledger import ledger_id, ledger_origin


@dataclass(frozen=True, slots=True)
class StreamPlace:
    """The place after the last entry of a subject. Someone else may take it first; then the act is tried again."""

    ledger_id: uuid.UUID
    origin: str
    sseq: int | None
    sprev: str | None
    seen: Seen | None


def open_ledger(*, site: Site, incarnation: int = 1) -> Ledger:
    """The ledger of a site in one incarnation, opened now if there was none.

    **Writes** Ledger, at most once per site and incarnation.
    """
    at = clock.now()
    opened = ledger_id(site_id=site.pk, created_at=at)
    values = {"id": opened, "origin": ledger_origin(opened), "created_at": at}
    ledger, _is_new = Ledger.objects.get_or_create(site=site, incarnation=incarnation, defaults=values)
    return ledger


def place_in_stream(*, site: Site, subject: uuid.UUID | None) -> StreamPlace:
    """Where the next entry about a subject goes, found with one query.

    **Writes** Ledger, when the site has none yet.
    """
    row = _ledgers(subject).filter(site=site).order_by("-incarnation").first()
    if row is None:
        row = _ledgers(subject).get(pk=open_ledger(site=site).pk)
    found: dict[str, object] = row
    return _place(found, subject)


def _ledgers(subject: uuid.UUID | None) -> "models.QuerySet[Ledger, dict[str, object]]":
    stream = LedgerEntry.objects.filter(ledger=OuterRef("pk"), subject=subject).order_by("-sseq")
    cosigned = LedgerCosignature.objects.filter(ledger=OuterRef("pk")).order_by("-size", "-cosigned_at")
    ends = {"seen_size": Subquery(cosigned.values("size")[:1]), "seen_root": Subquery(cosigned.values("root_hash")[:1])}
    if subject is not None:
        ends |= {
            "last_sseq": Subquery(stream.values("sseq")[:1]),
            "last_leaf": Subquery(stream.values("leaf_hash")[:1]),
        }
    return Ledger.objects.annotate(**ends).values("pk", "origin", *ends)


def _place(row: dict[str, object], subject: uuid.UUID | None) -> StreamPlace:
    last, leaf, size = row.get("last_sseq"), row.get("last_leaf"), row["seen_size"]
    return StreamPlace(
        ledger_id=row["pk"],  # type: ignore[arg-type]  # values() of a query know no types
        origin=str(row["origin"]),
        sseq=None if subject is None else int(str(last or 0)) + 1,
        sprev=None if last is None else str(leaf),
        seen=None if size is None else Seen(size=int(str(size)), root=str(row["seen_root"])),
    )
