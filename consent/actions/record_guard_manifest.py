"""Record the guards: once a day, what guards the database goes into the ledger of each clinic."""

import uuid
from collections.abc import Mapping

from django.db import connection

from clinic import clock
from clinic.actions.acting import one_act
from clinic.models import Site
from consent.actions.seal_ledger import newest_ledger
from consent.guard_manifest import Manifest, changed_without_release, guard_manifest, manifest_digest, part_digests
from consent.ledger.entry import DetailValue
from consent.ledger_store import append
from consent.ledger_store.system import SOFTWARE
from consent.models import LedgerEntry
from consent.queries.guard_manifests import erasure_count, last_manifest
from consent.vocabulary import EntryKind

MOST_NAMES = 50  # of guards that are missing or unknown; more than that is said by the counts


@one_act
def record_guard_manifest(*, site_id: uuid.UUID) -> list[LedgerEntry]:
    """Put on record what guards the database now, and whether that changed although the software did not.

    **Gives** the entries written: the manifest, and before it one entry when something changed behind our back.
    **Raises** LedgerError when they cannot be written.
    **Writes** entry guard.manifest; entry db.out-of-band when guards, grants or settings differ from the last manifest
    under the same code, or when a guard is missing, altered or unknown.
    """
    site = Site.objects.get(pk=site_id)
    before = last_manifest(newest_ledger(site))
    manifest = guard_manifest(connection)
    changed = changed_without_release(before, part_digests(manifest))
    if _was_altered(before, manifest):
        changed += ("tables",)
    written = []
    if changed or manifest.missing or manifest.unknown:
        detail: dict[str, DetailValue] = {"changed": changed, **_names(manifest)}
        written.append(_append(site, EntryKind.OUT_OF_BAND, detail))
    return [*written, _append(site, EntryKind.GUARD_MANIFEST, _detail(manifest))]


def _was_altered(before: Mapping[str, object], manifest: Manifest) -> bool:
    """Whether a table was altered although there was neither a release nor an erasure."""
    has_reason = before.get("code") != part_digests(manifest)["code"] or before.get("erasure_count") != erasure_count()
    return not has_reason and before.get("altered_count") != manifest.altered_count


def _detail(manifest: Manifest) -> dict[str, DetailValue]:
    return {
        "digest": manifest_digest(manifest),
        **part_digests(manifest),
        "engine": manifest.engine,
        "connected_as": manifest.connected_as,
        "guard_count": len(manifest.guards),
        "altered_count": manifest.altered_count,
        "erasure_count": erasure_count(),
        **_names(manifest),
    }


def _names(manifest: Manifest) -> dict[str, DetailValue]:
    return {
        "missing_count": len(manifest.missing),
        "missing": manifest.missing[:MOST_NAMES],
        "unknown_count": len(manifest.unknown),
        "unknown": tuple(_code(name) for name in manifest.unknown[:MOST_NAMES]),
    }


def _code(name: str) -> str:
    """A name somebody else chose, as an entry can carry it."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._-") else "-" for sign in name)[:100]


def _append(site: Site, kind: EntryKind, detail: Mapping[str, DetailValue]) -> LedgerEntry:
    return append(site=site, kind=kind, subject=None, actor=SOFTWARE, rows=[], occurred_at=clock.now(), detail=detail)
