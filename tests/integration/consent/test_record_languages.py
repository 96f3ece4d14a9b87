"""A real record, from the act to the paper, in each language that a record is printed in."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from clinic.languages import RECORD_LANGUAGES
from consent.actions.issue_record import issue_record
from consent.models import Consent, FrozenRecord
from consent.queries.sheet_pages import shown_sheet
from consent.record.bidi import WITHOUT_ISOLATES
from consent.record.document import record_of
from consent.record.expected import expected_texts
from consent.record_facts import ConsentRecord
from consent.vocabulary import Via
from tests.factories import House
from tests.records import record_now
from tests.unit.record.reading import DIRECTION_MARKS, needs_poppler, run, squeezed

pytestmark = pytest.mark.django_db
SHEET = "implant-removal"
HEAD, FOOT = 92, 780  # what stands on every page is above and below
NAMES = {
    "en": "Test Patient One",
    "zh-Hans": "测试患者",
    "ar": "مريضة التجربة",
    "hi": "परीक्षण मरीज़",
    "fr": "Patiente Épreuve",
    "es": "Paciente Niña",
}
# What these languages share with English, letter for letter; patterns of a date among it.
SAME = {"Version", "Question", "Signature", "Signatures", "{day} {month} {year}", "{date}, {clock} ({offset})"}
NOT_ENGLISH = [language for language in RECORD_LANGUAGES if language != "en"]


def story(language: str) -> Consent:
    """She reads the sheet in her language, says yes, says it again on the day, and the operator signs."""
    house = House(sheets=(SHEET,))
    patient = house.patient(NAMES[language], languages=[language])
    return house.ready(house.procedure(patient, code=SHEET), language=language)


def paper(consent: Consent, language: str) -> bytes:
    return issue_record(consent_id=consent.pk, language=language, by=consent.patient.account, via=Via.OWN_CARD).pdf


def stored(consent: Consent, language: str) -> ConsentRecord:
    frozen = FrozenRecord.objects.filter(consent=consent, language=language).latest("made_at")
    return record_of(bytes(frozen.document))


def words_on(pdf: bytes) -> str:
    """What is copied between the edges of its pages with plain pdftotext."""
    place = ("-x", "0", "-y", str(HEAD), "-W", "596", "-H", str(FOOT - HEAD), "-r", "72")
    return squeezed(run("pdftotext", pdf, *place, after=("-",)).translate(DIRECTION_MARKS))


def letters(text: str) -> str:
    return squeezed(text.translate(WITHOUT_ISOLATES))


def never_parted(record: ConsentRecord) -> list[str]:
    """Texts as wide as the page: they are read whole. A narrow column is read line by line, with its row."""
    sheet = [text for section in record.sheet_sections for text in (section.heading, section.text.replace("- ", ""))]
    labels = [record.labels[key] for key in ("title", "about", "about_change", "rules_about", "ledger_about")]
    return [*sheet, *labels, record.state, record.state_explained, *(one.meaning for one in record.signatures)]


@needs_poppler
@pytest.mark.parametrize("language", RECORD_LANGUAGES)
def test_the_paper_says_what_was_stored(language: str, settings: Any, tmp_path: Path) -> None:
    settings.SEAL_DIR = tmp_path / "seals"
    consent = story(language)
    pdf = paper(consent, language)
    record = stored(consent, language)
    assert (record.language, record.sheet_language, record.language_note) == (language, language, "")
    said = words_on(pdf)
    assert [text for text in never_parted(record) if letters(text) not in said] == []
    assert Counter(letters("".join(expected_texts(record, issued=None, digest="")))) - Counter(said) == Counter()
    every_font_is_inside(pdf)


def every_font_is_inside(pdf: bytes) -> None:
    fonts = run("pdffonts", pdf).splitlines()[2:]
    assert fonts
    for line in fonts:
        assert re.search(r"\syes yes yes\s", line), line
        assert re.match(r"[A-Z]{6}\+NotoSans", line), line


def printed_words(record: ConsentRecord) -> list[str]:
    """Every word of ours on the record, in a fixed order: no name, no number and no word of a person's own."""
    return [
        *record.labels.values(),
        record.side.partition(",")[0],
        record.state,
        record.state_explained,
        *(when for when, _digest in record.rules),
        *(one.role for one in record.people),
        *(one.note for one in record.people if one.note),
        *(label for label, _value in record.conversation[:6]),
        *(text for one in record.signatures for text in (one.meaning, one.method)),
        *(event.sentence for event in record.events),
    ]


def test_no_word_of_ours_stays_english() -> None:
    consent = story("en")
    english = printed_words(record_now(consent, "en"))
    for language in NOT_ENGLISH:
        other = printed_words(record_now(consent, language))
        assert len(other) == len(english)
        left = {ours for ours, theirs in zip(english, other, strict=True) if ours == theirs}
        assert left - SAME == set(), language


def test_a_paper_in_another_language_than_the_sheet_says_so() -> None:
    note = record_now(story("en"), "ar").language_note
    assert "English" in note
    assert "العربية" in note


def test_a_page_shows_an_arabic_sheet_from_right_to_left() -> None:
    page = render_to_string("consent/parts/sheet.html", {"sheet": shown_sheet(story("ar").sheet_version)})
    assert '<article class="fg-sheet" lang="ar" dir="rtl"' in page
    assert '<div lang="en" dir="ltr">' in page
