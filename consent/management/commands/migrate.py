"""Django's own `migrate`, run as the owner of the tables: nobody else may alter one that holds evidence."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from consent.ownership import as_owner


class Command(migrate.Command):
    help = "Bring the tables up to date, then put every missing guard back (run verify_ledger afterwards)."

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner(connections[options["database"]]):
            super().handle(*args, **options)
