"""Keys are made by the commands that open a clinic, and asked for before the server starts."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from clinic.models import Site
from consent.checks import check_keys, refuse_start_without_guards


@pytest.fixture
def no_keys_yet(tmp_path: Path, settings) -> Path:
    settings.SUBJECT_KEY_DIR = tmp_path / "keys"
    settings.MASTER_KEY_FILE = tmp_path / "keys" / "master.key"
    return tmp_path / "keys"


def said(*command: str, **options: str) -> str:
    out = io.StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_make_keys_makes_them_once_and_says_where(no_keys_yet: Path) -> None:
    first = said("make_keys")
    assert str(no_keys_yet / "master.key") in first and "30 days" in first
    kept = (no_keys_yet / "master.key").read_bytes()
    assert "nothing was changed" in said("make_keys")
    assert (no_keys_yet / "master.key").read_bytes() == kept
    assert kept.split()[-1].decode() not in first


@pytest.mark.django_db
def test_opening_a_clinic_makes_the_keys(no_keys_yet: Path) -> None:
    out = said("open_clinic", name="Clinic with keys", time_zone="Europe/Lisbon")
    assert str(no_keys_yet / "master.key") in out
    assert (no_keys_yet / "master.key").stat().st_mode & 0o777 == 0o600
    assert "master key" not in said("open_clinic", name="Another", time_zone="Europe/Lisbon")


@pytest.mark.django_db
def test_no_clinic_is_opened_over_a_lost_master_key(no_keys_yet: Path) -> None:
    said("make_keys")
    (no_keys_yet / "master.key").unlink()
    with pytest.raises(CommandError, match="put it back"):
        said("open_clinic", name="Clinic without keys", time_zone="Europe/Lisbon")
    assert not Site.objects.filter(name="Clinic without keys").exists()
    with pytest.raises(CommandError, match="No key was made"):
        said("make_keys")


@pytest.mark.django_db
def test_in_production_the_server_does_not_start_without_keys(no_keys_yet: Path, settings) -> None:
    refuse_start_without_guards()  # elsewhere the commands make them
    settings.PROFILE = "production"
    with pytest.raises(SystemExit, match=r"^Freely Given cannot start: there is no master key .* manage\.py make_keys"):
        refuse_start_without_guards()
    assert [one.id for one in check_keys(None, databases=["default"])] == ["consent.W002"]
    assert check_keys(None, databases=None) == []
    said("make_keys")
    refuse_start_without_guards()
