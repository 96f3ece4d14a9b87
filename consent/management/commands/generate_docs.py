"""Print the pages of `docs/` that come from the code, or check that they say what the code says."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consent.rules.documents import DOCUMENTS

DOCS = Path(__file__).resolve().parents[3] / "docs"


class Command(BaseCommand):
    help = "Writes the pages of docs/ that come from the code; with --check only says which are stale."
    requires_system_checks: list[str] = []  # the pages come from code alone; no database is asked

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 naming each stale page")
        parser.add_argument("--folder", type=Path, default=DOCS, help="another folder than docs/")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        stale = [name for name, page in DOCUMENTS.items() if _text_of(folder / name) != page()]
        if options["check"]:
            if stale:
                raise CommandError(f"{', '.join(stale)} in {folder}: stale. Run manage.py generate_docs.", returncode=1)
            self.stdout.write(f"{len(DOCUMENTS)} generated pages are up to date")
            return
        for name in stale:
            (folder / name).write_text(DOCUMENTS[name](), encoding="utf-8")
            self.stdout.write(f"wrote {name}")


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
