"""Open an account for a member of staff; the password is made here and shown once."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.actions.open_account import open_account
from clinic.exceptions import ClinicError
from clinic.models import Site
from clinic.vocabulary import Role

STAFF_ROLES = [role.value for role in Role if role is not Role.PATIENT]


class Command(BaseCommand):
    help = "Opens a staff account and prints its password once. She changes it after signing in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", required=True, help="name of the clinic")
        parser.add_argument("--username", required=True)
        parser.add_argument("--display-name", required=True, help="name as shown on pages and records")
        parser.add_argument("--role", required=True, choices=STAFF_ROLES)
        parser.add_argument("--profession", default="", help="needed for a practitioner")
        parser.add_argument("--registration", default="", help="professional registration, if any")

    def handle(self, *args: Any, **options: Any) -> None:
        site = Site.objects.filter(name=options["clinic"]).first()
        if site is None:
            raise CommandError(f"No clinic has the name {options['clinic']!r}; open it first with open_clinic.")
        password = secrets.token_urlsafe(15)
        try:
            open_account(
                username=options["username"],
                display_name=options["display_name"],
                role=Role(options["role"]),
                site_id=site.pk,
                password=password,
                profession=options["profession"],
                registration=options["registration"],
            )
        except ClinicError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{options['username']}, password (shown only here): {password}")
