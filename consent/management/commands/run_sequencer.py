"""Seals what waits, until it is told to stop. For larger sites: a user of its own, who alone can read the log key."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from consent.actions.seal_ledger import seal_every_ledger
from consent.exceptions import KeyStoreError
from consent.management.anchors import anchoring_lines


class Command(BaseCommand):
    help = "Seal what waits in every ledger, again and again, until a polite stop (SIGTERM)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="seal what waits now and end")
        parser.add_argument("--every", type=float, default=0.25, help="seconds between two looks (0.25)")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        if not options["once"]:
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            self._seal()
            if options["once"]:
                self.stdout.write("\n".join(anchoring_lines()))
                return
            close_old_connections()
            stop.wait(options["every"])

    def _seal(self) -> None:
        try:
            for sealed in seal_every_ledger():
                self.stdout.write(f"sealed up to {sealed.size}, root {sealed.root_hash}")
        except (KeyStoreError, OperationalError) as error:  # what waits goes on waiting; the next look may succeed
            self.stderr.write(f"Not sealed: {error}")
