"""The care team's pages: what is typed is kept, one click is one act, and the gate says all that is missing."""

import uuid

import pytest

from clinic.vocabulary import ProcedureStatus
from consent.actions.withdraw import withdraw_consent
from consent.models import Consent, ErrorReport, Hold, HoldLift, LedgerEntry, ProcedureStart
from consent.vocabulary import ConsentState, Via
from tests.factories import House
from tests.integration.consent_pages.people import address, fresh, held, hidden, staff, text_of, with_card


def test_propose_once_however_often_it_is_clicked(house: House) -> None:
    procedure = house.procedure()
    midwife, page = staff(house.midwife.account), address("consent-propose", procedure_id=procedure.pk)
    form_key = hidden(midwife.get(page), "form_key")
    typed = {
        "form_key": form_key,
        "language": "zh-Hans",
        "request_source": "patient",
        "reading_aid": "interpreted-aloud",
    }
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
    assert "14 February 2027, 11:01 (Asia/Shanghai)" in page


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
