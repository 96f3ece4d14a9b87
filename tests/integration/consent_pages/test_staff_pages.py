"""The care team's pages: what is typed is kept, one click is one act, and the gate says all that is missing."""

import uuid
from typing import Any

import pytest

from clinic.vocabulary import ProcedureStatus
from consent.actions.withdraw import withdraw_consent
from consent.models import Consent, Conversation, ErrorReport, Hold, HoldLift, LedgerEntry, ProcedureStart
from consent.vocabulary import ConsentState, Via
from tests.factories import House
from tests.integration.consent_pages.people import address, fresh, held, hidden, staff, text_of, with_card


def full_form(consent: Consent, **changes: Any) -> dict[str, Any]:
    """Everything of a full talk, as a browser sends it."""
    content = consent.sheet_version.content
    typed: dict[str, Any] = {
        "form_key": str(uuid.uuid4()),
        "spoken_language": "en",
        "minutes_alone": "12",
        "person_1_role": "relative",
        "person_1_name": "Test Sister",
        "person_1_left": "yes",
        "person_1_asked": "yes",
        "alternatives": [row["key"] for row in content["alternative"]],
        "question_1": "Will it hurt?",
        "answer_1": "For a few minutes.",
        "request_source": "patient",
        "capacity": "presumed",
        "what_matters": "Children, later.",
    }
    for number, row in enumerate(content["teach_back"], start=1):
        typed[f"teach_back_{number}_answer"] = f"In her words: {row['key']}"
        typed[f"teach_back_{number}_understood"] = "yes"
    return typed | changes


def test_propose_once_however_often_it_is_clicked(house: House) -> None:
    procedure = house.procedure()
    midwife, page = staff(house.midwife.account), address("consent-propose", procedure_id=procedure.pk)
    form_key = hidden(midwife.get(page), "form_key")
    typed = {"form_key": form_key, "language": "zh-Hans", "request_source": "patient"}
    first, second = midwife.post(page, typed), midwife.post(page, typed)
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    consent = Consent.objects.get(procedure=procedure)
    assert (consent.state, consent.sheet_version.language) == (ConsentState.DRAFT, "zh-Hans")
    assert midwife.get(page).headers["Location"] == address("consent", consent_id=consent.pk)


def test_propose_asks_for_what_is_missing(house: House) -> None:
    page = address("consent-propose", procedure_id=house.procedure().pk)
    response = staff(house.midwife.account).post(page, {"form_key": str(uuid.uuid4()), "language": "en"})
    assert response.status_code == 422
    assert "Who first raised the idea of this procedure?" in text_of(response)
    assert not Consent.objects.exists()


def test_a_procedure_without_a_sheet_cannot_be_proposed(house: House) -> None:
    house.publish("vaccination")
    procedure = house.procedure(code="vaccination")
    other = House(sheets=())
    elsewhere = other.procedure(code="vaccination")
    page = staff(other.midwife.account).get(address("consent-propose", procedure_id=elsewhere.pk))
    assert "Without one, nobody can be asked." in text_of(page)
    assert procedure.pk != elsewhere.pk


def test_an_ended_consent_is_shown_before_a_new_proposal(house: House) -> None:
    consent = house.given()
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    page = text_of(staff(house.midwife.account).get(address("consent-propose", procedure_id=consent.procedure_id)))
    assert address("consent", consent_id=consent.pk) in page
    assert "propose it again only when the patient asks for it" in page


def test_a_full_conversation_is_kept_once(house: House) -> None:
    consent = house.proposed()
    midwife, page = staff(house.midwife.account), address("consent-conversation", consent_id=consent.pk)
    typed = full_form(consent, form_key=hidden(midwife.get(page), "form_key"))
    assert [midwife.post(page, typed).status_code for _click in range(2)] == [303, 303]
    talk = Conversation.objects.get(consent=consent)
    assert (talk.minutes_alone, talk.capacity, talk.what_matters) == (12, "presumed", "Children, later.")
    assert talk.signing_states is None  # this kind of care does not ask
    assert talk.alternatives_opened.count() == len(consent.sheet_version.content["alternative"])
    assert talk.teach_backs.count() == len(consent.sheet_version.content["teach_back"])
    person = talk.people_present.get()
    assert (person.role, person.left_before_signing, person.asked_for_by_patient_alone) == ("relative", True, True)
    shown = text_of(midwife.get(address("consent", consent_id=consent.pk)))
    assert "Test Sister, left before the signing" in shown
    assert "Will it hurt?" in shown


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"spoken_language": ""}, "This field is required."),
        ({"spoken_language": "tlh"}, "Select a valid choice."),
        ({"request_source": ""}, "This field is required."),
        ({"minutes_alone": "many"}, "Enter a whole number."),
        ({"minutes_alone": "-1"}, "greater than or equal to 0"),
        ({"person_2_name": "Somebody"}, "Choose who this person was."),
        ({"person_2_left": "no"}, "Choose who this person was."),
        ({"answer_1": ""}, "Write what you answered."),
        ({"question_1": ""}, "Write what the patient asked."),
        ({"teach_back_1_answer": ""}, "Write the answer in the patient"),
        ({"teach_back_1_understood": ""}, "Say whether the patient understood."),
        ({"interpreter_name": "Test Interpreter"}, "Choose who interpreted, or empty the name."),
        ({"alternatives": ["moon-phases"]}, "Select a valid choice."),
        ({"what_matters": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_half_filled_conversation_keeps_every_word(house: House, changes: dict[str, Any], words: str) -> None:
    consent = house.proposed()
    typed = full_form(consent, **changes)
    response = staff(house.midwife.account).post(address("consent-conversation", consent_id=consent.pk), typed)
    page = text_of(response)
    assert response.status_code == 422
    assert words in page
    assert "nhsuk-error-summary" in page
    free = ("person_1_name", "answer_1", "question_1", "teach_back_2_answer", "interpreter_name", "minutes_alone")
    for name in free:
        assert str(typed.get(name, "")) in page
    assert hidden(response, "form_key") == typed["form_key"]
    assert fresh(consent).state == ConsentState.DRAFT
    assert not Conversation.objects.exists()


def test_states_are_asked_about_where_the_rules_know_them(house: House) -> None:
    house.publish("tubal-ligation")
    consent = house.proposed(house.procedure(code="tubal-ligation"))
    midwife, page = staff(house.midwife.account), address("consent-conversation", consent_id=consent.pk)
    assert "Is the patient in any of these states now?" in text_of(midwife.get(page))
    both = midwife.post(page, full_form(consent, signing_states=["none", "labour"]))
    assert both.status_code == 422
    assert "Tick either" in text_of(both)
    assert midwife.post(page, full_form(consent, signing_states=["none"])).status_code == 303
    assert Conversation.objects.get(consent=consent).signing_states == []
    assert midwife.post(page, full_form(consent, signing_states=["labour"])).status_code == 303
    shown = text_of(midwife.get(address("consent", consent_id=consent.pk)))
    assert "In labour" in shown


def test_an_interpreter_is_kept_with_what_makes_her_fit(house: House) -> None:
    consent = house.proposed()
    typed = full_form(
        consent,
        interpreter_qualification="professional",
        interpreter_name="No. 17",
        interpreter_is_companion="no",
    )
    staff(house.midwife.account).post(address("consent-conversation", consent_id=consent.pk), typed)
    talk = Conversation.objects.get(consent=consent)
    assert (talk.interpreter_name, talk.interpreter_is_companion) == ("No. 17", False)


def test_a_talk_after_the_answer_is_refused_with_everything_typed(house: House) -> None:
    consent = house.given()
    page = address("consent-conversation", consent_id=consent.pk)
    midwife = staff(house.midwife.account)
    assert midwife.get(page).status_code == 303
    response = midwife.post(page, full_form(consent))
    assert response.status_code == 409
    assert "Test Sister" in text_of(response)


def test_the_gate_refuses_with_everything_that_is_missing(house: House) -> None:
    consent = house.given()
    response = staff(house.midwife.account).post(address("procedure-start", procedure_id=consent.procedure_id))
    page = text_of(response)
    assert response.status_code == 409
    for requirement in ("consent-state", "confirmed-today", "confirmed-alone", "operator-certificate"):
        assert f'id="missing-{requirement}"' in page
    assert "CR-056" in page
    assert "The consent now stands at: Given." in page
    assert not ProcedureStart.objects.exists()
    assert LedgerEntry.objects.filter(kind="procedure.start-refused").count() == 1
    shown = text_of(staff(house.midwife.account).get(address("consent", consent_id=consent.pk)))
    assert "Start refused" in shown


def test_a_waiting_time_says_when_it_ends(house: House) -> None:
    house.publish("tubal-ligation")
    consent = house.given(house.procedure(code="tubal-ligation"))
    page = text_of(staff(house.midwife.account).get(address("consent", consent_id=consent.pk)))
    assert 'id="missing-waiting-time"' in page
    assert "Not before: <time" in page.replace("\n", "")
    assert "14 February 2027, 10:00 (Asia/Shanghai)" in page


def test_certify_start_and_finish(house: House) -> None:
    consent = house.given()
    midwife = staff(house.midwife.account)
    patient = with_card(consent.patient)
    patient.post(
        address("mine-confirm", consent_id=consent.pk),
        {"shown_digest": consent.sheet_version.digest, "was_alone": "yes"},
    )
    certify = address("consent-certify", consent_id=consent.pk)
    wrong = midwife.post(certify, {"typed_name": "Somebody Else"})
    assert wrong.status_code == 422
    assert "Somebody Else" in text_of(wrong)
    assert staff(house.colleague.account).post(certify, {"typed_name": "Test Colleague"}).status_code == 403
    assert midwife.post(certify, {"typed_name": "Test Midwife"}).status_code == 303
    start = address("procedure-start", procedure_id=consent.procedure_id)
    for _click in range(2):
        response = midwife.post(start)
        assert response.status_code == 303
        assert response.headers["Location"] == address("consent", consent_id=consent.pk)
    assert ProcedureStart.objects.count() == 1
    finish = address("procedure-finish", procedure_id=consent.procedure_id)
    assert midwife.get(finish).status_code == 200
    assert [midwife.post(finish, {"note": ""}).status_code for _click in range(2)] == [303, 303]
    consent.procedure.refresh_from_db()
    assert consent.procedure.status == ProcedureStatus.COMPLETED
    stopped = midwife.post(
        address("procedure-stop", procedure_id=consent.procedure_id), {"reason": "other", "note": "too late"}
    )
    assert stopped.status_code == 409
    assert "too late" in text_of(stopped)


def test_an_open_page_cannot_start_after_she_took_it_back(house: House) -> None:
    consent = house.ready()
    midwife = staff(house.midwife.account)
    start = address("procedure-start", procedure_id=consent.procedure_id)
    assert start in text_of(midwife.get(address("consent", consent_id=consent.pk)))
    with_card(consent.patient).post(address("mine-take-back", consent_id=consent.pk))
    response = midwife.post(start)
    assert response.status_code == 409
    assert not ProcedureStart.objects.exists()
    assert start not in text_of(midwife.get(address("consent", consent_id=consent.pk)))


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("proposed", ConsentState.REFUSED),
        ("informed", ConsentState.REFUSED),
        ("given", ConsentState.WITHDRAWN),
        ("ready", ConsentState.WITHDRAWN),
    ],
)
def test_a_spoken_no_holds_wherever_it_falls(house: House, stage: str, state: ConsentState) -> None:
    consent = getattr(house, stage)()
    midwife, page = staff(house.midwife.account), address("consent-spoken-no", consent_id=consent.pk)
    assert page in text_of(midwife.get(address("consent", consent_id=consent.pk)))
    assert midwife.post(page, {"words": ""}).status_code == 303
    after = fresh(consent)
    assert (after.state, after.ended_via) == (state, Via.SPOKEN_TO_STAFF)


def test_a_concern_is_raised_and_lifted_by_the_advocate(house: House) -> None:
    consent = house.ready()
    midwife, advocate = staff(house.midwife.account), staff(house.advocate)
    page = address("consent-hold", consent_id=consent.pk)
    empty = midwife.post(page, {"form_key": str(uuid.uuid4()), "note": "She looked at the door."})
    assert empty.status_code == 422
    assert "She looked at the door." in text_of(empty)
    typed = {"form_key": str(uuid.uuid4()), "reason": "pressure", "note": "She looked at the door."}
    assert [midwife.post(page, typed).status_code for _click in range(2)] == [303, 303]
    hold = Hold.objects.get(consent=consent)
    shown = text_of(midwife.get(address("consent", consent_id=consent.pk)))
    assert "On hold" in shown
    assert "She looked at the door." not in shown
    raised = shown.split("Hold raised")[1].split("</tr>")[0]
    assert "Test Midwife" not in raised  # only the advocate learns who was worried
    listed = text_of(advocate.get(address("holds")))
    assert consent.patient.name not in listed
    lift = address("hold-lift", hold_id=hold.pk)
    assert lift in listed
    assert "She looked at the door." in text_of(advocate.get(lift))
    assert [advocate.post(lift, {"note": ""}).status_code for _click in range(2)] == [303, 303]
    assert HoldLift.objects.count() == 1
    assert advocate.get(lift).status_code == 404


def test_the_advocate_helps_the_patient_to_say_no(house: House) -> None:
    consent = house.ready()
    hold = held(consent, house.midwife.account)
    advocate = staff(house.advocate)
    link = address("consent-spoken-no", consent_id=consent.pk)
    assert f'href="{link}"' in text_of(advocate.get(address("hold-lift", hold_id=hold.pk)))
    page = text_of(advocate.get(link))
    assert address("holds") in page
    assert f'href="{address("consent", consent_id=consent.pk)}"' not in page  # the record is not hers to read
    assert advocate.post(link, {"words": ""}).headers["Location"] == address("holds")
    after = fresh(consent)
    assert (after.state, after.ended_via) == (ConsentState.WITHDRAWN, Via.SPOKEN_TO_STAFF)


def test_who_raised_a_concern_cannot_lift_it(house: House) -> None:
    consent = house.informed()
    hold = held(consent, house.advocate)
    response = staff(house.advocate).post(address("hold-lift", hold_id=hold.pk), {"note": "all well"})
    assert response.status_code == 403
    assert "all well" in text_of(response)
    assert not HoldLift.objects.exists()


def test_a_mistake_needs_two_people(house: House) -> None:
    consent = house.given()
    first, second = staff(house.midwife.account), staff(house.colleague.account)
    report, mark = (
        address("consent-report-error", consent_id=consent.pk),
        address("consent-mark-in-error", consent_id=consent.pk),
    )
    assert first.post(report, {"explanation": "Wrong patient"}).status_code == 422
    typed = {"explanation": "Wrong patient", "patient_agreed": "yes"}
    assert [first.post(report, typed).status_code for _click in range(2)] == [303, 303]
    assert ErrorReport.objects.count() == 1
    page = address("consent", consent_id=consent.pk)
    assert mark not in text_of(first.get(page))
    assert mark in text_of(second.get(page))
    assert first.post(mark).status_code == 403
    assert "Wrong patient" in text_of(second.get(mark))
    assert [second.post(mark).status_code for _click in range(2)] == [303, 303]
    assert fresh(consent).state == ConsentState.ENTERED_IN_ERROR


def test_begin_again_makes_one_new_draft(house: House) -> None:
    consent = house.given()
    midwife, page = staff(house.midwife.account), address("consent-supersede", consent_id=consent.pk)
    typed = {"form_key": hidden(midwife.get(page), "form_key"), "language": "en"}
    places = {midwife.post(page, typed).headers["Location"] for _click in range(2)}
    draft = Consent.objects.get(supersedes=consent)
    assert places == {address("consent", consent_id=draft.pk)}
    assert address("consent", consent_id=draft.pk) in text_of(midwife.get(address("consent", consent_id=consent.pk)))


def test_the_history_names_who_and_the_ledger_entry(house: House) -> None:
    consent = house.ready()
    page = text_of(staff(house.midwife.account).get(address("consent", consent_id=consent.pk)))
    for words in ("Information sheet chosen", "Conversation recorded", "Patient said yes", "Operator signed"):
        assert words in page
    entry = LedgerEntry.objects.get(kind="consent.given")
    assert f"<td>{entry.index}</td>" in page
    assert "by the patient, on the clinic's tablet" in page


def test_nobody_of_the_desk_finds_these_pages_in_the_menu(house: House) -> None:
    consent = house.informed()
    desk = staff(house.receptionist)
    page = text_of(desk.get(address("patient", patient_id=consent.patient_id)))
    assert str(consent.pk) not in page
    assert str(consent.procedure_id) not in page
