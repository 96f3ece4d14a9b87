"""The elements of each resource, one promise at a time."""

import base64
import dataclasses
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import consent.fhir_facts
from clinic.vocabulary import Role
from consent.fhir import bundle_r4, consents_r5, only_these, to_bytes
from consent.fhir.bundle import FhirError
from consent.fhir.codes import OURS, OWN_SYSTEMS, own
from consent.fhir.states import Standing
from consent.fhir.values import filled, words
from consent.fhir_facts import PaperFacts, PatientFacts, SignatureFacts
from consent.vocabulary import SignatureMeaning, SignatureMethod, Via
from tests.unit.fhir.samples import (
    COLLEAGUE,
    CONSENT,
    DESK,
    DOCUMENT,
    DOCUMENT_PDF,
    MIDWIFE,
    OTHER_SITE,
    PATIENT,
    PNG,
    PROCEDURE,
    SITE,
    at,
    document,
    facts_of,
    facts_without_word,
    key,
)


def of_kind(bundle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind]


def r4(standing: Standing, kind: str, **changes: Any) -> list[dict[str, Any]]:
    return of_kind(bundle_r4(facts_of(standing, **changes)), kind)


def r5(standing: Standing, kind: str, **changes: Any) -> list[dict[str, Any]]:
    return of_kind(consents_r5(facts_of(standing, **changes)), kind)


def at_key(number: Any) -> dict[str, str]:
    return {"reference": f"urn:uuid:{number}"}


def test_the_patient_has_names_a_day_and_languages_and_no_way_to_be_reached() -> None:
    [patient] = r4(Standing.PREPARED, "Patient")
    assert [name["text"] for name in patient["name"]] == ["测试患者一", "Test Patient One"]
    assert patient["birthDate"] == "1994-05-17"
    assert [one["preferred"] for one in patient["communication"]] == [True, False]
    assert not {"telecom", "address", "contact", "photo", "maritalStatus", "gender"} & set(patient)


def test_an_erased_patient_still_makes_a_file() -> None:
    facts = facts_of(Standing.USED)
    erased = replace(facts.patient, name="", latin_name="", birth_date=None, languages=("und",))
    [patient] = of_kind(bundle_r4(replace(facts, patient=erased)), "Patient")
    assert "name" not in patient and "birthDate" not in patient


def test_only_people_and_places_that_are_named_are_in_the_file() -> None:
    everybody = r4(Standing.PREPARED, "Practitioner")
    assert {one["id"] for one in everybody} == {str(key(4)), str(key(6))}
    shown = r4(Standing.PREPARED, "Practitioner", looks=())
    assert [one["id"] for one in shown] == [str(MIDWIFE)]
    assert [one["id"] for one in r4(Standing.PREPARED, "Location", looks=())] == [str(SITE)]
    assert r4(Standing.PREPARED, "Device", looks=()) == []


def test_an_appointment_says_no_reason() -> None:
    [appointment] = r4(Standing.WITHDRAWN, "Appointment")
    assert not {"description", "comment", "reasonCode", "reasonReference", "serviceType"} & set(appointment)
    assert [one["reference"] for one in appointment["supportingInformation"]][:2] == [
        f"urn:uuid:{PROCEDURE}",
        f"urn:uuid:{CONSENT}",
    ]
    assert len(appointment["supportingInformation"]) == 3  # and the no


def test_the_consent_says_who_when_and_what() -> None:
    [consent] = r4(Standing.CONFIRMED, "Consent")
    assert consent["scope"]["coding"][0]["code"] == "treatment"
    assert consent["dateTime"] == "2027-01-15T10:00:00.000+08:00"
    assert consent["performer"] == [at_key(PATIENT)]
    assert [one["uri"].rsplit(":", 1)[1] for one in consent["policy"]] == ["ab" * 32, "cd" * 32]
    assert consent["sourceReference"] == at_key(DOCUMENT)
    assert consent["verification"][0]["verificationDate"] == "2027-01-15T10:30:00.000+08:00"
    assert consent["provision"]["actor"][0]["reference"] == at_key(MIDWIFE)
    assert consent["identifier"][1] == {"system": own("receipt"), "value": str(key(40))}


def test_before_an_answer_there_is_no_time_and_nobody_who_gave_it() -> None:
    for standing in (Standing.PREPARED, Standing.INFORMED):
        [one] = r4(standing, "Consent")
        assert not {"dateTime", "performer", "verification"} & set(one)
        [other] = r5(standing, "Consent")
        assert not {"date", "grantor", "verification", "decision"} & set(other)


def test_in_r5_the_moment_stands_in_the_provenance() -> None:
    [consent] = r5(Standing.REFUSED, "Consent")
    assert (consent["date"], consent["grantor"]) == ("2027-01-15", [at_key(PATIENT)])
    assert consent["policyText"] == [at_key(key(14))]
    [said] = r5(Standing.REFUSED, "Provenance")
    assert said["occurredDateTime"] == "2027-01-15T11:00:00.000+08:00"
    assert [one["who"] for one in said["agent"]] == [at_key(PATIENT), at_key(DESK)]
    assert [one["type"]["coding"][0]["code"] for one in said["agent"]] == ["author", "enterer"]


def test_a_drawn_signature_brings_its_picture() -> None:
    [signed] = r4(Standing.EXPIRED, "Provenance")
    [signature] = signed["signature"]
    assert base64.b64decode(signature["data"]) == PNG
    assert signature["type"][0]["code"] == "1.2.840.10065.1.12.1.7"
    assert signature["who"] == at_key(PATIENT)


def test_an_erased_picture_is_no_picture() -> None:
    facts = facts_of(Standing.EXPIRED)
    [consent] = facts.consents
    bare = replace(consent, signatures=(replace(consent.signatures[0], image_png=b""),))
    [signed] = of_kind(bundle_r4(replace(facts, consents=(bare,))), "Provenance")
    assert "data" not in signed["signature"][0]


def test_interpreter_and_witness_have_a_name_and_no_resource() -> None:
    interpreted, marked = r4(Standing.WAITING_OR_OPEN, "Provenance")
    assert interpreted["signature"][0]["who"] == {"display": "Test Interpreter"}
    assert interpreted["agent"][1]["who"] == at_key(MIDWIFE)
    codes = [one["type"][0]["code"].rsplit(".", 1)[1] for one in marked["signature"]]
    assert codes == ["7", "8"]
    assert marked["signature"][1]["who"] == {"display": "Test Witness"}


ON_PAPER = PaperFacts(written_at=at(8), brought_by=MIDWIFE, found_right_by=(MIDWIFE, COLLEAGUE))


def agents_of(one: dict[str, Any]) -> list[tuple[str, str]]:
    return [(agent["type"]["coding"][0]["code"], agent["who"]["reference"]) for agent in one["agent"]]


def test_a_yes_on_paper_has_both_its_times_and_everybody_who_touched_it() -> None:
    facts = facts_of(Standing.EXPIRED)
    paper = SignatureFacts(
        id=key(34),
        meaning=SignatureMeaning.GIVES_CONSENT,
        method=SignatureMethod.PAPER,
        signed_by=None,
        signed_at=at(10),
        paper=ON_PAPER,
    )
    own = replace(facts.consents[0], signatures=(paper,))
    [signed] = of_kind(bundle_r4(replace(facts, consents=(own,))), "Provenance")
    times = signed["occurredDateTime"], signed["recorded"]
    assert times == ("2027-01-15T08:00:00.000+08:00", "2027-01-15T10:00:00.000+08:00")
    assert signed["signature"][0]["when"] == times[0] and "data" not in signed["signature"][0]
    parts, people = zip(*agents_of(signed), strict=True)
    assert parts == ("author", "enterer", "verifier", "verifier")
    wanted = (PATIENT, MIDWIFE, MIDWIFE, COLLEAGUE)
    assert all(who.endswith(str(one)) for who, one in zip(people, wanted, strict=True))


@pytest.mark.parametrize("paper", [ON_PAPER, None], ids=["its-scan", "no-scan"])
def test_a_no_on_paper_is_hers_and_whoever_brought_it_entered_it(paper: PaperFacts | None) -> None:
    facts = facts_of(Standing.REFUSED)
    own = replace(facts.consents[0], ended_via=Via.PAPER, ended_by=MIDWIFE, ended_paper=paper)
    [ended] = of_kind(bundle_r4(replace(facts, consents=(own,))), "Provenance")
    said = [part for part, _who in agents_of(ended)]
    assert said == (["author", "enterer", "verifier", "verifier"] if paper else ["author", "enterer"])
    assert ended["occurredDateTime"] == ("2027-01-15T08:00:00.000+08:00" if paper else ended["recorded"])


def test_a_withdrawal_names_the_old_one_as_revised() -> None:
    *_signed, ended = r4(Standing.WITHDRAWN, "Provenance")
    assert ended["entity"] == [{"role": "revision", "what": at_key(CONSENT)}]
    assert len(ended["target"]) == 2


def test_the_newest_document_holds_and_the_older_ones_stay() -> None:
    documents = (
        document(),
        document(id=key(50), made_at=at(11, 40), digest="0a" * 32),
        document(id=DOCUMENT_PDF, content_type="application/pdf", made_at=at(11, 50), sha1=b"x" * 20, url="1.pdf"),
    )
    found = {one["id"]: one for one in r4(Standing.USED, "DocumentReference", documents=documents)}
    assert found[str(DOCUMENT)]["status"] == "superseded"
    newest = found[str(key(50))]
    assert newest["status"] == "current" and newest["relatesTo"][0]["target"] == at_key(DOCUMENT)
    assert newest["identifier"] == [{"system": own("sha-256"), "value": "0a" * 32}]
    [attachment] = [one["attachment"] for one in found[str(DOCUMENT_PDF)]["content"]]
    assert (attachment["url"], base64.b64decode(attachment["hash"])) == ("1.pdf", b"x" * 20)
    [consent] = r4(Standing.USED, "Consent", documents=documents)
    assert consent["sourceReference"] == at_key(key(50))
    [newer] = r5(Standing.USED, "Consent", documents=documents)
    assert newer["sourceReference"] == [at_key(key(50)), at_key(DOCUMENT_PDF)]


def test_a_look_says_who_in_which_role_where_and_when() -> None:
    [look] = r4(Standing.PREPARED, "AuditEvent")
    reader = look["agent"][0]
    assert reader["who"] == at_key(key(6)) and reader["location"] == at_key(OTHER_SITE)
    assert reader["role"][0]["coding"][0]["code"] == Role.PRACTITIONER.value
    assert look["recorded"] == "2027-01-15T09:05:00.000+08:00"
    assert look["entity"][1]["name"] == "Your page"


def test_care_without_her_word_has_a_note_and_no_consent() -> None:
    bundle = bundle_r4(facts_without_word())
    assert of_kind(bundle, "Consent") == []
    [procedure] = of_kind(bundle, "Procedure")
    assert procedure["note"][0]["text"] == "Done without your word: unconscious"
    assert procedure["reasonCode"][0]["coding"][0]["code"] == "unconscious"
    [decided] = of_kind(bundle, "Provenance")
    assert [one["who"] for one in decided["agent"]] == [at_key(MIDWIFE), at_key(key(6))]


def test_an_addition_is_part_of_what_it_was_added_to_where_that_is_shown() -> None:
    facts = facts_without_word()
    [begun] = facts.procedures
    assert begun.without_word is not None
    added = replace(begun, id=key(60), without_word=replace(begun.without_word, during_id=begun.id))
    both = replace(facts, procedures=(begun, added))
    assert [one.get("partOf") for one in of_kind(bundle_r4(both), "Procedure")] == [None, [at_key(begun.id)]]
    alone = replace(facts, procedures=(added,))
    assert [one.get("partOf") for one in of_kind(bundle_r4(alone), "Procedure")] == [None]
    assert of_kind(bundle_r4(only_these(both, consent_ids=set())), "Procedure") == []


@pytest.mark.parametrize("left_out", [{"staff": ()}, {"sites": ()}, {"procedures": ()}])
def test_facts_that_name_nobody_known_are_refused(left_out: dict[str, Any]) -> None:
    for write in (bundle_r4, consents_r5):
        with pytest.raises(FhirError, match="not among the facts"):
            write(facts_of(Standing.CONFIRMED, **left_out))


def test_every_system_of_ours_is_documented() -> None:
    used = {
        part
        for standing in Standing
        for write in (bundle_r4, consents_r5)
        for part in to_bytes(write(facts_of(standing))).decode().split('"')
        if part.startswith(OURS)
    }
    assert used
    assert [one for one in used if not any(one.startswith(known) for known in OWN_SYSTEMS)] == []
    with pytest.raises(KeyError):
        own("something-new")


WORDS_OF_OTHERS = ("hold", "worr", "pressure", "danger", "ended_words", "note", "phone", "contact")


def test_the_facts_have_no_place_for_a_worry() -> None:
    names = {
        field.name
        for thing in vars(consent.fhir_facts).values()
        if dataclasses.is_dataclass(thing)
        for field in dataclasses.fields(thing)
    }
    assert "given_at" in names
    assert [name for name in names if any(word in name for word in WORDS_OF_OTHERS)] == []


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


@given(name=TEXTS, site=TEXTS, title=TEXTS, typed=TEXTS, page=TEXTS, place=TEXTS)
def test_any_text_ends_up_as_fhir_may_hold_it(
    name: str, site: str, title: str, typed: str, page: str, place: str
) -> None:
    facts = facts_of(Standing.CONFIRMED)
    nasty = replace(
        facts,
        patient=replace(facts.patient, name=name, latin_name=typed),
        sites=tuple(replace(one, name=site) for one in facts.sites),
        staff=tuple(replace(one, name=name, profession=title, registration=typed) for one in facts.staff),
        procedures=tuple(replace(one, name=title, body_site=place) for one in facts.procedures),
        consents=tuple(
            replace(one, signatures=tuple(replace(each, typed_name=typed) for each in one.signatures))
            for one in facts.consents
        ),
        looks=tuple(replace(one, page=page) for one in facts.looks),
    )
    _check_texts(bundle_r4(nasty))
    _check_texts(consents_r5(nasty))


def _check_texts(value: Any) -> None:
    if isinstance(value, dict):
        assert value == filled(value)
        for part in value.values():
            _check_texts(part)
    elif isinstance(value, list):
        for part in value:
            _check_texts(part)
    elif isinstance(value, str):
        assert value == words(value) and value
        assert not any(ord(sign) < 32 and sign not in "\t\r\n" for sign in value)


def test_a_file_of_two_clinics_keeps_each_ones_own_time() -> None:
    facts = facts_of(Standing.CONFIRMED)
    [appointment] = facts.appointments
    moved = replace(facts, sites=(facts.sites[0], replace(facts.sites[1], time_zone="Europe/London")))
    there: PatientFacts = replace(moved, appointments=(replace(appointment, site_id=OTHER_SITE),))
    assert of_kind(bundle_r4(there), "Appointment")[0]["start"] == "2027-01-15T03:00:00.000+00:00"
