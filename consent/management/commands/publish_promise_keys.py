"""Put the keys for promises on record, where the web server's own database account may not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.actions.promise_entry import publish_promise_keys
from consent.exceptions import KeyStoreError


class Command(BaseCommand):
    help = "Makes the key for promises of each ledger where it is missing, and puts its public half on record."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            published = publish_promise_keys()
        except KeyStoreError as error:
            raise CommandError(f"Not published: {error}") from error
        for origin in published:
            self.stdout.write(f"On record now: the key for promises of {origin}")
        if not published:
            self.stdout.write("The key for promises of every ledger is on record already.")
