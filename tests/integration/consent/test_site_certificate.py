"""What a clinic seals its papers with: made, imported, shown, refused; and a paper sealed with it."""

import io
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command

from clinic import clock
from consent.actions.seal_copy import seal_with
from consent.keys.site_seals import keep_site_seal, read_site_seal, seal_paths
from consent.queries.seals import seal_findings, trusted_roots, usable_seal
from consent.record.certificates import SealFiles
from consent.record.judging import judge_seal
from consent.record.seal import Level
from tests.clock import MovableClock, install
from tests.factories import House
from tests.loopback import served
from tests.stamping import Stamper
from tests.unit.record.sealing import KEYS, certificate_pem, files, key_pem, small_file

pytestmark = pytest.mark.django_db
PDF = small_file()


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.SEAL_DIR = tmp_path / "seals"
    settings.SEAL_PASSPHRASE = ""
    return tmp_path


def told(*args: str) -> str:
    out = io.StringIO()
    call_command("site_certificate", *args, stdout=out)
    return out.getvalue()


def refusal(*args: str) -> str:
    with pytest.raises(CommandError) as refused:
        told(*args)
    return str(refused.value)


def imported(folder: Path, made: SealFiles) -> tuple[str, ...]:
    (folder / "key.pem").write_bytes(made.key)
    (folder / "chain.pem").write_bytes(made.chain)
    (folder / "lists.pem").write_bytes(made.lists)
    return ("--import", str(folder / "key.pem"), str(folder / "chain.pem"), "--revoked", str(folder / "lists.pem"))


def test_a_demonstration_certificate_is_made_once_and_shown(house: House, folder: Path) -> None:
    name = house.site.name
    assert "no certificate; papers are handed over without a seal" in told()
    shown = told("--site", name, "--demonstration")
    assert "Demonstration only" in shown
    assert "valid until" in shown
    assert "not who the clinic is" in shown
    assert "has a certificate; give --replace" in refusal("--site", name, "--demonstration")
    before = seal_paths(house.site.pk).key.read_bytes()
    told("--site", name, "--demonstration", "--replace")
    assert seal_paths(house.site.pk).key.read_bytes() != before
    for path in (folder / "seals").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_papers_sealed_before_a_replacement_can_still_be_judged(house: House, folder: Path) -> None:
    told("--site", house.site.name, "--demonstration")
    former = usable_seal(house.site.pk)
    assert former is not None
    paper = seal_with(PDF, site_seal=former).pdf
    told("--site", house.site.name, "--demonstration", "--replace")
    now = usable_seal(house.site.pk)
    assert now is not None
    assert now.root != former.root
    assert set(trusted_roots()) == {now.root, former.root}
    assert judge_seal(paper, trusted_roots=trusted_roots(), at=clock.now()).is_sound
    assert not judge_seal(paper, trusted_roots=[now.root], at=clock.now()).is_sound


def test_a_real_one_is_imported_after_it_was_checked(house: House, folder: Path) -> None:
    shown = told("--site", house.site.name, *imported(folder, files(clock.now())))
    assert "with a list of revoked certificates" in shown
    assert usable_seal(house.site.pk) is not None


def test_what_cannot_be_used_is_refused_and_nothing_changes(house: House, folder: Path) -> None:
    name, now = house.site.name, clock.now()
    good, other = files(now), files(now)
    told("--site", name, *imported(folder, good))
    mixed = imported(folder, SealFiles(key=other.key, chain=good.chain, lists=b""))
    said = refusal("--site", name, *mixed, "--replace")
    assert said.startswith("Nothing was changed: The key does not belong to the certificate")
    assert "cannot be read" in refusal("--site", name, "--import", "nowhere.pem", "nowhere.pem")
    assert "Say for which clinic" in refusal("--demonstration")
    assert "either --demonstration or --import" in refusal("--site", name, "--demonstration", *mixed)
    assert seal_paths(house.site.pk).key.read_bytes() == good.key


def test_an_expired_one_is_not_imported(house: House, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = files(clock.now())
    install(monkeypatch).set("2031-01-01T00:00:00+00:00")
    assert "expired" in refusal("--site", house.site.name, *imported(folder, made))
    assert read_site_seal(house.site.pk) is None


def test_an_encrypted_key_needs_the_passphrase_of_the_environment(house: House, folder: Path, settings: Any) -> None:
    made = SealFiles(key=key_pem(KEYS, b"a long passphrase"), chain=certificate_pem(KEYS), lists=b"")
    given = imported(folder, made)
    assert "SEAL_PASSPHRASE" in refusal("--site", house.site.name, *given)
    settings.SEAL_PASSPHRASE = "a long passphrase"
    told("--site", house.site.name, *given)
    settings.SEAL_PASSPHRASE = ""
    assert "cannot seal" in told()
    assert usable_seal(house.site.pk) is None


def _warnings() -> list[str]:
    return [found.msg for found in run_checks(databases=["default"]) if found.id == "consent.W005"]


def test_the_administrator_is_warned_before_and_after_it_expires(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    movable: MovableClock = install(monkeypatch)
    assert _warnings() == []
    told("--site", house.site.name, "--demonstration")
    assert _warnings() == []
    movable.forward(days=710)
    assert "valid until" in _warnings()[0]
    movable.forward(days=30)
    assert "papers are handed over without a seal" in _warnings()[0]
    assert usable_seal(house.site.pk) is None
    seal_paths(house.site.pk).chain.unlink()
    assert "is missing; import key and certificate together" in seal_findings()[0]
    settings.SEAL_STAMP_URL = "https://stamps.example"
    assert any("names no authority" in sentence for sentence in _warnings())


def test_others_may_not_read_the_key(house: House, folder: Path) -> None:
    told("--site", house.site.name, "--demonstration")
    seal_paths(house.site.pk).key.chmod(0o644)
    assert "may be read by others" in seal_findings()[0]
    assert usable_seal(house.site.pk) is None


@pytest.fixture
def stamped(house: House, folder: Path, settings: Any, tmp_path: Path) -> Iterator[Stamper]:
    keep_site_seal(house.site.pk, files(clock.now()))
    (tmp_path / "tsa").mkdir()
    stamper = Stamper.made_in(tmp_path / "tsa")
    settings.LEDGER_STAMP_CERTIFICATES = tmp_path / "tsa" / "pinned.pem"
    with served(stamper.answer) as url:
        settings.SEAL_STAMP_URL = url
        yield stamper


def test_a_paper_is_sealed_and_stamped_over_the_wire(house: House, stamped: Stamper) -> None:
    seal = usable_seal(house.site.pk)
    assert seal is not None
    sealed = seal_with(PDF, site_seal=seal)
    assert (sealed.level, sealed.not_stamped) == (Level.LTA, "")


def test_when_nobody_answers_it_is_sealed_and_the_log_says_so(
    house: House, stamped: Stamper, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SEAL_STAMP_URL = "http://127.0.0.1:9/"
    seal = usable_seal(house.site.pk)
    assert seal is not None
    sealed = seal_with(PDF, site_seal=seal)
    assert sealed.level is Level.B
    assert "does not answer" in sealed.not_stamped
    assert "not stamped" in caplog.text
    assert judge_seal(sealed.pdf, trusted_roots=[seal.root], at=clock.now()).is_sound
