"""Ask the rules themselves: what they say, and what they say about a case.

A subcommand is a module of `consent.management`: HELP, `add_arguments(parser)`, and `answer(options)`, which gives the
text to print and the code to end with.
"""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from consent.management import decide, listing, showing

SUBCOMMANDS = {"list": listing, "show": showing, "decide": decide}


class Command(BaseCommand):
    help = "Ask the rules: what they say, and what the gate says about a case in a file."
    requires_system_checks: list[str] = []  # the rules are data and code; no database is asked

    def add_arguments(self, parser: ArgumentParser) -> None:
        subparsers = parser.add_subparsers(dest="subcommand", required=True)
        for name, module in SUBCOMMANDS.items():
            module.add_arguments(subparsers.add_parser(name, help=module.HELP, description=module.HELP))

    def handle(self, *args: Any, **options: Any) -> None:
        text, code = SUBCOMMANDS[options["subcommand"]].answer(options)
        self.stdout.write(text)
        if code:
            sys.exit(code)
