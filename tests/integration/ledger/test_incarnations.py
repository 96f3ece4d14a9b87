"""A backup put back, a key replaced, a log closed: the clinic stops, looks at the papers, and goes on with the gap on
record.
"""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from consent import high_water
from consent.actions.continue_ledger import continue_ledger
from consent.actions.freeze_ledger import freeze_ledger
from consent.actions.recover_entry import recover_entry
from consent.actions.rotate_key import rotate_key
from consent.actions.seal_ledger import newest_ledger
from consent.actions.withdraw import withdraw_consent
from consent.exceptions import CheckOnPaperError, KeyStoreError
from consent.keys.log_keys import log_key_path, next_key_path
from consent.ledger.checkpoints import read_checkpoint
from consent.ledger.encoding import parse_entry
from consent.ledger.notes import VerifierKey
from consent.models import Consent, Ledger, LedgerCheckpoint, LedgerEntry, LedgerKey
from consent.queries.behind import behind_high_water, mark_those_behind
from consent.queries.ledger import verify
from consent.queries.receipt_files import proof_file
from consent.queries.receipts import proof_of
from consent.vocabulary import Via
from tests.factories import House
from tests.integration.ledger.world import taken_back


def receipt_file(entry: LedgerEntry) -> bytes:
    proof = proof_of(entry)
    assert proof is not None
    return proof_file(proof, with_entry=True).encode()


def ledger_of(house: House) -> Ledger:
    ledger = newest_ledger(house.site)
    assert ledger is not None
    return ledger


def sealed(ledger: Ledger) -> int:
    return LedgerCheckpoint.objects.filter(ledger=ledger).count() and (
        LedgerCheckpoint.objects.filter(ledger=ledger).latest("size").size
    )


def put_back(house: House) -> tuple[Ledger, int, bytes]:
    """A consent is given and a slip handed out; then the database goes back to the day before, the files do not."""
    ledger, before = ledger_of(house), sealed(ledger_of(house))
    with taken_back():
        consent = house.given()
        last = LedgerEntry.objects.filter(subject=consent.patient.ledger_subject).latest("sseq")
        slip = receipt_file(last)
        assert sealed(ledger) > before
    assert sealed(ledger) == before
    return ledger, before, slip


def test_a_sound_clinic_is_not_behind(house: House) -> None:
    house.given()
    head = high_water.last_head(ledger_of(house).pk)
    assert head is not None
    assert head.size == sealed(ledger_of(house))
    assert mark_those_behind() == []


def test_a_backup_put_back_is_noticed_and_stops_every_act(house: House) -> None:
    consent = house.given()
    ledger, before, _slip = put_back(house)
    behind = behind_high_water(ledger)
    assert behind is not None
    assert (behind.held_size, behind.known_size > before) == (before, True)
    assert [found for found, _why in mark_those_behind()] == [ledger]
    entries = LedgerEntry.objects.count()
    with pytest.raises(CheckOnPaperError, match="check on paper first"):
        withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    assert LedgerEntry.objects.count() == entries
    assert Consent.objects.get(pk=consent.pk).state == "given", "nothing was half written"


def test_the_sealer_notices_by_itself(house: House) -> None:
    consent = house.given()
    ledger, before, _slip = put_back(house)
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    assert sealed(ledger) == before, "nothing is signed beside what was signed"
    assert high_water.is_behind(ledger.pk)


def test_a_database_of_another_history_is_behind_too(house: House) -> None:
    ledger, _before, _slip = put_back(house)
    heads = high_water.heads_path(ledger.pk)
    kept = heads.read_bytes()
    heads.unlink()  # as if the file were on a disk that was away
    for _time in range(12):
        house.given()
    heads.write_bytes(kept)
    assert behind_high_water(ledger) is not None


def test_after_looking_at_the_papers_the_clinic_goes_on(house: House) -> None:
    old, before, _slip = put_back(house)
    first = continue_ledger(site_id=house.site.pk)
    detail = dict(parse_entry(bytes(first.body)).detail or {})
    assert detail["old_log"] == old.origin
    assert detail["held_size"] == before < int(str(detail["known_size"]))
    new = ledger_of(house)
    assert (new.incarnation, new.origin != old.origin, first.ledger) == (2, True, new)
    consent = house.given()
    assert LedgerEntry.objects.filter(subject=consent.patient.ledger_subject, ledger=new).count() >= 3
    report = verify()
    assert [finding.sentence for finding in report.findings] == []
    assert len(report.ledgers) == 2


def test_what_waited_when_the_old_log_was_closed_is_named_in_the_new_one(house: House) -> None:
    consent = house.given()
    put_back(house)
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    waiting = LedgerEntry.objects.get(kind="consent.withdrawn")
    assert waiting.index is None
    continue_ledger(site_id=house.site.pk)
    named = LedgerEntry.objects.get(kind="log.recovered")
    assert dict(parse_entry(bytes(named.body)).detail or {})["leaf"] == waiting.leaf_hash
    assert named.index is not None
    assert [finding.sentence for finding in verify().findings] == []


def test_nothing_to_restore_is_refused(house: House) -> None:
    house.given()
    with pytest.raises(Exception, match="nothing to restore"):
        continue_ledger(site_id=house.site.pk)


def test_a_patients_slip_brings_a_lost_entry_back(house: House, tmp_path: Path) -> None:
    _old, _before, slip = put_back(house)
    continue_ledger(site_id=house.site.pk)
    entry = recover_entry(receipt=slip)
    assert dict(parse_entry(bytes(entry.body)).detail or {})["kind"].startswith("consent.")
    path = tmp_path / "slip.tlog-proof"
    path.write_bytes(slip[:-20])
    with pytest.raises(CommandError, match="proves nothing"):
        call_command("ledger_recover", str(path))
    consent = house.given()
    here = receipt_file(LedgerEntry.objects.filter(subject=consent.patient.ledger_subject).latest("sseq"))
    with pytest.raises(Exception, match="nothing is lost"):
        recover_entry(receipt=here)


def test_the_command_lists_what_to_check_and_names_nobody(house: House) -> None:
    consent = house.given()
    put_back(house)
    out = io.StringIO()
    with pytest.raises(CommandError, match="Check on paper first"):
        call_command("ledger_continue", "--site", house.site.name, stdout=out)
    assert str(consent.pk) in out.getvalue()
    assert "Test Patient" not in out.getvalue()
    call_command("ledger_continue", "--site", house.site.name, "--checked-on-paper", stdout=out)
    assert "goes on in" in out.getvalue()


def keys_under(note: str) -> set[str]:
    return {line.split(" ")[1] + line.split(" ")[2][:5] for line in note.splitlines() if line.startswith("\u2014")}


def test_a_key_is_replaced_with_one_head_that_both_have_signed(house: House) -> None:
    house.given()
    ledger, old = ledger_of(house), log_key_path(ledger_of(house).pk).read_bytes()
    before = LedgerCheckpoint.objects.filter(ledger=ledger).latest("size")
    both = rotate_key(site_id=house.site.pk)
    house.given()
    after = LedgerCheckpoint.objects.filter(ledger=ledger).latest("size")
    assert len(read_checkpoint(both.note)[0].signatures) == 4
    assert keys_under(before.note) | keys_under(after.note) == keys_under(both.note)
    assert not keys_under(before.note) & keys_under(after.note)
    assert log_key_path(ledger.pk).read_bytes() != old
    assert not next_key_path(ledger.pk).exists()
    assert [finding.sentence for finding in verify().findings] == []


def test_a_rotation_that_a_crash_broke_off_is_finished_by_the_next_seal(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.given()
    ledger, old = ledger_of(house), log_key_path(ledger_of(house).pk).read_bytes()
    with monkeypatch.context() as crash:
        crash.setattr("consent.ledger_store.rotation.take_over", lambda _ledger_id: None)
        rotate_key(site_id=house.site.pk)
    assert log_key_path(ledger.pk).read_bytes() == old
    house.given()
    assert log_key_path(ledger.pk).read_bytes() != old
    assert [finding.sentence for finding in verify().findings] == []


def test_a_rotation_that_was_never_committed_changes_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.given()

    def disk_is_full(*_args: object, **_kwargs: object) -> None:
        raise KeyStoreError("the disk is full")

    with monkeypatch.context() as full:
        full.setattr("consent.ledger_store.rotation.keep_checkpoint", disk_is_full)
        with pytest.raises(KeyStoreError):
            rotate_key(site_id=house.site.pk)
    assert next_key_path(ledger_of(house).pk).exists()
    house.given()
    assert [finding.sentence for finding in verify().findings] == []


def test_a_log_is_closed_and_the_next_one_says_where_it_stood(house: House) -> None:
    house.given()
    old = ledger_of(house)
    first = freeze_ledger(site_id=house.site.pk)
    detail = dict(parse_entry(bytes(first.body)).detail or {})
    assert (detail["old_log"], detail["reason"]) == (old.origin, "frozen")
    frozen = LedgerEntry.objects.get(kind="log.frozen")
    assert (frozen.ledger, frozen.index is not None) == (old, True)
    house.given()
    assert sealed(ledger_of(house)) > 1
    assert [finding.sentence for finding in verify().findings] == []
    assert {VerifierKey.from_text(key.vkey).name for key in LedgerKey.objects.all()} == {
        old.origin,
        ledger_of(house).origin,
    }


@pytest.mark.parametrize("command", ["rotate_key", "ledger_freeze", "ledger_continue"])
def test_an_unknown_clinic_is_refused(house: House, command: str) -> None:
    with pytest.raises(CommandError, match="not exactly one clinic"):
        call_command(command, "--site", "nowhere")
