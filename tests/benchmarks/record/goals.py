"""What a record promises about its cost, and the names under which figures are kept."""

from tests.benchmarks.ledger.goals import Goal

PEN, WEASYPRINT = "bare reportlab", "WeasyPrint"
CPU, BYTES, WORST = "CPU", "bytes", "worst of six languages"
STEPS, SIZES = "steps", "sizes"
ARCHIVE, MEMORY = "archive", "memory"
ONE_CORE, TWO_CORES = "one core", "two cores"
SECONDS = "seconds"
FEW, MANY = 1, 500
RECORDS_IN_ARCHIVE = 50


def _at_most(name: str, *place: str, bar: float, stretch: float) -> Goal:
    return Goal(name, place, bar, stretch, is_at_least=False)


GOALS = (
    _at_most("pages, not sealed / bare reportlab, CPU, worst language", PEN, WORST, CPU, bar=1.5, stretch=1.25),
    _at_most("a document / WeasyPrint, CPU, worst language", WEASYPRINT, WORST, CPU, bar=1.0, stretch=0.5),
    _at_most("archive of 50 records, seconds, two cores", ARCHIVE, TWO_CORES, SECONDS, bar=10.0, stretch=7.5),
    _at_most("memory after 500 records / after one", MEMORY, str(MANY), "peak", bar=1.10, stretch=1.05),
)
