"""Erase a patient whose erasure a first person has asked for. The second person types her own password here.

Run as the owner of the database; on PostgreSQL the account that serves pages may not change rows of evidence.
"""

import getpass
import sys
import uuid
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from clinic.exceptions import ClinicError
from clinic.models import Account
from consent.actions.erase_subject import erase_subject
from consent.actions.finish_erasure import finish_erasures
from consent.guards import forget_old_versions


class Command(BaseCommand):
    help = "Erases a patient's personal data for good. Asked for by one person on the page Erasures, done by another."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("request", nargs="?", help="number of the request, as the page Erasures shows it")
        parser.add_argument("--by", help="user name of the second person; the password is asked for")
        parser.add_argument("--finish", action="store_true", help="destroy keys that a crash or a backup left behind")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["finish"]:
                self._finish()
            elif options["request"] and options["by"]:
                self._erase(options["request"], options["by"])
            else:
                raise CommandError("Name the request and who erases (REQUEST --by USERNAME), or give --finish.")
        except ClinicError as error:
            raise CommandError(f"Nothing was erased: {error.message}") from error
        except DatabaseError as error:
            said = " ".join(str(error).split())
            raise CommandError(f"Nothing was erased; run this as the owner of the database ({said}).") from error

    def _finish(self) -> None:
        finished = finish_erasures()
        self.stdout.write(f"Erasures finished now: {len(finished)}.")

    def _erase(self, request: str, username: str) -> None:
        erasure = erase_subject(request_id=_number(request), by=_person(username))
        forget_old_versions()
        self.stdout.write(
            f"Erased. {erasure.rows.count()} rows that entries speak of were emptied; their open part still verifies.\n"
            "Copies in backups are not reached: have those of the patients' keys deleted within 30 days, and those of"
            " the database as the clinic's rule for backups says."
        )


def _number(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is not the number of a request; the page Erasures shows it.") from error


def _person(username: str) -> Account:
    account = Account.objects.filter(username=username).first()
    if account is None or not account.check_password(_password(username)):
        raise CommandError("This user name and password do not belong together; nothing was erased.")
    return account


def _password(username: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"Password of {username}: ")
    return sys.stdin.readline().rstrip("\n")
