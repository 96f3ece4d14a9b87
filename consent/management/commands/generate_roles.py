"""Write `consent/sql/roles.sql` from the models, or check that it says what the models say."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.roles import FILE, roles_sql


class Command(BaseCommand):
    help = "Writes consent/sql/roles.sql; with --check only says whether it is stale."
    requires_system_checks: list[str] = []  # it comes from code alone; no database is asked

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is stale")

    def handle(self, *args: Any, **options: Any) -> None:
        is_stale = not FILE.exists() or FILE.read_text(encoding="utf-8") != roles_sql()
        if options["check"] and is_stale:
            raise CommandError(f"{FILE.name} is stale. Run manage.py generate_roles.", returncode=1)
        if is_stale:
            FILE.write_text(roles_sql(), encoding="utf-8")
        self.stdout.write(f"{FILE.name} {'written' if is_stale else 'is up to date'}")
