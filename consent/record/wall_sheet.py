"""The sheet for the wall: one A4 page with the head of the clinic's ledger as it stands today.

Whoever photographs it holds a statement that the clinic has signed. It names no patient and says nothing of anyone.

>>> render_wall_sheet(sheet)[:5]  # doctest: +SKIP
b'%PDF-'
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from consent.record.bidi import is_rtl_language, isolated
from consent.record.check import check_text
from consent.record.exceptions import InvalidTextError, MissingLabelError
from consent.record.labels import LABELS, gettext_noop
from consent.record.paper import A4, Paper
from consent.record.slip_labels import SHARED
from consent.record.text import Line, Style, set_line, set_lines
from consent.record.times import known_zone, shown_time

MARGIN = 62.0  # 22 mm
WIDTH = A4[0] - 2 * MARGIN
TITLE = Style(30, 40, is_bold=True)
STRONG = Style(15, 22, is_bold=True)
BODY = Style(14, 21)
QUIET = Style(11, 17, ink=0.25)
CODE = Style(12, 18)
GROUP, PER_LINE = 4, 8
GAP = 14.0

WALL_LABELS: dict[str, str] = {
    **{key: LABELS[key] for key in SHARED},
    "title": gettext_noop("The list of this clinic, today"),
    "about": gettext_noop(
        "Every yes and every no given here gets a number in a list. Nothing on this sheet says who came or what was "
        "answered."
    ),
    "keep": gettext_noop(
        "Take a photograph of this sheet and keep it. If anybody changes the list later, your photograph shows it."
    ),
    "made_at": gettext_noop("Signed by the clinic's server"),
    "size": gettext_noop("Entries in the list so far"),
    "root": gettext_noop("Code of the whole list"),
    "origin": gettext_noop("Name of the list"),
    "signature": gettext_noop("Signed text, for those who check it by computer"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class WallSheet:
    """Everything the sheet says, already in words of one language."""

    language: str
    site_name: str
    time_zone: str
    made_at: datetime.datetime
    origin: str
    size: int
    root_hash: str  # 64 hex
    note: str  # the signed note with the short signature
    anchoring: str  # how far somebody outside has confirmed the list, one sentence
    key_level: str  # who can use the key that signed, one sentence
    labels: Mapping[str, str]


def render_wall_sheet(sheet: WallSheet) -> bytes:
    """Print the sheet as a PDF of one A4 page; the same sheet gives the same bytes.

    **Raises** RecordError before anything is drawn: the field that is missing, that no font can write, or that does
    not fit.
    """
    for key in WALL_LABELS:
        if not sheet.labels.get(key, "").strip():
            raise MissingLabelError(f"labels: the printed word “{key}” is missing.", field=f"labels.{key}")
    for field in ("site_name", "origin", "root_hash", "anchoring", "key_level"):
        check_text(getattr(sheet, field), field=field)
    rows = [(line, style, gap if not place else 0.0) for lines, style, gap in _words(sheet)
            for place, line in enumerate(lines)]  # fmt: skip
    if sum(style.leading + gap for _line, style, gap in rows) > A4[1] - 2 * MARGIN:
        raise InvalidTextError("wall sheet: its words do not fit on one page.", field="sheet")
    paper = Paper(
        title=sheet.labels["title"],
        author=sheet.site_name,
        subject=sheet.root_hash[:8],
        language=sheet.language,
        made_at=sheet.made_at,
    )
    _draw(paper, rows, is_rtl=is_rtl_language(sheet.language))
    paper.end_page()
    return paper.to_bytes()


def _words(sheet: WallSheet) -> Iterator[tuple[Iterable[Line], Style, float]]:
    """Paragraphs from top to bottom: their lines, style, and the white space above."""
    labels = sheet.labels

    def words(text: str, style: Style) -> list[Line]:
        return set_lines(text, style, WIDTH, sheet.language)

    made_at = shown_time(sheet.made_at, zone=known_zone(sheet.time_zone), labels=labels, field="made_at")
    yield words(isolated(sheet.site_name), QUIET), QUIET, 0.0
    yield words(labels["title"], TITLE), TITLE, 0.0
    yield words(labels["about"], BODY), BODY, GAP
    yield words(labels["keep"], STRONG), STRONG, GAP
    yield words(f"{labels['made_at']}: {isolated(made_at)}", BODY), BODY, GAP
    yield words(f"{labels['size']}: {isolated(str(sheet.size))}", STRONG), STRONG, 0.0
    yield words(f"{labels['root']}:", QUIET), QUIET, GAP
    yield _in_groups(sheet.root_hash), STRONG, 0.0
    yield words(f"{labels['origin']}:", QUIET), QUIET, GAP
    yield words(isolated(sheet.origin), CODE), CODE, 0.0
    yield words(sheet.anchoring, STRONG), STRONG, GAP
    yield words(sheet.key_level, QUIET), QUIET, 0.0
    yield words(f"{labels['signature']}:", QUIET), QUIET, GAP
    for line in filter(None, sheet.note.split("\n")):
        yield words(isolated(line), CODE), CODE, 0.0


def _in_groups(code: str) -> list[Line]:
    groups = [code[at : at + GROUP] for at in range(0, len(code), GROUP)]
    return [set_line(" ".join(groups[at : at + PER_LINE]), STRONG) for at in range(0, len(groups), PER_LINE)]


def _draw(paper: Paper, rows: list[tuple[Line, Style, float]], *, is_rtl: bool) -> None:
    top = A4[1] - MARGIN
    for line, style, gap in rows:
        top -= gap
        left = A4[0] - MARGIN - line.width if is_rtl else MARGIN
        paper.text(line, style, x=left, baseline=top - style.leading / 2 - 0.36 * style.size)
        top -= style.leading
