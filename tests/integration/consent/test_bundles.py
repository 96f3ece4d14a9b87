"""Her records as one archive: everything she chose, nothing of what she left out, checked by a program of its own."""

import io
import json
import uuid
from collections.abc import Iterable

import pytest

from clinic import clock
from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Patient
from consent.actions.raise_hold import raise_hold
from consent.actions.take_bundle import take_bundle
from consent.actions.withdraw import withdraw_consent
from consent.models import BundleTaken, Consent, FrozenRecord, LedgerEntry, PaperScan, RecordIssue
from consent.queries.known_logs import known_logs
from consent.queries.own_bundle import BundleChoice
from consent.record.archive import members_of
from consent.record.bundle import MANIFEST, NOTE, VERIFIERS
from consent.record.bundle_check import BundleReport, check_bundle
from consent.record.exceptions import RecordError
from consent.vocabulary import BundlePart, ComplaintCategory, EntryKind, HoldReason, Via
from tests.factories import House
from tests.slips import verifier
from tests.story_paper import given_on_paper
from tests.story_voice import complained, wished

EVERYTHING = frozenset(BundlePart)


def taken(
    patient: Patient,
    consents: Iterable[Consent] | None = None,
    *,
    parts: frozenset[BundlePart] = EVERYTHING,
    language: str = "en",
    form_key: uuid.UUID | None = None,
) -> bytes:
    """The archive a patient takes with her own card; with all her records where none are named."""
    chosen = Consent.objects.filter(patient=patient) if consents is None else consents
    choice = BundleChoice(consent_ids=frozenset(one.pk for one in chosen), parts=parts, language=language)
    return b"".join(
        take_bundle(
            patient_id=patient.pk,
            choice=choice,
            by=patient.account,
            via=Via.OWN_CARD,
            form_key=form_key or uuid.uuid4(),
        )
    )


def checked(data: bytes) -> BundleReport:
    return check_bundle(io.BytesIO(data), policy=known_logs(), roots=(), at=clock.now())


@pytest.fixture
def story(house: House) -> tuple[Patient, Consent, Consent]:
    """A patient with two decisions, a complaint about the second, and a wish for a correction of the first."""
    first = house.given()
    patient = first.patient
    second = house.given(house.procedure(patient))
    withdraw_consent(consent_id=second.pk, by=patient.account, via=Via.OWN_CARD, words="I changed my mind.")
    complained(house, patient, category=ComplaintCategory.PUSHED_TO_DECIDE, words="About the second.", consent=second)
    complained(house, patient, category=ComplaintCategory.MONEY_ASKED, words="About nothing.")
    wished(house, patient, consent=first)
    return patient, first, Consent.objects.get(pk=second.pk)


def test_everything_is_in_it_and_both_who_check_it_agree(story, tmp_path) -> None:
    patient, *_consents = story
    data = taken(patient)
    members = members_of(data)
    assert [name for name in members if name.startswith("record-") and "receipt-" not in name] == [
        f"record-{number}/{name}"
        for number in (1, 2)
        for name in ("record.pdf", "record.html", "record.json", "proof.tlog-proof")
    ]
    assert {"fhir-r4.json", "fhir-r5.json", "appointments.html", "looks.html", "voice.html", "policy"} < members.keys()
    assert list(members)[-5:] == [*VERIFIERS, "read-me.html", MANIFEST, NOTE]
    report = checked(data)
    assert (report.findings, report.records) == ([], 2)
    assert report.receipts >= 10
    answer = verifier(tmp_path, "bundle", data)
    assert answer.returncode == 0, answer.stdout
    assert f"Records: 2. Receipts: {report.receipts}, each proven." in answer.stdout


def test_the_records_are_the_frozen_ones_byte_for_byte(story) -> None:
    patient, first, second = story
    members = members_of(taken(patient))
    for number, consent in enumerate((first, second), start=1):
        newest = FrozenRecord.objects.filter(consent=consent).order_by("-made_at").first()
        assert members[f"record-{number}/record.json"] == bytes(newest.document)
    assert not RecordIssue.objects.exists()


def test_what_is_left_out_leaves_no_trace(story) -> None:
    patient, first, second = story
    data = taken(patient, [second])
    members = members_of(data)
    assert checked(data).is_sound
    assert not [name for name in members if name.startswith("record-2")]
    everything = b"\n".join(content for name, content in members.items() if name.endswith((".html", ".json")))
    for told in (str(first.pk), first.pk.hex, str(first.procedure_id), "My name is written wrongly."):
        assert told.encode() not in everything, told
    assert b"About the second." in members["voice.html"]
    assert not [name for name in members if name.startswith("receipts/")]
    for word in ("left out", "hidden", "not shown", "record-2"):
        assert word.encode() not in members["read-me.html"]


def test_receipts_of_what_is_left_out_are_left_out(story) -> None:
    patient, first, second = story
    open_ids = {one.id for one in checked(taken(patient, [second])).entries}
    about_first = LedgerEntry.objects.filter(bindings__model="consent.consent", bindings__key=first.pk.hex)
    voice = LedgerEntry.objects.filter(kind__in=[EntryKind.COMPLAINT_MADE, EntryKind.CORRECTION_ASKED])
    assert about_first.exists()
    assert not open_ids & {entry.pk.hex for entry in (*about_first, *voice)}


def test_with_nothing_but_records_there_are_nothing_but_records(story) -> None:
    patient, first, _second = story
    names = members_of(taken(patient, [first], parts=frozenset()))
    assert {name for name in names if not name.startswith("record-1/")} == {
        "policy", *VERIFIERS, "read-me.html", MANIFEST, NOTE
    }  # fmt: skip


def test_a_hold_leaves_no_trace(house: House) -> None:
    consent = house.given()
    before = members_of(taken(consent.patient, form_key=uuid.uuid4()))
    raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note="Her mother-in-law answers for her.",
        by=house.midwife.account,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )
    after = members_of(taken(consent.patient))
    assert before.keys() == after.keys()
    changing = {MANIFEST, NOTE, "fhir-r4.json", "fhir-r5.json", "record-1/record.pdf"}
    assert {name for name in before if before[name] != after[name]} <= changing


def test_the_files_for_other_systems_name_the_records_beside_them(story) -> None:
    patient, *_consents = story
    resources = [one["resource"] for one in json.loads(members_of(taken(patient))["fhir-r4.json"])["entry"]]
    urls = {one["content"][0]["attachment"]["url"] for one in resources if one["resourceType"] == "DocumentReference"}
    assert {"record-1/record.json", "record-2/record.json"} <= urls


def test_one_that_cannot_be_printed_comes_without_its_paper(story, monkeypatch, tmp_path) -> None:
    patient, *_consents = story
    calls = iter((RecordError("no letter"), None))

    def printed(*_args: object, **_named: object) -> bytes:
        error = next(calls)
        if error is not None:
            raise error
        return b"%PDF-1.7"

    monkeypatch.setattr("consent.actions.take_bundle.make_copy", printed)
    data = taken(patient)
    members = members_of(data)
    assert "record-1/record.pdf" not in members
    assert "record-1/record.html" in members
    read_me = members["read-me.html"].decode()
    assert "could not be printed as a paper" in read_me
    assert "<li>record-1</li>" in read_me
    assert verifier(tmp_path, "bundle", data).returncode == 0


def test_what_she_answered_on_paper_is_in_it_as_it_came(house: House, tmp_path) -> None:
    consent = given_on_paper(house)
    data = taken(consent.patient)
    members = members_of(data)
    scan = PaperScan.objects.get(consent=consent)
    assert members["record-1/paper-1.png"] == bytes(scan.content)
    assert scan.content_digest in members["record-1/record.json"].decode()
    assert checked(data).is_sound
    assert verifier(tmp_path, "bundle", data).returncode == 0


def test_the_read_me_speaks_her_language(story) -> None:
    patient, *_consents = story
    members = members_of(taken(patient, language="zh-hans"))
    assert b'<html lang="zh-Hans" dir="ltr">' in members["read-me.html"]


def test_it_is_one_act_that_says_nothing_of_the_content(story) -> None:
    patient, first, _second = story
    key = uuid.uuid4()
    once, again = (taken(patient, [first], form_key=key) for _click in range(2))
    assert members_of(once).keys() == members_of(again).keys()
    row = BundleTaken.objects.get()
    assert row.parts == sorted(EVERYTHING)
    entry = LedgerEntry.objects.get(kind=EntryKind.BUNDLE_TAKEN)
    body = json.loads(bytes(entry.body))
    assert [one["model"] for one in body["object"]] == ["consent.bundletaken"]
    assert "detail" not in body
    assert "text" not in body


def test_the_act_stands_before_the_first_byte(story) -> None:
    patient, *_consents = story
    choice = BundleChoice(consent_ids=frozenset(), parts=EVERYTHING, language="en")
    take_bundle(patient_id=patient.pk, choice=choice, by=patient.account, via=Via.OWN_CARD, form_key=uuid.uuid4())
    assert BundleTaken.objects.count() == 1


@pytest.mark.parametrize("who", ["midwife", "tablet", "somebody else's record"])
def test_nobody_else_and_not_on_the_tablet(who: str, story, house: House) -> None:
    patient, first, _second = story
    stranger = house.given()
    choice = BundleChoice(
        consent_ids=frozenset([stranger.pk if who.startswith("somebody") else first.pk]),
        parts=EVERYTHING,
        language="en",
    )
    with pytest.raises((NotAllowedError, WrongStateError)):
        take_bundle(
            patient_id=patient.pk,
            choice=choice,
            by=house.midwife.account if who == "midwife" else patient.account,
            via=Via.CLINIC_TABLET if who == "tablet" else Via.OWN_CARD,
            form_key=uuid.uuid4(),
        )
    assert not BundleTaken.objects.exists()


def test_a_patient_without_any_record_gets_a_sound_archive(house: House, tmp_path) -> None:
    data = taken(house.patient())
    assert checked(data).is_sound
    assert verifier(tmp_path, "bundle", data).returncode == 0
