"""Put back on record, from a patient's slip file, an entry that the database has lost."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.exceptions import ClinicError
from consent.actions.recover_entry import recover_entry
from consent.management.anchors import anchoring_lines


class Command(BaseCommand):
    help = "Read a patient's slip file (.tlog-proof) and put on record that its entry existed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            content = options["file"].read_bytes()
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read ({error.strerror}).") from error
        try:
            entry = recover_entry(receipt=content)
        except ClinicError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"The entry is on record again in {entry.ledger.origin}. Now record what is so today.")
        self.stdout.write("\n".join(anchoring_lines()))
