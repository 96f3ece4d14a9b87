"""Have the newest head of each ledger stamped by the authority of LEDGER_STAMP_URL (RFC 3161)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.exceptions import ClinicError
from clinic.models import Site
from consent.actions.outside import OutsideError
from consent.actions.stamp_checkpoint import stamp_checkpoint
from consent.ledger.refusals import StampError
from consent.management.anchors import anchoring_lines
from consent.management.sites import the_site


class Command(BaseCommand):
    help = "Have the newest head of each ledger stamped. Nothing is kept that the pinned certificate does not prove."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", help="id or name of one clinic; all when left out")

    def handle(self, *args: Any, **options: Any) -> None:
        sites = [the_site(options["site"])] if options["site"] else list(Site.objects.order_by("name"))
        failed = 0
        for site in sites:
            try:
                stamp = stamp_checkpoint(site_id=site.pk)
            except (ClinicError, OutsideError, StampError) as error:
                failed += 1
                self.stderr.write(f"{site.name}: not stamped: {error}")
            else:
                self.stdout.write(f"{site.name}: {stamp.size} entries, stamped at {stamp.stamped_at.isoformat()}")
        self.stdout.write("\n".join(anchoring_lines()))
        if failed:
            raise CommandError("Not everything was stamped.")
