"""Close a clinic's ledger on purpose and go on in a new one: for a key that was lost or stolen."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.exceptions import ClinicError
from consent.actions.freeze_ledger import freeze_ledger
from consent.management.anchors import anchoring_lines
from consent.management.sites import the_site


class Command(BaseCommand):
    help = "Close the ledger of a clinic and open the next one, which states where the old one stood."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, help="id or name of the clinic")
        parser.add_argument("--yes", action="store_true", help="do it; without this, only say what would happen")

    def handle(self, *args: Any, **options: Any) -> None:
        site = the_site(options["site"])
        if not options["yes"]:
            self.stdout.write("Nothing was done. With --yes the ledger of this clinic ends here and a new one begins.")
            return
        try:
            first = freeze_ledger(site_id=site.pk)
        except ClinicError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"The clinic goes on in {first.ledger.origin}. Publish the new policy.")
        self.stdout.write("\n".join(anchoring_lines()))
