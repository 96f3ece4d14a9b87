"""Replace the key of a clinic's ledger; the head in between is signed by both keys."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.exceptions import ClinicError
from consent.actions.rotate_key import rotate_key
from consent.actions.seal_ledger import seal_every_ledger
from consent.exceptions import KeyStoreError
from consent.management.anchors import anchoring_lines
from consent.management.sites import the_site


class Command(BaseCommand):
    help = "Replace the key that signs a clinic's ledger. The old private key is wiped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, help="id or name of the clinic")

    def handle(self, *args: Any, **options: Any) -> None:
        site = the_site(options["site"])
        try:
            seal_every_ledger()
            head = rotate_key(site_id=site.pk)
        except ClinicError as error:
            raise CommandError(error.message) from error
        except KeyStoreError as error:
            raise CommandError(f"Not replaced: {error}") from error
        self.stdout.write(f"A new key signs from entry {head.size - 1} on. Publish the new policy.\n\n{head.note}")
        self.stdout.write("\n".join(anchoring_lines()))
