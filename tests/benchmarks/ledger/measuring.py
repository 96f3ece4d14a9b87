"""How anything here is measured: beside its yardstick, in turns, and told as a ratio."""

import gc
import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Repeat = Callable[[int], object]  # does the thing so many times


@dataclass(frozen=True)
class Figure:
    """The middle of several ratios, and how far they lay apart."""

    middle: float
    lowest: float
    highest: float

    @classmethod
    def of(cls, ratios: list[float]) -> "Figure":
        return cls(statistics.median(ratios), min(ratios), max(ratios))


@dataclass(frozen=True)
class Timed:
    """What one writer did: when it began and ended (one clock for all processes), and how long each save took."""

    began: float
    ended: float
    each: list[float]


def cpu_ratios(
    things: Mapping[str, tuple[Repeat, int]], *, yardstick: str, rounds: int, seed: int = 1
) -> dict[str, Figure]:
    """CPU time of one repeat of each thing over one of the yardstick in the same round; the order is shuffled."""
    order = random.Random(seed)
    taken: dict[str, list[float]] = {name: [] for name in things}
    for _ in range(rounds):
        names = list(things)
        order.shuffle(names)
        for name in names:
            repeat, times = things[name]
            taken[name].append(cpu_seconds(repeat, times) / times)
    return {
        name: Figure.of([one / unit for one, unit in zip(each, taken[yardstick], strict=True)])
        for name, each in taken.items()
    }


def cpu_seconds(repeat: Repeat, times: int) -> float:
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        repeat(times)
        return max(time.process_time() - began, 1e-9)
    finally:
        gc.enable()


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
