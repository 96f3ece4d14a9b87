"""Open an account for a member of staff; the password is made here and shown once."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.actions.open_account import open_account
from clinic.exceptions import ClinicError
from clinic.models import Site
from clinic.vocabulary import ProcedureCategory, Role

STAFF_ROLES = [role.value for role in Role if role is not Role.PATIENT]
KINDS_OF_CARE = [kind.value for kind in ProcedureCategory]


class Command(BaseCommand):
    help = "Opens a staff account and prints its password once. She changes it after signing in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--clinic", required=True, help="name of the clinic")
        parser.add_argument("--username", required=True)
        parser.add_argument("--display-name", required=True, help="name as shown on pages and records")
        parser.add_argument("--role", required=True, choices=STAFF_ROLES)
        parser.add_argument("--profession", default="", help="needed for a practitioner")
        parser.add_argument("--registration", default="", help="professional registration, if any")
        parser.add_argument(
            "--trained-for",
            action="append",
            choices=KINDS_OF_CARE,
            help="kind of care a practitioner is trained to take consent for; repeat it; all kinds when left out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        site = Site.objects.filter(name=options["clinic"]).first()
        if site is None:
            raise CommandError(f"No clinic has the name {options['clinic']!r}; open it first with open_clinic.")
        password = secrets.token_urlsafe(15)
        trained_for = [ProcedureCategory(kind) for kind in options["trained_for"] or KINDS_OF_CARE]
        try:
            open_account(
                username=options["username"],
                display_name=options["display_name"],
                role=Role(options["role"]),
                site_id=site.pk,
                password=password,
                profession=options["profession"],
                registration=options["registration"],
                trained_for=trained_for,
            )
        except ClinicError as error:
            raise CommandError(error.message) from error
        if options["role"] == Role.PRACTITIONER:
            self.stdout.write(f"Trained to take consent for: {' '.join(trained_for)}. Change it with record_training.")
        self.stdout.write(f"{options['username']}, password (shown only here): {password}")
