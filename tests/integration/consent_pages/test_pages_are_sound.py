"""Every page of this floor: one heading, no id twice, no inline script or style, and a token in every form."""

import re
from collections import Counter

from django.test import Client

from consent.actions.start_procedure import start_procedure
from tests.factories import House
from tests.integration.adversary.world import slip_id
from tests.integration.consent_pages.people import address, held, staff, text_of, with_card, with_tablet
from tests.integration.consent_pages.test_roles import PATIENT_PAGES, STAFF_PAGES


def check_sound(browser: Client, place: str) -> None:
    page = text_of(browser.get(place, follow=True))
    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert not [name for name, times in ids.items() if times > 1], place
    assert len(re.findall("<h1", page)) == 1, place
    assert 'lang=""' not in page, place
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", page), place
    assert not re.search(r"<script(?![^>]* src=)", page), place
    forms = re.findall('<form[^>]* method="post"[^>]*>', page)
    assert len([one for one in forms if "data-without-session" not in one]) == page.count("csrfmiddlewaretoken"), place
    for label in re.findall(r'<label[^>]* for="([^"]+)"', page):
        assert label in ids, (place, label)
    for described in re.findall(r'aria-(?:describedby|labelledby)="([^"]+)"', page):
        assert set(described.split()) <= set(ids), (place, described)


def test_pages_of_the_patient(house: House) -> None:
    for consent in (house.proposed(), house.informed(), house.given(), house.ready()):
        for browser in (with_card(consent.patient), with_tablet(consent)):
            for name in PATIENT_PAGES:
                check_sound(browser, address(name, consent_id=consent.pk))
            check_sound(browser, address("mine"))
            check_sound(browser, address("mine-looked"))
            check_sound(browser, address("mine-slips"))
            check_sound(browser, address("mine-slip", entry_id=slip_id(consent)))


def test_pages_of_the_staff(house: House) -> None:
    midwife = staff(house.midwife.account)
    for consent in (house.proposed(), house.ready()):
        for name in STAFF_PAGES:
            check_sound(midwife, address(name, consent_id=consent.pk))
    check_sound(midwife, address("patient-slips", patient_id=consent.patient_id))
    check_sound(midwife, address("consent-propose", procedure_id=house.procedure().pk))
    running = house.ready()
    start_procedure(procedure_id=running.procedure_id, by=house.midwife.account)
    for name in ("procedure-stop", "procedure-finish"):
        check_sound(midwife, address(name, procedure_id=running.procedure_id))


def test_pages_for_anybody(house: House) -> None:
    for name in ("log-check", "log-poster", "logs", "record-check"):
        check_sound(Client(), address(name))


def test_pages_of_the_advocate(house: House) -> None:
    hold = held(house.informed(), house.midwife.account)
    advocate = staff(house.advocate)
    check_sound(advocate, address("holds"))
    check_sound(advocate, address("hold-lift", hold_id=hold.pk))


def test_the_page_of_the_auditor(house: House) -> None:
    house.ready()
    check_sound(staff(house.auditor), address("audit"))
