"""After an erasure nothing personal is left, everything else still proves, and the patient can still say no."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from clinic import clock
from clinic.exceptions import InvalidInputError, NotAllowedError, NotSavedError, WrongStateError
from clinic.models import Account, Patient
from clinic.vocabulary import Role, SafeContact
from consent import guards
from consent.actions import erase_subject as module
from consent.actions.ask_erasure import ask_erasure
from consent.actions.erase_subject import erase_subject
from consent.actions.finish_erasure import finish_erasures
from consent.actions.freeze_ledger import freeze_ledger
from consent.actions.withdraw import withdraw_consent
from consent.keys import subject_keys
from consent.keys.subject_keys import was_destroyed
from consent.ledger.canonical import canonical_as_stored
from consent.ledger.tree import leaf_hash
from consent.models import Consent, Erasure, ErasureRequest, Ledger, LedgerCheckpoint, LedgerEntry, RedactedRow
from consent.queries.ledger import verify
from consent.queries.personal_rows import personal_tables, rows_of
from consent.record.pdf import render_record
from consent.vocabulary import ConsentState, EntryKind, ErasureBasis, Via
from tests.factories import House
from tests.integration.ledger.world import drop_fence, restore_checks, write_raw
from tests.records import record_now
from tests.story import build_full_story
from tests.story_erasure import asked, erased

OF_THE_HOUSE = {"copper-iud-insertion", "not-applicable", "Test Midwife"}  # stand elsewhere too, and name no patient
CODES = 12  # shorter texts and codes ("en", "left") stand in many places and name nobody


def known_about(patient: Patient) -> set[str]:
    """Every longer text, date and picture that stands in a personal column of a patient."""
    found: set[str] = set()
    for table in personal_tables():
        for row in rows_of(table, patient):
            for field in table.fields:
                found |= set(_texts(field.value_from_object(row)))
    return {text for text in found if len(text) >= CODES} | {patient.birth_date.isoformat()}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes | memoryview):
        yield bytes(value).hex()
    elif isinstance(value, dict | list):
        yield json.dumps(value)


def everything_stored() -> str:
    """Every column of every table of the database as one text."""
    parts: list[str] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names from the database itself
            for row in cursor.fetchall():
                for value in row:
                    if isinstance(value, bytes | memoryview):
                        parts.append(bytes(value).hex() + bytes(value).decode("latin-1"))
                    else:
                        parts.append(str(value))
    return "\n".join(parts)


def talkative(house: House) -> Patient:
    """A patient about whom everything is filled in."""
    patient = house.patient(
        "Somebody Very Particular",
        latin_name="Particular Somebody",
        birth_date=clock.now().date().replace(year=1991, month=2, day=28),
        communication_needs="Please speak to my left ear.",
        safe_contact=SafeContact.PHONE_CALL,
        contact_detail="+86 10 5555 0199",
    )
    house.card(patient)
    return patient


def test_nothing_personal_is_left_in_any_table(house: House) -> None:
    patient = talkative(house)
    consent = house.given(house.procedure(patient, body_site="upper arm, inner side"))
    withdraw_consent(consent_id=consent.pk, by=patient.account, via=Via.OWN_CARD, words="My mother needs me at home.")
    told, before = known_about(patient), everything_stored()
    assert {"Somebody Very Particular", "My mother needs me at home.", "upper arm, inner side"} <= told
    assert all(text in before for text in told)
    erased(house, patient)
    after = everything_stored()
    assert [text for text in told - OF_THE_HOUSE if text in after] == []
    assert verify().findings == []


def test_every_patient_of_a_full_story_can_be_erased(house: House) -> None:
    build_full_story(house)
    for patient in Patient.objects.exclude(erasure_requests__isnull=False):
        erased(house, patient)
    assert verify().findings == []
    assert guards.missing(connection) == []
    left = {
        f"{table.model.__name__}.{field.name}"
        for patient in Patient.objects.exclude(erasure_requests__erasure__isnull=True)
        for table in personal_tables()
        for row in rows_of(table, patient)
        for field in table.fields
        if str(field.value_from_object(row)) not in {"None", "", "erased", "!erased", "und", "['und']"}
        and not _is_neutral(field.value_from_object(row))
    }
    assert left <= {"Account.username", "PatientCard.code"} | NEUTRAL_CODES


NEUTRAL_CODES = {
    "CapacityAssessment.finding",
    "Complaint.category",
    "Consent.laterality",
    "Consent.request_source",
    "Conversation.request_source",
    "EmergencyCare.why_not_asked",
    "GuardianWord.decision",
    "GuardianWord.relation",
    "HistoricalConsent.laterality",
    "HistoricalConsent.request_source",
    "HistoricalPatient.safe_contact",
    "Hold.reason",
    "Patient.safe_contact",
    "PersonPresent.role",
    "TheatreAddition.grounds",
}


def _is_neutral(value: Any) -> bool:
    return value in (False, {}, b"") or str(value) == "1900-01-01" or (isinstance(value, memoryview) and not value)


def test_entries_proofs_and_checkpoints_stay_as_they_were(house: House) -> None:
    consent = house.ready()
    entries = dict(LedgerEntry.objects.values_list("pk", "body"))
    heads = list(LedgerCheckpoint.objects.order_by("size").values_list("size", "note"))
    erasure = erased(house, consent.patient)
    for key, body in entries.items():
        row = LedgerEntry.objects.get(pk=key)
        assert bytes(row.body) == bytes(body) and row.leaf_hash == leaf_hash(bytes(body)).hex()
    assert list(LedgerCheckpoint.objects.order_by("size").values_list("size", "note"))[: len(heads)] == heads
    entry = LedgerEntry.objects.get(kind=EntryKind.SUBJECT_ERASED)
    detail = json.loads(bytes(entry.body))["detail"]
    about = LedgerEntry.objects.filter(subject=consent.patient.ledger_subject, leaf__index__lt=entry.leaf.index)
    assert detail["indices"] == [one.leaf.index for one in about.order_by("sseq")]
    assert (detail["basis"], detail["authority"]) == ("patient-asked", "letter-2027/114")
    named = {one["key"] for one in json.loads(bytes(entry.body))["object"]}
    assert {erasure.pk.hex, *(row.pk.hex for row in erasure.rows.all())} == named


def test_open_part_still_verifies_and_links_too(house: House) -> None:
    consent = house.given()
    erased(house, consent.patient)
    row = Consent.objects.get(pk=consent.pk)
    assert (row.state, row.given_at, row.signed_digest) == (consent.state, consent.given_at, consent.signed_digest)
    assert row.given_by_id == consent.given_by_id
    assert verify().findings == []


def test_no_secret_of_the_time_before_opens_any_more(house: House) -> None:
    consent = house.given()
    owner = consent.patient.ledger_subject
    entries = list(LedgerEntry.objects.filter(subject=owner))
    erasure = erased(house, consent.patient)
    assert was_destroyed(owner=owner, through=erasure.key_generation)
    for entry in entries:
        if entry.kind != EntryKind.ERASURE_ASKED:
            sealed = bytes(entry.sealed_salt)
            assert subject_keys.open_secret(owner=owner, entry_id=entry.pk, sealed=sealed) is None


def test_a_commitment_that_is_kept_cannot_be_guessed_from_what_is_kept(house: House) -> None:
    consent = house.given()
    erased(house, consent.patient)
    kept = RedactedRow.objects.get(model="consent.signature", commitments__has_key="typed_name")
    assert set(kept.link_salts) == {"signed_by"}
    assert canonical_as_stored(kept.commitments) and not set(kept.commitments) & set(kept.link_salts)


def test_after_an_erasure_the_patient_can_still_take_it_back_and_be_erased_again(house: House) -> None:
    consent = house.given()
    first = erased(house, consent.patient)
    patient = Patient.objects.get(pk=consent.patient_id)
    withdraw_consent(consent_id=consent.pk, by=house.midwife.account, via=Via.SPOKEN_TO_STAFF, words="I said no again.")
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.WITHDRAWN
    assert verify().findings == []
    second = erased(house, patient)
    assert second.key_generation > first.key_generation
    assert "I said no again." not in everything_stored()
    assert verify().findings == []


def test_a_record_printed_again_names_nobody(house: House) -> None:
    patient = talkative(house)
    consent = house.given(house.procedure(patient))
    told = known_about(patient)
    erased(house, patient)
    row = Consent.objects.get(pk=consent.pk)
    record = record_now(row)
    assert render_record(record).startswith(b"%PDF")
    assert record.conversation[0] == (
        "Personal data",
        "Erased on 2027-01-15. What stands in their place since then says nothing about the patient.",
    )
    printed = repr(record)
    assert [text for text in told - OF_THE_HOUSE if text in printed] == []


def test_she_cannot_sign_in_any_more_and_nobody_else_as_her(house: House) -> None:
    patient = talkative(house)
    house.given(house.procedure(patient))
    erased(house, patient)
    account = Account.objects.get(pk=patient.account_id)
    assert account.is_active and not account.has_usable_password()
    assert account.display_name == "erased" and account.username.startswith("erased-")
    assert all(card.code.startswith("~") for card in patient.cards.all())


def test_two_people_and_one_of_them_an_administrator(house: House) -> None:
    request = asked(house)
    other_site = House()
    for nobody in (house.advocate, house.receptionist, house.midwife.account, house.auditor, other_site.administrator):
        with pytest.raises(NotAllowedError):
            erase_subject(request_id=request.pk, by=nobody)
    with pytest.raises(NotAllowedError, match="administrator"):
        erase_subject(request_id=request.pk, by=house.staff(Role.ADVOCATE, "Second Advocate"))
    assert not Erasure.objects.exists() and Patient.objects.get(pk=request.patient_id).name != "erased"
    for nobody in (house.receptionist, house.midwife.account, other_site.advocate):
        with pytest.raises(NotAllowedError):
            ask_erasure(
                patient_id=house.patient().pk,
                basis=ErasureBasis.LAW,
                authority="1",
                by=nobody,
                form_key=uuid.uuid4(),
            )


def test_asked_once_and_only_with_a_file_number(house: House) -> None:
    request = asked(house)
    values = {"patient_id": request.patient_id, "basis": ErasureBasis.LAW, "by": house.advocate}
    with pytest.raises(WrongStateError):
        ask_erasure(**values, authority="12", form_key=uuid.uuid4())
    values["patient_id"] = house.patient().pk
    for words in ("", "Mrs Lin asked for it", "x" * 61):
        with pytest.raises(InvalidInputError) as refusal:
            ask_erasure(**values, authority=words, form_key=uuid.uuid4())
        assert refusal.value.field == "authority"
    key = uuid.uuid4()
    first = ask_erasure(**values, authority="12", form_key=key)
    assert ask_erasure(**values, authority="12", form_key=key) == first
    assert ErasureRequest.objects.count() == 2
    with pytest.raises(WrongStateError):
        erase_subject(request_id=uuid.uuid4(), by=house.administrator)


def test_erasing_twice_writes_once(house: House) -> None:
    request = asked(house)
    first = erase_subject(request_id=request.pk, by=house.administrator)
    assert erase_subject(request_id=request.pk, by=house.administrator) == first
    assert LedgerEntry.objects.filter(kind=EntryKind.SUBJECT_ERASED).count() == 1


def test_an_act_that_comes_between_is_erased_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    consent = house.given()
    request, retire = asked(house, consent.patient), module.retire_key
    late: list[str] = []

    def retire_and_act(*, owner: uuid.UUID) -> int:
        generation = retire(owner=owner)
        if not late:
            late.append("My last word about it.")
            withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD, words=late[0])
        return generation

    monkeypatch.setattr(module, "retire_key", retire_and_act)
    erasure = erase_subject(request_id=request.pk, by=house.administrator)
    assert erasure.key_generation == 2 and late[0] not in everything_stored()
    assert verify().findings == []


def test_a_crash_before_the_key_is_gone_is_seen_and_finished(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    consent = house.given()
    request = asked(house, consent.patient)

    def crash(**kwargs: object) -> bool:
        raise subject_keys.KeyStoreError("the disk is gone.")

    with monkeypatch.context() as patched:
        patched.setattr("consent.actions.erasure_steps.destroy_key", crash)
        with pytest.raises(NotSavedError):
            erase_subject(request_id=request.pk, by=house.administrator)
    (finding,) = verify().findings
    assert finding.what == "erasure-unfinished" and "--finish" in finding.sentence
    assert [one.request for one in finish_erasures()] == [request]
    assert verify().findings == [] and finish_erasures() == []


def test_when_it_fails_in_the_middle_nothing_is_erased_and_every_guard_stands(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = house.given()
    request, before = asked(house, consent.patient), known_about(consent.patient)

    def fail(*args: object, **kwargs: object) -> None:
        raise NotSavedError("no")

    monkeypatch.setattr(module, "write_parts", fail)
    with pytest.raises(NotSavedError):
        erase_subject(request_id=request.pk, by=house.administrator)
    assert known_about(consent.patient) == before
    assert guards.missing(connection) == [] and verify().findings == []


def test_a_long_record_is_erased_in_several_entries(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.actions.erasure_steps.ROWS_IN_ENTRY", 4)
    monkeypatch.setattr("consent.actions.erasure_steps.INDICES_IN_ENTRY", 2)
    consent = house.ready()
    about = LedgerEntry.objects.filter(subject=consent.patient.ledger_subject)
    erasure = erased(house, consent.patient)
    entries = LedgerEntry.objects.filter(kind=EntryKind.SUBJECT_ERASED).order_by("sseq")
    said = [json.loads(bytes(entry.body)) for entry in entries]
    assert [one["detail"]["part"] for one in said] == list(range(1, len(said) + 1)) and len(said) > 2
    assert {one["detail"]["parts"] for one in said} == {len(said)}
    named = [row["key"] for one in said for row in one["object"] if row["key"] != erasure.pk.hex]
    assert sorted(named) == sorted(row.pk.hex for row in erasure.rows.all())
    indices = [index for one in said for index in one["detail"]["indices"]]
    assert indices == [one.leaf.index for one in about.order_by("sseq") if one.kind != EntryKind.SUBJECT_ERASED]
    assert verify().findings == []


def test_nothing_is_erased_while_entries_wait_for_their_place(house: House, settings: Any) -> None:
    settings.LEDGER_SEALING = "service"
    consent = house.given()
    with pytest.raises(NotSavedError, match="wait for their place"):
        erased(house, consent.patient)
    assert Patient.objects.get(pk=consent.patient_id).name != "erased"


def test_entries_of_an_earlier_log_are_erased_too(house: House) -> None:
    consent = house.given()
    ledger = Ledger.objects.get(site=house.site)
    freeze_ledger(site_id=house.site.pk)
    begun_anew = Ledger.objects.exclude(pk=ledger.pk)
    assert begun_anew.exists()
    erased(house, consent.patient)
    detail = json.loads(bytes(LedgerEntry.objects.get(kind=EntryKind.SUBJECT_ERASED).body))["detail"]
    assert detail["earlier"] and all(place.startswith("1:") for place in detail["earlier"])
    assert len(detail["indices"]) == 1, "only the asking stands in the new log"
    assert verify().findings == []


def test_a_damaged_secret_does_not_stand_in_the_way(house: House) -> None:
    consent = house.given()
    entry = LedgerEntry.objects.filter(subject=consent.patient.ledger_subject).order_by("sseq")[1]
    drop_fence(LedgerEntry)
    write_raw(LedgerEntry, "sealed_salt", entry.pk if connection.vendor == "postgresql" else entry.pk.hex, bytes(61))
    restore_checks()
    connection.check_constraints()  # a table that waits for checks cannot be altered
    guards.install(connection)
    found = {finding.what for finding in verify().findings}
    erased(house, consent.patient)
    assert Patient.objects.get(pk=consent.patient_id).name == "erased"
    assert found <= {finding.what for finding in verify().findings}
