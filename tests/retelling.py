"""Beginnings told once in a process, and told again to every test that begins alike.

Most tests begin with the same clinic and the same consent, and telling them through the actions costs far more than
what the test looks at. So whoever is `@retold` notes, when it runs for the first time, every statement that writes and
every file it leaves. The next test that stands at the same place is given the same rows by the same statements, past
the same guards, and the same files.

A place is all that was written since the database was empty. Whoever writes anything of his own stands at no place, and
a rollback leads back. Alike means: the same place, words, time, settings and patches. Where anything is not, the
actions run as ever; and they always do for what a test itself does.
"""

import contextlib
import dataclasses
import datetime
import enum
import functools
import io
import pickle
import re
import uuid
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models, transaction
from django.db.transaction import Atomic
from django.utils.translation import get_language

from clinic import clock
from consent.ledger_store.by_hand import Sessions
from consent.ownership import as_owner, is_owner
from consent.queries import policies

FOLDERS = ("SUBJECT_KEY_DIR", "LOG_KEY_DIR", "SEAL_DIR", "HIGH_WATER_DIR")
WATCHED = (
    *FOLDERS,
    "MASTER_KEY_FILE",
    "PROFILE",
    "FREELY_GIVEN_SITE_RULES",
    "SEAL_PASSPHRASE",
    "SEAL_STAMP_URL",
    "LEDGER_SEALING",
    "LEDGER_KEY_LEVEL",
    "LEDGER_POLICY_FILE",
    "LEDGER_STAMP_URL",
    "LEDGER_STAMP_CERTIFICATES",
    "PUBLIC_ADDRESS",
    "SIMPLE_HISTORY_ENABLED",
    "AUTHENTICATION_BACKENDS",
)
PLAIN = (str, int, float, bytes, enum.Enum, datetime.date, datetime.timedelta, uuid.UUID, Path, type(None))
NO_WRITE = re.compile(r"\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET CONSTRAINTS|PREPARE|EXPLAIN|SHOW)\b", re.IGNORECASE)
READING = re.compile(r"PREPARE (\w+) \([^)]*\) AS SELECT")

Key = tuple[Hashable, ...]
Statement = tuple[Any, Any, bool]  # the words, what goes into them, and whether the owner said them


class NotPlainError(TypeError):
    """A value that cannot be told from another of its kind."""


@dataclasses.dataclass(slots=True, eq=False)
class Place:
    """Where a database stands: what leads on from here, and the files there are."""

    files: dict[Path, bytes]
    onward: dict[Key, "Told"] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What one call wrote and gave, and where it led."""

    statements: list[Statement]
    sequences: dict[str, int]
    ends_at: datetime.datetime | None
    answer: bytes
    place: Place


class Book:
    """Where the database of this process stands."""

    def __init__(self) -> None:
        self.connection: Any = None  # none: nothing is told again in this process
        self.beginning = Place({})
        self.place: Place | None = None
        self.noted: list[Statement] | None = None
        self.is_retelling = False
        self.blocks: list[tuple[Place | None, int]] = []
        self.patches: dict[int, list[Key]] = {}
        self.reading: set[str] = set()
        self.watched: list[Any] = []

    def is_writing(self, sql: Any) -> bool:
        text = str(sql)
        if prepared := READING.match(text):
            self.reading.add(prepared[1])
        if text.startswith("EXECUTE "):
            return text.split()[1] not in self.reading
        return NO_WRITE.match(text) is None

    def note(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Stands around every statement of the connection."""
        answer = execute(sql, params, many, context)
        if self.noted is not None and (self.is_writing(sql) or str(sql).startswith("SET CONSTRAINTS")):
            is_of_owner = is_owner(context["connection"].alias)
            self.noted += [(sql, one, is_of_owner) for one in (params if many else [params])]
        elif self.noted is None and not self.is_retelling and self.is_writing(sql):
            self.place = None
        return answer

    def entered(self, *, is_of_test: bool) -> None:
        """A block begins; the first one of a test tells whether the database is empty."""
        if is_of_test and not self.blocks and self.place is None and _is_empty():
            self.place = self.beginning
        self.blocks.append((self.place, len(self.noted or ())))

    def left(self, *, is_undone: bool) -> None:
        """A block ends; what it wrote may have been taken back."""
        place, noted = self.blocks.pop()
        if is_undone:
            self.place = place
            if self.noted is not None:
                del self.noted[noted:]


BOOK = Book()


def install(patch: pytest.MonkeyPatch) -> None:
    """From here on what is told in this process is told again. After every patch that all tests share."""
    enter, leave = Atomic.__enter__, Atomic.__exit__

    def is_ours(block: Atomic) -> bool:
        return transaction.get_connection(block.using) is BOOK.connection

    def entered(self: Atomic) -> None:
        enter(self)
        if is_ours(self):
            BOOK.entered(is_of_test=self._from_testcase)

    def left(self: Atomic, *failure: Any) -> None:
        is_undone = failure[0] is not None or transaction.get_connection(self.using).needs_rollback
        try:
            leave(self, *failure)
        except BaseException:
            is_undone = True
            raise
        finally:
            if is_ours(self):
                BOOK.left(is_undone=is_undone)

    BOOK.connection = transaction.get_connection()
    BOOK.connection.execute_wrappers.append(BOOK.note)
    patch.setattr(Atomic, "__enter__", entered)
    patch.setattr(Atomic, "__exit__", left)
    _watch_patches(patch)
    BOOK.patches = {}
    BOOK.watched = _watched()
    BOOK.beginning = Place(_files())


def _watch_patches(patch: pytest.MonkeyPatch) -> None:
    for name in ("setattr", "delattr", "setitem", "delitem"):
        _watch(patch, name)
    undo = pytest.MonkeyPatch.undo

    def undone(self: pytest.MonkeyPatch) -> None:
        undo(self)
        BOOK.patches.pop(id(self), None)

    patch.setattr(pytest.MonkeyPatch, "undo", undone)


def _watch(patch: pytest.MonkeyPatch, name: str) -> None:
    do = getattr(pytest.MonkeyPatch, name)

    def done(self: pytest.MonkeyPatch, *args: Any, **kwargs: Any) -> None:
        do(self, *args, **kwargs)
        if args[0] is not clock:  # the time is looked at by itself
            BOOK.patches.setdefault(id(self), []).append((name, *args))

    patch.setattr(pytest.MonkeyPatch, name, done)


def retold(function: Callable[..., Any]) -> Callable[..., Any]:
    """What this does to a house, its first argument, is done once in a process and told again from then on."""

    @functools.wraps(function)
    def tell(house: Any, *args: Any, **kwargs: Any) -> Any:
        key = _key(function.__qualname__, house, args, kwargs)
        if key is None or BOOK.place is None:
            return function(house, *args, **kwargs)
        if BOOK.place is BOOK.beginning:
            _forget()
        told = BOOK.place.onward.get(key)
        if told is not None:
            return _tell_again(told, house)
        return _tell(BOOK.place, key, house, functools.partial(function, house, *args, **kwargs))

    return tell


def _key(name: str, house: Any, args: Any, kwargs: Any) -> Key | None:
    """What makes two calls alike; none where nothing can be told again."""
    is_open = BOOK.connection is not None and BOOK.place is not None and BOOK.noted is None
    if not is_open or not connection.in_atomic_block or not all(one._from_testcase for one in connection.atomic_blocks):
        return None
    now = _now()
    if now is None or _watched() != BOOK.watched:
        return None
    try:
        return name, now, get_language(), _plain([vars(house), args, kwargs, list(BOOK.patches.values())])
    except NotPlainError:
        return None


def _watched() -> list[Any]:
    return [getattr(settings, name) for name in WATCHED]


def _now() -> datetime.datetime | None:
    """The time on the clock of the tests; none where the real one runs."""
    at = getattr(getattr(clock._read, "__self__", None), "at", None)
    return at if isinstance(at, datetime.datetime) else None


def _plain(value: Any) -> Hashable:
    """The value, or what tells it from another."""
    if isinstance(value, PLAIN):
        return type(value), value
    if isinstance(value, models.Model):
        return type(value), value.pk
    if isinstance(value, dict):
        return tuple((_plain(key), _plain(one)) for key, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value), *(_plain(getattr(value, field.name)) for field in dataclasses.fields(value))
    raise NotPlainError(type(value))


class Writer(pickle.Pickler):
    """Writes down what a call gave; the house itself is there already whenever it is read."""

    def __init__(self, file: io.BytesIO, house: Any) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._house = house

    def persistent_id(self, value: Any) -> str | None:
        return "house" if value is self._house else None


class Reader(pickle.Unpickler):
    """Reads what a call gave, about this house."""

    def __init__(self, content: bytes, house: Any) -> None:
        super().__init__(io.BytesIO(content))
        self._house = house

    def persistent_load(self, name: str) -> Any:
        return self._house


def _tell(place: Place, key: Key, house: Any, act: Callable[[], Any]) -> Any:
    before, sequences, is_kept, written = dict(vars(house)), _sequences(), Sessions.are_kept, io.BytesIO()
    _put_back(place.files)
    BOOK.noted, BOOK.place, Sessions.are_kept = [], None, False
    try:
        answer = act()
        statements = BOOK.noted
    finally:
        BOOK.noted, Sessions.are_kept = None, is_kept
    changes = {name: value for name, value in vars(house).items() if before.get(name) is not value}
    Writer(written, house).dump((changes, answer))
    told = Told(statements, sequences, _now(), written.getvalue(), Place(_files()))
    place.onward[key] = told
    BOOK.place = told.place
    return answer


def _tell_again(told: Told, house: Any) -> Any:
    BOOK.is_retelling = True
    try:
        with connection.cursor() as cursor:
            for name, value in told.sequences.items():
                cursor.execute("SELECT setval(%s, %s, %s)", [name, max(1, value), value > 0])
            for sql, params, is_of_owner in told.statements:
                with as_owner(BOOK.connection) if is_of_owner else contextlib.nullcontext():
                    cursor.execute(sql, params)
    finally:
        BOOK.is_retelling = False
    _put_back(told.place.files)
    clock._read.__self__.at = told.ends_at  # type: ignore[attr-defined]
    changes, answer = Reader(told.answer, house).load()
    vars(house).update(changes)
    BOOK.place = told.place
    return answer


def _forget() -> None:
    """What the house remembers of a clinic by its number: the clinic of the next test has the same number."""
    for remembered in (policies._law, policies._digest, policies._joined):
        remembered.cache_clear()


def _there() -> set[Path]:
    """Every file of keys and heads there is."""
    folders: Iterable[Path] = (Path(getattr(settings, name)) for name in FOLDERS)
    return {path for folder in folders if folder.exists() for path in folder.iterdir() if path.is_file()}


def _files() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in _there()}


def _put_back(files: dict[Path, bytes]) -> None:
    """Keys and heads as they were: no more, no less, no other."""
    there = _there()
    for path in there - files.keys():
        path.unlink()
    for path, content in files.items():
        if path not in there or path.read_bytes() != content:
            path.unlink(missing_ok=True)
            path.touch(mode=0o600)
            path.write_bytes(content)


def _is_empty() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM clinic_site)")
        return not cursor.fetchone()[0]


def _sequences() -> dict[str, int]:
    """Where the counters of PostgreSQL stand: a rollback leaves them, and some statements name what they gave."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences"
            " WHERE schemaname = current_schema() AND sequencename LIKE 'consent%%'"
        )
        return dict(cursor.fetchall())
