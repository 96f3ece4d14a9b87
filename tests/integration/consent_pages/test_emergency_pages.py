"""Pages of care without the patient's word: who sees what, what is kept, and what she can read herself."""

import uuid
from typing import Any

import pytest

from clinic.models import Procedure, RecordView
from clinic.vocabulary import ProcedureStatus
from consent.actions.review_emergency import review_emergency
from consent.actions.tell_patient import tell_patient
from consent.actions.withdraw import withdraw_consent
from consent.models import EmergencyCare, EmergencyReview, LedgerEntry, PatientTold, ProcedureStart, TheatreAddition
from consent.vocabulary import ReviewFinding, Via
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.adversary.forms import CODES, DAYS, KEYS, TEXTS, TIMES
from tests.integration.consent.acts_emergency import (
    added,
    consented,
    declared,
    kind_of,
    operation,
    under_way,
)
from tests.integration.consent_pages.people import address, hidden, staff, text_of, with_card, with_tablet
from tests.integration.consent_pages.test_pages_are_sound import check_sound

STAFF_PAGES = ("emergency", "emergency-declare", "emergency-agree", "emergency-told", "addition-declare")
TYPED = {
    "is_life_at_risk": "yes",
    "why_not_asked": "unconscious",
    "danger": "Bleeding that does not stop.",
    "day": "2027-01-15",
    "time": "09:55",
}


def page(name: str, procedure: Procedure) -> str:
    return address(name, procedure_id=procedure.pk)


def fresh(procedure: Procedure) -> Procedure:
    return Procedure.objects.get(pk=procedure.pk)


def test_from_the_plan_to_the_start_with_two_accounts(house: House) -> None:
    procedure = operation(house)
    midwife, colleague = staff(house.midwife.account), staff(house.colleague.account)
    asked = text_of(midwife.get(address("consent-propose", procedure_id=procedure.pk)))
    assert "This is an emergency and nobody can ask the patient" in asked
    assert page("emergency-declare", procedure) in asked
    form = midwife.get(page("emergency-declare", procedure))
    assert "A second clinician looks at the patient and agrees" in text_of(form)
    typed = TYPED | {"form_key": hidden(form, "form_key")}
    for _click in range(2):
        answer = midwife.post(page("emergency-declare", procedure), typed)
        assert (answer.status_code, answer.headers["Location"]) == (303, page("emergency", procedure))
    assert EmergencyCare.objects.count() == 1
    waiting = text_of(midwife.get(page("emergency", procedure)))
    assert "Ask a second clinician of this clinic to do this now" in waiting
    assert "I am the second clinician" not in waiting
    assert midwife.get(page("emergency-agree", procedure)).status_code == 303
    assert page("emergency", procedure) in text_of(colleague.get(address("patient", patient_id=procedure.patient_id)))
    assert "I am the second clinician" in text_of(colleague.get(page("emergency", procedure)))
    assert "I have looked at this patient myself" in text_of(colleague.get(page("emergency-agree", procedure)))
    assert colleague.post(page("emergency-agree", procedure)).status_code == 303
    assert fresh(procedure).status == ProcedureStatus.IN_PROGRESS
    running = text_of(midwife.get(page("emergency", procedure)))
    for name in ("procedure-stop", "procedure-finish", "emergency-told", "addition-declare"):
        assert page(name, procedure) in running, name


def test_the_way_from_a_refused_start(house: House) -> None:
    house.publish("minor-excision")
    shown = staff(house.midwife.account).post(page("procedure-start", house.procedure(code="minor-excision")))
    assert shown.status_code == 409
    assert "This is an emergency and nobody can ask the patient" in text_of(shown)
    never = staff(house.midwife.account).post(page("procedure-start", house.procedure()))
    assert "This is an emergency" not in text_of(never)


def test_what_can_never_be_an_emergency_has_no_form(house: House) -> None:
    procedure = house.procedure()
    midwife = staff(house.midwife.account)
    shown = midwife.get(page("emergency-declare", procedure))
    assert "This can never be an emergency" in text_of(shown)
    assert b'name="danger"' not in shown.content
    answer = midwife.post(page("emergency-declare", procedure), TYPED | {"form_key": str(uuid.uuid4())})
    assert answer.status_code == 409
    assert "Sterilisation is never an emergency" in text_of(answer)
    assert LedgerEntry.objects.filter(kind="procedure.start-refused").count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"is_life_at_risk": "no"}, 409, "Life is not at risk."),
        ({"is_life_at_risk": ""}, 422, "This field is required."),
        ({"why_not_asked": ""}, 422, "This field is required."),
        ({"danger": "  "}, 422, "This field is required."),
        ({"day": "2027-01-16"}, 409, "The need cannot have arisen later than now."),
        ({"day": "15/01/2027"}, 422, "Write the day as year, month, day"),
        ({"day": "9999-12-31"}, 422, "The diary does not reach that day."),
        ({"time": "25:00"}, 422, "Enter a valid time."),
        ({"form_key": ""}, 422, "This page is not complete any more."),
    ],
)
def test_what_speaks_against_it_is_said_and_nothing_starts(
    house: House, changes: dict[str, str], status: int, words: str
) -> None:
    procedure = operation(house)
    typed = TYPED | {"form_key": str(uuid.uuid4())} | changes
    answer = staff(house.midwife.account).post(page("emergency-declare", procedure), typed)
    assert answer.status_code == status
    assert words in text_of(answer)
    assert not EmergencyCare.objects.exists()


def test_the_second_click_of_one_person_is_not_a_second_person(house: House) -> None:
    procedure = operation(house)
    declared(house, procedure)
    answer = staff(house.midwife.account).post(page("emergency-agree", procedure))
    assert answer.status_code == 409
    assert "A second clinician of this clinic has to agree" in text_of(answer)
    assert not ProcedureStart.objects.exists()


@pytest.mark.parametrize("way", ["stop", "finish"])
def test_it_is_ended_from_its_own_page(house: House, way: str) -> None:
    procedure = under_way(house)
    midwife, name = staff(house.midwife.account), f"procedure-{way}"
    assert page("emergency", procedure) in text_of(midwife.get(page(name, procedure)))
    answer = midwife.post(page(name, procedure), {"reason": "clinical", "note": "Safe."})
    assert (answer.status_code, answer.headers["Location"]) == (303, page("emergency", procedure))
    assert fresh(procedure).status == {"stop": "stopped", "finish": "completed"}[way]
    assert "Ended" in text_of(midwife.get(page("emergency", procedure)))
    assert midwife.get(address("consent-propose", procedure_id=procedure.pk)).headers["Location"] == page(
        "emergency", procedure
    )
    again = staff(house.colleague.account).post(page("procedure-start", procedure))
    assert again.status_code == 409


def test_a_start_that_has_no_consent_is_found_again_by_who_started_it(house: House) -> None:
    procedure = under_way(house)
    answer = staff(house.colleague.account).post(page("procedure-start", procedure))
    assert (answer.status_code, answer.headers["Location"]) == (303, page("emergency", procedure))


def test_something_is_added_in_theatre(house: House) -> None:
    during = consented(house)
    kind_of()
    midwife, colleague = staff(house.midwife.account), staff(house.colleague.account)
    consent_page = text_of(midwife.get(address("consent", consent_id=during.start.consent_id)))
    assert page("addition-declare", during) in consent_page
    form = midwife.get(page("addition-declare", during))
    offered = text_of(form)
    assert "Test operation MAJOR" in offered
    assert "Copper" not in offered.split("<form", 2)[-1]
    typed = {
        "form_key": hidden(form, "form_key"),
        "procedure_type": str(kind_of().pk),
        "laterality": "not-applicable",
        "grounds": "prevent-serious-harm",
        "danger": "A second vessel is torn.",
    }
    answer = midwife.post(page("addition-declare", during), typed)
    addition = TheatreAddition.objects.get()
    assert answer.headers["Location"] == page("emergency", addition.procedure)
    assert "waits for a second clinician" in text_of(midwife.get(page("addition-declare", during)))
    assert "What is added saves life" in text_of(colleague.get(page("emergency-agree", addition.procedure)))
    assert colleague.post(page("emergency-agree", addition.procedure)).status_code == 303
    assert fresh(addition.procedure).status == ProcedureStatus.IN_PROGRESS
    assert page("emergency-told", addition.procedure) in text_of(midwife.get(page("emergency", addition.procedure)))


def test_what_the_team_is_told_before_it_acts(house: House) -> None:
    during = consented(house)  # in the talk she said what matters to her
    midwife = staff(house.midwife.account)
    assert "To be able to have children later." in text_of(midwife.get(page("addition-declare", during)))
    procedure = operation(house, during.patient)
    assert "To be able to have children later." in text_of(midwife.get(page("emergency-declare", procedure)))


def test_the_advocate_sees_times_not_names_and_then_one(house: House, movable_clock: MovableClock) -> None:
    advocate = staff(house.advocate)
    assert "Nothing has to be looked at." in text_of(advocate.get(address("emergencies")))
    procedure = under_way(house)
    declared(house)  # nobody agreed: nothing was done
    shown = text_of(advocate.get(address("emergencies")))
    assert "Time left: 23 h 59 min" in shown and "Overdue" not in shown
    assert procedure.patient.name not in shown
    assert shown.count(address("emergency-review", procedure_id=procedure.pk)) == 1
    assert shown.count("Time left") == 1
    movable_clock.forward(hours=24)
    assert "Overdue: it should have been looked at by now." in text_of(advocate.get(address("emergencies")))
    opened = text_of(advocate.get(page("emergency-review", procedure)))
    assert procedure.patient.name in opened and "Test Colleague" in opened
    typed = {"finding": "questioned", "note": "An interpreter was next door."}
    assert advocate.post(page("emergency-review", procedure), {"finding": "questioned"}).status_code == 422
    for _click in range(2):
        assert advocate.post(page("emergency-review", procedure), typed).status_code == 303
    assert EmergencyReview.objects.count() == 1
    assert advocate.get(page("emergency-review", procedure)).status_code == 404
    assert "Nothing has to be looked at." in text_of(advocate.get(address("emergencies")))
    found = text_of(staff(house.midwife.account).get(page("emergency", procedure)))
    assert "An interpreter was next door." in found
    assert "This was looked at later than it should have been." in found


def test_a_late_entry_says_so_everywhere(house: House, movable_clock: MovableClock) -> None:
    procedure = operation(house)
    at = movable_clock.at
    movable_clock.forward(hours=7)
    declared(house, procedure, happened_at=at)
    staff(house.colleague.account).post(page("emergency-agree", procedure))
    for browser, where in (
        (staff(house.midwife.account), page("emergency", procedure)),
        (staff(house.advocate), address("emergencies")),
        (staff(house.advocate), page("emergency-review", procedure)),
    ):
        assert "This was entered late." in text_of(browser.get(where)), where
    assert "Written down late" in text_of(with_card(procedure.patient).get(address("mine-without-word")))


def test_she_is_told_and_reads_all_of_it_on_her_own_pages(house: House) -> None:
    procedure = under_way(house)
    card = with_card(procedure.patient)
    assert address("mine-without-word") in text_of(card.get(address("mine")))
    before = text_of(card.get(address("mine-without-word")))
    assert "Nobody has written down that you were told. Ask to be told." in before
    assert "It is being done now. You can say stop at any time." in before
    midwife = staff(house.midwife.account)
    assert midwife.post(page("emergency-told", procedure), {"words": ""}).status_code == 422
    assert midwife.post(page("emergency-told", procedure), {"words": "You were bleeding."}).status_code == 303
    assert midwife.get(page("emergency-told", procedure)).status_code == 303
    assert PatientTold.objects.count() == 1
    review_emergency(
        procedure_id=procedure.pk, finding=ReviewFinding.JUSTIFIED, note="Nobody could ask.", by=house.advocate
    )
    start = added(house, procedure).row
    staff(house.colleague.account).post(page("emergency-agree", start.procedure))
    shown = text_of(card.get(address("mine-without-word")))
    for words in (
        "Test operation MAJOR",
        "Test Midwife",
        "Test Colleague",
        "Unconscious",
        "Bleeding inside the belly",
        "You were bleeding.",
        "There was no other way",
        "Nobody could ask.",
        "Test operation MINOR",
        "A second vessel is torn.",
    ):
        assert words in shown, words


def test_others_read_nothing_of_it(house: House, next_door: House) -> None:
    procedure = under_way(house)
    tell_patient(procedure_id=procedure.pk, words="You were bleeding.", by=house.midwife.account)
    other = with_card(house.patient("Test Patient Two"))
    assert "Nothing was done without your word." in text_of(other.get(address("mine-without-word")))
    assert address("mine-without-word") not in text_of(other.get(address("mine")))
    assert with_tablet(house.informed()).get(address("mine-without-word")).status_code == 404
    stranger, desk = staff(next_door.midwife.account), staff(house.receptionist)
    for name in (*STAFF_PAGES, "emergency-review"):
        for browser in (stranger, desk, staff(next_door.advocate)):
            for method in ("get", "post"):
                answer = getattr(browser, method)(page(name, procedure))
                expected = 405 if (name, method, browser) == ("emergency", "post", stranger) else 404
                assert answer.status_code == expected, (name, method)
                assert b"bleeding" not in answer.content
    assert "Nothing has to be looked at." in text_of(staff(next_door.advocate).get(address("emergencies")))
    assert desk.get(address("emergencies")).status_code == 404
    assert not EmergencyReview.objects.exists()


def test_each_look_is_kept(house: House) -> None:
    procedure = under_way(house)
    midwife = staff(house.midwife.account)
    midwife.get(page("emergency", procedure))
    midwife.get(page("addition-declare", procedure))
    staff(house.advocate).get(page("emergency-review", procedure))
    seen = set(RecordView.objects.filter(patient=procedure.patient).values_list("page", flat=True))
    assert {"emergency", "addition-declare", "emergency-review"} <= seen


def test_a_page_about_nothing_declared_is_not_there(house: House) -> None:
    procedure, midwife = operation(house), staff(house.midwife.account)
    for name in ("emergency", "emergency-agree", "emergency-told"):
        assert midwife.get(page(name, procedure)).status_code == 404, name
        assert midwife.post(page(name, procedure)).status_code == (405 if name == "emergency" else 404), name
    assert midwife.get(page("addition-declare", procedure)).status_code == 303
    for name in ("procedure-stop", "procedure-finish"):
        assert midwife.get(page(name, procedure)).status_code == 404


def test_when_she_wakes_and_says_stop_the_team_sees_it_first(house: House) -> None:
    house.publish("minor-excision")
    consent = house.given(house.procedure(code="minor-excision"))
    under_way(house, consent.procedure)
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.CLINIC_TABLET)
    shown: Any = staff(house.midwife.account).get(address("consent", consent_id=consent.pk))
    assert "Stop as soon as it is safe" in text_of(shown)
    assert page("procedure-stop", consent.procedure) in text_of(shown)


@pytest.mark.parametrize("field", ["danger", "is_life_at_risk", "why_not_asked", "day", "time", "form_key"])
def test_nasty_values_are_refused_or_kept(house: House, field: str) -> None:
    procedure, midwife = operation(house), staff(house.midwife.account)
    for value in (*TEXTS.values(), *CODES, *DAYS, *TIMES, *KEYS):
        typed = TYPED | {"is_life_at_risk": "no", "form_key": str(uuid.uuid4()), field: value}
        answer = midwife.post(page("emergency-declare", procedure), typed)
        assert answer.status_code in {409, 422}, (field, value[:20])
        assert "<script>alert" not in answer.content.decode(errors="replace")
    assert not EmergencyCare.objects.exists()


def test_every_page_is_sound(house: House) -> None:
    midwife, colleague, advocate = staff(house.midwife.account), staff(house.colleague.account), staff(house.advocate)
    never, planned, waiting, during = house.procedure(), operation(house), operation(house), under_way(house)
    declared(house, waiting)
    added(house, during)
    for name, procedure in (
        ("emergency-declare", never),
        ("emergency-declare", planned),
        ("emergency", waiting),
        ("emergency", during),
        ("emergency-told", during),
        ("addition-declare", during),
        ("procedure-stop", during),
        ("procedure-finish", during),
    ):
        check_sound(midwife, page(name, procedure))
    check_sound(colleague, page("emergency-agree", waiting))
    check_sound(advocate, address("emergencies"))
    check_sound(advocate, page("emergency-review", during))
    check_sound(with_card(during.patient), address("mine-without-word"))
    check_sound(with_card(during.patient), address("mine"))
