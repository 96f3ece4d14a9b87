"""Put what guards the database on record in every clinic's ledger; to be run once a day."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.exceptions import ClinicError
from clinic.models import Site
from consent.actions.record_guard_manifest import record_guard_manifest
from consent.management.anchors import anchoring_lines
from consent.vocabulary import EntryKind

FINDING = 1


class Command(BaseCommand):
    help = "Record the database's guards in the ledger: 0 as the day before, 1 something changed without a release."

    def handle(self, *args: Any, **options: Any) -> None:
        is_changed = False
        for site in Site.objects.order_by("name"):
            try:
                *alarms, recorded = record_guard_manifest(site_id=site.pk)
            except ClinicError as error:
                raise CommandError(error.message) from error
            is_changed |= any(entry.kind == EntryKind.OUT_OF_BAND for entry in alarms)
            said = "CHANGED WITHOUT A RELEASE" if alarms else "as before"
            self.stdout.write(f"{site.name}: guards {said}, on record as entry {recorded.index}")
        self.stdout.write("\n".join(anchoring_lines()))
        if is_changed:
            sys.exit(FINDING)
