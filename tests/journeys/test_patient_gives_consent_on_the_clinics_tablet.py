"""A patient gives consent on the clinic's tablet, and while it is hers it can do nothing else."""

import datetime
import re

from tests.journeys.browsing import TABLET, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import MORNING, World
from tests.journeys.steps import Clinic, draw_signature, given_a_clinic, staff_sign_in
from tests.journeys.talking import hold_the_talk


def test_patient_gives_consent_on_the_clinics_tablet(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    other = world.patient(house=clinic.house, name="Test Patient Two")
    tablet = open_screen(TABLET)

    midwife_finds_the_patient_in_todays_list(tablet, clinic)
    midwife_proposes(tablet)
    midwife_records_the_conversation(tablet, world)
    consent = world.newest_consent(procedure=clinic.procedure["id"])
    midwife_hands_over_the_tablet(tablet)

    patient_reads_the_sheet(tablet, consent["id"])
    every_other_address_leads_back(tablet, consent["id"], clinic, other["id"])
    patient_draws_her_signature_and_says_yes(tablet)

    kept = clinic.facts(consent)
    assert (kept["state"], kept["decision"], kept["via"]) == ("given", "permit", "clinic-tablet")
    assert kept["signed_digest"] == consent["digest"]
    assert kept["entries"].count("consent.given") == 1
    the_signature_is_kept_as_movement_and_picture(kept["signatures"][0])

    patient_gives_the_tablet_back(tablet)
    nothing_of_hers_is_left_on_it(tablet, consent["id"])


def test_a_forgotten_tablet_closes_itself(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("informed")
    tablet = open_screen(TABLET)
    staff_sign_in(tablet, clinic.people["midwife"])
    tablet.visit(f"/consents/{consent['id']}/")
    midwife_hands_over_the_tablet(tablet)
    tablet.follow("Yes, I agree")
    tablet.tick("Type my name")
    tablet.fill("Your name", "Test Patient One")

    world.at(MORNING + datetime.timedelta(minutes=21))
    tablet.press("Yes, I agree and sign")
    tablet.heading("Please give the tablet back")
    tablet.picture("closed")
    assert clinic.facts(consent)["state"] == "informed"
    nothing_of_hers_is_left_on_it(tablet, consent["id"])


def midwife_finds_the_patient_in_todays_list(tablet: Visitor, clinic: Clinic) -> None:
    tablet.visit("/")
    tablet.picture("doors")
    staff_sign_in(tablet, clinic.people["midwife"])
    tablet.heading(re.compile("Today"))
    tablet.sees("No consent yet")
    tablet.picture("today")
    tablet.follow(clinic.patient["name"])
    tablet.sees("Copper IUD insertion")
    tablet.picture("patient")


def midwife_proposes(tablet: Visitor) -> None:
    tablet.follow(re.compile("^Consent"))
    tablet.heading("Propose a consent")
    tablet.tick(re.compile("^English"), within="Language of the sheet")
    tablet.tick("The patient", within="Who first raised the idea of this procedure?")
    tablet.picture("propose")
    tablet.press("Propose")
    tablet.heading("Consent")
    tablet.sees("Not talked about yet")
    tablet.picture("proposed")


def midwife_records_the_conversation(tablet: Visitor, world: World) -> None:
    """One thing on each page, while the talk goes on; then all of it is recorded at once."""
    pictured = {"alone", "explaining", "other-choices", "own-words-1", "deciding", "wish"}
    hold_the_talk(tablet, world, pictures=pictured)
    tablet.heading("Record the conversation")
    tablet.sees("Nothing is missing: the patient can answer.")
    tablet.picture("conversation")
    tablet.press("Save the conversation")
    tablet.heading("Consent")
    tablet.sees("Waiting for the patient's answer")
    tablet.picture("talked")


def midwife_hands_over_the_tablet(tablet: Visitor) -> None:
    tablet.press(re.compile("^Hand the tablet to the patient"))


def patient_reads_the_sheet(tablet: Visitor, consent: str) -> None:
    assert tablet.path == f"/mine/{consent}/"
    tablet.heading("Copper IUD insertion")
    tablet.sees("Having a copper IUD put in")
    tablet.picture("sheet")


def every_other_address_leads_back(tablet: Visitor, consent: str, clinic: Clinic, other: str) -> None:
    elsewhere = ["/", "/today/", "/patients/", f"/patients/{clinic.patient['id']}/", f"/patients/{other}/"]
    elsewhere += [f"/consents/{consent}/", "/sign-in/", "/card/", "/account/2fa/", "/mine/looked/"]
    for path in elsewhere:
        tablet.visit(path)
        assert tablet.path == f"/mine/{consent}/", f"{path} led to {tablet.path}"
    somebody_elses, another_of_hers = consent_of(clinic, other), consent_of(clinic, clinic.patient["id"])
    for unknown in (f"/mine/{somebody_elses}/", f"/mine/{another_of_hers}/", "/nowhere/"):
        assert tablet.visit(unknown) == 404
    tablet.visit(f"/mine/{consent}/")


def consent_of(clinic: Clinic, patient: str) -> str:
    planned = clinic.world.procedure(house=clinic.house, patient=patient)
    made = clinic.world.consent(house=clinic.house, procedure=planned["id"], stage="informed")
    return str(made["id"])


def patient_draws_her_signature_and_says_yes(tablet: Visitor) -> None:
    tablet.follow("Yes, I agree")
    tablet.tick("Draw my signature")
    draw_signature(tablet)
    tablet.picture("signed")
    tablet.press("Yes, I agree and sign")
    tablet.heading("You said yes. You can take it back at any time.")
    tablet.sees("Please give the tablet back")
    tablet.picture("give-back")


def the_signature_is_kept_as_movement_and_picture(signature: dict[str, object]) -> None:
    assert signature["method"] == "drawn"
    strokes = signature["strokes"]
    assert isinstance(strokes, dict)
    assert (strokes["width"], strokes["height"], len(strokes["strokes"])) == (900, 300, 2)
    entries = [entry for stroke in strokes["strokes"] for entry in stroke]
    assert len(entries) > 10
    assert all(type(number) is int for entry in entries for number in entry.values())
    assert all(0 <= entry["x"] <= 900 and 0 <= entry["y"] <= 300 for entry in entries)
    assert [entry["t"] for entry in entries] == sorted(entry["t"] for entry in entries)
    assert signature["image_starts"] == b"\x89PNG\r\n\x1a\n".hex()


def patient_gives_the_tablet_back(tablet: Visitor) -> None:
    tablet.press("I am done")
    tablet.heading("Please give the tablet back")
    tablet.picture("given-back")


def nothing_of_hers_is_left_on_it(tablet: Visitor, consent: str) -> None:
    tablet.visit(f"/mine/{consent}/")
    assert tablet.path == "/card/"
    tablet.visit("/today/")
    assert tablet.path == "/sign-in/?next=/today/"
    tablet.page.go_back()
    tablet.sees_nothing_of("Having a copper IUD put in")
