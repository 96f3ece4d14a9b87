"""Bring the newest head of the ledger out of the house: a sheet for the wall, and a letter to LEDGER_MAIL_TO."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic.exceptions import ClinicError
from clinic.models import Site
from consent.actions.publish_checkpoint import publish_checkpoint
from consent.management.anchors import anchoring_lines
from consent.management.sites import the_site
from consent.record.exceptions import RecordError


class Command(BaseCommand):
    help = "Print the newest head of each ledger as a sheet for the wall, and mail it to LEDGER_MAIL_TO."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", help="id or name of one clinic; all when left out")
        parser.add_argument("--sheets", type=Path, metavar="FOLDER", help="where the sheets are put; no sheet without")
        parser.add_argument(
            "--language", default=settings.LANGUAGE_CODE, choices=[code for code, _ in settings.LANGUAGES]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sheets"] is None and not settings.LEDGER_MAIL_TO:
            raise CommandError("Nowhere to publish: give --sheets, or set LEDGER_MAIL_TO.", returncode=2)
        sites = [the_site(options["site"])] if options["site"] else list(Site.objects.order_by("name"))
        is_all_out = True
        for site in sites:
            try:
                published = publish_checkpoint(site_id=site.pk, folder=options["sheets"], language=options["language"])
            except (ClinicError, RecordError) as error:
                raise CommandError(f"{site.name}: {error}") from error
            for one in published:
                is_all_out = is_all_out and one.entry is not None
                (self.stdout if one.entry else self.stderr).write(f"{site.name}: {one.sentence}")
        self.stdout.write("\n".join(anchoring_lines()))
        if not is_all_out:
            raise CommandError("Not everything was published.")
