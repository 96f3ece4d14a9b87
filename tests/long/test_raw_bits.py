"""Somebody with the disk in his hands: single bits of the SQLite file, and of PostgreSQL's heap pages."""

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.long.conftest import Ground, is_on_postgres, part_of, postgres_value

TABLES = tuple(
    f"consent_{name}" for name in ("ledgerentry", "ledgercheckpoint", "ledgerleaf", "ledgerbinding", "consent")
)


@pytest.mark.skipif(is_on_postgres(), reason="SQLite only: its one file")
def test_single_bits_of_the_file(ground: Ground) -> None:
    answer = ground.ask("bits", part_of(10_000, at_least=20), 7)
    print(f"bits of the SQLite file: {answer['bits']}")  # noqa: T201  the figures belong in the report
    assert answer["wrong"] == []
    assert answer["bits"].get("missed", 0) == 0
    assert answer["bits"]["found"] > 0


@pytest.mark.skipif(not is_on_postgres(), reason="PostgreSQL only: its heap pages")
def test_single_bits_of_heap_pages(copies: Iterator[Ground]) -> None:
    """With its own page checksums PostgreSQL refuses; told to overlook them, the verifier has to find it."""
    folder = Path(postgres_value("SHOW data_directory"))
    if not os.access(folder, os.W_OK):
        pytest.skip("the server's files are out of reach; only a server of our own lets us damage them")
    chance, seen = random.Random(7), Counter[str]()
    sound = next(copies).ask("look")
    assert sound["found"] == 0
    for number in range(part_of(400, at_least=6)):
        ground = next(copies)
        table = TABLES[number % len(TABLES)]
        path = folder / postgres_value(f"SELECT pg_relation_filepath('{table}')", ground.url)
        turn(path, chance)
        seen[outcome(ground, sound, overlooks=number % 2 == 1)] += 1
    print(f"bits of heap pages: {dict(seen)}")  # noqa: T201  the figures belong in the report
    assert seen["missed"] == 0
    assert seen["found"] + seen["refused"] > 0


def turn(path: Path, chance: random.Random) -> None:
    """Turn one bit; the pages were copied as files, so the server has not read them yet."""
    data = bytearray(path.read_bytes())
    place = chance.choice([number for number, value in enumerate(data) if value])  # most of a page is empty
    data[place] ^= 1 << chance.randrange(8)
    handle = os.open(path, os.O_WRONLY)
    os.pwrite(handle, bytes(data[place : place + 1]), place)
    os.close(handle)


def outcome(ground: Ground, sound: dict[str, Any], *, overlooks: bool) -> str:
    """What a reader makes of it."""
    if overlooks:
        name = ground.url.rpartition("/")[2].partition("?")[0]
        postgres_value(f"ALTER DATABASE {name} SET ignore_checksum_failure = on")
    answer = ground.ask("look")
    if answer["refused"]:
        return "refused"
    if answer["found"]:
        return "found"
    return "no effect" if answer["rows"] == sound["rows"] else "missed"
