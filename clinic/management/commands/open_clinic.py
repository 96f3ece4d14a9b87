"""Open a clinic on a new installation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.actions.open_site import open_site
from clinic.exceptions import ClinicError
from clinic.models import Site
from clinic.vocabulary import Preset


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
            site = open_site(name=options["name"], time_zone=options["time_zone"], preset=Preset(options["preset"]))
        except ClinicError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"Opened {site.name} ({site.time_zone}, {site.preset}). Its id is {site.pk.hex}.")
