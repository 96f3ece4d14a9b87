"""Open a clinic on a new installation. A command of the upper floor: the clinic's first entry needs the keys."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic.actions.open_site import open_site
from clinic.exceptions import ClinicError
from clinic.models import Site
from clinic.vocabulary import Preset
from consent.exceptions import KeyStoreError
from consent.keys.subject_keys import make_store


class Command(BaseCommand):
    help = "Opens a clinic. Next: open_staff_account for its administrator and staff, then publish_sheets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="name of the clinic")
        parser.add_argument("--time-zone", required=True, help="IANA time zone, for example Asia/Shanghai")
        parser.add_argument("--preset", choices=[preset.value for preset in Preset], default=Preset.STRICT_DEFAULT)

    def handle(self, *args: Any, **options: Any) -> None:
        if Site.objects.filter(name=options["name"]).exists():
            raise CommandError(f"A clinic with the name {options['name']!r} is open already.")
        try:
            is_new = make_store()
            site = open_site(name=options["name"], time_zone=options["time_zone"], preset=Preset(options["preset"]))
        except ClinicError as error:
            raise CommandError(error.message) from error
        except KeyStoreError as error:
            raise CommandError(f"No clinic was opened: {error}") from error
        self.stdout.write(f"Opened {site.name} ({site.time_zone}, {site.preset}). Its id is {site.pk.hex}.")
        if is_new:
            self.stdout.write(
                f"Made the master key {settings.MASTER_KEY_FILE}; keep a copy of it elsewhere (make_keys)."
            )
