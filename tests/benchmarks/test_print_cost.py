"""What a record costs to print, laid out, tagged and with its codes, beside bare strokes of reportlab's pen.

Run by `make nightly`; `make bench` measures the same, and more, for docs/benchmarks/record.md.
"""

import pytest

from tests.benchmarks.ledger.measuring import cpu_ratios
from tests.benchmarks.record.strokes import bare, only_text, open_fonts, strokes_of
from tests.unit.record.goldens import printed
from tests.unit.record.languages import RECORDS

MOST_TIMES = 1.5
ROUNDS = 7


@pytest.mark.parametrize("language", list(RECORDS))
def test_a_record_costs_hardly_more_than_bare_strokes(language: str) -> None:
    open_fonts()
    record = only_text(RECORDS[language]())
    strokes = strokes_of(record)
    things = {"ours": (lambda _times: printed(record), 1), "bare": (lambda _times: bare(strokes), 1)}
    figure = cpu_ratios(things, yardstick="bare", rounds=ROUNDS)["ours"]
    print(f"{language}: {figure.middle:.2f} times bare strokes")  # noqa: T201  the figures are what this is for
    assert figure.middle <= MOST_TIMES
