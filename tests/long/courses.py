"""The courses: each runs many rounds in children that it forks, and judges the log after every one."""

import os
import random
import signal
import tempfile
import time
import traceback
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction

from clinic.exceptions import ClinicError
from consent.exceptions import KeyStoreError
from consent.ledger_store.seal import seal_all
from consent.models import LedgerCheckpoint, LedgerEntry, LedgerLeaf, LedgerWaiting
from tests.long.clinic import Journal, ledger, seal_rest, write, write_some, wrong_with_the_log
from tests.long.faults import Steps, counted, die, fail

Answer = dict[str, Any]
MOST_STEPS = 60  # a few acts and their sealing have about so many


def forked(work: Callable[[], None]) -> int:
    """Start a child that does something and ends: with 0, or with 3 after a fault of storage, or dead."""
    connection.close()
    child = os.fork()
    if child:
        return child
    code = 4  # something that nobody made on purpose
    try:
        work()
        code = 0
    except (DatabaseError, ClinicError, KeyStoreError):
        code = 3
    finally:
        if code == 4:
            traceback.print_exc()
        os._exit(code)


def how_it_ended(child: int) -> str:
    """Wait for a child."""
    _child, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "killed"
    return {0: "finished", 3: "failed"}.get(os.WEXITSTATUS(status), "broke")


def in_a_child(work: Callable[[], None]) -> str:
    """Run something in a process that may die of it, and say how that ended."""
    return how_it_ended(forked(work))


def _journal() -> Journal:
    return Journal(Path(tempfile.mkdtemp(prefix="journal-")) / "journal")


def _judged(journal: Journal) -> list[str]:
    try:
        seal_rest()
        return list(wrong_with_the_log(journal))
    finally:
        connection.close()


def crashes(*, runs: int, seed: int) -> Answer:
    """Honest runs: nobody tampers, but processes die and disks fill up. The log must be sound after each."""
    chance, ends, wrong, journal = random.Random(seed), Counter[str](), list[str](), _journal()
    for run in range(runs):
        how = chance.choice([None, die, fail, fail])
        nth, acts, private = chance.randrange(1, MOST_STEPS), chance.randrange(1, 4), random.Random(chance.random())

        def work(how: Any = how, nth: int = nth, acts: int = acts, private: random.Random = private) -> None:
            with counted(Steps(nth, how) if how else Steps()):
                write_some(private, journal, acts=acts)

        ends[in_a_child(work)] += 1
        wrong += [f"run {run}: {sentence}" for sentence in _judged(journal)]
        if wrong or ends["broke"]:
            break
    return {"runs": sum(ends.values()), "ends": dict(ends), "wrong": wrong}


def points() -> Answer:
    """One act that is sealed, killed or failing before every single step; and the sealer alone, after a restart."""
    done, wrong = Counter[str](), list[str]()
    for part, work in (("act and sealing", _act_and_sealing), ("sealing alone", _sealing_alone)):
        for how in (die, fail):
            nth = 0
            while True:
                nth += 1
                journal = _journal()
                if part == "sealing alone":
                    _leave_something_waiting(journal)
                reached = Path(tempfile.mkdtemp()) / "reached"
                in_a_child(lambda nth=nth, how=how, j=journal, r=reached, w=work: _marked(w, j, Steps(nth, how), r))
                if reached.exists():
                    break  # the work has fewer steps than that
                done[f"{part}, {how.__name__}"] += 1
                wrong += [f"{part}, {how.__name__} at step {nth}: {sentence}" for sentence in _judged(journal)]
    return {"points": dict(done), "wrong": wrong}


def _marked(work: Callable[[Journal], None], journal: Journal, steps: Steps, reached: Path) -> None:
    with counted(steps):
        try:
            work(journal)
        finally:
            if steps.count < steps.nth:
                reached.touch()


def _act_and_sealing(journal: Journal) -> None:
    entry = uuid.uuid4()
    journal.say("tried", entry)
    write(number=1, entry_id=entry, is_urgent=True, binds=True)
    journal.say("done", entry)


def _leave_something_waiting(journal: Journal) -> None:
    for number in (1, 1, 2):
        entry = uuid.uuid4()
        write(number=number, entry_id=entry, is_urgent=False, binds=False)
        journal.say("done", entry)
    connection.close()


def _sealing_alone(_journal: Journal) -> None:
    seal_all(ledger().pk)


def writers(*, count: int, acts: int, kills: int) -> Answer:
    """Writers at once. Some are killed at any moment and start again, until each has done its acts."""
    chance, journal = random.Random(count * acts), _journal()
    connection.close()
    left = {_start_writer(journal, number, acts, chance.getrandbits(64)): acts for number in range(count)}
    killed, began, ended = 0, time.monotonic(), 0
    while left:
        done, status = os.waitpid(-1, os.WNOHANG if killed < kills else 0)
        if done:
            left.pop(done)
            ended += not os.WIFSIGNALED(status)
            if os.WIFSIGNALED(status):
                left[_start_writer(journal, killed, acts, chance.getrandbits(64))] = acts
        elif killed < kills:
            time.sleep(chance.random() / 5)
            os.kill(chance.choice(list(left)), signal.SIGKILL)
            killed += 1
    seconds = time.monotonic() - began
    wrong = _judged(journal)
    words = journal.words().values()
    said = Counter(word for one in words for word in one)
    size = LedgerLeaf.objects.count()
    connection.close()
    return {"said": dict(said), "killed": killed, "ended": ended, "size": size, "seconds": seconds, "wrong": wrong}


def _start_writer(journal: Journal, number: int, acts: int, seed: int) -> int:
    def work() -> None:
        chance = random.Random(seed + number)
        for _ in range(acts):
            with suppress(DatabaseError, ClinicError):  # others held it too long: the act is as if it had never been
                write_some(chance, journal, acts=1)

    return forked(work)


def sealers(*, rounds: int) -> Answer:
    """Two sealers at the same moment, again and again: what waits is sealed once."""
    worked, ends, wrong, journal = Counter[int](), Counter[str](), list[str](), _journal()
    for _ in range(rounds):
        for number in range(3):
            entry = uuid.uuid4()
            write(number=number, entry_id=entry, is_urgent=False, binds=False)
            journal.say("done", entry)
        before = LedgerCheckpoint.objects.count()
        connection.close()
        start = time.monotonic() + 0.02
        ends.update([how_it_ended(child) for child in [_start_sealer(start) for _ in range(2)]])
        worked[LedgerCheckpoint.objects.count() - before] += 1
    wrong += _judged(journal)
    return {"rounds": rounds, "heads for each round": dict(worked), "ends": dict(ends), "wrong": wrong}


def _start_sealer(start: float) -> int:
    def work() -> None:
        connection.ensure_connection()
        while time.monotonic() < start:
            pass
        seal_all(ledger().pk)

    return forked(work)


def full_disk() -> Answer:
    """SQLite may not grow beyond a few more pages; then it may again."""
    refused, wrong, journal = 0, list[str](), _journal()
    for room in range(40):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages + room % 8}")
        try:
            write_some(random.Random(room), journal, acts=2)
        except (DatabaseError, ClinicError):
            refused += 1
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1000000")
        wrong += [f"round {room}: {sentence}" for sentence in _judged(journal)]
    with transaction.atomic():
        left = LedgerWaiting.objects.count(), LedgerEntry.objects.count()
    return {"refused": refused, "left waiting": left[0], "entries": left[1], "wrong": wrong}
