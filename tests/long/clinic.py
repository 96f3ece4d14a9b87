"""A clinic of its own in a process of its own: what it writes, and what must be true of its log whatever happened."""

import io
import os
import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from clinic import clock
from clinic.actions.acting import one_act
from clinic.models import Site
from clinic.vocabulary import Role
from consent.ledger.checkpoints import read_checkpoint
from consent.ledger.tree import Frontier, leaf_hash
from consent.ledger_store import Actor, append
from consent.ledger_store.seal import Sealed, seal_all
from consent.models import Consent, Hold, Ledger, LedgerCheckpoint, LedgerEntry, LedgerLeaf, LedgerWaiting
from consent.queries.ledger import verify
from consent.vocabulary import EntryKind, HoldReason, Via

SUBJECTS = 4


def prepare() -> None:
    """All tables, the keys, and one clinic with one consent that people may have doubts about."""
    from django.core.management import call_command

    from tests.factories import House

    call_command("migrate", verbosity=0)
    call_command("make_keys", stdout=io.StringIO())
    House().proposed()


def site() -> Site:
    return Site.objects.get()


def ledger() -> Ledger:
    return Ledger.objects.latest("incarnation")


def a_hold() -> Hold:
    """A row of evidence, for an entry to bind."""
    consent = Consent.objects.all()[0]
    hold = Hold(
        consent=consent,
        reason=HoldReason.PRESSURE,
        note="",
        raised_by=consent.proposed_by,
        raised_at=clock.now(),
        form_key=uuid.uuid4(),
    )
    hold.save(force_insert=True)
    return hold


class Journal:
    """What a process claims about its entries, on disk before and after each commit."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def say(self, word: str, entry: uuid.UUID) -> None:
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, f"{word} {entry.hex}\n".encode())
        os.close(handle)

    def words(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for line in self._path.read_text().splitlines() if self._path.exists() else []:
            word, entry = line.split()
            found.setdefault(entry, set()).add(word)
        return found


class Undone(Exception):
    """An act that changed its mind."""


@one_act
def write(*, number: int, entry_id: uuid.UUID, is_urgent: bool, binds: bool, is_undone: bool = False) -> None:
    """One act of one patient."""
    rows = [a_hold()] if binds else []
    append(
        site=site(),
        kind=EntryKind.HOLD_RAISED,
        subject=uuid.UUID(int=number + 1),
        actor=Actor(kind=Role.RECEPTIONIST, ref=uuid.UUID(int=1), via=Via.STAFF),
        rows=rows,
        occurred_at=clock.now(),
        entry_id=entry_id,
        is_urgent=is_urgent,
    )
    if is_undone:
        raise Undone


def write_some(chance: random.Random, journal: Journal, *, acts: int) -> None:
    """A few acts as a clinic makes them: some sealed at once, some later, some that are taken back."""
    for _ in range(acts):
        entry = uuid.UUID(int=chance.getrandbits(128))
        is_undone = chance.random() < 0.15
        journal.say("tried", entry)
        try:
            write(
                number=chance.randrange(SUBJECTS),
                entry_id=entry,
                is_urgent=chance.random() < 0.6,
                binds=chance.random() < 0.3,
                is_undone=is_undone,
            )
        except Undone:
            journal.say("undone", entry)
        else:
            journal.say("done", entry)


def seal_rest() -> Sealed | None:
    """What a restart does: whatever waits is sealed."""
    last = None
    for one in Ledger.objects.order_by("incarnation"):
        last = seal_all(one.pk) or last
    return last


def wrong_with_the_log(journal: Journal) -> Iterator[str]:
    """Everything that a crash must not have done; nothing when all is well. Expects that nothing waits any more."""
    yield from (f"false alarm: {finding.sentence}" for finding in verify().findings)
    if LedgerWaiting.objects.exists():
        yield "something still waits"
    yield from _places()
    yield from _released_heads()
    sealed = {key.hex for key in LedgerLeaf.objects.values_list("entry", flat=True)}
    for entry, words in journal.words().items():
        if "done" in words and entry not in sealed:
            yield f"the entry {entry} was committed and has no place"
        if "undone" in words and entry in sealed:
            yield f"the entry {entry} was taken back and has a place"
    stored = {key.hex for key in LedgerEntry.objects.values_list("pk", flat=True)}
    if stored != sealed:
        yield f"{len(stored - sealed)} entries are stored without a place"


def _places() -> Iterator[str]:
    """Indices are dense, no entry is sealed twice, and each head is the root over what stands before it."""
    for log in Ledger.objects.all():
        leaves = LedgerLeaf.objects.filter(ledger=log).order_by("index")
        rows = list(leaves.values_list("index", "entry", "entry__body"))
        if [index for index, _entry, _body in rows] != list(range(len(rows))):
            yield "indices are not dense"
        if len({entry for _index, entry, _body in rows}) != len(rows):
            yield "an entry is sealed twice"
        roots, frontier = {0: ""}, Frontier()
        for _index, _entry, body in rows:
            frontier = frontier.append(leaf_hash(bytes(body)))
            roots[frontier.size] = frontier.root().hex()
        for size, root in LedgerCheckpoint.objects.filter(ledger=log).values_list("size", "root_hash"):
            if roots.get(size) != root:
                yield f"the head of size {size} is not the root over its entries"


def _released_heads() -> Iterator[str]:
    """No head that left the database is contradicted by what it holds now."""
    for path in Path(settings.HIGH_WATER_DIR).glob("*.heads"):
        known = {
            (head.size, head.root_hash) for head in LedgerCheckpoint.objects.filter(ledger=uuid.UUID(hex=path.stem))
        }
        for size, root in heads_in(path.read_bytes()):
            if (size, root) not in known:
                yield f"a head of size {size} was released and is not in the database"


def heads_in(kept: bytes) -> Iterator[tuple[int, str]]:
    """Size and root of each whole head in a high-water file."""
    while kept:
        length, _, rest = kept.partition(b"\n")
        note, kept = rest[: int(length)], rest[int(length) :]
        if len(note) == int(length):
            said = read_checkpoint(note)[1]
            yield said.size, said.root.hex()


def counts() -> dict[str, Any]:
    """How much the database holds now."""
    with transaction.atomic():
        answer = {
            "entries": LedgerEntry.objects.count(),
            "heads": LedgerCheckpoint.objects.count(),
            "incarnations": Ledger.objects.count(),
        }
    connection.close()
    return answer
