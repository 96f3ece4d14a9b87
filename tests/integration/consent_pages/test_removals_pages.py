"""The pages of a removal: two steps for her, no reason anywhere, and nobody who could say no."""

import pytest
from django.urls import reverse

from clinic import clock
from consent.models import RemovalRequest
from consent.queries import removals
from consent.rules.policy import PolicyError
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.consent_pages.people import staff, with_card
from tests.story_removals import asked, completed_removal


def test_she_asks_in_two_steps_and_no_page_asks_why(house: House) -> None:
    patient = house.patient()
    client = with_card(patient)
    page = client.get(reverse("mine-removals"))
    assert page.status_code == 200
    assert set(page.context["form"].fields) == {"form_key", "device"}
    form_key = page.context["form"]["form_key"].value()
    answer = client.post(reverse("mine-removals"), {"form_key": form_key, "device": ""})
    assert (answer.status_code, answer.url) == (303, reverse("mine-removals"))
    assert RemovalRequest.objects.get().patient == patient
    assert b"It has to be done by" in client.get(reverse("mine-removals")).content


def test_she_can_keep_it_and_ask_again(house: House) -> None:
    wish = asked(house)
    client = with_card(wish.patient)
    client.post(reverse("mine-removal-keep", args=[wish.pk]))
    page = client.get(reverse("mine-removals"))
    assert b"You decided to keep it" in page.content
    assert page.context["has_open"] is False


def test_another_patient_finds_nothing(house: House) -> None:
    wish = asked(house)
    client = with_card(house.patient("Test Patient Two"))
    assert client.post(reverse("mine-removal-keep", args=[wish.pk])).status_code == 404


def test_the_list_shows_no_name_and_marks_what_is_overdue(house: House, movable_clock: MovableClock) -> None:
    wish = asked(house)
    movable_clock.forward(days=8)
    for account in (house.advocate, house.midwife.account):
        page = staff(account).get(reverse("removals"))
        assert page.status_code == 200
        assert b"Overdue" in page.content
        assert wish.patient.name.encode() not in page.content


def test_the_desk_writes_a_wish_down_and_sees_no_list(house: House) -> None:
    patient = house.patient()
    client = staff(house.receptionist)
    page = client.get(reverse("removal-new", args=[patient.pk]))
    form_key = page.context["form"]["form_key"].value()
    answer = client.post(reverse("removal-new", args=[patient.pk]), {"form_key": form_key, "device": "Ring"})
    assert answer.status_code == 303
    assert RemovalRequest.objects.get().device == "Ring"
    assert client.get(reverse("removals")).status_code in {403, 404}


def test_a_removal_that_was_done_settles_it(house: House) -> None:
    wish = asked(house)
    done = completed_removal(house, wish.patient)
    client = staff(house.midwife.account)
    answer = client.post(reverse("removal-done", args=[wish.pk]), {"procedure_id": str(done.pk)})
    assert answer.status_code == 303
    assert b"Settled" in client.get(reverse("removal", args=[wish.pk])).content
    too_late = with_card(wish.patient).post(reverse("mine-removal-keep", args=[wish.pk]))
    assert (too_late.status_code, too_late.url) == (303, reverse("mine-removals"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"agrees": "yes", "told_patient": "no", "review_on": "2027-02-01", "note": "Seen."}, "told_patient"),
        ({"agrees": "yes", "told_patient": "yes", "review_on": "", "note": "Seen."}, "review_on"),
        ({"agrees": "yes", "told_patient": "yes", "review_on": "yesterday", "note": "Seen."}, "review_on"),
        ({"agrees": "", "told_patient": "yes", "review_on": "", "note": "Seen."}, "agrees"),
    ],
)
def test_a_second_opinion_keeps_what_was_typed(house: House, typed: dict, field: str) -> None:
    wish = asked(house)
    reason_page = reverse("removal-reason", args=[wish.pk])
    key = staff(house.midwife.account).get(reason_page).context["form"]["form_key"].value()
    staff(house.midwife.account).post(reason_page, {"form_key": key, "reason": "A fever."})
    answer = staff(house.colleague.account).post(reverse("removal-opinion", args=[wish.pk]), typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert b"Seen." in answer.content


def test_she_can_ask_where_nobody_can_read_the_rules(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A right waits for no file: the wish is taken, and owed at once."""

    def no_table(_site: object) -> None:
        raise PolicyError("strict-default.toml: not TOML")

    monkeypatch.setattr(removals, "law_of", no_table)
    client = with_card(house.patient())
    form_key = client.get(reverse("mine-removals")).context["form"]["form_key"].value()
    assert client.post(reverse("mine-removals"), {"form_key": form_key, "device": ""}).status_code == 303
    page = client.get(reverse("mine-removals"))
    assert page.status_code == 200
    assert page.context["lines"][0].standing.due_on == clock.local_date(clock.now(), time_zone=house.site.time_zone)
