"""The same form twice, somebody else's form, and an old sheet: written once, or not at all."""

import uuid

import pytest
from django.urls import reverse

from tests.integration.adversary.forms import Filled, all_forms, sender
from tests.integration.adversary.world import World, changed, picture, staff

KEYED = ("register", "book", "plan", "propose", "talk", "hold", "assess")


def act_forms(world: World) -> dict[str, Filled]:
    """Acts that have a button and no field."""
    of_consent = {"consent_id": world.own["consent_id"]}
    of_procedure = {"procedure_id": world.own["procedure_id"]}
    return {
        "check in": Filled(
            "receptionist",
            reverse("appointment-check-in", kwargs={"appointment_id": world.own["appointment_id"]}),
            {},
        ),
        "refuse": Filled("patient", reverse("mine-refuse", kwargs=of_consent), {}),
        "more time": Filled("patient", reverse("mine-more-time", kwargs=of_consent), {}),
        "take back": Filled("patient", reverse("mine-take-back", kwargs=of_consent), {}),
        "spoken no": Filled("midwife", reverse("consent-spoken-no", kwargs=of_consent), {}),
        "call off": Filled("midwife", reverse("procedure-cancel", kwargs=of_procedure), {}),
        "supersede": Filled(
            "midwife",
            reverse("consent-supersede", kwargs=of_consent),
            {"language": "zh-Hans", "form_key": str(uuid.uuid4())},
        ),
    }


BUTTONS = ("check in", "refuse", "more time", "take back", "spoken no", "call off", "supersede")


@pytest.mark.parametrize("name", (*KEYED, "move", "report", "lift", "certify", *BUTTONS))
def test_twice_is_once(name: str, world: World) -> None:
    form = (all_forms(world) | act_forms(world))[name]
    browser = sender(form, world)
    first = browser.post(form.path, form.values)
    before = picture()
    second = browser.post(form.path, form.values)
    assert second.status_code < 500, (first.status_code, second.status_code)
    assert changed(before) == [], (first.status_code, second.status_code)


@pytest.mark.parametrize("name", KEYED)
def test_the_form_of_somebody_else_is_refused(name: str, world: World) -> None:
    form = all_forms(world)[name]
    assert sender(form, world).post(form.path, form.values).status_code == 303
    other = staff(world.house.colleague.account)
    before = picture()
    answer = other.post(form.path, form.values)
    assert answer.status_code in {403, 409, 422}, answer.status_code
    assert changed(before) == []


@pytest.mark.parametrize("name", KEYED)
def test_a_form_key_that_served_for_something_else(name: str, world: World) -> None:
    """The same key for another patient, plan or consent: refused in words, never a fault and never taken as done."""
    form = all_forms(world)[name]
    browser = sender(form, world)
    assert browser.post(form.path, form.values).status_code == 303
    elsewhere = {str(world.own[kind]): str(world.other_patient[kind]) for kind in world.own}
    path = form.path
    for mine, others in elsewhere.items():
        path = path.replace(mine, others)
    if name == "propose":
        path = reverse("consent-propose", kwargs={"procedure_id": world.house.procedure().pk})
    if path == form.path:
        return
    before = picture()
    answer = browser.post(path, {key: elsewhere.get(value, value) for key, value in form.values.items()})
    assert answer.status_code in {403, 409, 422}, answer.status_code
    assert changed(before) == []
