"""The slip: one A6 page that proves an entry without saying what it is about.

The patient takes it home after each act about her. It carries where the entry stands in the clinic's ledger, a signed
head of that ledger, and both once more as a QR code. It names no patient, no procedure, no choice and no clinician,
so that whoever finds it learns nothing.

>>> render_slip(slip)[:5]  # doctest: +SKIP
b'%PDF-'
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from consent.record.bidi import is_rtl_language, isolated
from consent.record.check import check_text
from consent.record.exceptions import InvalidTextError
from consent.record.labels import filled
from consent.record.paper import A6, Paper
from consent.record.qr import code_of
from consent.record.slip_labels import check_slip_labels
from consent.record.text import Line, Style, fitted, set_line, set_lines
from consent.record.times import known_zone, shown_time

MARGIN = 21.0  # 7.4 mm: what a desk printer may leave white
WIDTH = A6[0] - 2 * MARGIN
CODE_SIDE = 139.0  # 49 mm, quiet border included: 0.7 mm a square
ASIDE_X = CODE_SIDE + 6.0  # the words beside the code
LARGEST, SMALLEST, STEP = 8.6, 6.2, 0.2  # type sizes that are tried until everything fits
GROUP, PER_LINE = 4, 8
GAP = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """Everything a slip says, already in words of one language. Without `index` it is a promise with a deadline."""

    language: str
    site_name: str
    time_zone: str
    recorded_at: datetime.datetime
    origin: str
    leaf_hash: str  # 64 hex
    index: int | None
    size: int | None
    root_hash: str  # 64 hex; empty on a promise
    deadline_at: datetime.datetime | None  # on a promise only
    anchoring: str  # whether anyone outside the clinic holds a copy, one sentence
    check_address: str
    code: str  # what the QR code says
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A line and how far below the start of its column its strip begins."""

    line: Line
    style: Style
    below: float


def render_slip(slip: Slip) -> bytes:
    """Print one slip as a PDF of one A6 page; the same slip gives the same bytes.

    **Raises** RecordError, always before anything is drawn: MissingLabelError, InvalidTextError, MissingGlyphError,
    UnsupportedScriptError, InvalidTimeError name the field; FontsMissingError the file.
    """
    check_slip_labels(slip.labels)
    _check_texts(slip)
    code = code_of(slip.code)
    main, aside = _fitting(slip)
    paper = Paper(
        title=slip.labels["title"],
        author=slip.site_name,
        subject=slip.leaf_hash[:8],
        language=slip.language,
        made_at=slip.recorded_at,
        size=A6,
    )
    is_rtl = is_rtl_language(slip.language)
    _draw(paper, main, top=A6[1] - MARGIN, x=0.0, is_rtl=is_rtl)
    _draw(paper, aside, top=MARGIN + CODE_SIDE, x=ASIDE_X, is_rtl=is_rtl)
    left = A6[0] - MARGIN - CODE_SIDE if is_rtl else MARGIN
    paper.code(code, left=left, top=MARGIN + CODE_SIDE, side=CODE_SIDE)
    paper.end_page()
    return paper.to_bytes()


def _check_texts(slip: Slip) -> None:
    for field in ("site_name", "origin", "leaf_hash", "root_hash", "anchoring", "check_address"):
        check_text(getattr(slip, field), field=field)
    for key, words in slip.labels.items():
        check_text(words, field=f"labels.{key}")


def _fitting(slip: Slip) -> tuple[list[_Placed], list[_Placed]]:
    """Both columns in the largest type in which the page holds them.

    **Raises** InvalidTextError when even the smallest is too large: nothing is ever cut off.
    """
    size = LARGEST
    while size >= SMALLEST:
        main, aside = _stacked(_main(slip, size)), _stacked(_aside(slip, size))
        if _depth(main) <= A6[1] - 2 * MARGIN - CODE_SIDE - GAP and _depth(aside) <= CODE_SIDE:
            return main, aside
        size -= STEP
    raise InvalidTextError("slip: its words do not fit on one page.", field="slip")


def _styles(size: float) -> tuple[Style, Style, Style]:
    leading = size * 1.36
    return Style(size, leading), Style(size, leading, is_bold=True), Style(size * 0.9, leading * 0.96, ink=0.25)


def _main(slip: Slip, size: float) -> Iterator[tuple[Iterable[Line], Style, float]]:
    """Paragraphs over the whole width: their lines, style, and the white space above."""
    body, strong, quiet = _styles(size)
    title = Style(size * 1.75, size * 2.3, is_bold=True)
    labels = slip.labels

    def words(text: str, style: Style) -> list[Line]:
        return set_lines(text, style, WIDTH, slip.language)

    yield [fitted(slip.site_name, quiet, WIDTH, slip.language)], quiet, 0.0
    yield words(labels["title"], title), title, 0.0
    yield words(labels["about"], body), body, 1.0
    yield words(labels["keep"], strong), strong, GAP
    made_at = isolated(_time(slip, slip.recorded_at, "recorded_at"))
    yield words(f"{labels['made_at']}: {made_at}", body), body, GAP
    if slip.index is not None:
        yield words(f"{labels['index']}: {slip.index}", strong), strong, 0.0
    yield words(f"{labels['origin']}:", quiet), quiet, GAP
    yield words(isolated(slip.origin), body), body, 0.0
    yield words(f"{labels['leaf']}:", quiet), quiet, GAP
    yield _in_groups(slip.leaf_hash, body), body, 0.0
    if slip.size is not None:
        yield words(f"{labels['size']}: {isolated(str(slip.size))}. {labels['root']}:", quiet), quiet, GAP
        yield _in_groups(slip.root_hash, body), body, 0.0


def _aside(slip: Slip, size: float) -> Iterator[tuple[Iterable[Line], Style, float]]:
    """Paragraphs beside the code."""
    body, strong, _quiet = _styles(size)

    def words(text: str, style: Style) -> list[Line]:
        return set_lines(text, style, WIDTH - ASIDE_X, slip.language)

    if slip.deadline_at is not None:
        promise = filled(slip.labels["promise"], time=_time(slip, slip.deadline_at, "deadline_at"))
        yield words(promise, body), body, 0.0
    yield words(slip.anchoring, strong), strong, GAP
    yield words(slip.labels["where"], body), body, 2 * GAP
    yield words(isolated(slip.check_address), body), body, 0.0


def _time(slip: Slip, at: datetime.datetime, field: str) -> str:
    return shown_time(at, zone=known_zone(slip.time_zone), labels=slip.labels, field=field)


def _in_groups(code: str, style: Style) -> list[Line]:
    groups = [code[at : at + GROUP] for at in range(0, len(code), GROUP)]
    return [set_line(" ".join(groups[at : at + PER_LINE]), style) for at in range(0, len(groups), PER_LINE)]


def _stacked(paragraphs: Iterable[tuple[Iterable[Line], Style, float]]) -> list[_Placed]:
    placed: list[_Placed] = []
    below = 0.0
    for lines, style, gap in paragraphs:
        below += gap if placed else 0.0
        for line in lines:
            placed.append(_Placed(line, style, below))
            below += style.leading
    return placed


def _depth(column: list[_Placed]) -> float:
    return column[-1].below + column[-1].style.leading


def _draw(paper: Paper, column: list[_Placed], *, top: float, x: float, is_rtl: bool) -> None:
    """Draw a column that begins `x` from the margin on the side where the language begins."""
    for placed in column:
        baseline = top - placed.below - placed.style.leading / 2 - 0.36 * placed.style.size
        left = A6[0] - MARGIN - x - placed.line.width if is_rtl else MARGIN + x
        paper.text(placed.line, placed.style, x=left, baseline=baseline)
