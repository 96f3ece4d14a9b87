"""Sheets are published once, whole, and frozen; her record says what happened and nothing that could harm her."""

import shutil
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinic.exceptions import NotAllowedError
from consent.actions.issue_record import issue_record
from consent.actions.publish_sheets import publish_sheets
from consent.actions.raise_hold import raise_hold
from consent.actions.start_procedure import start_procedure
from consent.actions.withdraw import withdraw_consent
from consent.catalogue import FOLDER
from consent.exceptions import IncompleteSheetError
from consent.models import FrozenRecord, InformationSheetVersion, LedgerEntry, RecordIssue
from consent.record.pdf import render_record
from consent.record_facts import ConsentRecord
from consent.vocabulary import HoldReason, Via
from tests.factories import IUD, House
from tests.records import record_now


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """A copy of one sheet that a test may change."""
    shutil.copytree(FOLDER / IUD, tmp_path / IUD)
    return tmp_path


def change(catalogue: Path, old: str, new: str) -> None:
    path = catalogue / IUD / "en.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_publishing_twice_publishes_once(house: House) -> None:
    first = publish_sheets(site_id=house.site.pk, by=house.administrator)
    assert len(first.published) == 26, "twelve sheets in two languages, one in four more, less the two of the fixture"
    entries = LedgerEntry.objects.count()
    second = publish_sheets(site_id=house.site.pk, by=house.administrator)
    assert (len(second.published), len(second.unchanged)) == (0, 28)
    assert LedgerEntry.objects.count() == entries


def test_a_sheet_with_a_missing_element_is_refused_by_name(house: House, catalogue: Path) -> None:
    change(catalogue, 'version = "1.0"', 'version = "1.1"')
    change(catalogue, 'id = "DL-5"', 'id = "DL-4"')
    with pytest.raises(IncompleteSheetError, match=r"copper-iud-insertion/en\.toml.*DL-5"):
        publish_sheets(site_id=house.site.pk, by=house.administrator, folder=catalogue)
    assert InformationSheetVersion.objects.count() == 2


def test_published_words_never_change_under_the_same_number(house: House, catalogue: Path) -> None:
    change(catalogue, "reading_minutes = ", "reading_minutes = 1")
    with pytest.raises(IncompleteSheetError, match="new version number"):
        publish_sheets(site_id=house.site.pk, by=house.administrator, folder=catalogue)


def test_a_new_major_version_shuts_the_gate_for_older_yeses(house: House, catalogue: Path) -> None:
    consent = house.ready()
    change(catalogue, 'version = "1.0"', 'version = "2.0"')
    publish_sheets(site_id=house.site.pk, by=house.administrator, folder=catalogue)
    answer = start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    assert {unmet.requirement_id for unmet in answer.verdict.unmet} == {"sheet-current"}


def test_a_broken_file_is_named_by_the_command(house: House, catalogue: Path) -> None:
    (catalogue / IUD / "en.toml").write_text("[sheet\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"copper-iud-insertion/en\.toml"):
        call_command("publish_sheets", by=house.administrator.username, folder=catalogue)


def test_only_an_administrator_publishes(house: House) -> None:
    with pytest.raises(NotAllowedError):
        publish_sheets(site_id=house.site.pk, by=house.midwife.account)


def test_only_the_patient_gets_a_copy(house: House) -> None:
    consent = house.given()
    for account in (house.midwife.account, house.receptionist, house.patient("Test Patient Two").account):
        with pytest.raises(NotAllowedError):
            issue_record(consent_id=consent.pk, language="en", by=account, via=Via.OWN_CARD)
    assert not RecordIssue.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_her_copy_is_a_file_and_an_entry(house: House, language: str) -> None:
    consent = house.ready()
    copy = issue_record(consent_id=consent.pk, language=language, by=consent.patient.account, via=Via.OWN_CARD)
    assert copy.pdf.startswith(b"%PDF-")
    assert RecordIssue.objects.get().pdf_digest == copy.digest


def test_her_record_says_nothing_of_holds_or_staff_worries(house: House) -> None:
    consent = house.given()
    secret = "Her brother answers for her."
    without_hold, frozen = record_now(consent), FrozenRecord.objects.filter(consent=consent).count()
    raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note=secret,
        by=house.receptionist,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )
    with_hold = record_now(consent)
    assert secret not in repr(with_hold)
    assert "old raised" not in repr(with_hold)
    assert replace(with_hold, made_at=without_hold.made_at) == without_hold, "nothing in it must tell"
    assert FrozenRecord.objects.filter(consent=consent).count() == frozen, "nor that another one was made"
    kinds = [event.sentence for event in with_hold.events]
    assert kinds == ["Information sheet chosen", "Conversation recorded", "Patient said yes"]


def test_a_record_that_changes_while_it_is_printed_is_printed_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = house.given()
    printed = []

    def print_slowly(record: ConsentRecord, **more: object) -> bytes:
        if not printed:
            withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
        printed.append(record.state)
        return render_record(record, **more)  # type: ignore[arg-type]

    monkeypatch.setattr("consent.actions.make_copy.render_record", print_slowly)
    issue_record(consent_id=consent.pk, language="en", by=consent.patient.account, via=Via.OWN_CARD)
    assert printed == ["Given", "Taken back"]
    assert RecordIssue.objects.count() == 1
