"""Pages that are not sealed yet: ours beside the pen of reportlab, and beside WeasyPrint from the same record."""

import io
from collections.abc import Callable, Iterator

import pikepdf
import weasyprint

from consent.record.plain_html import html_of
from consent.record_facts import ConsentRecord
from tests.benchmarks.ledger.goals import Found
from tests.benchmarks.ledger.measuring import Figure, Repeat, cpu_ratios
from tests.benchmarks.record.goals import BYTES, CPU, PEN, WEASYPRINT, WORST
from tests.benchmarks.record.strokes import bare, only_text, open_fonts, strokes_of
from tests.unit.record.goldens import printed
from tests.unit.record.languages import RECORDS
from tests.unit.record.samples import DIGEST

OURS = "ours"
TIMES = 3  # printings in one round


def measure(*, is_quick: bool) -> Iterator[Found]:
    """Each language, then of each measure the language in which it is worst."""
    open_fonts()
    rounds = 1 if is_quick else 9
    found: Found = {}
    for language, make in RECORDS.items():
        figures = {**_beside_the_pen(language, make(), rounds), **_beside_weasyprint(language, make(), rounds)}
        found |= figures
        yield figures
    for part, measured in ((PEN, CPU), (WEASYPRINT, CPU)):
        worst = max((found[part, language, measured] for language in RECORDS), key=lambda figure: figure.middle)
        yield {(part, WORST, measured): worst}


def _beside_the_pen(language: str, record: ConsentRecord, rounds: int) -> Found:
    record = only_text(record)
    strokes = strokes_of(record)
    ours, theirs = printed(record), bare(strokes)
    things = {OURS: (_often(lambda: printed(record)), TIMES), PEN: (_often(lambda: bare(strokes)), TIMES)}
    return {
        (PEN, language, CPU): cpu_ratios(things, yardstick=PEN, rounds=rounds)[OURS],
        (PEN, language, BYTES): exactly(len(ours) / len(theirs)),
    }


def _beside_weasyprint(language: str, record: ConsentRecord, rounds: int) -> Found:
    """A page of theirs holds more or less than one of ours: its setting is that of a screen."""
    page = html_of(record, digest=DIGEST).decode()
    ours, theirs = printed(record), _weasyprinted(page)
    things = {OURS: (_often(lambda: printed(record)), TIMES), WEASYPRINT: (_often(lambda: _weasyprinted(page)), TIMES)}
    document = cpu_ratios(things, yardstick=WEASYPRINT, rounds=rounds)[OURS]
    share = pages_of(theirs) / pages_of(ours)
    return {
        (WEASYPRINT, language, CPU): document,
        (WEASYPRINT, language, f"{CPU}, per page"): Figure(
            document.middle * share, document.lowest * share, document.highest * share
        ),
        (WEASYPRINT, language, BYTES): exactly(len(ours) / len(theirs)),
    }


def _weasyprinted(page: str) -> bytes:
    made: bytes = weasyprint.HTML(string=page).write_pdf()
    return made


def _often(does: Callable[[], bytes]) -> Repeat:
    def repeat(times: int) -> None:
        for _time in range(times):
            does()

    return repeat


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        return len(paper.pages)


def exactly(value: float) -> Figure:
    """What is the same each time."""
    return Figure(value, value, value)
