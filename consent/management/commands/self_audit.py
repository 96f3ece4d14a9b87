"""Ask what a state auditor would look for, over all entries and what is open about them. Entries, never people.

Ends with 0 when nothing was found, 1 on a finding, 2 when it could not look.
"""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from clinic.models import Site
from consent.management.anchors import NO_LEDGER
from consent.queries.anchoring import key_level_sentence
from consent.queries.ledger import sites_called
from consent.queries.self_audit import Answer, SiteAudit, self_audit

FOUND, COULD_NOT_RUN = 1, 2


class Command(BaseCommand):
    help = "Ask what a state auditor would look for: 0 nothing found, 1 something found, 2 could not look."
    requires_system_checks: list[str] = []  # the auditor's own account of the database may not be able to run them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", help="id or name of one site; all sites when left out")
        parser.add_argument("--json", action="store_true", help="write one JSON object")
        parser.add_argument(
            "--since", type=int, default=0, metavar="INDEX", help="only findings from this entry on, and what waits"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["since"] < 0:
            raise CommandError("--since takes the index of an entry: 0 or more.", returncode=COULD_NOT_RUN)
        try:
            audits = self_audit(self._sites(options["site"]), since=options["since"])
        except DatabaseError as error:
            reason = f"The database cannot be read ({str(error).strip()})."
            raise CommandError(reason, returncode=COULD_NOT_RUN) from error
        except ValueError as error:
            reason = f"A stored value cannot be read ({error}); manage.py verify_ledger says which."
            raise CommandError(reason, returncode=COULD_NOT_RUN) from error
        if options["json"]:
            self.stdout.write(json.dumps(_as_json(audits), indent=2))
        else:
            self.stdout.write("\n".join(_as_text(audits)))
        if any(audit.count for audit in audits):
            sys.exit(FOUND)

    def _sites(self, name: str | None) -> list[Site] | None:
        if name is None:
            return None
        sites = sites_called(name)
        if not sites:
            raise CommandError(f"There is no site {name!r}; give its id or its exact name.", returncode=COULD_NOT_RUN)
        return sites


def _as_json(audits: list[SiteAudit]) -> dict[str, Any]:
    return {
        "findings_count": sum(audit.count for audit in audits),
        "sites": [
            {
                "site": audit.site,
                "logs": [
                    {"incarnation": incarnation, "origin": origin} for incarnation, origin in audit.origins.items()
                ],
                "anchoring": audit.anchoring,
                "key_level": settings.LEDGER_KEY_LEVEL,
                "checks": [_check_as_json(answer) for answer in audit.answers],
            }
            for audit in audits
        ],
    }


def _check_as_json(answer: Answer) -> dict[str, Any]:
    return {
        "check": answer.check.id,
        "question": answer.check.question,
        "rules": list(answer.check.rules),
        "count": len(answer.findings),
        "findings": [{"incarnation": one.incarnation, "entry": one.where, "kind": one.kind} for one in answer.findings],
    }


def _as_text(audits: list[SiteAudit]) -> list[str]:
    lines: list[str] = []
    for audit in audits:
        lines += [f"{audit.site}: {audit.anchoring}", f"  {key_level_sentence()}"]
        lines += [f"  log {incarnation}: {origin}" for incarnation, origin in audit.origins.items()]
        for answer in audit.answers:
            lines.append(f"  {answer.check.id}: {len(answer.findings)}  [{', '.join(answer.check.rules)}]")
            if answer.findings:
                lines.append(f"    {answer.check.question}")
            lines += [f"    log {one.incarnation}, entry {one.where}: {one.kind}" for one in answer.findings]
    return lines or [NO_LEDGER]
