"""`manage.py self_audit`: entries and never people, from open columns only, with the gate out of the way."""

import io
import json
import re
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic import clock
from clinic.privacy import privacy_of as privacy_below
from clinic.vocabulary import Preset, PrivacyClass, Role
from consent.actions import propose, saying_yes
from consent.actions import start_procedure as starting
from consent.actions.ask_removal import ask_removal
from consent.actions.give import give_consent
from consent.actions.inform import record_conversation
from consent.actions.issue_record import issue_record
from consent.actions.raise_hold import raise_hold
from consent.actions.refuse import refuse_consent
from consent.actions.start_procedure import start_procedure
from consent.actions.withdraw import withdraw_consent
from consent.ledger_store import Actor, append
from consent.models import Consent, LedgerEntry, LedgerLeaf
from consent.privacy import privacy_of
from consent.queries import self_audit as asking
from consent.queries.self_audit import self_audit
from consent.rules.gate import Verdict
from consent.rules.self_audit import CHECKS, Finding
from consent.vocabulary import ConsentState, CopyChoice, EntryKind, HoldReason, Via
from tests.factories import House, drawn, full_talk, let_pass
from tests.integration.consent_pages.people import staff
from tests.integration.ledger.world import drop_fence, write_raw
from tests.story import build_full_story
from tests.witnesses import anchor

pytestmark = pytest.mark.django_db

LIGATION = "tubal-ligation"
NOTHING_MISSING = Verdict(unmet=(), warnings=())
COLUMN = re.compile(r'"(\w+)"\."(\w+)"')
TABLE = re.compile(r'(?:FROM|JOIN) "(\w+)"(?: ([TU]\d+)\b)?')


def run(*options: str) -> tuple[int, str]:
    """Exit code and printed text of the command."""
    out = io.StringIO()
    try:
        call_command("self_audit", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def found(house: House, **options: Any) -> dict[str, list[Finding]]:
    """What was found at this clinic, by question, and without the outside that no test clinic has."""
    (audit,) = self_audit([house.site], **options)
    return {
        answer.check.id: list(answer.findings)
        for answer in audit.answers
        if answer.findings and answer.check.id != "never-anchored"
    }


def index_of(kind: EntryKind) -> int:
    """The place of the newest entry of a kind."""
    return LedgerLeaf.objects.filter(entry__kind=kind).order_by("-index").values_list("index", flat=True)[0]


def begun(consent: Consent, house: House) -> None:
    if consent.state == ConsentState.GIVEN:  # the state machine asks as well, so it is got out of the way in the table
        drop_fence(Consent)
        write_raw(Consent, "state", _raw(consent.pk), "confirmed")
    answer = start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    assert answer.start is not None


@pytest.fixture
def no_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody has changed the gate so that it lets everything through."""
    monkeypatch.setattr(starting, "judge", lambda *args, **kwargs: NOTHING_MISSING)


@pytest.fixture
def surgery(house: House) -> House:
    """A clinic that plans sterilisations."""
    house.publish(LIGATION)
    return house


# ------------------------------------------------------------------------------------------------------ what is found


def test_a_clinic_in_order_has_nothing_to_look_at_but_the_outside(house: House, settings: Any, tmp_path: Path) -> None:
    consent = house.ready()
    issue_record(consent_id=consent.pk, language="en", by=consent.patient.account, via=Via.CLINIC_TABLET)
    begun(consent, house)
    assert found(house) == {}
    (audit,) = self_audit([house.site])
    assert audit.count == 1
    anchor(settings, tmp_path, house, clock.now())
    code, text = run()
    assert (code, text.count(": 0  [")) == (0, len(CHECKS))


def test_a_gate_that_lets_everything_through_is_found_out(surgery: House, no_gate: None) -> None:
    house, consent = surgery, surgery.given(surgery.procedure(code=LIGATION))
    raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note="",
        by=house.receptionist,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )
    let_pass(days=3)
    begun(consent, house)
    at_start = {name for name, places in found(house).items() if places[0].kind == EntryKind.PROCEDURE_STARTED}
    assert at_start == {
        "wait-broken",
        "not-confirmed",
        "operator-certificate",
        "obtainer-statement",
        "hold-open-at-start",
    }
    start = index_of(EntryKind.PROCEDURE_STARTED)
    assert all(places == [_finding(name, start)] for name, places in found(house).items() if name in at_start)


def test_a_start_on_the_day_of_signing_is_found(surgery: House, no_gate: None) -> None:
    consent = surgery.ready(surgery.procedure(code=LIGATION))
    begun(consent, surgery)
    assert {"signed-on-the-day", "wait-broken"} <= set(found(surgery))


def test_a_wait_that_is_over_is_not_found(surgery: House, no_gate: None) -> None:
    consent = surgery.ready(surgery.procedure(code=LIGATION))
    let_pass(days=30)
    begun(consent, surgery)
    assert "wait-broken" not in found(surgery)
    assert "not-confirmed" in found(surgery)


def test_a_talk_that_left_things_out_is_found_at_the_yes(
    surgery: House, no_gate: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saying_yes, "judge", lambda *args, **kwargs: NOTHING_MISSING)
    house, consent = surgery, surgery.proposed(surgery.procedure(code=LIGATION))
    less = {"witness_offered": False, "minutes_alone": 1, "no_loss_spoken": None, "was_live": False}
    talk = full_talk(consent, sheet_opened_at=clock.now(), **less)
    record_conversation(consent_id=consent.pk, talk=talk, by=house.midwife.account, form_key=uuid.uuid4())
    let_pass(minutes=3)
    give_consent(
        consent_id=consent.pk,
        shown_digest=consent.sheet_version.digest,
        signature=drawn(consent.patient_id),
        copy_choice=None,
        by=consent.patient.account,
        via=Via.CLINIC_TABLET,
    )
    assert set(found(house)) == {
        "witness-not-offered",
        "not-alone",
        "no-loss-not-spoken",
        "explained-on-paper-only",
        "yes-minutes-after-talk",
        "read-too-fast",
        "copy-not-handed-over",
    }


def test_an_interpreter_who_signed_nothing_is_found(house: House) -> None:
    consent = house.given(house.procedure(house.patient("Test Patient Two", languages=["zh-Hans"])))
    assert found(house) == {}
    statement = LedgerEntry.objects.get(kind=EntryKind.INTERPRETER_STATED)
    drop_fence(LedgerEntry)
    write_raw(LedgerEntry, "body", _raw(statement.pk), bytes(statement.body).replace(b"interpreter-", b"obtainer-"))
    (finding,) = found(house)["interpreter-statement"]
    assert (finding.kind, finding.index) == (EntryKind.CONSENT_GIVEN, index_of(EntryKind.CONSENT_GIVEN))
    assert consent.state == "given"


def test_a_paper_copy_is_owed_within_a_day(house: House) -> None:
    consent = house.given()
    assert found(house) == {}
    let_pass(hours=25)
    assert "copy-not-handed-over" in found(house)
    issue_record(consent_id=consent.pk, language="en", by=consent.patient.account, via=Via.OWN_CARD)
    assert "copy-not-handed-over" not in found(house)
    assert consent.copy_choice == CopyChoice.PAPER


@pytest.mark.parametrize("kind", [EntryKind.RECEIPT_DELIVERED, EntryKind.RECEIPT_DECLINED])
def test_each_word_of_the_patient_brings_a_slip_or_a_no_thank_you(house: House, kind: EntryKind) -> None:
    consent = house.informed()
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.CLINIC_TABLET, words="")
    let_pass(hours=25)
    (finding,) = found(house)["receipt-not-delivered"]
    assert finding.kind == EntryKind.CONSENT_REFUSED
    append(
        site=house.site,
        kind=kind,
        subject=consent.patient.ledger_subject,
        actor=Actor(kind=Role.RECEPTIONIST, ref=house.receptionist.pk, via=Via.STAFF),
        rows=[],
        occurred_at=clock.now(),
        detail={"entry": LedgerEntry.objects.get(kind=EntryKind.CONSENT_REFUSED).pk.hex},
    )
    assert found(house) == {}


def test_a_wish_for_removal_that_is_late(house: House) -> None:
    patient = house.patient()
    ask_removal(patient_id=patient.pk, device="coil", by=patient.account, via=Via.OWN_CARD, form_key=uuid.uuid4())
    let_pass(days=7)
    assert found(house) == {}
    let_pass(days=1)
    assert found(house) == {"removal-late": [_finding("removal-late", index_of(EntryKind.REMOVAL_ASKED))]}


def test_an_offer_too_soon_after_a_no(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(propose, "offer_verdict", lambda *args, **kwargs: NOTHING_MISSING)
    consent = house.given()
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.CLINIC_TABLET, words="")
    house.proposed(house.procedure(consent.patient))
    assert found(house)["asked-again-too-soon"] == [
        _finding("asked-again-too-soon", index_of(EntryKind.CONSENT_PROPOSED))
    ]


def test_a_sheet_that_was_replaced_before_the_start(house: House, no_gate: None) -> None:
    consent = house.ready()
    issue_record(consent_id=consent.pk, language="en", by=consent.patient.account, via=Via.CLINIC_TABLET)
    _publish_next_major(consent)
    begun(consent, house)
    assert set(found(house)) == {"sheet-not-in-force"}


def test_what_waits_has_no_place_yet(house: House, settings: Any) -> None:
    settings.LEDGER_SEALING = "service"
    consent = house.proposed()
    let_pass(minutes=16)
    waiting = found(house)["unsealed-too-long"]
    assert {(one.index, one.where) for one in waiting} == {(None, "waiting")}
    assert EntryKind.CONSENT_PROPOSED in {one.kind for one in waiting}
    assert consent.state == "draft"
    assert found(house, since=10_000)["unsealed-too-long"] == waiting


def test_since_leaves_out_what_was_known(house: House, no_gate: None) -> None:
    begun(house.given(), house)
    places = [one.index for one in found(house)["operator-certificate"]]
    start = index_of(EntryKind.PROCEDURE_STARTED)
    assert places == [start]
    assert "operator-certificate" in found(house, since=start)
    assert "operator-certificate" not in found(house, since=start + 1)


def test_one_clinic_does_not_see_the_other(house: House) -> None:
    other = House()
    other.given()
    let_pass(hours=25)
    assert found(house) == {}
    assert "copy-not-handed-over" in found(other)


# ------------------------------------------------------------------------------------------------------ what is said


def test_everything_is_told_without_a_person(house: House) -> None:
    build_full_story(house)
    let_pass(days=200)
    _code, text = run("--json")
    told = json.loads(text)
    assert told["findings_count"] > 3
    (site,) = told["sites"]
    assert "anchored" in site["anchoring"].lower()
    counts = Counter(one["check"] for one in site["checks"])
    assert counts == Counter(check.id for check in CHECKS)
    keys = {key for check in site["checks"] for one in check["findings"] for key in one}
    assert keys == {"incarnation", "entry", "kind"}
    said = text + run()[1]
    assert not [name for name in _names() if name in said]


def test_the_json_and_the_text_say_the_same(house: House, no_gate: None) -> None:
    begun(house.given(), house)
    code, text = run()
    _code, data = run("--json", "--site", house.site.name)
    lines = [line for line in text.splitlines() if line.startswith("    log ")]
    findings = [one for check in json.loads(data)["sites"][0]["checks"] for one in check["findings"]]
    assert code == 1
    assert [f"    log {one['incarnation']}, entry {one['entry']}: {one['kind']}" for one in findings] == lines


def test_it_says_when_it_could_not_look(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for options in (["--site", "no such clinic"], ["--since", "-1"]):
        with pytest.raises(CommandError) as refused:
            run(*options)
        assert refused.value.returncode == 2

    def broken(*args: Any, **kwargs: Any) -> Any:
        raise OperationalError("disk gone")

    monkeypatch.setattr(asking, "streams_of", broken)
    with pytest.raises(CommandError, match="disk gone") as refused:
        run()
    assert refused.value.returncode == 2


def test_without_a_ledger_it_says_so(db: None) -> None:
    code, text = run()
    assert code == 0
    assert "there is no ledger here yet" in text


def test_bytes_that_are_no_entry_are_found(house: House) -> None:
    house.given()
    entry = LedgerEntry.objects.get(kind=EntryKind.CONSENT_PROPOSED)
    drop_fence(LedgerEntry)
    write_raw(LedgerEntry, "body", _raw(entry.pk), b"{}")
    assert [one.index for one in found(house)["entry-unreadable"]] == [entry.index]


# -------------------------------------------------------------------------------------------------- what is read


def columns_of(sql: str) -> set[tuple[str, str]]:
    """Every column a statement names, under the name of its table."""
    aliases = {alias or table: table for table, alias in TABLE.findall(sql)}
    return {(aliases[name], column) for name, column in COLUMN.findall(sql)} if aliases else set()


def test_only_open_columns_are_read(house: House) -> None:
    build_full_story(house)
    let_pass(days=2)
    classes = {
        (model._meta.db_table, field.column): _class_of(model.__name__, field.name)
        for model in apps.get_models()
        if model._meta.app_label in {"clinic", "consent"}
        for field in model._meta.concrete_fields
    }
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert self_audit()
    read = {column for query in asked for column in columns_of(query["sql"].replace("\n", " "))}
    assert len(read) > 50
    assert {column for column in read if classes[column] is not PrivacyClass.OPEN} == set()
    assert not [query["sql"] for query in asked if "*" in query["sql"] and "COUNT(*)" not in query["sql"]]


def test_the_number_of_questions_does_not_grow_with_the_patients(house: House) -> None:
    house.given()
    with CaptureQueriesContext(connection) as few:
        self_audit([house.site])
    for number in range(5):
        house.given(house.procedure(house.patient(f"Test Patient {number}")))
    with CaptureQueriesContext(connection) as many:
        self_audit([house.site])
    assert len(many) == len(few)


# ------------------------------------------------------------------------------------------------------ the page


def test_the_auditor_reads_it_as_a_page(house: House, no_gate: None) -> None:
    consent = house.given()
    begun(consent, house)
    client = staff(house.auditor)
    assert client.get(reverse("home")).headers["Location"] == reverse("audit")
    page = client.get(reverse("audit")).content.decode()
    assert "Never anchored" in page
    assert f"{index_of(EntryKind.PROCEDURE_STARTED)}: " in page
    assert page.count('<th scope="col">') == 4
    assert page.count('<th scope="row">') == len(found(house)) + 1
    assert not [name for name in _names(without={house.auditor.display_name}) if name in page]


@pytest.mark.parametrize("who", ["receptionist", "advocate", "administrator", "midwife"])
def test_nobody_else_finds_the_page(house: House, who: str) -> None:
    account = house.midwife.account if who == "midwife" else getattr(house, who)
    assert staff(account).get(reverse("audit")).status_code == 404
    assert Client().get(reverse("audit")).status_code == 302


def test_a_clinic_without_a_ledger_has_a_page(house: House) -> None:
    auditor = House(preset=Preset.ENGLAND, sheets=()).auditor
    assert "no ledger yet" in staff(auditor).get(reverse("audit")).content.decode()


def _names(*, without: frozenset[str] | set[str] = frozenset()) -> set[str]:
    """Every name, and every id of a person, that the database holds."""
    people = set(apps.get_model("clinic", "Patient").objects.values_list("name", flat=True))
    ids = {
        key
        for model in ("Patient", "Account", "Practitioner")
        for pk in apps.get_model("clinic", model).objects.values_list("pk", flat=True)
        for key in (str(pk), pk.hex)
    }
    subjects = apps.get_model("clinic", "Patient").objects.values_list("ledger_subject", flat=True)
    accounts = set(apps.get_model("clinic", "Account").objects.values_list("display_name", flat=True))
    return (people | ids | {key.hex for key in subjects} | accounts | {str(key) for key in subjects}) - set(without)


def _class_of(model: str, field: str) -> PrivacyClass | None:
    for ask in (privacy_of, privacy_below):
        try:
            return ask(model, field)
        except KeyError:
            continue
    return None


def _raw(key: uuid.UUID) -> Any:
    return key if connection.vendor == "postgresql" else key.hex


def _finding(check: str, index: int) -> Finding:
    kind = LedgerLeaf.objects.get(index=index, ledger__incarnation=1).entry.kind
    return Finding(check=check, kind=kind, index=index, incarnation=1)


def _publish_next_major(consent: Consent) -> None:
    version = consent.sheet_version
    version.pk, version.major, version.published_at = uuid.uuid4(), version.major + 1, clock.now()
    version._state.adding = True
    version.save(force_insert=True)
