"""A rule file that cannot be trusted stops the start, with file, line and reason."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from clinic.vocabulary import Preset
from consent.checks import check_rules, check_rules_of_sites, refuse_start_without_guards
from consent.queries import policies
from consent.rules import definitions, policy, site_rules
from consent.rules.policy import PolicyError
from consent.rules.site_rules import file_name, folder_findings, site_findings, table_of_site
from tests.factories import House

STRICTER = "[CR-050.alone_minutes]\nSTER = { value = 15 }\n"
LOOSER = STRICTER.replace("15", "5")
SITE = uuid.UUID(int=7)


def test_shipped_rules_are_trusted() -> None:
    assert check_rules(None) == []


@pytest.mark.parametrize("name", ["a-time", "strict-default"])
def test_a_broken_shipped_table_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = definitions.preset_text

    def with_one_line_more(*names: str) -> str:
        text = whole(*names)
        return text + "\n[CR-999]\ncolour = 1\n" if names[-1] == f"{name}.toml" else text

    monkeypatch.setattr(definitions, "preset_text", with_one_line_more)
    monkeypatch.setattr(policy, "preset_text", with_one_line_more)
    monkeypatch.setattr(site_rules, "definitions", definitions.definitions.__wrapped__)
    monkeypatch.setattr(site_rules, "load_preset", policy.load_preset.__wrapped__)
    (found, *_) = check_rules(None)
    assert found.id == "consent.E001"
    assert f"{name}.toml:" in found.msg and "CR-999" in found.msg


def test_a_site_without_a_file_follows_its_preset(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        assert table_of_site(Preset.ENGLAND, SITE, folder=folder) is policy.load_preset(Preset.ENGLAND)
    assert site_findings(None, {}) == folder_findings(None) == []


def test_a_site_with_a_file_follows_it(tmp_path: Path) -> None:
    (tmp_path / file_name(SITE)).write_text(STRICTER)
    table = table_of_site(Preset.ENGLAND, SITE, folder=tmp_path)
    assert table.rules["STER"]["alone_minutes"].value == 15
    assert table_of_site(Preset.ENGLAND, uuid.UUID(int=8), folder=tmp_path) is policy.load_preset(Preset.ENGLAND)
    assert site_findings(tmp_path, {SITE: Preset.ENGLAND}) == []


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (LOOSER.encode(), f"{SITE.hex}.toml:2: CR-050.alone_minutes.STER: value 5 is looser than 10 of the preset"),
        (b"[CR-050", f"{SITE.hex}.toml:1: not TOML"),
        (b"\xff\xfe", f"{SITE.hex}.toml:1: the file: cannot be read"),
    ],
)
def test_a_file_of_a_site_is_named_with_line_and_reason(tmp_path: Path, content: bytes, complaint: str) -> None:
    (tmp_path / file_name(SITE)).write_bytes(content)
    (problem,) = site_findings(tmp_path, {SITE: Preset.ENGLAND})
    assert problem.startswith(complaint)
    with pytest.raises(PolicyError):
        table_of_site(Preset.ENGLAND, SITE, folder=tmp_path)


def test_every_file_of_a_site_that_cannot_be_trusted_is_named(tmp_path: Path) -> None:
    other = uuid.UUID(int=8)
    for site_id in (SITE, other):
        (tmp_path / file_name(site_id)).write_text(LOOSER)
    found = site_findings(tmp_path, {SITE: Preset.ENGLAND, other: Preset.US_FEDERAL})
    assert [problem.partition(":")[0] for problem in found] == [file_name(SITE), file_name(other)]


def test_what_does_not_belong_into_the_folder_is_named(tmp_path: Path) -> None:
    for name in ("notes.txt", f"{SITE}.toml", f"{SITE.hex.upper()[:-1]}A.toml", "england.toml", ".hidden"):
        (tmp_path / name).write_text("")
    assert len(folder_findings(tmp_path)) == 4
    assert site_findings(tmp_path, {}) == []
    (tmp_path / file_name(SITE)).write_text("")
    assert site_findings(tmp_path, {}) == [f"{SITE.hex}.toml: no site has this id"]
    missing = tmp_path / "none"
    assert folder_findings(missing) == [f"{missing}: is no folder; set FREELY_GIVEN_SITE_RULES to one, or leave it out"]
    assert site_findings(missing, {}) == []


@pytest.mark.django_db
def test_the_server_does_not_start_on_a_loosening(tmp_path: Path, settings: Any) -> None:
    site = House().site
    settings.FREELY_GIVEN_SITE_RULES = tmp_path
    file = tmp_path / file_name(site.pk)
    file.write_text(STRICTER)
    refuse_start_without_guards()
    assert check_rules_of_sites(None, databases=["default"]) == []
    file.write_text(LOOSER)
    (message,) = check_rules_of_sites(None, databases=["default"])
    assert message.id == "consent.E002"
    assert f"{site.pk.hex}.toml:2: CR-050.alone_minutes.STER: value 5 is looser than 10 of the preset" in message.msg
    with pytest.raises(SystemExit, match=r"^Freely Given cannot start: the rules of a site cannot be trusted: .*\.$"):
        refuse_start_without_guards()
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(SystemExit, match=r"the rules cannot be trusted: notes\.txt"):
        refuse_start_without_guards()
    assert check_rules_of_sites(None, databases=None) == []


@pytest.mark.django_db
def test_a_change_of_a_file_needs_a_restart(tmp_path: Path, settings: Any) -> None:
    site = House().site
    settings.FREELY_GIVEN_SITE_RULES = tmp_path
    file = tmp_path / file_name(site.pk)
    file.write_text(STRICTER)
    before = policies.law_of(site)
    assert before.rules["STER"]["alone_minutes"].value == 15
    file.write_text(STRICTER.replace("15", "20"))
    assert policies.law_of(site) is before
    assert policies.presets_of_sites(using=connection.alias)[site.pk] == site.preset
