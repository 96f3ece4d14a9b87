"""The document: the parts of one consent record in the order in which a person would want to read them.

>>> render_record(record)[:5]  # doctest: +SKIP
b'%PDF-'
"""

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

from clinic.languages import LANGUAGE_NAMES
from consent.record.blocks import LABEL, LOUD, QUIET, STRONG, TITLE, Blocks, Cell, Row, bound
from consent.record.check import check_record, check_text
from consent.record.exceptions import MissingGlyphError
from consent.record.images import opened_signature
from consent.record.labels import check_labels, filled
from consent.record.layout import Furniture, draw_pages, paginated
from consent.record.paper import Paper
from consent.record.tags import Element
from consent.record.times import known_zone, shown_date, shown_time
from consent.record_facts import ConsentRecord, CopyOnPaper, SignatureOnRecord

SHEET_BAR = 0.55
STATE_BAR = 0.0
DIGEST_SHOWN = 16  # characters of the record's digest at the foot of every page
WHEN_WIDTH, WHAT_X, WHAT_WIDTH, ENTRY_X, ENTRY_WIDTH = 132.0, 142.0, 283.0, 435.0, 46.0


def render_record(
    record: ConsentRecord,
    *,
    issued: CopyOnPaper | None = None,
    digest: str = "",
    check_code: str = "",
    is_draft: bool = False,
) -> bytes:
    """Print one consent record as an A4 PDF that can be read on paper.

    **Takes** the record, all its words already in one language; `labels` holds every key of `labels.LABELS`.
    `issued` is what this copy adds to it; without it nothing is said of the copy and of the place in the ledger.
    `digest` is the SHA-256 of the frozen document this picture is made of, in hex; `check_code` is what the QR code
    on every page says; a draft says so on every page.
    **Gives** the bytes of the file; the same record gives the same bytes.
    **Raises** RecordError, always before a page is drawn: MissingLabelError, InvalidTextError,
    MissingGlyphError, UnsupportedScriptError, InvalidTimeError, InvalidImageError name the field;
    FontsMissingError the file.
    """
    check_labels(record.labels)
    check_record(record)
    pages = paginated(_Document(record, issued, digest).rows())
    paper = Paper(
        title=f"{record.labels['title']} · {record.procedure_name}",
        author=record.site_name,
        subject=record.consent_id,
        language=record.language,
        made_at=issued.issued_at if issued else record.made_at,
    )
    draw_pages(paper, pages, _furniture(record, digest=digest, check_code=check_code, is_draft=is_draft))
    return paper.to_bytes()


def _furniture(record: ConsentRecord, *, digest: str, check_code: str, is_draft: bool) -> Furniture:
    labels = record.labels
    return Furniture(
        language=record.language,
        patient=record.patient_name,
        procedure=" · ".join(filter(None, (record.procedure_name, record.side))),
        sheet=filled(
            labels["page_sheet"], version=record.sheet_version, language=_name_of_language(record.sheet_language)
        ),
        digest=filled(labels["page_code"], digest=digest[:DIGEST_SHOWN]) if digest else "",
        page=labels["page"],
        check_code=check_code,
        draft=labels["draft"] if is_draft else "",
    )


def _name_of_language(code: str) -> str:
    """A language under its own name; under its code where our fonts cannot print the name."""
    name = LANGUAGE_NAMES.get(code, code)
    try:
        check_text(name, field="sheet_language")
    except MissingGlyphError:
        return code
    return name


class _Document:
    """One record on its way to rows."""

    def __init__(self, record: ConsentRecord, issued: CopyOnPaper | None, digest: str) -> None:
        self.record = record
        self.issued = issued
        self.digest = digest
        self.labels = record.labels
        self.blocks = Blocks(record.language)
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
        return self.blocks.fact(self.labels[key], value) if value else []

    def _opening(self) -> list[Row]:
        return [
            *self.blocks.lines(self.record.site_name, QUIET),
            *self.blocks.lines(self.labels["title"], TITLE),
            *self.blocks.heading(self.labels["about_heading"]),
            *self.blocks.prose(self.labels["about"]),
            *self.blocks.prose(self.labels["about_change"], gap=6.0),
            *(self.blocks.prose(self.record.language_note, gap=6.0) if self.record.language_note else []),
        ]

    def _patient(self) -> list[Row]:
        record = self.record
        return [
            *self.blocks.heading(self.labels["patient_heading"]),
            *self.blocks.fact(self.labels["patient_name"], record.patient_name, style=STRONG),
            *self._fact("patient_latin_name", record.patient_latin_name),
            *self._fact("birth_date", shown_date(record.birth_date, self.labels)),
        ]

    def _procedure(self) -> list[Row]:
        record = self.record
        return [
            *self.blocks.heading(self.labels["procedure_heading"]),
            *self.blocks.fact(self.labels["procedure_name"], record.procedure_name, style=STRONG),
            *(self.blocks.fact(self.labels["side"], record.side, style=STRONG) if record.side else []),
            *self._fact("procedure_code", record.procedure_code),
        ]

    def _state(self) -> list[Row]:
        record = self.record
        as_of = filled(self.labels["state_as_of"], time=self._time(record.made_at, "made_at"))
        return [
            *self.blocks.heading(self.labels["state_heading"]),
            *bound(self.blocks.lines(record.state, LOUD, bar=STATE_BAR)),
            *self.blocks.prose(record.state_explained, bar=STATE_BAR),
            *self.blocks.lines(as_of, QUIET, gap=4.0, bar=STATE_BAR),
            *self._fact("ended_words", record.ended_words),
        ]

    def _sheet(self) -> list[Row]:
        record = self.record
        rows = [
            *self.blocks.heading(self.labels["sheet_heading"]),
            *bound(self._fact("sheet_title", record.sheet_title)),
            *bound(self._fact("sheet_version", record.sheet_version)),
            *bound(self.blocks.code(self.labels["sheet_digest"], record.sheet_digest)),
            *bound(self.blocks.lines(self.labels["sheet_intro"], QUIET, gap=8.0)),
        ]
        shown = Blocks(record.sheet_language)
        for place, section in enumerate(record.sheet_sections):
            gap = 14.0 if place else 8.0
            heading = Element("H3", record.sheet_language)
            rows += bound(shown.lines(section.heading, STRONG, gap=gap, bar=SHEET_BAR, element=heading))
            rows += shown.prose(section.text, bar=SHEET_BAR)
        return rows

    def _people(self) -> list[Row]:
        rows = []
        for person in self.record.people:
            value = "\n".join(filter(None, (person.name, person.note)))
            rows += self.blocks.fact(person.role, value)
        return self._part("people_heading", rows)

    def _conversation(self) -> list[Row]:
        rows = []
        for label, value in self.record.conversation:
            rows += self.blocks.fact(label, value)
        return self._part("conversation_heading", rows)

    def _questions(self) -> list[Row]:
        rows = []
        for asked, answered in self.record.questions:
            rows += bound(self.blocks.fact(self.labels["asked"], asked, style=STRONG, gap=10.0))
            rows += self.blocks.fact(self.labels["answered"], answered)
        return self._part("questions_heading", rows)

    def _without_word(self) -> list[Row]:
        rows = [row for label, value in self.record.without_word for row in self.blocks.fact(label, value)]
        return self._part("without_word_heading", rows) if rows else []

    def _part(self, key: str, rows: list[Row]) -> list[Row]:
        return self.blocks.heading(self.labels[key]) + (rows or self.blocks.lines(self.labels["nothing_recorded"]))

    def _signatures(self) -> list[Row]:
        rows = []
        for place, signature in enumerate(self.record.signatures):
            rows += self._signature(signature, f"signatures[{place}]", is_first=place == 0)
        return self._part("signatures_heading", rows)

    def _signature(self, signature: SignatureOnRecord, field: str, *, is_first: bool) -> list[Row]:
        rows = self.blocks.lines(signature.meaning, STRONG, gap=2.0 if is_first else 16.0)
        if signature.image_png is not None:
            image = opened_signature(signature.image_png, field=f"{field}.image_png")
            label = self.labels["signature"]
            rows += self.blocks.picture(label, image, alt=f"{label}: {signature.name}")
        rows += self.blocks.fact(self.labels["signed_name"], signature.name)
        rows += self._fact("signed_method", signature.method)
        rows += self._fact("witness", signature.witness_name)
        last = self.blocks.fact(self.labels["signed_at"], self._time(signature.signed_at, f"{field}.signed_at"))
        return bound(rows) + last

    def _entry_number(self, index: int | None) -> str:
        return self.labels["no_entry"] if index is None else str(index)

    def _events(self) -> list[Row]:
        labels = self.labels
        rows = bound(
            self.blocks.columns(
                Cell(labels["event_when"], 0.0, WHEN_WIDTH, LABEL, is_value=False),
                Cell(labels["event_what"], WHAT_X, WHAT_WIDTH, LABEL, is_value=False),
                Cell(labels["event_entry"], ENTRY_X, ENTRY_WIDTH, LABEL, is_value=False),
                tags=("TH", "TH", "TH"),
            )
        )
        for place, event in enumerate(self.record.events):
            entry = self._entry_number(event.entry_index)
            first, *rest = self.blocks.columns(
                Cell(self._time(event.happened_at, f"events[{place}].happened_at"), 0.0, WHEN_WIDTH),
                Cell(event.sentence, WHAT_X, WHAT_WIDTH, is_value=False),
                Cell(entry, ENTRY_X, ENTRY_WIDTH),
                gap=7.0,
                tags=("TD", "TD", "TD"),
            )
            rows += [replace(first, has_rule=True), *rest]
        return self._part("events_heading", rows if self.record.events else [])

    def _rules(self) -> list[Row]:
        codes = [row for when, digest in self.record.rules for row in bound(self.blocks.code(when, digest))]
        return [
            *self.blocks.heading(self.labels["rules_heading"]),
            *self.blocks.prose(self.labels["rules_about"]),
            *codes,
        ]

    def _ledger(self) -> list[Row]:
        return [
            *self.blocks.heading(self.labels["ledger_heading"]),
            *self.blocks.prose(self.labels["ledger_about"]),
            *bound(self._fact("ledger_origin", self.record.ledger_origin)),
            *(self._place(self.issued) if self.issued else []),
        ]

    def _place(self, issued: CopyOnPaper) -> list[Row]:
        return [
            *bound(self._fact("ledger_index", self._entry_number(issued.ledger_index))),
            *bound(self.blocks.code(self.labels["ledger_leaf"], issued.ledger_leaf)),
            *bound(self._fact("ledger_size", str(issued.ledger_size))),
            *self.blocks.code(self.labels["ledger_root"], issued.ledger_root),
        ]

    def _copy(self) -> list[Row]:
        record = self.record
        issued_at = self._time(self.issued.issued_at, "issued_at") if self.issued else ""
        return [
            *self.blocks.heading(self.labels["paper_heading"]),
            *bound(self._fact("consent_id", record.consent_id)),
            *bound(self._fact("issued_by", record.site_name)),
            *bound(self._fact("issued_at", issued_at)),
            *self._fact("time_zone", record.time_zone),
            *(self._check() if self.digest else []),
            *(self._seal(self.issued) if self.issued else []),
        ]

    def _seal(self, issued: CopyOnPaper) -> list[Row]:
        return self.blocks.prose(self.labels["seal_about" if issued.is_sealed else "no_seal_about"], gap=8.0)

    def _check(self) -> list[Row]:
        return [
            *bound(self.blocks.prose(self.labels["record_check"], gap=8.0)),
            *self.blocks.code(self.labels["record_digest"], self.digest),
        ]
