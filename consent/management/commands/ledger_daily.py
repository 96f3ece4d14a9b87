"""Everything the ledger needs once a day, in one command for a timer. A step that fails holds up none of the others."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic.exceptions import ClinicError
from clinic.models import Site
from consent.actions.ask_witnesses import ask_witnesses
from consent.actions.outside import OutsideError
from consent.actions.publish_checkpoint import publish_checkpoint
from consent.actions.record_guard_manifest import record_guard_manifest
from consent.actions.seal_ledger import seal_every_ledger
from consent.actions.stamp_checkpoint import stamp_checkpoint
from consent.exceptions import KeyStoreError
from consent.ledger.refusals import StampError
from consent.management.anchors import anchoring_lines
from consent.queries.behind import mark_those_behind
from consent.record.exceptions import RecordError
from consent.vocabulary import EntryKind

Said = tuple[bool, str]  # whether it is as it should be, and a sentence


class Command(BaseCommand):
    help = "Seal, record the guards, ask the witnesses, publish the head, and look whether the database was put back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sheets", type=Path, metavar="FOLDER", help="where the sheets for the wall are put")

    def handle(self, *args: Any, **options: Any) -> None:
        steps: list[tuple[str, Callable[[], Iterator[Said]]]] = [
            ("seal", _seal),
            ("guards", _guards),
            ("witnesses", _witnesses),
            ("time stamp", _stamps),
            ("publish", lambda: _publish(options["sheets"])),
            ("put back?", _behind),
        ]
        is_well = True
        for name, step in steps:
            try:
                for is_right, sentence in step():
                    is_well = is_well and is_right
                    (self.stdout if is_right else self.stderr).write(f"{name}: {sentence}")
            except (ClinicError, KeyStoreError, OutsideError, RecordError, StampError) as error:
                is_well = False
                self.stderr.write(f"{name}: failed: {error}")
        self.stdout.write("\n".join(anchoring_lines()))
        if not is_well:
            raise CommandError("Not everything is as it should be; see above.")


def _seal() -> Iterator[Said]:
    for sealed in seal_every_ledger():
        yield True, f"sealed up to {sealed.size}, root {sealed.root_hash}"


def _guards() -> Iterator[Said]:
    for site in Site.objects.order_by("name"):
        written = record_guard_manifest(site_id=site.pk)
        is_changed = any(entry.kind == EntryKind.OUT_OF_BAND for entry in written)
        yield not is_changed, f"{site.name}: " + ("changed without a release" if is_changed else "on record")


def _witnesses() -> Iterator[Said]:
    for one in ask_witnesses():
        yield not one.is_alarm, f"{one.witness} ({one.origin}): {one.sentence}"


def _stamps() -> Iterator[Said]:
    if settings.LEDGER_STAMP_URL:
        for site in Site.objects.order_by("name"):
            stamp = stamp_checkpoint(site_id=site.pk)
            yield True, f"{site.name}: {stamp.size} entries at {stamp.stamped_at.isoformat()}"


def _publish(folder: Path | None) -> Iterator[Said]:
    if folder is not None or settings.LEDGER_MAIL_TO:
        for site in Site.objects.order_by("name"):
            for one in publish_checkpoint(site_id=site.pk, folder=folder, language=settings.LANGUAGE_CODE):
                yield one.entry is not None, f"{site.name}: {one.sentence}"


def _behind() -> Iterator[Said]:
    for ledger, behind in mark_those_behind():
        yield (
            False,
            f"{ledger.origin} holds {behind.held_size} entries, but {behind.known_size} were signed: check on paper"
            " first, then run manage.py ledger_continue",
        )
