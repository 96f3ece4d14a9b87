"""Everything she takes home in each language it can be had in: no word of ours stays English, and it runs its way."""

import dataclasses
import io
import re
import uuid
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pikepdf
import pytest
from django.utils import translation

from clinic import clock
from clinic.actions.check_in import check_in
from clinic.actions.log_record_view import log_record_view
from clinic.actions.record_access_needs import record_access_needs
from clinic.languages import RECORD_LANGUAGES
from clinic.models import Patient
from clinic.vocabulary import AccessNeed, ProcedureCategory
from clinic.wording import ACCESS_NEED_WORDS, APPOINTMENT_WORDS, CATEGORY_WORDS, ROLE_WORDS
from consent.actions.answer_complaint import answer_complaint
from consent.actions.answer_correction import answer_correction
from consent.actions.finish_procedure import finish_procedure
from consent.actions.print_leaflet import print_leaflet
from consent.actions.start_procedure import start_procedure
from consent.models import Consent
from consent.queries.complaints import STATE_WORDS
from consent.queries.own_bundle_pages import read_me_html
from consent.queries.own_extract import ExtractChoice, attendance_note, own_extract, visits_of
from consent.queries.record_language import language_for
from consent.record.archive import members_of
from consent.record.leaflet import Leaflet, leaflet_html
from consent.vocabulary import BundlePart, ComplaintCategory, CorrectionOutcome, ExtractPart
from consent.wording import OTHER_PAGE_WORDS, PAGE_WORDS
from consent.wording_voice import COMPLAINT_CATEGORY_WORDS, CORRECTION_OUTCOME_WORDS
from tests.factories import House
from tests.integration.consent.test_bundles import taken
from tests.story_voice import complained, wished
from tests.unit.record.reading import needs_poppler, run

SHEET = "implant-removal"  # told in all six languages, so that its name is known in each
PAGES = ("read-me.html", "appointments.html", "looks.html", "voice.html")
OTHERS = [language for language in RECORD_LANGUAGES if language != "en"]
WORD = r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"'
A4_WIDTH, MARGIN = 595.0, 90.0
NAME, NEEDS = "Ana", "A quiet place"
TYPED = ("She was late.", "They said no.", "We told the desk.", "My name is written wrongly.", "Test Patient Uno")
STAFF = ("Test Midwife", "Test Advocate")
TABLES: tuple[dict[Any, Any], ...] = (
    ACCESS_NEED_WORDS,
    APPOINTMENT_WORDS,
    CATEGORY_WORDS,
    ROLE_WORDS,
    PAGE_WORDS,
    {"other": OTHER_PAGE_WORDS},
    STATE_WORDS,
    COMPLAINT_CATEGORY_WORDS,
    CORRECTION_OUTCOME_WORDS,
)
each_language = pytest.mark.parametrize("language", RECORD_LANGUAGES)


class Texts(HTMLParser):
    """Every text of a page, in order, but for its style and what is typed to a computer."""

    def __init__(self, page: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.inside: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.inside.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and self.inside[-1] not in {"style", "code"}:
            self.found.append(data.strip())


def left_in_english(english: bytes, other: bytes, *, given: set[str]) -> set[str]:
    """Texts with letters that are the same in both, but for what was given: names, and what somebody typed."""
    ours, theirs = Texts(english).found, Texts(other).found
    assert len(ours) == len(theirs)
    same = {one for one, two in zip(ours, theirs, strict=True) if one == two}
    bare = re.compile("|".join(re.escape(one) for one in sorted(given, key=len, reverse=True)))
    return {one for one in same if re.search("[A-Za-z]{2}", bare.sub("", one))}


def direction_of(language: str) -> str:
    return "rtl" if language == "ar" else "ltr"


@dataclasses.dataclass
class Story:
    """One patient who had something done, was looked at, complained and asked for corrections."""

    house: House
    patient: Patient
    consent: Consent

    @property
    def given(self) -> set[str]:
        return {NAME, NEEDS, *TYPED, self.house.site.name, *STAFF, "Asia/Shanghai"}


@pytest.fixture
def story() -> Story:
    house = House(sheets=(SHEET,))
    patient = house.patient(NAME, communication_needs=NEEDS)
    consent = house.ready(house.procedure(patient, code=SHEET))
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    finish_procedure(procedure_id=consent.procedure_id, note="As planned.", by=house.midwife.account)
    check_in(appointment_id=consent.procedure.appointment_id, by=house.receptionist)
    house.appointment(patient)
    patient = record_access_needs(patient_id=patient.pk, access_needs=tuple(AccessNeed), by=house.receptionist)
    for page in (*PAGE_WORDS, "unheard-of"):
        log_record_view(patient_id=patient.pk, by=house.midwife.account, page=page)
    for account in (house.receptionist, house.advocate, house.auditor, house.administrator, patient.account):
        log_record_view(patient_id=patient.pk, by=account, page="patient")
    answered = complained(house, patient, words=TYPED[0], consent=consent)
    answer_complaint(complaint_id=answered.pk, words=TYPED[1], done=TYPED[2], by=house.advocate)
    for category in ComplaintCategory:
        complained(house, patient, category=category, words="")
    wished(house, patient)
    refused = wished(house, patient, consent=consent)
    answer_correction(
        request_id=refused.pk,
        outcome=CorrectionOutcome.NOT_CORRECTED,
        words=TYPED[1],
        details=None,
        by=house.midwife.account,
    )
    return Story(house=house, patient=patient, consent=consent)


def extract_of(patient: Patient, language: str) -> Leaflet:
    everything = ExtractChoice(
        parts=frozenset(ExtractPart), kinds=frozenset(ProcedureCategory), language=language.lower()
    )
    return own_extract(patient, everything, at=clock.now())


def note_of(patient: Patient, language: str) -> Leaflet:
    visit = visits_of(patient).first()
    assert visit is not None
    note = attendance_note(patient, visit.pk, language=language.lower(), at=clock.now())
    assert note is not None
    return note


LEAFLETS: tuple[Callable[[Patient, str], Leaflet], ...] = (extract_of, note_of)


@pytest.mark.django_db
def test_no_word_of_ours_stays_english_in_her_archive(story: Story) -> None:
    english = members_of(taken(story.patient))
    given = {*story.given, *english}
    for language in OTHERS:
        other = members_of(taken(story.patient, language=language.lower(), form_key=uuid.uuid4()))
        assert other.keys() == english.keys()
        for name in PAGES:
            assert left_in_english(english[name], other[name], given=given) == set(), (language, name)
            start = f'<html lang="{language}" dir="{direction_of(language)}">'
            assert start.encode() in other[name], (language, name)


@pytest.mark.django_db
def test_an_archive_without_anything_beside_the_records_says_so_in_her_language(house: House) -> None:
    patient = house.patient()
    for language in RECORD_LANGUAGES:
        page = members_of(taken(patient, parts=frozenset({BundlePart.VOICE}), language=language.lower()))["voice.html"]
        assert (b"Nothing was recorded here." in page) is (language == "en")


def test_what_could_not_be_printed_or_proven_is_said_in_her_language() -> None:
    def read_me(language: str) -> bytes:
        with translation.override(language.lower()):
            return read_me_html(language=language, names=["policy"], unprinted=["record-1"], unproven=["record-2"])

    for language in OTHERS:
        same = left_in_english(read_me("en"), read_me(language), given={"policy", "record-1", "record-2"})
        assert same == set(), language


@pytest.mark.django_db
@pytest.mark.parametrize("leaflet", LEAFLETS)
def test_no_word_of_ours_stays_english_on_a_paper_she_can_show(leaflet: Any, story: Story) -> None:
    english = leaflet_html(leaflet(story.patient, "en"))
    for language in OTHERS:
        page = leaflet_html(leaflet(story.patient, language))
        assert left_in_english(english, page, given={*story.given, "English"}) == set(), language
        assert f'<html lang="{language}" dir="{direction_of(language)}">'.encode() in page


@needs_poppler
@each_language
@pytest.mark.django_db
@pytest.mark.parametrize("leaflet", LEAFLETS)
def test_the_paper_is_drawn_and_names_its_language(leaflet: Any, language: str, story: Story) -> None:
    pdf = print_leaflet(leaflet(story.patient, language), site_id=story.patient.site_id)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.Root.Lang) == language
    words = [tuple(map(float, word)) for word in re.findall(WORD, run("pdftotext", pdf, "-bbox", after=("-",)))]
    tallest = max(bottom - top for _left, top, _right, bottom in words)
    title = [(left, right) for left, top, right, bottom in words if bottom - top > 0.9 * tallest]
    assert (max(right for _left, right in title) > A4_WIDTH - MARGIN) is (language == "ar")
    assert (min(left for left, _right in title) < MARGIN) is (language != "ar")


def words_left() -> Iterator[tuple[str, str]]:
    for language in OTHERS:
        for table in TABLES:
            for words in table.values():
                with translation.override("en"):
                    english = str(words)
                with translation.override(language.lower()):
                    if str(words) == english:
                        yield language, english


def test_every_closed_list_is_whole_in_each_language() -> None:
    assert list(words_left()) == []


@pytest.mark.parametrize(
    ("hers", "page", "expected"),
    [
        (["hi", "en"], "en", "hi"),
        (["bo", "zh-Hans"], "en", "zh-Hans"),
        (["bo"], "zh-hans", "zh-Hans"),
        ([], "en", "en"),
        (["zh-Hant"], "en", "en"),
    ],
)
def test_at_first_it_is_in_her_own_language(hers: list[str], page: str, expected: str) -> None:
    assert language_for(hers, page=page) == expected
