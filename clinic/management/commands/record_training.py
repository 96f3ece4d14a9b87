"""Record for which kinds of care a clinician is trained to take consent."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.actions.record_training import record_training
from clinic.exceptions import ClinicError
from clinic.models import Account, Practitioner
from clinic.vocabulary import ProcedureCategory

NOTHING = "nothing"


class Command(BaseCommand):
    help = (
        "Sets the kinds of care for which a clinician is trained to take consent. Name all of them, not only new ones."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", required=True, help="user name of the clinician")
        parser.add_argument("--by", required=True, help="user name of the administrator who says so")
        parser.add_argument(
            "--trained-for",
            action="append",
            required=True,
            choices=[*(kind.value for kind in ProcedureCategory), NOTHING],
            help="kind of care; repeat it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        practitioner = Practitioner.objects.filter(account__username=options["username"]).first()
        if practitioner is None:
            raise CommandError(f"No clinician has the user name {options['username']!r}.")
        administrator = Account.objects.filter(username=options["by"]).first()
        if administrator is None:
            raise CommandError(f"Nobody has the user name {options['by']!r}.")
        try:
            changed = record_training(
                practitioner_id=practitioner.pk,
                trained_for=[ProcedureCategory(kind) for kind in options["trained_for"] if kind != NOTHING],
                by=administrator,
            )
        except ClinicError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"{options['username']} is trained for: {' '.join(changed.trained_for) or NOTHING}")
