"""The ledger as a file: the stand-alone verifier, which shares no code with us, finds it whole or says what is not."""

import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from consent.actions.freeze_ledger import freeze_ledger
from consent.actions.rotate_key import rotate_key
from consent.ledger.tiles import tiles_of
from consent.models import Ledger, LedgerEntry, LedgerLeaf
from consent.queries.ledger_export import export_ledger
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.ledger.pen import hold_entry
from tests.integration.ledger.world import drop_fence, write_raw
from tests.slips import VERIFIER, policy_file, verifier
from tests.story_erasure import erased

VERIFIERS = ("freely_given_verify.html", "freely_given_verify.py")


def exported(folder: Path) -> Path:
    call_command("export_ledger", to=folder)
    (path,) = folder.glob("*.zip")
    return path


def test_what_the_house_exports_is_proven_without_the_house(
    house: House, movable_clock: MovableClock, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        house.given()
    hold_entry(house, is_urgent=False)
    movable_clock.forward(minutes=11)
    hold_entry(house)
    path = exported(tmp_path)
    said = capsys.readouterr().out
    count = LedgerLeaf.objects.count()
    assert f"{count} entries" in said
    assert "Never anchored" in said.splitlines()[-2]
    done = verifier(tmp_path, "export", path.read_bytes())
    assert done.returncode == 0, done.stdout
    assert f"all {count} entries" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Never anchored")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_export_is_checked_with_what_lies_in_it(house: House, tmp_path: Path) -> None:
    """By its own copy of the verifier, far from ours; the policy comes from elsewhere, as it should."""
    house.given()
    path = exported(tmp_path)
    away, policy = tmp_path / "away", policy_file(tmp_path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(away)
    for name in VERIFIERS:
        assert (away / name).read_bytes() == VERIFIER.with_name(name).read_bytes()
    for export in (path, away):
        words = [sys.executable, "-I", "freely_given_verify.py", "export", str(export), "--policy", str(policy)]
        done = subprocess.run(words, cwd=away, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        assert f"all {LedgerLeaf.objects.count()} entries" in done.stdout
    assert not (away / "__pycache__").exists()


def test_every_tile_and_bundle_of_the_specification_is_there(house: House, tmp_path: Path) -> None:
    house.given()
    with zipfile.ZipFile(exported(tmp_path)) as archive:
        names = set(archive.namelist())
    size = LedgerLeaf.objects.count()
    tiles = {tile.path() for tile in tiles_of(size)}
    others = {"README.txt", *VERIFIERS, "policy", "checkpoint", "checkpoints.txt", f"tile/entries/000.p/{size}"}
    assert names == tiles | others


def test_an_entry_changed_in_the_database_is_found_in_the_export(house: House, tmp_path: Path) -> None:
    house.given()
    row = LedgerEntry.objects.order_by("leaf__index").last()
    assert row is not None
    drop_fence(LedgerEntry)
    key = row.pk if connection.vendor == "postgresql" else row.pk.hex
    write_raw(LedgerEntry, "body", key, bytes(row.body).replace(b"consent.given", b"consent.refused"))
    done = verifier(tmp_path, "export", exported(tmp_path).read_bytes())
    assert done.returncode == 1
    assert "CONTRADICTED" in done.stdout


def test_whatever_a_clinic_has_lived_through_its_logs_are_proven(house: House, tmp_path: Path) -> None:
    """A new key, an erasure, a log closed and gone on in another: two exports, each whole by itself."""
    house.given()
    rotate_key(site_id=house.site.pk)
    erased(house)
    freeze_ledger(site_id=house.site.pk)
    house.given()
    call_command("export_ledger", to=tmp_path)
    for ledger in Ledger.objects.order_by("incarnation"):
        path = tmp_path / f"{ledger.origin.replace('/', '-')}.zip"
        done = verifier(tmp_path, "export", path.read_bytes())
        assert done.returncode == 0, done.stdout
        assert ledger.origin in done.stdout
    assert Ledger.objects.count() == 2


@pytest.mark.parametrize("name", ["tile/entries/000", "tile/0/000", "checkpoints.txt", "checkpoint"])
def test_one_wrong_byte_in_an_export_is_found(house: House, tmp_path: Path, name: str) -> None:
    house.given()
    with zipfile.ZipFile(exported(tmp_path)) as archive:
        files = {each: archive.read(each) for each in archive.namelist()}
    (name,) = [each for each in files if each.split(".p/")[0] == name]
    at = len(files[name]) // 3
    files[name] = files[name][:at] + bytes([files[name][at] ^ 1]) + files[name][at + 1 :]
    with zipfile.ZipFile(tmp_path / "wrong", "w") as archive:
        for each, data in files.items():
            archive.writestr(each, data)
    done = verifier(tmp_path, "export", (tmp_path / "wrong").read_bytes())
    assert done.returncode in {1, 2}, done.stdout


def test_a_log_that_has_sealed_nothing_writes_nothing(house: House, tmp_path: Path) -> None:
    house.given()
    ledger = Ledger.objects.get()
    empty = Ledger(id=ledger.pk.__class__(int=7), site=ledger.site, origin="freely-given/7", incarnation=2)
    with (tmp_path / "file").open("wb") as file:
        assert export_ledger(empty, file) is None


def test_a_folder_that_is_not_there_is_refused(house: House, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is not a folder"):
        call_command("export_ledger", to=tmp_path / "nowhere")
