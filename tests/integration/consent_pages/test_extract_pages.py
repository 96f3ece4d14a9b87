"""Papers that are safe to show: what is ticked, nothing else, and no sign that there is anything else."""

import io
import uuid

import pypdfium2
import pytest

from clinic import clock
from clinic.actions.check_in import check_in
from clinic.languages import LANGUAGE_NAMES, RECORD_LANGUAGES
from clinic.models import Patient
from clinic.vocabulary import ProcedureCategory
from consent.actions.finish_procedure import finish_procedure
from consent.actions.start_procedure import start_procedure
from consent.keys.site_seals import keep_site_seal, read_site_seal
from consent.models import LedgerEntry
from consent.record.certificates import demonstration_files
from consent.record.judging import judge_seal
from tests.factories import House
from tests.integration.consent_pages.people import address, staff, text_of, with_card, with_tablet

EXTRACT, NOTE = "mine-extract", "mine-attendance"
PAGE, PAPER = {"way": "page", "language": "en"}, {"way": "paper", "language": "en"}
TELLING = ("IUD", "Consent", "consent", "midwife", "Midwife", "hidden", "left out", "withheld", "uterus")


def read(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as paper:
        return "\n".join(page.get_textpage().get_text_range() for page in paper)


@pytest.fixture
def patient(house: House) -> Patient:
    """Somebody who had an IUD put in and was at the clinic for it."""
    consent = house.ready()
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    finish_procedure(procedure_id=consent.procedure_id, note="As planned.", by=house.midwife.account)
    check_in(appointment_id=consent.procedure.appointment_id, by=house.receptionist)
    return consent.patient


def test_at_first_only_what_tells_least_is_ticked(patient: Patient) -> None:
    page = text_of(with_card(patient).get(address(EXTRACT)))
    ticked = [line for line in page.split("<input") if " checked" in line]
    assert [line.split('value="')[1].split('"')[0] for line in ticked] == ["needs", "appointments", "VACC", "paper"]


def test_what_was_not_ticked_is_not_there_and_nothing_says_so(patient: Patient) -> None:
    browser = with_card(patient)
    before = LedgerEntry.objects.count()
    answer = browser.post(address(EXTRACT), {"parts": ["needs", "appointments"], "kinds": ["VACC", "TEST"], **PAGE})
    assert answer.status_code == 200
    page = text_of(answer)
    assert patient.name in page
    assert "My appointments" in page
    for word in (*TELLING, "Vaccination", "Test<"):
        assert word not in page, word
    assert LedgerEntry.objects.count() == before, "nobody is told"


def test_what_is_ticked_is_there_with_its_day(patient: Patient) -> None:
    answer = with_card(patient).post(address(EXTRACT), {"kinds": [ProcedureCategory.LARC_IN.value], **PAGE})
    page = text_of(answer)
    assert "Putting in an IUD or implant" in page
    assert f"{clock.local_date(clock.now(), time_zone=patient.site.time_zone):%Y-%m-%d}" in page


def test_an_extract_with_everything_left_out_looks_like_one_of_somebody_without_any(house: House, patient) -> None:
    other = house.patient(patient.name)
    pages = [text_of(with_card(one).post(address(EXTRACT), {"kinds": ["VACC"], **PAGE})) for one in (patient, other)]
    assert pages[0] == pages[1]


def test_the_paper_says_the_same_and_carries_only_the_seal_of_the_clinic(patient, settings, tmp_path) -> None:
    settings.SEAL_DIR = tmp_path / "seals"
    keep_site_seal(patient.site_id, demonstration_files(patient.site.name, at=clock.now()))
    answer = with_card(patient).post(address(EXTRACT), {"parts": ["appointments"], **PAPER})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="page.pdf"'
    words = read(answer.content)
    assert patient.name in words
    for word in TELLING:
        assert word not in words, word
    seal = read_site_seal(patient.site_id)
    assert judge_seal(answer.content, trusted_roots=(seal.root,), at=clock.now()).is_sound


@pytest.mark.parametrize("way", ["page", "paper"])
def test_the_note_says_that_she_was_here_and_nothing_else(way: str, patient: Patient) -> None:
    browser = with_card(patient)
    visit = patient.appointments.get()
    answer = browser.post(address(NOTE), {"visit": str(visit.pk), "way": way, "language": "en"})
    assert answer.status_code == 200
    words = read(answer.content) if way == "paper" else text_of(answer)
    assert patient.name in words
    assert patient.site.name in words
    assert "was at this clinic at this time" in words
    for word in (*TELLING, "1994", str(patient.pk)):
        assert word not in words, word


def test_no_note_of_a_visit_that_was_not_or_was_somebody_elses(house: House, patient: Patient) -> None:
    other = house.given().patient
    assert "There is no visit here yet." in text_of(with_card(other).get(address(NOTE)))
    for visit in (other.appointments.get().pk, uuid.uuid4(), "x"):
        assert with_card(patient).post(address(NOTE), {"visit": str(visit), **PAGE}).status_code == 422


def test_each_paper_comes_in_the_language_she_chose_among_all_of_ours(patient: Patient) -> None:
    browser = with_card(patient)
    choice = {"visit": str(patient.appointments.get().pk), "way": "page"}
    for name in (EXTRACT, NOTE):
        shown = text_of(browser.get(address(name)))
        assert all(f' lang="{one}">{LANGUAGE_NAMES[one]}</option>' in shown for one in RECORD_LANGUAGES)
        assert '<option value="en" selected lang="en">' in shown
        for language, direction in (("ar", "rtl"), ("zh-Hans", "ltr")):
            page = text_of(browser.post(address(name), {**choice, "language": language}))
            assert f'<html lang="{language}" dir="{direction}">' in page


@pytest.mark.parametrize("name", [EXTRACT, NOTE])
def test_an_unknown_language_is_refused_and_what_was_chosen_stays(name: str, patient: Patient) -> None:
    browser = with_card(patient)
    for language in ("tlh", "de", ""):
        assert browser.post(address(name), {**PAGE, "language": language}).status_code == 422
    assert '<option value="hi" selected lang="hi">' in text_of(browser.post(address(name), {"language": "hi"}))


def test_a_letter_that_no_font_has_comes_on_the_plain_page(house: House) -> None:
    rare = house.patient("Test \U00012000 Patient")
    assert with_card(rare).post(address(EXTRACT), {**PAPER}).status_code == 409
    assert "\U00012000" in text_of(with_card(rare).post(address(EXTRACT), {**PAGE}))


def test_not_on_the_tablet_and_not_for_staff(house: House) -> None:
    consent = house.given()
    for name in (EXTRACT, NOTE):
        assert with_tablet(consent).post(address(name), {**PAGE}).status_code in (302, 303, 404)
        assert staff(house.midwife.account).get(address(name)).status_code == 303
