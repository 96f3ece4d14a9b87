"""Compute every ledger again and compare it with the rows it binds.

Ends with 0 when all agrees, 1 on a finding (the first bad entry first), 2 when it could not look.
"""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from clinic.models import Site
from consent.management.anchors import NO_LEDGER
from consent.queries.anchoring import Anchoring, key_level_sentence
from consent.queries.ledger import VerifyReport, sites_called, verify
from consent.queries.ledger_roots import verify_roots

NOT_ANCHORED = (
    "Not anchored: for what nobody outside has confirmed, this proves only that the ledger and the rows agree with each"
    " other now. Someone who owns the database could have rewritten all of them alike. Keep the root printed above"
    " outside, and compare it next time."
)
ONLY_ROOTS = (
    "Only the bytes of the entries were hashed again and the newest roots compared. What the entries say, the rows they"
    " speak of and the older checkpoints were not looked at: leave out --roots for that."
)
FINDING, COULD_NOT_RUN = 1, 2


class Command(BaseCommand):
    help = "Compute the ledger again and compare it with the rows it binds: 0 sound, 1 finding, 2 could not run."
    requires_system_checks: list[str] = []  # it must run exactly when something is wrong

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", help="id or name of one site; all sites when left out")
        parser.add_argument(
            "--roots", action="store_true", help="only hash the entries again and compare the newest root"
        )
        parser.add_argument("--json", action="store_true", help="write one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = (verify_roots if options["roots"] else verify)(self._sites(options["site"]))
        except (DatabaseError, UnicodeDecodeError) as error:  # SQLite complains in the words of its damaged schema
            raise CommandError(
                f"The database cannot be read ({str(error).strip()}).", returncode=COULD_NOT_RUN
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(report) | {"only_roots": options["roots"]}, indent=2))
        else:
            self.stdout.write("\n".join([*_as_text(report), *([ONLY_ROOTS] if options["roots"] else [])]))
        if report.count:
            sys.exit(FINDING)

    def _sites(self, name: str | None) -> list[Site] | None:
        if name is None:
            return None
        sites = sites_called(name)
        if not sites:
            raise CommandError(f"There is no site {name!r}; give its id or its exact name.", returncode=COULD_NOT_RUN)
        return sites


def _as_json(report: VerifyReport) -> dict[str, Any]:
    return {
        "sound": report.count == 0,
        "anchored": _is_anchored(report),
        "key_level": settings.LEDGER_KEY_LEVEL,
        "ledgers": [
            {
                "origin": ledger.origin,
                "site": ledger.site,
                "entries": ledger.entries,
                "root": ledger.root_hash,
                "findings": ledger.findings.count,
                **_anchoring_as_json(ledger.anchoring),
            }
            for ledger in report.ledgers
        ],
        "findings_count": report.count,
        "findings": [asdict(finding) for finding in report.findings],
    }


def _as_text(report: VerifyReport) -> list[str]:
    lines = [f"{finding.sentence}  [{finding.what}: {finding.where}]" for finding in report.findings]
    if report.count > len(lines):
        lines.append(f"... and {report.count - len(lines)} more.")
    for ledger in report.ledgers:
        lines.append(f"{ledger.site}: {ledger.entries} entries, root {ledger.root_hash or 'none'} ({ledger.origin})")
        lines += [f"  {ledger.anchoring.sentence}"] if ledger.anchoring is not None else []
    lines.append(f"{report.count} findings." if report.count else "Everything agrees.")
    lines.append(key_level_sentence())
    if not report.ledgers:
        lines.append(NO_LEDGER)
    elif not _is_anchored(report):
        lines.append(NOT_ANCHORED)
    return lines


def _is_anchored(report: VerifyReport) -> bool:
    """Whether somebody outside has confirmed all there is."""
    return bool(report.ledgers) and all(one.anchoring and one.anchoring.is_anchored for one in report.ledgers)


def _anchoring_as_json(anchoring: Anchoring | None) -> dict[str, Any]:
    if anchoring is None:
        return {"anchored": False}
    return {
        "anchored": anchoring.is_anchored,
        "anchored_at": anchoring.anchored_at.isoformat() if anchoring.anchored_at else None,
        "anchored_size": anchoring.anchored_size,
        "entries_since": anchoring.entries_since,
        "anchoring": anchoring.sentence,
    }
