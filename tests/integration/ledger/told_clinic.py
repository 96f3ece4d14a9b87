"""Fills an empty database with one clinic that has lived through everything, and stays: python -m … told_clinic."""

import io

import django
import pytest


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from tests import clock
    from tests.factories import House
    from tests.story import build_full_story

    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("make_keys", stdout=io.StringIO())
    block = transaction.atomic()
    block._from_testcase = True  # acts are durable; inside they may run as in a test case of Django's own
    with pytest.MonkeyPatch.context() as patch, block:
        clock.install(patch)
        build_full_story(House())


if __name__ == "__main__":
    main()
