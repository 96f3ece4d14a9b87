"""A patient sees who on the staff opened her pages, and when."""

import datetime

from tests.journeys.browsing import DESK, PHONE
from tests.journeys.conftest import Open
from tests.journeys.processes import MORNING, World
from tests.journeys.steps import card_sign_in, given_a_clinic, staff_sign_in


def test_who_looked(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    desk, phone = open_screen(DESK), open_screen(PHONE)

    card_sign_in(phone, clinic.patient)
    phone.follow("Who looked at my record")
    phone.sees("Nobody on the staff has opened a page about you yet.")
    phone.picture("nobody")

    world.at(MORNING + datetime.timedelta(minutes=7))
    staff_sign_in(desk, clinic.people["colleague"])
    desk.visit(f"/patients/{clinic.patient['id']}/")
    desk.sees(clinic.patient["name"])

    phone.visit("/mine/looked/")
    line = phone.page.get_by_role("row").nth(1)
    assert "Test Colleague" in line.inner_text()
    assert "Friday 15 January 2027, 10:07" in line.inner_text()
    phone.picture("somebody")
