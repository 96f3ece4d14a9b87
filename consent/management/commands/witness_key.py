"""Print the public keys under which this house witnesses the ledgers of others; they write them into their policies."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.exceptions import KeyStoreError
from consent.keys.witness_key import witness_signer


class Command(BaseCommand):
    help = "Print the public keys of this house as a witness; they are made on first use."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            keys = witness_signer().public_keys()
        except KeyStoreError as error:
            raise CommandError(f"Not printed: {error}") from error
        self.stdout.write("\n".join(key.to_text() for key in keys))
