"""What a paper must say, word by word, told by the record alone: the other half of the check before it is handed over.

Written apart from the layout on purpose: where the two differ, nothing leaves the house.
"""

import datetime
from collections.abc import Iterator

from consent.record.labels import filled
from consent.record.times import known_zone, shown_date, shown_time
from consent.record_facts import ConsentRecord, CopyOnPaper


def expected_texts(record: ConsentRecord, *, issued: CopyOnPaper | None, digest: str) -> list[str]:
    """Every text between the edges of the pages, in the order in which it is read."""
    return list(_Expected(record, issued, digest).texts())


def _prose(text: str) -> str:
    return "\n".join(line.removeprefix("- ") for line in text.split("\n"))


class _Expected:
    def __init__(self, record: ConsentRecord, issued: CopyOnPaper | None, digest: str) -> None:
        self.record, self.issued, self.digest = record, issued, digest
        self.labels = record.labels

    def texts(self) -> Iterator[str]:
        yield from self._who_and_what()
        yield from self._told()
        yield from self._talked()
        yield from self._signed()
        yield from self._happened()
        yield from self._checked()

    def _time(self, at: datetime.datetime) -> str:
        return shown_time(at, zone=known_zone(self.record.time_zone), labels=self.labels, field="time")

    def _pairs(self, *pairs: tuple[str, str]) -> Iterator[str]:
        """Labels by their key, each before its value; a value that is empty is not printed, nor is its label."""
        for key, value in pairs:
            if value:
                yield from (self.labels[key], value)

    def _part(self, key: str, texts: list[str]) -> list[str]:
        return [self.labels[f"{key}_heading"], *(texts or [self.labels["nothing_recorded"]])]

    def _who_and_what(self) -> Iterator[str]:
        record, labels = self.record, self.labels
        yield from (record.site_name, labels["title"], labels["about_heading"])
        yield from map(_prose, (labels["about"], labels["about_change"], record.language_note))
        yield labels["patient_heading"]
        yield from (labels["patient_name"], record.patient_name)
        yield from self._pairs(("patient_latin_name", record.patient_latin_name))
        yield from (labels["birth_date"], shown_date(record.birth_date, labels))
        yield labels["procedure_heading"]
        yield from (labels["procedure_name"], record.procedure_name)
        yield from self._pairs(("side", record.side), ("procedure_code", record.procedure_code))
        yield from (labels["state_heading"], record.state, _prose(record.state_explained))
        yield filled(labels["state_as_of"], time=self._time(record.made_at))
        yield from self._pairs(("ended_words", record.ended_words))

    def _told(self) -> Iterator[str]:
        record = self.record
        yield self.labels["sheet_heading"]
        yield from self._pairs(("sheet_title", record.sheet_title), ("sheet_version", record.sheet_version))
        yield from (self.labels["sheet_digest"], record.sheet_digest, self.labels["sheet_intro"])
        for section in record.sheet_sections:
            yield from (section.heading, _prose(section.text))

    def _talked(self) -> Iterator[str]:
        record, labels = self.record, self.labels
        yield from self._part("people", [text for one in record.people for text in (one.role, one.name, one.note)])
        yield from self._part("conversation", [text for pair in record.conversation for text in pair])
        asked = [(labels["asked"], question, labels["answered"], answer) for question, answer in record.questions]
        yield from self._part("questions", [text for texts in asked for text in texts])
        if record.without_word:
            yield from self._part("without_word", [text for pair in record.without_word for text in pair])

    def _signed(self) -> Iterator[str]:
        labels, texts = self.labels, []
        for one in self.record.signatures:
            texts += [one.meaning, *([labels["signature"]] if one.image_png is not None else [])]
            texts += [labels["signed_name"], one.name]
            texts += self._pairs(("signed_method", one.method), ("witness", one.witness_name))
            texts += [labels["signed_at"], self._time(one.signed_at)]
        yield from self._part("signatures", texts)

    def _number(self, index: int | None) -> str:
        return self.labels["no_entry"] if index is None else str(index)

    def _happened(self) -> Iterator[str]:
        labels, events = self.labels, self.record.events
        head = [labels["event_when"], labels["event_what"], labels["event_entry"]] if events else []
        rows = [(self._time(one.happened_at), one.sentence, self._number(one.entry_index)) for one in events]
        yield from self._part("events", [*head, *(text for row in rows for text in row)])

    def _checked(self) -> Iterator[str]:
        record, labels, issued = self.record, self.labels, self.issued
        yield from (labels["rules_heading"], _prose(labels["rules_about"]))
        yield from (text for pair in record.rules for text in pair)
        yield from (labels["ledger_heading"], _prose(labels["ledger_about"]))
        yield from self._pairs(("ledger_origin", record.ledger_origin))
        if issued is not None:
            yield from self._pairs(("ledger_index", self._number(issued.ledger_index)))
            yield from (labels["ledger_leaf"], issued.ledger_leaf)
            yield from (labels["ledger_size"], str(issued.ledger_size), labels["ledger_root"], issued.ledger_root)
        yield labels["paper_heading"]
        yield from self._pairs(("consent_id", record.consent_id), ("issued_by", record.site_name))
        if issued is not None:
            yield from (labels["issued_at"], self._time(issued.issued_at))
        yield from self._pairs(("time_zone", record.time_zone))
        if self.digest:
            yield from (_prose(labels["record_check"]), labels["record_digest"], self.digest)
        if issued is not None:
            yield _prose(labels["seal_about" if issued.is_sealed else "no_seal_about"])
