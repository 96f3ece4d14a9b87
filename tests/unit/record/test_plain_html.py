"""The plain page holds every text of the record, literally, and nothing that runs or leads anywhere."""

import html
import re
from html.parser import HTMLParser

import pytest

from consent.record.labels import LABELS
from consent.record.plain_html import html_of
from consent.record_facts import ConsentRecord
from tests.unit.record.samples import DIGEST, chinese_record, english_record

NASTY = (
    "<script>alert(1)</script>", "</bdi></main>", "&lt;&amp;", '" onload="x', "{time}", "a\u202egnp.exe",
    "\u2067\u2069", "nul\x00", "esc\x1b[31m", "<!--", "]]>", "e\u0301", "\U0001f600", "عربي abc 123", "x" * 40_000,
)  # fmt: skip
NOT_PRINTED = {
    "patient_latin_name", "procedure_code", "issued_at", "ledger_index", "ledger_leaf", "ledger_size", "ledger_root",
    "record_check", "page", "page_sheet", "page_code", "draft", "date", "time", "no_entry", "side", "ended_words",
    "state_as_of", "without_word_heading", "signature", "seal_about", "no_seal_about", "witness", "nothing_recorded",
}  # fmt: skip


class Reader(HTMLParser):
    """What a browser would show, and which elements and attributes there are."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


def read(record: ConsentRecord) -> Reader:
    reader = Reader()
    reader.feed(html_of(record, digest=DIGEST).decode())
    return reader


@pytest.mark.parametrize("record", [english_record(), chinese_record()], ids=["en", "zh-Hans"])
def test_every_text_of_the_record_is_there(record: ConsentRecord) -> None:
    shown = "".join(read(record).shown)
    texts = [
        record.site_name, record.patient_name, record.procedure_name, record.side, record.state, record.state_explained,
        record.sheet_title, record.sheet_version, record.sheet_digest, record.consent_id, record.time_zone, DIGEST,
        *(part for section in record.sheet_sections for part in (section.heading, section.text)),
        *(part for pair in (*record.conversation, *record.questions, *record.rules) for part in pair),
        *(part for one in record.people for part in (one.role, one.name, one.note)),
        *(part for one in record.signatures for part in (one.meaning, one.name, one.method, one.witness_name)),
        *(event.sentence for event in record.events),
        *(record.labels[key] for key in LABELS if not key.startswith("month_") and key not in NOT_PRINTED),
    ]  # fmt: skip
    assert [text for text in texts if text not in shown] == []


def test_language_and_direction_are_named() -> None:
    arabic = read(english_record(language="ar", sheet_language="fr"))
    assert ("html", {"lang": "ar", "dir": "rtl"}) in arabic.elements
    assert ("blockquote", {"lang": "fr", "dir": "auto"}) in arabic.elements
    assert ("html", {"lang": "zh-Hans", "dir": "ltr"}) in read(chinese_record()).elements


def test_values_are_isolated() -> None:
    page = html_of(english_record(patient_name="آمنة", ended_words="no"), digest=DIGEST).decode()
    assert "<dd><bdi>آمنة</bdi></dd>" in page
    assert "This is how it stood on <bdi>4 March 2026, 12:05 (UTC+00:00)</bdi>." in page


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_a_nasty_text_is_shown_and_nothing_else(nasty: str) -> None:
    plain = read(english_record(ended_words="no"))
    changed = read(english_record(patient_name=nasty, ended_words=nasty, state=nasty))
    assert changed.elements == plain.elements
    seen = re.sub(r"[\x00-\x08\x0e-\x1f\u202a-\u202e\u2066-\u2069]", lambda sign: f"[U+{ord(sign[0]):04X}]", nasty)
    assert "".join(changed.shown).count(seen) >= 3


def test_nothing_runs_and_nothing_leads_out() -> None:
    reader = read(english_record())
    assert {tag for tag, _ in reader.elements} <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "dl", "dt", "dd", "bdi",
        "strong", "blockquote", "table", "caption", "thead", "tbody", "tr", "th", "td", "img",
    }  # fmt: skip
    for _tag, attributes in reader.elements:
        assert set(attributes) <= {"lang", "dir", "charset", "http-equiv", "content", "name", "scope", "src", "alt"}
        assert attributes.get("src", "data:").startswith("data:image/png;base64,") or "src" not in attributes
    assert "://" not in html.unescape(html_of(english_record(), digest=DIGEST).decode())
