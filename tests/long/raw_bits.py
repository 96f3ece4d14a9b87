"""Bytes change on disk, past every guard: each change has no effect, is refused by the database, or is found."""

import os
import random
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from consent.guards import guarded_models
from consent.queries.ledger import verify

Answer = dict[str, Any]


def turn_bits(*, count: int, seed: int) -> Answer:
    """Turn single bits of the SQLite file, each time from the same sound file."""
    path = Path(settings.DATABASES["default"]["NAME"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before, meant, sound = rows(), values(), path.read_bytes()
    connection.close()
    chance, seen, wrong = random.Random(seed), Counter[str](), list[str]()
    for _ in range(count):
        bit = chance.randrange(8 * len(sound))
        _write(path, sound, bit)
        what = _outcome(before, meant)
        seen[what] += 1
        if what == "missed":
            wrong.append(f"bit {bit}")
        connection.close()
        path.write_bytes(sound)
        for beside in path.parent.glob(f"{path.name}-*"):
            beside.unlink()
    return {"bits": dict(seen), "file": len(sound), "wrong": wrong}


def _write(path: Path, sound: bytes, bit: int) -> None:
    handle = os.open(path, os.O_WRONLY)
    os.pwrite(handle, bytes([sound[bit // 8] ^ 1 << bit % 8]), bit // 8)
    os.close(handle)


def _outcome(before: Answer, meant: Answer) -> str:
    try:
        if verify().count:
            return "found"
        return "no effect" if rows() == before else "spelt otherwise" if values() == meant else "missed"
    except (DatabaseError, UnicodeDecodeError):  # the second: SQLite quotes a damaged definition in its refusal
        return "refused"


def rows() -> Answer:
    """Every row of evidence, as it is stored."""
    found = {}
    with connection.cursor() as cursor:
        for model, _guard in guarded_models():
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608  names of our own models
            found[model.__name__] = sorted(repr([_plain(value) for value in row]) for row in cursor.fetchall())
    return found


def values() -> Answer:
    """Every row of evidence, as the house reads it: a text of JSON has several spellings of one letter."""
    return {
        model.__name__: sorted(repr([_plain(value) for value in row]) for row in model._base_manager.values_list())
        for model, _guard in guarded_models()
    }


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def look() -> Answer:
    """What a reader finds now."""
    try:
        return {"found": verify().count, "rows": rows(), "refused": ""}
    except DatabaseError as error:
        return {"found": 0, "rows": {}, "refused": str(error)[:200]}
