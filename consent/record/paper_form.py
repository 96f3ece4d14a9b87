"""The form for an answer on paper: the whole information, four boxes, and room to sign, to make a mark, to interpret.

For a power cut, for a patient who wants paper, for a room without a tablet. A prefilled form belongs to one consent; a
blank one to nobody until it comes back. The square code on every page names the form and nothing about the patient; it
stands in groups of four beside it, for those who have to type it.

>>> render_paper_form(facts)[:5]  # doctest: +SKIP
b'%PDF-'
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace

from consent.record.bidi import isolated
from consent.record.blocks import (
    BODY,
    BODY_WIDTH,
    LABEL,
    QUIET,
    STRONG,
    TITLE,
    VALUE_X,
    Bar,
    Blocks,
    Mark,
    Row,
    bound,
)
from consent.record.check import check_text
from consent.record.labels import filled
from consent.record.layout import Furniture, draw_pages, paginated
from consent.record.paper import Paper
from consent.record.paper_code import PaperCode, in_groups, written
from consent.record.paper_form_labels import check_paper_form_labels
from consent.record.tags import Element
from consent.record.text import Style, set_lines
from consent.record.times import known_zone, shown_date, shown_time
from consent.record_facts import SheetSection

SHEET_BAR = 0.55
CHOICE = Style(15, 22, is_bold=True)
BOX_X, BOX_SIDE, BOX_EDGE, CHOICE_X = 4.0, 20.0, 1.4, 34.0
LINE_THICK, LINE_INK, LINE_UP = 0.8, 0.35, 3.0
COLUMN_GAP, SPACE, LABEL_SHARE = 16.0, 10.0, 0.45
ROOM = 16.0  # above a line to write on
ROOM_TO_SIGN = 34.0
DIGEST_SHOWN = 16  # characters of the digest of the information at the foot of every page


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientLines:
    """Whose form it is, as the clinic wrote it down."""

    name: str
    latin_name: str = ""
    birth_date: datetime.date


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetLines:
    """The information of one sheet version, in its own language."""

    title: str
    version: str
    language: str  # BCP 47
    digest: str  # 64 hex
    sections: tuple[SheetSection, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PaperFormFacts:
    """Everything the form says, already in words of one language; None where a blank form has a line to write on."""

    language: str  # BCP 47
    site_name: str
    time_zone: str
    sheet: SheetLines
    patient: PatientLines | None
    procedure: str | None
    operator: str | None
    code: PaperCode
    printed_at: datetime.datetime
    shown_language: str  # name of the language of the information; empty where the form is all in one
    printed_language: str
    labels: Mapping[str, str]


def render_paper_form(facts: PaperFormFacts) -> bytes:
    """Print the form as an A4 PDF; the same facts give the same bytes.

    **Raises** RecordError, always before a page is drawn: MissingLabelError, InvalidTextError, MissingGlyphError,
    UnsupportedScriptError, InvalidTimeError name the field; FontsMissingError the file.
    """
    check_paper_form_labels(facts.labels)
    _check_texts(facts)
    pages = paginated(_Form(facts).rows())
    paper = Paper(
        title=facts.labels["title"],
        author=facts.site_name,
        subject=facts.code.form_id,
        language=facts.language,
        made_at=facts.printed_at,
    )
    draw_pages(paper, pages, _edges(facts))
    return paper.to_bytes()


def _check_texts(facts: PaperFormFacts) -> None:
    one_line = {
        "site_name": facts.site_name,
        "patient_name": facts.patient.name if facts.patient else "",
        "latin_name": facts.patient.latin_name if facts.patient else "",
        "procedure": facts.procedure or "",
        "operator": facts.operator or "",
        "sheet_title": facts.sheet.title,
    }
    for field, text in one_line.items():
        check_text(text, field=field)
    for place, section in enumerate(facts.sheet.sections):
        check_text(section.heading, field=f"sections[{place}].heading")
        check_text(section.text, field=f"sections[{place}].text", several_lines=True)
    for key, words in facts.labels.items():
        check_text(words, field=f"labels.{key}", several_lines=True)


def _edges(facts: PaperFormFacts) -> Furniture:
    labels, sheet = facts.labels, facts.sheet
    about = filled(labels["page_sheet"], version=sheet.version, language=facts.shown_language or facts.printed_language)
    return Furniture(
        language=facts.language,
        written_code=filled(labels["written_code"], code=in_groups(facts.code)),
        patient=facts.patient.name if facts.patient else facts.site_name,
        procedure=facts.procedure or sheet.title,
        sheet=about,
        digest=filled(labels["page_text"], digest=sheet.digest[:DIGEST_SHOWN]),
        page=labels["page"],
        check_code=written(facts.code),
    )


class _Form:
    """One form on its way to rows."""

    def __init__(self, facts: PaperFormFacts) -> None:
        self.facts = facts
        self.labels = facts.labels
        self.blocks = Blocks(facts.language)

    def rows(self) -> list[Row]:
        return [*self._opening(), *self._patient(), *self._procedure(), *self._sheet(), *self._answer()]

    def _opening(self) -> list[Row]:
        at = shown_time(
            self.facts.printed_at, zone=known_zone(self.facts.time_zone), labels=self.labels, field="printed_at"
        )
        return [
            *self.blocks.lines(f"{isolated(self.facts.site_name)} · {isolated(at)}", QUIET),
            *bound(self.blocks.lines(self.labels["title"], TITLE)),
            *self.blocks.heading(self.labels["about_heading"]),
            *self.blocks.prose(self.labels["about"]),
            *self.blocks.heading(self.labels["rights_heading"]),
            *self.blocks.prose(self.labels["rights"]),
        ]

    def _fact(self, key: str, value: str | None) -> list[Row]:
        """A label with its value, or with a line to write it on."""
        return self.blocks.fact(self.labels[key], value) if value else self._lines_for(key)

    def _patient(self) -> list[Row]:
        patient = self.facts.patient
        latin = patient.latin_name if patient else ""
        return [
            *self.blocks.heading(self.labels["patient_heading"]),
            *bound(self._fact("patient_name", patient.name if patient else None)),
            *bound(self.blocks.fact(self.labels["patient_latin_name"], latin) if latin else []),
            *self._fact("birth_date", shown_date(patient.birth_date, self.labels) if patient else None),
        ]

    def _procedure(self) -> list[Row]:
        return [
            *self.blocks.heading(self.labels["procedure_heading"]),
            *bound(self._fact("procedure_name", self.facts.procedure)),
            *bound(self._fact("operator", self.facts.operator)),
            *self.blocks.fact(self.labels["site"], self.facts.site_name),
        ]

    def _sheet(self) -> list[Row]:
        sheet, labels = self.facts.sheet, self.labels
        rows = [
            *self.blocks.heading(labels["sheet_heading"]),
            *bound(self.blocks.fact(labels["sheet_title"], sheet.title)),
            *bound(self.blocks.fact(labels["sheet_version"], sheet.version)),
        ]
        if self.facts.shown_language:
            note = filled(labels["sheet_note"], shown=self.facts.shown_language, printed=self.facts.printed_language)
            rows += bound(self.blocks.lines(note, BODY, gap=8.0))
        rows += bound(self.blocks.lines(labels["sheet_intro"], QUIET, gap=8.0))
        shown = Blocks(sheet.language)
        for place, section in enumerate(sheet.sections):
            heading = Element("H3", sheet.language)
            gap = 14.0 if place else 8.0
            rows += bound(shown.lines(section.heading, STRONG, gap=gap, bar=SHEET_BAR, element=heading))
            rows += shown.prose(section.text, bar=SHEET_BAR)
        return rows

    def _answer(self) -> list[Row]:
        """All that is written by hand stands on one page."""
        labels = self.labels
        rows = [
            *self.blocks.heading(labels["answer_heading"]),
            *self.blocks.lines(labels["answer_about"]),
            *(row for key in ("yes", "no", "take_back", "more_time") for row in self._choice(key)),
            *self._lines_for("written_date", "written_time"),
            *self.blocks.lines(labels["signature_about"], gap=12.0),
            *self._lines_for("signature", room=ROOM_TO_SIGN),
            *self.blocks.lines(labels["mark_heading"], STRONG, gap=14.0),
            *self.blocks.prose(labels["mark_about"]),
            *self._lines_for("mark", room=ROOM_TO_SIGN),
            *self._lines_for("witness_name"),
            *self._lines_for("witness_signature"),
            *self.blocks.lines(labels["interpreter_heading"], STRONG, gap=14.0),
            *self._lines_for("interpreter_name"),
            *self._lines_for("interpreter_language", "interpreter_signature"),
        ]
        return [*bound(rows[:-1]), rows[-1]]

    def _choice(self, key: str) -> list[Row]:
        """A box to tick and what it says."""
        first, *rest = self.blocks.lines(self.labels[key], CHOICE, x=CHOICE_X, gap=9.0)
        up = (first.height - BOX_SIDE) / 2
        return [replace(first, bars=_box(up)), *rest]

    def _lines_for(self, *keys: str, room: float = ROOM) -> list[Row]:
        """Lines to write on beside each other, each after its label and level with the end of the longest one."""
        width = (BODY_WIDTH - COLUMN_GAP * (len(keys) - 1)) / len(keys)
        label_width = VALUE_X - SPACE if len(keys) == 1 else (width - SPACE) * LABEL_SHARE
        starts = [place * (width + COLUMN_GAP) for place in range(len(keys))]
        tracks = [self._label(key, x=x, width=label_width) for key, x in zip(keys, starts, strict=True)]
        depth = max(map(len, tracks))
        line = Bar(
            x=label_width + SPACE, up=LINE_UP, width=width - label_width - SPACE, height=LINE_THICK, ink=LINE_INK
        )
        rows = [
            Row(
                height=LABEL.leading,
                marks=tuple(track[place] for track in tracks if place < len(track)),
                gap=0.0 if place else room,
                is_kept=place < depth - 1,
                is_rtl=self.blocks.is_rtl,
            )
            for place in range(depth)
        ]
        return [*rows[:-1], replace(rows[-1], bars=tuple(replace(line, x=x + line.x) for x in starts))]

    def _label(self, key: str, *, x: float, width: float) -> list[Mark]:
        part = Element("P", self.facts.language)
        lines = set_lines(self.labels[key], LABEL, width, self.facts.language)
        return [Mark(line=line, style=LABEL, x=x, element=part) for line in lines]


def _box(up: float) -> tuple[Bar, ...]:
    side, edge = BOX_SIDE, BOX_EDGE
    far = side - edge
    return (
        Bar(x=BOX_X, up=up, width=side, height=edge, ink=0.0),
        Bar(x=BOX_X, up=up + far, width=side, height=edge, ink=0.0),
        Bar(x=BOX_X, up=up, width=edge, height=side, ink=0.0),
        Bar(x=BOX_X + far, up=up, width=edge, height=side, ink=0.0),
    )
