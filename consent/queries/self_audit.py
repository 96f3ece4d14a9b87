"""The self-audit of a site: reads entries and open columns, asks every question, and gives entries, never people."""

import datetime
import zoneinfo
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from clinic import clock
from clinic.models import Site
from consent.models import Ledger
from consent.queries.anchoring import HOLDS_FOR, Anchoring, anchoring_of
from consent.queries.audit_entries import entries_about_nobody, entry_at, streams_of, waiting_entries
from consent.queries.audit_facts import Surroundings, facts_of_stream
from consent.queries.audit_rows import StoredRules, newer_sheets, open_rows
from consent.queries.removals import removal_days_at
from consent.queries.snapshot import snapshot
from consent.rules.self_audit import CHECKS, AuditFacts, Check, Finding, audit
from consent.rules.self_audit.facts import LogFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One question, and the entries at which it was not answered with a plain yes."""

    check: Check
    findings: tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SiteAudit:
    """What was found at one site."""

    site: str
    origins: dict[int, str]  # of each log of the site, by incarnation
    anchoring: str  # who outside vouches for the log, in one sentence
    answers: tuple[Answer, ...]  # to every question, also where nothing was found

    @property
    def count(self) -> int:
        """How many findings there are."""
        return sum(len(answer.findings) for answer in self.answers)


def self_audit(sites: Iterable[Site] | None = None, *, since: int = 0) -> list[SiteAudit]:
    """Ask every question of every entry of these sites; of all where none are named.

    **Takes** the index in the log written to now from which on findings are given; what waits is always given.
    **Raises** ValueError where a stored value cannot be read at all.
    """
    at = clock.now()
    with snapshot():
        chosen = Site.objects.order_by("name") if sites is None else sites
        audits = [_audit_site(site, at=at, since=since) for site in chosen]
    return [one for one in audits if one is not None]


def _audit_site(site: Site, *, at: datetime.datetime, since: int) -> SiteAudit | None:
    logs = list(Ledger.objects.filter(site=site).order_by("incarnation"))
    if not logs:
        return None
    anchoring = anchoring_of(logs[-1])
    facts = chain(_facts_of_streams(site, at=at), [_log_facts(logs[-1], anchoring, at=at)])
    asked = (one for one in audit(facts) if _is_since(one, logs[-1].incarnation, since))
    found = sorted(asked, key=lambda one: (one.incarnation, one.index is None, one.index or 0))
    return SiteAudit(
        site=site.name,
        origins={log.incarnation: log.origin for log in logs},
        anchoring=anchoring.sentence,
        answers=tuple(
            Answer(check=check, findings=tuple(one for one in found if one.check == check.id)) for check in CHECKS
        ),
    )


def _log_facts(log: Ledger, anchoring: Anchoring, *, at: datetime.datetime) -> LogFacts:
    anchored_at = anchoring.anchored_at
    is_fresh = anchoring.is_anchored or (anchored_at is not None and at - anchored_at <= HOLDS_FOR)
    return LogFacts(
        at=at,
        waiting=tuple(waiting_entries(log.site)),
        first_not_anchored=None if is_fresh else entry_at(log.pk, anchoring.anchored_size),
    )


def _facts_of_streams(site: Site, *, at: datetime.datetime) -> Iterator[AuditFacts]:
    around = Surroundings(
        site=site,
        at=at,
        zone=zoneinfo.ZoneInfo(site.time_zone),
        rules=StoredRules(),
        removal_days=removal_days_at(site),
        newer_sheets=newer_sheets(site),
    )
    for batch in streams_of(site):
        rows = open_rows(batch)
        for stream in batch:
            yield from facts_of_stream(stream, rows, around)
    yield from entries_about_nobody(site)


def _is_since(finding: Finding, incarnation: int, since: int) -> bool:
    return not since or finding.index is None or (finding.incarnation == incarnation and finding.index >= since)
