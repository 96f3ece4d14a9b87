"""After a backup was put back: which consents to check on paper, and going on with the gap on record."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.exceptions import ClinicError
from clinic.models import Site
from consent.actions.continue_ledger import continue_ledger
from consent.exceptions import KeyStoreError
from consent.management.anchors import anchoring_lines
from consent.management.sites import the_site
from consent.queries.behind import consents_to_check, mark_those_behind

BEHIND, COULD_NOT_RUN = 1, 2


class Command(BaseCommand):
    help = "Say whether the database is older than what was signed; with --checked-on-paper, go on in a new ledger."
    requires_system_checks: list[str] = []  # it must run exactly when something is wrong

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, help="id or name of the clinic")
        parser.add_argument("--checked-on-paper", action="store_true", help="the papers were looked at; go on")

    def handle(self, *args: Any, **options: Any) -> None:
        site = the_site(options["site"])
        self.stdout.write("\n".join(anchoring_lines()))
        try:
            behind = [found for ledger, found in mark_those_behind() if ledger.site_id == site.pk]
            if not behind:
                self.stdout.write("The database holds everything that was signed.")
                return
            self.stdout.write(
                f"The database holds {behind[0].held_size} entries; {behind[0].known_size} were signed. Nothing is"
                " written until the papers were looked at."
            )
            self._list(site)
            if options["checked_on_paper"]:
                first = continue_ledger(site_id=site.pk)
                self.stdout.write(f"The clinic goes on in {first.ledger.origin}; both sizes are on record in it.")
                return
        except ClinicError as error:
            raise CommandError(error.message, returncode=COULD_NOT_RUN) from error
        except KeyStoreError as error:
            raise CommandError(f"Could not look: {error}", returncode=COULD_NOT_RUN) from error
        raise CommandError("Check on paper first.", returncode=BEHIND)

    def _list(self, site: Site) -> None:
        """Numbers of consents, no names: the clinic's pages show whose they are."""
        for consent in consents_to_check(site):
            when = consent.procedure.appointment.starts_at if consent.procedure.appointment else None
            self.stdout.write(f"  check consent {consent.pk} ({consent.state}; procedure {when or 'without a time'})")
