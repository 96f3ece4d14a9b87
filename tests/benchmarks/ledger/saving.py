"""Saves one decision in every way, on one database, in triples; the ratios are taken inside each triple.

A triple is two yardsticks and one way, run back to back; each triple begins with another of the three. On a slow
database the contended chain stands in the place of the plain save, because there it is what ours is held against.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks.ledger.databases import Database
from tests.benchmarks.ledger.measuring import Figure, percentile
from tests.benchmarks.ledger.processes import Worker, in_own_process, workers

HISTORY = "history"
MOST_WRITERS = 8


@dataclass(frozen=True)
class Plan:
    """How much is done: triples of each way, saves of one writer alone, saves of each of several, patients."""

    triples: int
    saves_alone: int
    saves_each: int
    patients: int


# Patients as many as in the measurements the promises come from: where few are left, writers meet at one patient's
# stream again and again, as no clinic's desks do. The contended chain meets at its head however many there are.
FULL = Plan(triples=5, saves_alone=100, saves_each=30, patients=2000)
QUICK = Plan(triples=1, saves_alone=20, saves_each=5, patients=200)


@dataclass(frozen=True)
class Run:
    """One way, once: saves a second, p99 of a save, and saves a second until the last was sealed."""

    rate: float
    p99: float
    sealed_rate: float | None = None


@dataclass
class Ratios:
    """What the triples of one way gave, against history (`rate`, `p99`, `sealed`) and the other yardstick."""

    rate: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)
    sealed: list[float] = field(default_factory=list)
    sealed_other: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, Figure]:
        return {name: Figure.of(values) for name, values in vars(self).items() if values}


@dataclass(frozen=True)
class Way:
    """A way to save, as `writing.WAYS` knows it, and whether a sequencer runs beside it."""

    name: str
    does: str
    is_sequenced: bool = False


OURS = (
    Way("ours, append", "ours"),
    Way("ours, sequencer running", "ours", is_sequenced=True),
    Way("ours, waiting for the proof", "ours with proof"),
)
CHAIN, AUDITLOG, PGHISTORY, PLAIN = (Way(name, name) for name in ("chain", "auditlog", "pghistory", "plain"))


def ways_of(database: Database, *, is_slow: bool) -> tuple[tuple[Way, ...], Way]:
    """The ways to measure on a database, and the yardstick beside history."""
    if is_slow:
        return (PLAIN, *OURS), CHAIN
    if database.url.startswith("sqlite"):
        return (AUDITLOG, CHAIN, *OURS), PLAIN
    return (AUDITLOG, PGHISTORY, CHAIN, *OURS), PLAIN


class Crew:
    """The processes of one database, started once, and the clinic they write about."""

    def __init__(self, stack: ExitStack, database: Database, plan: Plan) -> None:
        environment = database.environment()
        self.clinic: dict[str, Any] = in_own_process(environment, "databases.prepare", plan.patients)
        self._writers = stack.enter_context(workers(environment, MOST_WRITERS))
        (self._sequencer,) = stack.enter_context(workers(environment, 1))
        self._plan = plan
        self._seed = 0

    def run(self, way: Way, writers: int) -> Run:
        if not way.is_sequenced:
            run, _began = self._write(way, writers)
            self._sequencer.ask("sealing.drain", self.clinic)
            return run
        self._sequencer.send("sealing.sequence", self.clinic)
        self._sequencer.hear()
        run, began = self._write(way, writers)
        self._sequencer.tell("finish")
        ended = self._sequencer.hear()
        return Run(run.rate, run.p99, sealed_rate=self._count(writers) * writers / (ended - began))

    def statements(self, way: Way) -> list[str]:
        found: list[str] = self._writers[0].ask("writing.count_statements", self.clinic, way.does)
        return found

    def _count(self, writers: int) -> int:
        return self._plan.saves_alone if writers == 1 else self._plan.saves_each

    def _write(self, way: Way, writers: int) -> tuple[Run, float]:
        active: list[Worker] = self._writers[:writers]
        for worker in active:
            self._seed += 1
            worker.send("writing.write", self.clinic, way.does, self._count(writers), self._seed)
        for worker in active:
            worker.hear()
        for worker in active:
            worker.tell("go")
        timed = [worker.hear() for worker in active]
        began, ended = min(each.began for each in timed), max(each.ended for each in timed)
        every = [seconds for each in timed for seconds in each.each]
        return Run(len(every) / (ended - began), percentile(every, 0.99)), began


def measure(
    database: Database, plan: Plan, writer_counts: tuple[int, ...], *, is_slow: bool
) -> Iterator[tuple[Any, ...]]:
    """Gives (writers, name of the way, name of the measure, figure) one by one."""
    ways, other = ways_of(database, is_slow=is_slow)
    history = Way(HISTORY, HISTORY)
    with ExitStack() as stack:
        crew = Crew(stack, database, plan)
        for writers in writer_counts:
            beside = Ratios()
            for way in (history, other):
                crew.run(way, writers)  # warms connections and caches; not counted
            for way in ways:
                ratios = Ratios()
                for turn in range(plan.triples):
                    _one_triple(crew, writers, turn, (other, history, way), ratios, beside)
                for measure_name, figure in ratios.figures().items():
                    yield writers, way.name, measure_name, figure
            for measure_name, figure in beside.figures().items():
                yield writers, other.name, measure_name, figure
        yield 0, "ours, append", "statements", _added_statements(crew)


def _one_triple(
    crew: Crew, writers: int, turn: int, triple: tuple[Way, Way, Way], ratios: Ratios, beside: Ratios
) -> None:
    order = [triple[(turn + place) % 3] for place in range(3)]
    runs = {way.name: crew.run(way, writers) for way in order}
    other, history, way = (runs[each.name] for each in triple)
    ratios.rate.append(way.rate / history.rate)
    ratios.p99.append(way.p99 / history.p99)
    ratios.other.append(way.rate / other.rate)
    if way.sealed_rate is not None:
        ratios.sealed.append(way.sealed_rate / history.rate)
        ratios.sealed_other.append(way.sealed_rate / other.rate)
    beside.rate.append(other.rate / history.rate)
    beside.p99.append(other.p99 / history.p99)


def _added_statements(crew: Crew) -> Figure:
    ours, history = crew.statements(OURS[0]), crew.statements(Way(HISTORY, HISTORY))
    return Figure.of([float(len(ours) - len(history))])
