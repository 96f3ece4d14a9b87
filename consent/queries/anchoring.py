"""Whether anybody outside the clinic has seen the ledger, said in one sentence that stands wherever a proof is shown.

A ledger that nobody outside has seen proves less: whoever holds the server and its keys could write all of it anew.
So no page, slip or command leaves the sentence out. Only what proves itself again now is believed: enough signatures of
witnesses whom the policy file names, or a stamp of the authority whose certificate is pinned.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import Site
from consent.ledger.checkpoints import checkpoint_text
from consent.ledger.policy import Policy, Witness
from consent.ledger.refusals import RefusalError
from consent.models import Ledger, LedgerCheckpoint, LedgerCosignature, LedgerStamp
from consent.queries.known_logs import policy_file
from consent.queries.ledger_readable import readable
from consent.queries.stamps import pinned_authority, stamped_at
from consent.queries.witness_lines import is_line_right, signed_name
from consent.record.exceptions import RecordError
from consent.record.labels import LABELS
from consent.record.slip_labels import SHARED
from consent.record.times import known_zone, shown_time

HOLDS_FOR = datetime.timedelta(days=1)  # CR-074: at least daily


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchoring:
    """How far outside holders have confirmed a log. `is_anchored`: all of it, up to its newest entry."""

    is_anchored: bool
    anchored_at: datetime.datetime | None
    anchored_size: int
    size: int
    entries_since: int
    key_level: int
    sentence: str


def anchoring_of(ledger: Ledger) -> Anchoring:
    """What outside holders have confirmed of a log until now."""
    heads = LedgerCheckpoint.objects.filter(ledger=ledger).order_by("-size").values_list("size", flat=True)
    size = next((number for number in heads[:1] if isinstance(number, int)), 0)
    found = [one for one in (_cosigned(ledger, policy_file()), _stamped(ledger)) if one is not None]
    anchored_size, at = max(found, default=(0, None))
    return Anchoring(
        is_anchored=at is not None and anchored_size == size,
        anchored_at=at,
        anchored_size=anchored_size,
        size=size,
        entries_since=max(size - anchored_size, 0),
        key_level=settings.LEDGER_KEY_LEVEL,
        sentence=_sentence(at, is_whole=anchored_size == size, zone=_zone(ledger)),
    )


def anchoring_of_every_clinic() -> list[tuple[str, Anchoring]]:
    """Of the log that each clinic writes to now, with the clinic's name."""
    found = ((site, newest_log(site)) for site in Site.objects.order_by("name"))
    return [(site.name, anchoring_of(log)) for site, log in found if log is not None]


def newest_log(site: Site) -> Ledger | None:
    """The log that a clinic writes to now; None when it has none yet."""
    return Ledger.objects.filter(site=site).order_by("-incarnation").first()


def key_level_sentence() -> str:
    """Who can use the key that signs the ledger; the level stands in every report."""
    return (
        _("Signing key, level 0: the web server itself can use it."),
        _("Signing key, level 1: only another user of the same machine can use it."),
        _("Signing key, level 2: only another machine can use it."),
        _("Signing key, level 3: it cannot be copied out of its device."),
    )[settings.LEDGER_KEY_LEVEL]


def _cosigned(ledger: Ledger, policy: Policy) -> tuple[int, datetime.datetime] | None:
    """The newest head that enough witnesses have signed, and since when they all have seen at least that much."""
    names = {signed_name(witness.key): witness for witness in policy.witnesses}
    rows = LedgerCosignature.objects.filter(ledger=ledger, key_name__in=list(names))
    pairs = rows.order_by("-size").values_list("size", "key_name").iterator()
    for size, same in groupby(pairs, key=itemgetter(0)):
        signers = {names[name].name for _size, name in same}
        if isinstance(size, int) and _is_enough(policy, signers):
            at = _enough_since(policy, _right_ones(ledger, rows.filter(size=size), names))
            if at is not None:
                return size, at
    return None


def _right_ones(ledger: Ledger, rows: Any, names: dict[str, Witness]) -> Iterator[tuple[datetime.datetime, str]]:
    """When and by whom a head was signed, of those rows that prove it."""
    for row in readable(rows, rows):
        heads = LedgerCheckpoint.objects.filter(ledger=ledger, size=row.size, root_hash=row.root_hash)
        try:
            text = checkpoint_text(ledger.origin, row.size, bytes.fromhex(row.root_hash))
        except (RefusalError, ValueError, TypeError):  # SQLite may hold anything in a column
            continue
        witness = names[row.key_name]
        if row.cosigned_at and heads.exists() and is_line_right(row.line, key=witness.key, text=text):
            yield row.cosigned_at, witness.name


def _enough_since(policy: Policy, signed: Iterator[tuple[datetime.datetime, str]]) -> datetime.datetime | None:
    seen: set[str] = set()
    for at, name in sorted(signed, reverse=True):
        seen.add(name)
        if _is_enough(policy, seen):
            return at
    return None


def _is_enough(policy: Policy, signers: set[str]) -> bool:
    """The policy's quorum; where it asks for nobody, anyone whom it names is somebody outside."""
    return bool(signers) and policy.is_met_by(signers)


def _stamped(ledger: Ledger) -> tuple[int, datetime.datetime] | None:
    authority = pinned_authority()
    if authority is None:
        return None
    rows = LedgerStamp.objects.filter(ledger=ledger, authority=authority.name)
    sizes = rows.order_by("-size").values_list("size", flat=True).iterator()
    for size in filter(lambda number: isinstance(number, int), sizes):
        same = rows.filter(size=size)
        for stamp in readable(same, same):
            at = stamped_at(stamp, authority)
            if at is not None:
                return size, at
    return None


def time_on_page(at: datetime.datetime, *, ledger: Ledger) -> str:
    """An instant in the zone of a log's clinic, in the language of the page."""
    return _shown(at, _zone(ledger))


def _shown(at: datetime.datetime, zone: ZoneInfo) -> str:
    return shown_time(at, zone=zone, labels={key: _(LABELS[key]) for key in SHARED}, field="at")


def _zone(ledger: Ledger) -> ZoneInfo:
    name = Site.objects.filter(pk=ledger.site_id).values_list("time_zone", flat=True).first()
    try:
        return known_zone(name if isinstance(name, str) else "UTC")
    except RecordError:
        return known_zone("UTC")  # a damaged row of the clinic is a finding of its own


def _sentence(at: datetime.datetime | None, *, is_whole: bool, zone: ZoneInfo) -> str:
    if at is None:
        return _("Never anchored: nobody outside this clinic has confirmed this list yet.")
    when = _shown(at, zone)
    if not is_whole:
        newest = _("Not anchored since %(time)s: nobody outside this clinic has confirmed the newest entries.")
        return newest % {"time": when}
    if clock.now() - at > HOLDS_FOR:
        old = _("Anchored, but more than a day ago: somebody outside this clinic confirmed the whole list at %(time)s.")
        return old % {"time": when}
    return _("Anchored: somebody outside this clinic confirmed the whole list at %(time)s.") % {"time": when}
