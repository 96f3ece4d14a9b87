"""Whether anybody worries is a secret: the desk, the patient and the tablet see the same bytes with it and without."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consent.actions.lift_hold import lift_hold
from consent.actions.raise_hold import raise_hold
from consent.models import Consent, Ledger
from consent.vocabulary import HoldReason, Via
from tests.factories import House
from tests.integration.adversary.world import World, browser_of, every_page, filled, slip_id
from tests.story_paper import blank_square, received

TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
KEY = re.compile(rb'name="(?:\w+-)?form_key" value="[^"]*"')
LOW = ("patient", "tablet", "receptionist", "auditor", "administrator", "next-door", "anonymous")


def raised(house: House, consent: Consent) -> None:
    raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note="A note for the advocate.",
        by=house.midwife.account,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )


# The public heads of a log grow with every entry of anybody at the clinic, and say of none what it is.
GROW = {"logs", "log-checkpoint"}


def low_world(house: House, state: str) -> World:
    consent = getattr(house, state)()
    ids = {
        "consent_id": consent.pk,
        "procedure_id": consent.procedure_id,
        "patient_id": consent.patient_id,
        "appointment_id": consent.procedure.appointment_id,
        "hold_id": uuid.uuid4(),
        "removal_id": uuid.uuid4(),
        "complaint_id": uuid.uuid4(),
        "correction_id": uuid.uuid4(),
        "step": "room",
        "digest": consent.policy.digest,
        "log_id": Ledger.objects.get(site=house.site).pk.hex,
        "tile": "tile/0/000.p/1",
        "kind": "page",
        "entry_id": slip_id(consent),
        "scan_id": received(house, consent, square=blank_square(consent)).pk,
        "page": 1,
    }
    return World(
        house=house, next_door=House(sheets=()), consent=consent, own=ids, sister=ids, other_patient=ids, foreign=ids
    )


def seen(role: str, world: World) -> dict[str, tuple[int, bytes, str, list[str]]]:
    """What this role gets at every address, and the statements that were asked of the database for it."""
    browser, pages = browser_of(role, world), {}
    browser.get("/today/")  # the list of a day notes whom it showed once a day; the second time writes nothing
    browser.get(f"/check/{'0' * 64}/")  # whoever asks for the first time in a minute begins a count
    for pattern in every_page():
        if pattern.name in GROW:
            continue
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = browser.get(filled(pattern, world.own))
        body = KEY.sub(b"KEY", TOKEN.sub(b"TOKEN", answer.content))
        statements = [re.sub(r'"s\d+_x\d+"', "S", re.sub(r"'[^']*'|\d+", "?", one["sql"])) for one in asked]
        pages[pattern.name] = (answer.status_code, body, answer.headers.get("Location", ""), statements)
    return pages


@pytest.mark.parametrize("state", ["proposed", "informed", "given", "ready"])
def test_a_worry_changes_no_page(state: str, house: House) -> None:
    world = low_world(house, state)
    before = {role: seen(role, world) for role in LOW}
    raised(house, world.consent)
    for role in LOW:
        after = seen(role, world)
        for name, page in before[role].items():
            if name == "mine-looked":
                continue  # grows with every look, and by nobody's worry: see the next test
            if name == "mine-give" and state == "informed":  # a hold stops the yes; the last test reads the words
                assert (page[0], page[3]) == (after[name][0], after[name][3]), (role, name)
                continue
            assert page == after[name], (role, name)


def test_a_look_by_the_advocate_reads_like_any_other(house: House) -> None:
    world = low_world(house, "given")
    raised(house, world.consent)
    hold = world.consent.holds.get()
    advocate = browser_of("advocate", world)
    assert advocate.get(f"/holds/{hold.pk}/lift/").status_code == 200
    lift_hold(hold_id=hold.pk, note="", by=house.advocate)
    page = browser_of("patient", world).get("/mine/looked/").content.decode().casefold()
    assert [word for word in ("hold", "worr", "concern", "pressure", "lift") if word in page] == []


def test_the_words_for_a_stopped_yes_name_no_worry(house: House) -> None:
    world = low_world(house, "informed")
    raised(house, world.consent)
    browser = browser_of("patient", world)
    page = browser.get(f"/mine/{world.consent.pk}/give/").content.decode().casefold()
    assert "not ready" in page or "the clinic" in page
    assert [word for word in ("hold", "worr", "concern", "pressure", "advocate") if word in page] == []
