"""Is the database older than what was already signed? Then it was put back, and what came after is on paper only."""

from collections.abc import Iterator
from dataclasses import dataclass

from clinic.models import Site
from consent import high_water
from consent.models import Consent, Ledger, LedgerCheckpoint
from consent.vocabulary import LIVE_STATES


@dataclass(frozen=True, slots=True)
class Behind:
    """The database does not hold what was signed: too few entries, or others."""

    held_size: int
    known_size: int
    known_root: str


def held_size(ledger: Ledger) -> int:
    """How many entries of a log are sealed here."""
    return LedgerCheckpoint.objects.filter(ledger=ledger).order_by("-size").values_list("size", flat=True).first() or 0


def behind_of(ledger: Ledger, *, known_size: int, known_root: str) -> Behind | None:
    """Whether a log lacks, or contradicts, a head that is known to be its own: every head ever signed is kept here."""
    heads = LedgerCheckpoint.objects.filter(ledger=ledger, size=known_size)
    if known_root in heads.values_list("root_hash", flat=True):
        return None
    return Behind(held_size=held_size(ledger), known_size=known_size, known_root=known_root)


def behind_high_water(ledger: Ledger) -> Behind | None:
    """Whether a log is behind its high-water file, or was found so earlier. **Raises** KeyStoreError."""
    earlier = high_water.why_behind(ledger.pk)
    if earlier:
        return Behind(int(earlier["held_size"]), int(earlier["known_size"]), str(earlier["known_root"]))
    head = high_water.last_head(ledger.pk)
    return None if head is None else behind_of(ledger, known_size=head.size, known_root=head.root_hash)


def mark_those_behind() -> list[tuple[Ledger, Behind]]:
    """Look at every log that is written to, and close those that are behind. Asked at start, hourly and at each seal.

    **Raises** KeyStoreError when a high-water file cannot be read.
    """
    found = []
    for site in Site.objects.all():
        ledger = Ledger.objects.filter(site=site).order_by("-incarnation").first()
        behind = behind_high_water(ledger) if ledger is not None else None
        if ledger is not None and behind is not None:
            close(ledger, behind)
            found.append((ledger, behind))
    return found


def close(ledger: Ledger, behind: Behind) -> None:
    """From here on nothing is written to this log. **Raises** KeyStoreError."""
    high_water.mark_behind(
        ledger.pk, held_size=behind.held_size, known_size=behind.known_size, known_root=behind.known_root
    )


def consents_to_check(site: Site) -> Iterator[Consent]:
    """Every consent that may have changed on paper since: all that the database believes to be live, nearest first."""
    live = Consent.objects.select_related("patient", "procedure__procedure_type", "procedure__appointment")
    yield from live.filter(site=site, state__in=sorted(LIVE_STATES)).order_by("procedure__appointment__starts_at", "pk")
