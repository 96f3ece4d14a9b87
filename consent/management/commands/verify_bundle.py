"""Check the archive that a patient took home: every byte of it, and against the ledger of this house."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic import clock
from consent.exceptions import KeyStoreError
from consent.ledger.policy import Policy, parse_policy
from consent.ledger.refusals import RefusalError
from consent.management.anchors import anchoring_lines
from consent.queries.bundle_check import judge_bundle
from consent.record.bundle_check import BundleReport


class Command(BaseCommand):
    help = (
        "Check a patient's archive: that no byte of it was changed, that its records stand in the ledger, and that the"
        " seals of its papers are right. Ends with 1 when something is wrong, with 2 when it cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the archive")
        parser.add_argument(
            "--policy", type=Path, metavar="FILE", help="whose signatures count; this house's own logs when left out"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            policy = _policy(options["policy"])
            with options["file"].open("rb") as file:
                report = judge_bundle(file, policy=policy, at=clock.now())
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}", returncode=2) from error
        except KeyStoreError as error:
            raise CommandError(str(error), returncode=2) from error
        own = anchoring_lines() if policy is None else []
        for line in [*lines_of(report), *own]:
            self.stdout.write(line)
        if not report.is_sound:
            raise CommandError("This archive is not as a clinic made it.", returncode=1)


def _policy(path: Path | None) -> Policy | None:
    if path is None:
        return None
    try:
        return parse_policy(path.read_bytes())
    except RefusalError as error:
        raise CommandError(f"{path} is no policy: {error}", returncode=2) from error


def lines_of(report: BundleReport) -> list[str]:
    """What was found, line by line."""
    if not report.is_sound:
        return [f"WRONG: {sentence}" for sentence in report.findings]
    return [
        f"PROVEN: signed by the log {report.log}.",
        f"Records: {report.records}. Receipts: {report.receipts}. Seals found right: {report.sealed}.",
        *(f"Note: {sentence}" for sentence in report.notes),
    ]
