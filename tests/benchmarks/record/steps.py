"""What each step of a paper costs, as a share of the whole, and how many bytes of a page it adds."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cryptography import x509

from consent.record import shaping, text, units
from consent.record.document import document_bytes
from consent.record.paper import Paper
from consent.record.seal import Level, StampService, seal
from consent.record.tags import Tags
from consent.record_facts import ConsentRecord
from tests.benchmarks.ledger.goals import Found
from tests.benchmarks.ledger.measuring import Figure
from tests.benchmarks.record import chain
from tests.benchmarks.record.goals import SIZES, STEPS
from tests.benchmarks.record.printing import exactly, pages_of
from tests.benchmarks.record.strokes import bare, open_fonts, strokes_of
from tests.stamping import Stamper
from tests.unit.record.languages import RECORDS
from tests.unit.record.sealing import DAY, NOW

SETTING = "setting words not seen before: order, fonts, shaping, breaking"
SHAPING, TAGS = "of that, shaping (HarfBuzz)", "tags"
DRAWN_NEW = "drawing the pages, words not seen before"
DRAWN = "drawing the pages, words known"
FINISHED, SEALED, CHECKED = "finishing (pikepdf)", "seal, level B", "last look before handing over"
WITH_STAMPS = {Level.T: "seal, level T", Level.LTA: "seal, level LTA"}
LATER = NOW + DAY / 24  # the authority is made after the tests' certificate


@dataclass
class Clock:
    """CPU time by the name of a step; a step within a step counts in both."""

    taken: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        began = time.process_time()
        try:
            yield
        finally:
            self.taken[name] = self.taken.get(name, 0.0) + time.process_time() - began

    def around(self, name: str, does: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.of(name):
                return does(*arguments, **named)

        return timed


def measure(folder: Path, *, is_quick: bool) -> Iterator[Found]:
    open_fonts()
    services = _services(folder)
    rounds = [_round(services) for _number in range(1 if is_quick else 7)]
    wholes = [sum(taken[name] for name in (DRAWN, FINISHED, SEALED, CHECKED)) for taken in rounds]
    for name in rounds[0]:
        shares = [taken[name] / whole for taken, whole in zip(rounds, wholes, strict=True)]
        yield {(STEPS, name): Figure.of(shares)}
    yield from _sizes(services)


def _round(services: dict[Level, Callable[[bytes], bytes]]) -> dict[str, float]:
    """Six records, each step of each in its turn."""
    clock = Clock()
    for make in RECORDS.values():
        record = make()
        document = document_bytes(record)
        _draw_new(clock, record, document)
        with clock.of(DRAWN):
            pages = chain.drawn(record, document)
        with clock.of(FINISHED):
            pdf = chain.finished(record, document, pages)
        with clock.of(SEALED):
            sealed = chain.sealed(pdf)
        with clock.of(CHECKED):
            chain.looked_at(sealed, record, document)
        for level, stamped in services.items():
            with clock.of(WITH_STAMPS[level]):
                stamped(pdf)
    taken = clock.taken
    return {
        DRAWN_NEW: taken[DRAWN_NEW],
        SETTING: taken[DRAWN_NEW] - taken[DRAWN],
        **{name: taken[name] for name in (SHAPING, TAGS, DRAWN, FINISHED, SEALED, CHECKED)},
        **{name: taken[name] for name in WITH_STAMPS.values()},
    }


def _draw_new(clock: Clock, record: ConsentRecord, document: bytes) -> None:
    """Draw with nothing kept of what was set before, and clocks on shaping and on tags."""
    for kept in (shaping.shaped, text.set_line, text._lines):
        kept.cache_clear()
    with ExitStack() as patches:
        patches.enter_context(patch.object(units, "shaped", clock.around(SHAPING, shaping.shaped)))
        for owner, name in ((Tags, "place"), (Tags, "write"), (Paper, "begin"), (Paper, "end")):
            patches.enter_context(patch.object(owner, name, clock.around(TAGS, getattr(owner, name))))
        with clock.of(DRAWN_NEW):
            chain.drawn(record, document)


def _services(folder: Path) -> dict[Level, Callable[[bytes], bytes]]:
    """Sealing with stamps of an authority on this machine; what openssl does for it is not our CPU time."""
    stamper = Stamper.made_in(folder)
    own, root = (x509.load_pem_x509_certificate(stamper.pem(name)) for name in ("authority", "root"))
    service = StampService(ask=stamper.stamp, certificate=own, above=(root,))
    sites = {Level.T: replace(chain.SITE, lists=()), Level.LTA: chain.SITE}
    return {level: partial(_stamped, level, site, service) for level, site in sites.items()}


def _stamped(level: Level, site: Any, service: StampService, pdf: bytes) -> bytes:
    made = seal(pdf, site_seal=site, at=LATER, stamps=service)
    if made.level is not level:
        raise ValueError(f"the seal is of level {made.level}: {made.not_stamped}")
    return made.pdf


def _sizes(services: dict[Level, Callable[[bytes], bytes]]) -> Iterator[Found]:
    """Bytes of a page after each step, in thousands; the same on every machine but for the seals."""
    for language, make in RECORDS.items():
        record = make()
        document = document_bytes(record)
        pages = chain.drawn(record, document)
        pdf = chain.finished(record, document, pages)
        files = {
            "bare reportlab": bare(strokes_of(record)),
            "drawn": pages,
            "finished": pdf,
            "sealed, B": chain.sealed(pdf),
            **{f"sealed, {level.value}": stamped(pdf) for level, stamped in services.items()},
        }
        count = pages_of(pages)
        yield {(SIZES, language, name): exactly(len(file) / count / 1000) for name, file in files.items()}
