"""The record as a plain page: the accessible original, with every text of the paper in the same order.

Made from the same frozen record as the paper; what a font could not print can still be read here.

>>> html_of(record, digest="")[:15]  # doctest: +SKIP
b'<!doctype html>'
"""

import datetime
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from consent.record.html_parts import (
    facts,
    filled,
    heading,
    page,
    paragraph,
    picture,
    table,
    text,
    value,
)
from consent.record.labels import check_labels
from consent.record.times import known_zone, shown_date, shown_time
from consent.record_facts import ConsentRecord, SignatureOnRecord


def html_of(record: ConsentRecord, *, digest: str) -> bytes:
    """One consent record as a page.

    **Takes** the record, and the SHA-256 of its frozen document in hex.
    **Raises** MissingLabelError, InvalidTimeError. No character is ever a reason to refuse.
    """
    check_labels(record.labels)
    body = "".join(_Page(record, digest).parts())
    return page(title=record.labels["title"], language=record.language, body=body)


class _Page:
    """One record on its way to a page."""

    def __init__(self, record: ConsentRecord, digest: str) -> None:
        self.record = record
        self.digest = digest
        self.labels = record.labels
        self.zone: ZoneInfo = known_zone(record.time_zone)

    def parts(self) -> Iterator[str]:
        yield from self._opening()
        yield from self._who_and_what()
        yield from self._state()
        yield from self._sheet()
        yield from self._talk()
        yield from self._signatures()
        yield from self._events()
        yield from self._proof()

    def _time(self, at: datetime.datetime, field: str) -> str:
        return shown_time(at, zone=self.zone, labels=self.labels, field=field)

    def _opening(self) -> Iterator[str]:
        record, labels = self.record, self.labels
        yield paragraph(value(record.site_name))
        yield heading(labels["title"], level=1)
        yield heading(labels["about_heading"])
        yield paragraph(text(labels["about"]))
        yield paragraph(text(labels["about_change"]))
        if record.language_note:
            yield paragraph(text(record.language_note))

    def _who_and_what(self) -> Iterator[str]:
        record, labels = self.record, self.labels
        yield heading(labels["patient_heading"])
        yield facts(
            (
                (labels["patient_name"], record.patient_name),
                (labels["patient_latin_name"], record.patient_latin_name),
                (labels["birth_date"], shown_date(record.birth_date, labels)),
            )
        )
        yield heading(labels["procedure_heading"])
        yield facts(
            (
                (labels["procedure_name"], record.procedure_name),
                (labels["side"], record.side),
                (labels["procedure_code"], record.procedure_code),
            )
        )

    def _state(self) -> Iterator[str]:
        record, labels = self.record, self.labels
        yield heading(labels["state_heading"])
        yield paragraph(f"<strong>{text(record.state)}</strong>")
        yield paragraph(text(record.state_explained))
        yield paragraph(filled(labels["state_as_of"], time=self._time(record.made_at, "made_at")))
        yield facts(((labels["ended_words"], record.ended_words),))

    def _sheet(self) -> Iterator[str]:
        record, labels = self.record, self.labels
        yield heading(labels["sheet_heading"])
        yield facts(
            (
                (labels["sheet_title"], record.sheet_title),
                (labels["sheet_version"], record.sheet_version),
                (labels["sheet_digest"], record.sheet_digest),
            )
        )
        yield paragraph(text(labels["sheet_intro"]))
        yield f'<blockquote lang="{text(record.sheet_language)}" dir="auto">\n'
        for section in record.sheet_sections:
            yield heading(section.heading, level=3)
            yield paragraph(text(section.text))
        yield "</blockquote>\n"

    def _talk(self) -> Iterator[str]:
        record, labels = self.record, self.labels
        people = [(person.role, "\n".join(filter(None, (person.name, person.note)))) for person in record.people]
        yield from self._part("people_heading", facts(people))
        yield from self._part("conversation_heading", facts(record.conversation))
        asked = [
            pair
            for question, answer in record.questions
            for pair in ((labels["asked"], question), (labels["answered"], answer))
        ]
        yield from self._part("questions_heading", facts(asked))
        if record.without_word:
            yield from self._part("without_word_heading", facts(record.without_word))

    def _part(self, key: str, content: str) -> Iterator[str]:
        yield heading(self.labels[key])
        yield content or paragraph(text(self.labels["nothing_recorded"]))

    def _signatures(self) -> Iterator[str]:
        found = [self._signature(one, f"signatures[{place}]") for place, one in enumerate(self.record.signatures)]
        yield from self._part("signatures_heading", "".join(found))

    def _signature(self, signature: SignatureOnRecord, field: str) -> str:
        labels = self.labels
        drawn = ""
        if signature.image_png is not None:
            drawn = picture(signature.image_png, alt=f"{labels['signature']}: {signature.name}")
        about = facts(
            (
                (labels["signed_name"], signature.name),
                (labels["signed_method"], signature.method),
                (labels["witness"], signature.witness_name),
                (labels["signed_at"], self._time(signature.signed_at, f"{field}.signed_at")),
            )
        )
        return heading(signature.meaning, level=3) + drawn + about

    def _events(self) -> Iterator[str]:
        labels = self.labels
        rows = [
            (
                self._time(event.happened_at, f"events[{place}].happened_at"),
                event.sentence,
                labels["no_entry"] if event.entry_index is None else event.entry_index,
            )
            for place, event in enumerate(self.record.events)
        ]
        heads = (labels["event_when"], labels["event_what"], labels["event_entry"])
        yield from self._part("events_heading", table(labels["events_heading"], heads, rows) if rows else "")

    def _proof(self) -> Iterator[str]:
        record, labels = self.record, self.labels
        yield heading(labels["rules_heading"])
        yield paragraph(text(labels["rules_about"]))
        yield facts(record.rules)
        yield heading(labels["ledger_heading"])
        yield paragraph(text(labels["ledger_about"]))
        yield facts(((labels["ledger_origin"], record.ledger_origin),))
        yield heading(labels["paper_heading"])
        yield facts(
            (
                (labels["consent_id"], record.consent_id),
                (labels["issued_by"], record.site_name),
                (labels["time_zone"], record.time_zone),
                (labels["record_digest"], self.digest),
            )
        )
