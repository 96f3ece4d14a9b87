"""Whatever page shows staff who a patient is, the patient can read that it did: page, person, role, place."""

import pytest
from django.urls import reverse

from clinic.models import Account, Patient, RecordView
from consent.models import LedgerEntry
from consent.wording import PAGE_WORDS
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.adversary.world import browser_of, build_world, every_page, filled
from tests.integration.consent_pages.people import address, staff, text_of, with_card, with_tablet

STAFF = ("midwife", "receptionist", "advocate", "auditor", "administrator")
# The page where staff hand the tablet over is the patient's from there on.
NO_LONGER_STAFF = {"procedure-hand-over"}


@pytest.mark.parametrize("role", STAFF)
def test_no_page_of_staff_shows_her_without_a_look(role: str, house: House) -> None:
    world = build_world(house)
    patient, viewer = world.consent.patient, getattr(house, role)
    account: Account = getattr(viewer, "account", viewer)
    shown = 0
    for pattern in every_page():
        if pattern.name.startswith("mine") or pattern.name in NO_LONGER_STAFF:
            continue
        for method in ("get", "post"):
            browser = browser_of(role, world)
            before = set(RecordView.objects.filter(patient=patient).values_list("pk", flat=True))
            answer = getattr(browser, method)(filled(pattern, world.own))
            if b"Test Patient One" not in getattr(answer, "content", b""):
                continue
            shown += 1
            looks = RecordView.objects.filter(patient=patient, viewed_by=account, page=pattern.name)
            is_new = looks.exclude(pk__in=before).exists()
            assert is_new or (pattern.name == "today" and looks.exists()), (pattern.name, method)
            assert pattern.name in PAGE_WORDS, pattern.name
    assert shown > 3 or role in {"auditor", "administrator"}


def pages_of_looks(patient: Patient) -> list[str]:
    return list(RecordView.objects.filter(patient=patient).order_by("viewed_at", "pk").values_list("page", flat=True))


def test_a_search_that_finds_her_is_a_look_each_time(house: House) -> None:
    patient = house.patient()
    desk, search = staff(house.receptionist), {"name_part": "patient", "birth_date": patient.birth_date.isoformat()}
    for _time in range(2):
        assert patient.name in text_of(desk.post(reverse("patients"), search))
    assert pages_of_looks(patient) == ["patients", "patients"]
    assert not RecordView.objects.exclude(patient=patient).exists()


def test_standing_in_the_list_of_a_day_is_one_look_a_day(house: House, movable_clock: MovableClock) -> None:
    patient = house.procedure().patient
    desk = staff(house.receptionist)
    for _time in range(3):
        assert patient.name in text_of(desk.get(reverse("today")))
    assert pages_of_looks(patient) == ["today"]
    day = movable_clock.read().date().isoformat()
    movable_clock.forward(days=1)
    staff(house.receptionist).get(reverse("today"), {"day": day})
    assert pages_of_looks(patient) == ["today", "today"]


def test_a_slip_printed_at_the_desk_is_a_look(house: House) -> None:
    consent = house.informed()
    entry = LedgerEntry.objects.filter(subject=consent.patient.ledger_subject, kind="consent.informed").get()
    answer = staff(house.midwife.account).post(
        address("patient-slip-print", patient_id=consent.patient_id, entry_id=entry.pk)
    )
    assert answer.status_code == 200
    assert pages_of_looks(consent.patient) == ["patient-slip-print"]


def test_she_reads_person_role_place_and_page(house: House) -> None:
    patient = house.patient()
    staff(house.receptionist).get(address("patient", patient_id=patient.pk))
    page = text_of(with_card(patient).get(reverse("mine-looked")))
    for words in ("Test Receptionist", "Reception", house.site.name, "Your page"):
        assert words in page, words


def test_her_own_reading_is_in_the_list_and_on_record(house: House) -> None:
    patient = house.patient()
    browser = with_card(patient)
    assert "Nobody on the staff has opened a page about you yet." in text_of(browser.get(reverse("mine-looked")))
    entry = LedgerEntry.objects.get(kind="record.viewed", subject=patient.ledger_subject)
    assert '"via":"own-card"' in bytes(entry.body).decode()
    again = text_of(browser.get(reverse("mine-looked")))
    assert "with your own card" in again and "Nobody on the staff" in again


def test_a_long_list_has_pages(house: House, movable_clock: MovableClock) -> None:
    patient = house.patient()
    desk = staff(house.receptionist)
    for _time in range(51):
        desk.get(address("patient", patient_id=patient.pk))
    browser = with_card(patient)
    first = browser.get(reverse("mine-looked"))
    assert len(first.context["shown"].looks) == 50 and "Page 1 of 2" in text_of(first)
    assert len(browser.get(reverse("mine-looked"), {"page": "2"}).context["shown"].looks) == 2
    for typed in ("0", "3", "-1", "x", "", "999999999999", "\u0661"):
        assert browser.get(reverse("mine-looked"), {"page": typed}).status_code == 404, typed


def test_nobody_else_reads_the_list(house: House) -> None:
    consent = house.informed()
    for account in (house.midwife.account, house.receptionist, house.advocate, house.auditor, house.administrator):
        answer = staff(account).get(reverse("mine-looked"))
        assert (answer.status_code, answer.headers["Location"]) == (303, reverse("card-sign-in"))
    assert with_tablet(consent).get(reverse("mine-looked")).status_code == 303
    assert consent.patient.name not in text_of(with_card(house.patient("Test Other")).get(reverse("mine-looked")))
