"""Make the keys that lie outside the database, on a new installation."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from consent.exceptions import KeyStoreError
from consent.keys.subject_keys import make_store


class Command(BaseCommand):
    help = "Makes the master key and the folder of the patients' keys where they are missing; changes nothing else."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            is_new = make_store()
        except KeyStoreError as error:
            raise CommandError(f"No key was made: {error}") from error
        self.stdout.write(f"Patients' keys: {settings.SUBJECT_KEY_DIR}\nMaster key:     {settings.MASTER_KEY_FILE}")
        self.stdout.write(
            "Made just now. Copy the master key to a second place, on paper or on a stick in the safe: without it no"
            " entry can be shown to be about its row. Back the folder up apart from it, and keep no copy of the folder"
            " longer than 30 days."
            if is_new
            else "They were there already and open; nothing was changed."
        )
