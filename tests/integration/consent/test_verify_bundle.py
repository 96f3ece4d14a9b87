"""The command that checks a bundle: itself, its seals, and this house's ledger. It agrees with the shipped verifier."""

import io
import random
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinic import clock
from consent.keys.site_seals import keep_site_seal
from consent.models import LedgerEntry
from consent.record.archive import archive_bytes, members_of
from consent.record.bundle import MANIFEST, NOTE
from consent.record.certificates import demonstration_files
from tests.factories import House
from tests.integration.consent.test_bundles import taken
from tests.slips import verifier


def said(path: Path, *options: str) -> tuple[int, str]:
    """Exit code and what the command printed."""
    out = io.StringIO()
    try:
        call_command("verify_bundle", str(path), *options, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


@pytest.fixture
def path(house: House, tmp_path: Path, settings) -> Path:
    """A bundle of one sealed record, as a file."""
    settings.SEAL_DIR = tmp_path / "seals"
    keep_site_seal(house.site.pk, demonstration_files(house.site.name, at=clock.now()))
    place = tmp_path / "papers.zip"
    place.write_bytes(taken(house.given().patient))
    return place


def test_it_says_what_is_proven(path: Path) -> None:
    code, words = said(path)
    assert code == 0, words
    assert "PROVEN: signed by the log freely-given/" in words
    assert "Records: 1." in words
    assert "Seals found right: 1." in words


def test_a_bundle_outlives_the_certificate_of_its_seals(path: Path, house: House) -> None:
    keep_site_seal(house.site.pk, demonstration_files(house.site.name, at=clock.now()))
    code, words = said(path)
    assert code == 0, words
    assert "Seals found right: 1." in words


def test_an_entry_that_is_not_in_our_ledger_is_named(path: Path, house: House, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(LedgerEntry.objects, "filter", lambda **_which: LedgerEntry.objects.none())
    code, words = said(path)
    assert code == 1
    assert "is not in the ledger" in words


def test_a_paper_of_another_clinic_put_in_is_refused(path: Path, house: House) -> None:
    other = House()
    keep_site_seal(other.site.pk, demonstration_files(other.site.name, at=clock.now()))
    foreign = members_of(taken(other.given().patient))["record-1/record.pdf"]
    mixed = [
        (name, foreign if name == "record-1/record.pdf" else data)
        for name, data in members_of(path.read_bytes()).items()
    ]
    path.write_bytes(archive_bytes(mixed))
    code, words = said(path)
    assert code == 1
    assert "the record inside the paper is another one" in words
    assert "The list does not name exactly the members" in words


def test_the_command_and_the_shipped_verifier_agree_over_damages(path: Path, tmp_path: Path) -> None:
    good, hand = path.read_bytes(), random.Random(3)  # noqa: S311  # a hand, not a secret
    for at in sorted(hand.sample(range(len(good)), 8)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1 << hand.randrange(8)]) + good[at + 1 :])
        assert said(path)[0] == 1, at
        assert verifier(tmp_path, "bundle", path.read_bytes()).returncode in (1, 2), at


def test_what_is_no_archive_and_what_is_not_there(path: Path, tmp_path: Path) -> None:
    (tmp_path / "none.txt").write_bytes(b"hello")
    assert said(tmp_path / "none.txt")[0] == 1
    assert said(tmp_path / "nowhere.zip") == (
        2,
        f"{tmp_path / 'nowhere.zip'} cannot be read: No such file or directory",
    )
    assert said(path, "--policy", str(tmp_path / "none.txt"))[0] == 2


def test_with_the_policy_that_lies_in_it(path: Path, tmp_path: Path) -> None:
    members = members_of(path.read_bytes())
    (tmp_path / "policy").write_bytes(members["policy"])
    assert said(path, "--policy", str(tmp_path / "policy"))[0] == 0
    assert {MANIFEST, NOTE} < members.keys()
