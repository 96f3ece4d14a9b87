"""Show the newest head of every ledger to the witnesses of the policy file. For a timer, every ten minutes.

Ends with 0, also when a witness does not answer (the next run asks again); with 1 when a witness contradicts the
database.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.actions.ask_witnesses import ask_witnesses
from consent.exceptions import KeyStoreError
from consent.management.anchors import anchoring_lines

CONTRADICTED, COULD_NOT_RUN = 1, 2


class Command(BaseCommand):
    help = "Ask every witness of LEDGER_POLICY_FILE to sign the newest head of every ledger."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-due", action="store_true", help="only where something is new, or once a day")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            asked = ask_witnesses(only_if_due=options["if_due"])
        except KeyStoreError as error:
            raise CommandError(f"The log could not be closed: {error}", returncode=COULD_NOT_RUN) from error
        for one in asked:
            (self.stderr if one.is_alarm else self.stdout).write(f"{one.witness} ({one.origin}): {one.sentence}")
        self.stdout.write("\n".join(anchoring_lines()))
        if any(one.is_alarm for one in asked):
            sys.exit(CONTRADICTED)
