"""Write the ledger as files that the stand-alone verifier checks: for an auditor, a court, a witness."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.models import Site
from consent.management.anchors import anchoring_lines
from consent.management.sites import the_site
from consent.models import Ledger
from consent.queries.ledger_export import export_ledger, logs_of


class Command(BaseCommand):
    help = "Write each log of the clinics as an archive, to be checked with freely_given_verify.py."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", help="id or name of one clinic; all when left out")
        parser.add_argument("--to", type=Path, required=True, metavar="FOLDER", help="where the archives are put")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["to"].is_dir():
            raise CommandError(f"{options['to']} is not a folder.", returncode=2)
        sites = [the_site(options["site"])] if options["site"] else list(Site.objects.order_by("name"))
        for site in sites:
            for log in logs_of(site):
                self._write(log, options["to"] / (log.origin.replace("/", "-") + ".zip"))
        self.stdout.write("\n".join(anchoring_lines()))

    def _write(self, log: Ledger, path: Path) -> None:
        """Only its owner can read it: whose entries belong together can be seen in it."""
        part = path.with_suffix(".part")
        try:
            with open(part, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                exported = export_ledger(log, file)
            if exported is None:
                part.unlink()
                self.stdout.write(f"{log.origin}: nothing has been sealed yet.")
                return
            part.replace(path)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror or error}", returncode=2) from error
        self.stdout.write(f"{path}: {exported.size} entries, {exported.heads} signed heads.")
