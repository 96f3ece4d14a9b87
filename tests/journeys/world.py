"""Makes people, plans and consents for a journey, and reads what became of them, in a process of its own.

    python -m tests.journeys.world

Reads one command a line, {"do": name, ...}, and answers one line of JSON. It lives in the same database, data folder
and time as the server; nothing here can be reached from the browser.
"""

import json
import os
import sys

import django

from tests.journeys import ticking


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.config.settings")
    django.setup()
    from tests.journeys.rows import COMMANDS  # models can be named only after the set-up

    ticking.install()
    for line in sys.stdin:
        command = json.loads(line)
        answer = COMMANDS[command.pop("do")](**command)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
