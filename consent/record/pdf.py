"""The document: the parts of one consent record in the order in which a person would want to read them.

>>> render_record(record)[:5]  # doctest: +SKIP
b'%PDF-'
"""

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

from consent.record import blocks
from consent.record.blocks import Cell, Row
from consent.record.check import check_record
from consent.record.images import opened_signature
from consent.record.labels import check_labels, filled
from consent.record.layout import Furniture, draw_pages, paginated
from consent.record.paper import DRAWING, Paper
from consent.record.times import known_zone, shown_date, shown_time
from consent.record_facts import ConsentRecord, SignatureOnRecord

SHEET_BAR = 0.55
STATE_BAR = 0.0
DIGEST_SHOWN = 16  # characters of the sheet's digest at the foot of every page
WHEN_WIDTH, WHAT_X, WHAT_WIDTH, ENTRY_X, ENTRY_WIDTH = 132.0, 142.0, 283.0, 435.0, 46.0


def render_record(record: ConsentRecord, *, digest: str = "", check_code: str = "", is_draft: bool = False) -> bytes:
    """Print one consent record as an A4 PDF that can be read on paper.

    **Takes** the record, all its words already in one language; `labels` holds every key of `labels.LABELS`.
    `digest` is the SHA-256 of the frozen document this picture is made of, in hex; `check_code` is what the QR code
    on every page says; a draft says so on every page.
    **Gives** the bytes of the file; the same record gives the same bytes.
    **Raises** RecordError, always before a page is drawn: MissingLabelError, InvalidTextError,
    MissingGlyphError, UnsupportedScriptError, InvalidTimeError, InvalidImageError name the field;
    FontsMissingError the file.
    """
    check_labels(record.labels)
    check_record(record)
    pages = paginated(_Document(record).rows())
    with DRAWING:
        paper = Paper(
            title=f"{record.labels['title']} · {record.procedure_name}",
            author=record.site_name,
            subject=record.consent_id,
            language=record.language,
            made_at=record.issued_at,
        )
        draw_pages(paper, pages, _furniture(record))
        return paper.to_bytes()


def _furniture(record: ConsentRecord) -> Furniture:
    return Furniture(
        patient=record.patient_name,
        procedure=" · ".join(filter(None, (record.procedure_name, record.side))),
        digest=filled(record.labels["page_digest"], digest=record.sheet_digest[:DIGEST_SHOWN]),
        page=record.labels["page"],
    )


class _Document:
    """One record on its way to rows."""

    def __init__(self, record: ConsentRecord) -> None:
        self.record = record
        self.labels = record.labels
        self.zone: ZoneInfo = known_zone(record.time_zone)

    def rows(self) -> list[Row]:
        return [
            *self._opening(),
            *self._patient(),
            *self._procedure(),
            *self._state(),
            *self._sheet(),
            *self._people(),
            *self._conversation(),
            *self._questions(),
            *self._without_word(),
            *self._signatures(),
            *self._events(),
            *self._rules(),
            *self._ledger(),
            *self._copy(),
        ]

    def _time(self, at: datetime.datetime, field: str) -> str:
        return shown_time(at, zone=self.zone, labels=self.labels, field=field)

    def _fact(self, key: str, value: str) -> list[Row]:
        return blocks.fact(self.labels[key], value) if value else []

    def _opening(self) -> list[Row]:
        return [
            *blocks.lines(self.record.site_name, blocks.QUIET),
            *blocks.lines(self.labels["title"], blocks.TITLE),
            *blocks.heading(self.labels["about_heading"]),
            *blocks.prose(self.labels["about"]),
            *blocks.prose(self.labels["about_change"], gap=6.0),
        ]

    def _patient(self) -> list[Row]:
        record = self.record
        return [
            *blocks.heading(self.labels["patient_heading"]),
            *blocks.fact(self.labels["patient_name"], record.patient_name, style=blocks.STRONG),
            *self._fact("patient_latin_name", record.patient_latin_name),
            *self._fact("birth_date", shown_date(record.birth_date, self.labels)),
        ]

    def _procedure(self) -> list[Row]:
        record = self.record
        return [
            *blocks.heading(self.labels["procedure_heading"]),
            *blocks.fact(self.labels["procedure_name"], record.procedure_name, style=blocks.STRONG),
            *(blocks.fact(self.labels["side"], record.side, style=blocks.STRONG) if record.side else []),
            *self._fact("procedure_code", record.procedure_code),
        ]

    def _state(self) -> list[Row]:
        record = self.record
        as_of = filled(self.labels["state_as_of"], time=self._time(record.issued_at, "issued_at"))
        return [
            *blocks.heading(self.labels["state_heading"]),
            *blocks.bound(blocks.lines(record.state, blocks.LOUD, bar=STATE_BAR)),
            *blocks.prose(record.state_explained, bar=STATE_BAR),
            *blocks.lines(as_of, blocks.QUIET, gap=4.0, bar=STATE_BAR),
        ]

    def _sheet(self) -> list[Row]:
        record = self.record
        rows = [
            *blocks.heading(self.labels["sheet_heading"]),
            *blocks.bound(self._fact("sheet_title", record.sheet_title)),
            *blocks.bound(self._fact("sheet_version", record.sheet_version)),
            *blocks.bound(blocks.code(self.labels["sheet_digest"], record.sheet_digest)),
            *blocks.bound(blocks.lines(self.labels["sheet_intro"], blocks.QUIET, gap=8.0)),
        ]
        for place, section in enumerate(record.sheet_sections):
            gap = 14.0 if place else 8.0
            rows += blocks.bound(blocks.lines(section.heading, blocks.STRONG, gap=gap, bar=SHEET_BAR))
            rows += blocks.prose(section.text, bar=SHEET_BAR)
        return rows

    def _people(self) -> list[Row]:
        rows = []
        for person in self.record.people:
            value = "\n".join(filter(None, (person.name, person.note)))
            rows += blocks.fact(person.role, value)
        return self._part("people_heading", rows)

    def _conversation(self) -> list[Row]:
        rows = []
        for label, value in self.record.conversation:
            rows += blocks.fact(label, value)
        return self._part("conversation_heading", rows)

    def _questions(self) -> list[Row]:
        rows = []
        for asked, answered in self.record.questions:
            rows += blocks.bound(blocks.fact(self.labels["asked"], asked, style=blocks.STRONG, gap=10.0))
            rows += blocks.fact(self.labels["answered"], answered)
        return self._part("questions_heading", rows)

    def _without_word(self) -> list[Row]:
        rows = [row for label, value in self.record.without_word for row in blocks.fact(label, value)]
        return self._part("without_word_heading", rows) if rows else []

    def _part(self, key: str, rows: list[Row]) -> list[Row]:
        return blocks.heading(self.labels[key]) + (rows or blocks.lines(self.labels["nothing_recorded"]))

    def _signatures(self) -> list[Row]:
        rows = []
        for place, signature in enumerate(self.record.signatures):
            rows += self._signature(signature, f"signatures[{place}]", is_first=place == 0)
        return self._part("signatures_heading", rows)

    def _signature(self, signature: SignatureOnRecord, field: str, *, is_first: bool) -> list[Row]:
        rows = blocks.lines(signature.meaning, blocks.STRONG, gap=2.0 if is_first else 16.0)
        if signature.image_png is not None:
            image = opened_signature(signature.image_png, field=f"{field}.image_png")
            rows += blocks.picture(self.labels["signature"], image)
        rows += blocks.fact(self.labels["signed_name"], signature.name)
        rows += self._fact("signed_method", signature.method)
        rows += self._fact("witness", signature.witness_name)
        last = blocks.fact(self.labels["signed_at"], self._time(signature.signed_at, f"{field}.signed_at"))
        return blocks.bound(rows) + last

    def _entry_number(self, index: int | None) -> str:
        return self.labels["no_entry"] if index is None else str(index)

    def _events(self) -> list[Row]:
        labels = self.labels
        rows = blocks.bound(
            blocks.columns(
                Cell(labels["event_when"], 0.0, WHEN_WIDTH, blocks.LABEL),
                Cell(labels["event_what"], WHAT_X, WHAT_WIDTH, blocks.LABEL),
                Cell(labels["event_entry"], ENTRY_X, ENTRY_WIDTH, blocks.LABEL),
            )
        )
        for place, event in enumerate(self.record.events):
            entry = self._entry_number(event.entry_index)
            first, *rest = blocks.columns(
                Cell(self._time(event.happened_at, f"events[{place}].happened_at"), 0.0, WHEN_WIDTH),
                Cell(event.sentence, WHAT_X, WHAT_WIDTH),
                Cell(entry, ENTRY_X, ENTRY_WIDTH),
                gap=7.0,
            )
            rows += [replace(first, has_rule=True), *rest]
        return self._part("events_heading", rows if self.record.events else [])

    def _rules(self) -> list[Row]:
        codes = [row for when, digest in self.record.rules for row in blocks.bound(blocks.code(when, digest))]
        return [*blocks.heading(self.labels["rules_heading"]), *blocks.prose(self.labels["rules_about"]), *codes]

    def _ledger(self) -> list[Row]:
        record = self.record
        return [
            *blocks.heading(self.labels["ledger_heading"]),
            *blocks.prose(self.labels["ledger_about"]),
            *blocks.bound(self._fact("ledger_origin", record.ledger_origin)),
            *blocks.bound(self._fact("ledger_index", self._entry_number(record.ledger_index))),
            *blocks.bound(blocks.code(self.labels["ledger_leaf"], record.ledger_leaf)),
            *blocks.bound(self._fact("ledger_size", str(record.ledger_size))),
            *blocks.code(self.labels["ledger_root"], record.ledger_root),
        ]

    def _copy(self) -> list[Row]:
        record = self.record
        return [
            *blocks.heading(self.labels["paper_heading"]),
            *blocks.bound(self._fact("consent_id", record.consent_id)),
            *blocks.bound(self._fact("issued_by", record.site_name)),
            *blocks.bound(self._fact("issued_at", self._time(record.issued_at, "issued_at"))),
            *self._fact("time_zone", record.time_zone),
        ]
