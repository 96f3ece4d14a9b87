"""From the rows to the FHIR files: real stories pass both validators, and nothing gets in that has no place there.

After a change that is meant, `WRITE_GOLDEN=1 pytest` on this file writes the golden files of the story again.
"""

import json
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic import clock
from clinic.actions.log_record_view import log_record_view
from clinic.models import Patient
from consent.actions.raise_hold import raise_hold
from consent.actions.supersede import supersede_consent
from consent.fhir import bundle_r4, consents_r5, only_these, to_bytes
from consent.fhir.releases import Release
from consent.fhir_facts import PaperFacts
from consent.models import Consent, FrozenRecord
from consent.queries.fhir_documents import frozen_documents
from consent.queries.fhir_facts import fhir_facts_of, fhir_facts_of_consent
from consent.vocabulary import HoldReason, PaperAnswer, PaperFault, Via
from tests.clock import MovableClock
from tests.factories import House, let_pass
from tests.integration.consent.fhir_story import added_to, told, written_down
from tests.story import build_full_story
from tests.story_ledger import small_tiles
from tests.story_paper import given_on_paper, looked_at, received
from tests.unit.fhir.validating import model_errors, npm_errors

GOLDEN = Path(__file__).resolve().parents[2] / "vectors" / "fhir"
STATUSES = {"draft", "proposed", "active", "inactive", "rejected", "entered-in-error"}


def kinds(bundle: dict[str, Any]) -> list[str]:
    return [one["resource"]["resourceType"] for one in bundle["entry"]]


def consents_in(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Consent"]


def both(patient: Patient) -> tuple[dict[str, Any], dict[str, Any]]:
    facts = fhir_facts_of(patient, at=clock.now(), language="en")
    return bundle_r4(facts), consents_r5(facts)


@pytest.fixture
def house(db: None, movable_clock: MovableClock) -> House:
    return House(sheets=("copper-iud-insertion", "early-abortion", "implant-insertion"), label="of the story")


def test_a_story_becomes_the_golden_files_and_both_validators_accept_it(house: House) -> None:
    patient = told(house)
    log_record_view(patient_id=patient.pk, by=house.receptionist, page="patient")
    r4, r5 = both(patient)
    assert model_errors(r4, Release.R4) == model_errors(r5, Release.R5) == []
    assert npm_errors({"story": r4}) == {}
    for name, bundle in (("story-r4.json", r4), ("story-r5.json", r5)):
        if "WRITE_GOLDEN" in os.environ:
            (GOLDEN / name).write_text(written_down(bundle), encoding="utf-8")
        assert (GOLDEN / name).read_text(encoding="utf-8") == written_down(bundle)


def test_every_patient_of_the_full_story_passes_both_validators(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    small_tiles(monkeypatch)
    build_full_story(house)
    files = {}
    for patient in Patient.objects.all():
        documents = frozen_documents(patient)
        facts = fhir_facts_of(patient, at=clock.now(), language="ar", documents=documents)
        r4, r5 = bundle_r4(facts), consents_r5(facts)
        assert model_errors(r4, Release.R4) == model_errors(r5, Release.R5) == []
        files[patient.pk.hex] = r4
    assert len(files) > 20
    assert npm_errors(files) == {}
    assert {one["status"] for bundle in files.values() for one in consents_in(bundle)} >= STATUSES


def test_nothing_that_was_said_or_noted_is_in_the_files(house: House) -> None:
    patient = told(house)
    other = house.given(house.procedure(house.patient(name="Somebody Else")))
    log_record_view(patient_id=patient.pk, by=house.advocate, page="hold-lift")
    for bundle in both(patient):
        text = json.dumps(bundle, ensure_ascii=False).casefold()
        heard = ("note of the staff", "her own words", "bleeding", "test sister", "children later", "will it hurt")
        assert [one for one in (*heard, "hold", "worr", "somebody else", str(other.pk)) if one in text] == []


def test_an_answer_on_paper_names_who_brought_and_who_checked_it(house: House) -> None:
    consent = given_on_paper(house)
    let_pass(minutes=5)
    back = received(house, consent, PaperAnswer.TAKE_BACK)
    looked_at(back, house.colleague.account, PaperFault.UNREADABLE)
    [facts] = fhir_facts_of(consent.patient, at=clock.now(), language="en").consents
    midwife, colleague = house.midwife.account_id, house.colleague.account_id
    assert facts.signatures[0].signed_by is None
    assert facts.signatures[0].paper == PaperFacts(
        written_at=consent.paper_scans.get(answer="yes").happened_at,
        brought_by=midwife,
        found_right_by=(midwife, colleague),
    )
    assert facts.ended_paper == PaperFacts(written_at=back.happened_at, brought_by=midwife)
    for bundle in both(consent.patient):
        assert bundle["entry"]


@pytest.mark.parametrize("state", ["proposed", "informed", "given", "ready"])
def test_with_a_hold_the_files_have_the_same_bytes(state: str, house: House) -> None:
    consent = getattr(house, state)()
    at = clock.now()
    before = fhir_facts_of(consent.patient, at=at, language="en")
    raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note="A note for the advocate.",
        by=house.midwife.account,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )
    after = fhir_facts_of(consent.patient, at=at, language="en")
    assert to_bytes(bundle_r4(before)) == to_bytes(bundle_r4(after))
    assert to_bytes(consents_r5(before)) == to_bytes(consents_r5(after))


def test_a_yes_is_active_on_the_day_it_was_said_again_and_then_too_old(house: House) -> None:
    consent = house.ready()
    for days, r4_status, r5_status in ((0, "active", "active"), (1, "proposed", "draft"), (60, "inactive", "inactive")):
        let_pass(days=days)
        r4, r5 = both(consent.patient)
        assert [one["status"] for one in consents_in(r4)] == [r4_status]
        assert [one["status"] for one in consents_in(r5)] == [r5_status]


def test_where_the_rules_cannot_be_read_nothing_is_active(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from consent.queries import verdicts
    from consent.rules.policy import PolicyError

    consent = house.ready()

    def unreadable(*_args: object) -> None:
        raise PolicyError("The file is torn.")

    monkeypatch.setattr(verdicts, "law_for", unreadable)
    for bundle in both(consent.patient):
        assert [one["status"] for one in consents_in(bundle)] == ["inactive"]


def test_what_took_the_place_of_another_says_so(house: House) -> None:
    old = house.given()
    answer = supersede_consent(consent_id=old.pk, language="en", by=house.midwife.account, form_key=uuid.uuid4())
    assert answer.consent is not None
    r4, _r5 = both(old.patient)
    revised = [
        one["resource"]["entity"][0]["what"]["reference"] for one in r4["entry"] if "entity" in one["resource"]
        and one["resource"]["resourceType"] == "Provenance"
    ]  # fmt: skip
    assert revised == [f"urn:uuid:{old.pk}"]


def test_the_receipt_of_the_answer_is_on_the_consent(house: House) -> None:
    patient = told(house)
    r4, _r5 = both(patient)
    receipts = [one["identifier"][1]["value"] for one in consents_in(r4)]
    assert len(receipts) == len(set(receipts)) == 4  # a yes, a no, a yes, and its taking back


def test_an_addition_is_part_of_the_operation_and_names_no_consent(house: House) -> None:
    r4, r5 = both(added_to(house))
    assert model_errors(r4, Release.R4) == [] and npm_errors({"added": r4}) == {}
    assert [one["resource"]["partOf"] for one in r4["entry"] if "partOf" in one["resource"]] != []
    assert "Consent" not in kinds(r4) and "Procedure" not in kinds(r5)


def test_one_consent_comes_alone(house: House) -> None:
    patient = told(house)
    log_record_view(patient_id=patient.pk, by=house.receptionist, page="patient")
    wanted = Consent.objects.get(patient=patient, state="refused")
    facts = fhir_facts_of_consent(wanted, at=clock.now(), language="en")
    bundle = bundle_r4(facts)
    assert kinds(bundle).count("Consent") == kinds(bundle).count("Procedure") == kinds(bundle).count("Appointment") == 1
    assert "AuditEvent" not in kinds(bundle)
    text = to_bytes(bundle).decode()
    assert [code for code in ("copper-iud", "implant", "Test operation") if code in text] == []


def test_what_she_leaves_out_leaves_no_gap(house: House) -> None:
    patient = told(house)
    facts = fhir_facts_of(patient, at=clock.now(), language="en")
    kept = Consent.objects.get(patient=patient, state="used")
    bundle = bundle_r4(only_these(facts, consent_ids={kept.pk}))
    text = to_bytes(bundle).decode()
    assert [code for code in ("early-abortion", "implant", "Test operation") if code in text] == []
    assert kinds(bundle).count("Appointment") == 4  # a time says no reason


def test_the_frozen_records_are_named_by_their_digest(house: House) -> None:
    patient = told(house)
    rows = list(FrozenRecord.objects.filter(consent__patient=patient).order_by("made_at", "pk"))
    assert rows
    newest = rows[-1]
    documents = frozen_documents(patient, addresses={newest.document_digest: "records/1.json"})
    facts = fhir_facts_of(patient, at=clock.now(), language="en", documents=documents)
    r4, r5 = bundle_r4(facts), consents_r5(facts)
    assert model_errors(r4, Release.R4) == model_errors(r5, Release.R5) == []
    assert npm_errors({"documents": r4}) == {}
    found = {one["resource"]["id"]: one["resource"] for one in r4["entry"]}
    [attachment] = [one["attachment"] for one in found[str(newest.pk)]["content"]]
    assert (attachment["url"], attachment["size"]) == ("records/1.json", len(bytes(newest.document)))
    assert found[str(newest.pk)]["identifier"][0]["value"] == newest.document_digest
    assert found[str(newest.consent_id)]["sourceReference"] == {"reference": f"urn:uuid:{newest.pk}"}


def test_words_are_in_the_language_she_chose(house: House) -> None:
    facts = fhir_facts_of(told(house), at=clock.now(), language="zh-hans")
    names = {one.name for one in facts.procedures if one.code == "copper-iud-insertion"}
    assert names != {"Copper IUD insertion"}


def questions(patient: Patient) -> int:
    with CaptureQueriesContext(connection) as asked:
        fhir_facts_of(patient, at=clock.now(), language="en")
    return len(asked)


def test_the_questions_do_not_grow_with_the_record(house: House) -> None:
    patient = told(house)
    few = questions(patient)
    for _more in range(3):
        house.informed(house.procedure(patient))
        log_record_view(patient_id=patient.pk, by=house.receptionist, page="patient")
    assert questions(patient) == few
