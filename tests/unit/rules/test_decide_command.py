"""`rules decide`: every vector gets the published answer, in words and as data, the same on every machine."""

import dataclasses
import io
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.vocabulary import Preset
from consent.facts import GateFacts
from consent.management import decide
from consent.management.commands.rules import Command
from consent.rules.gate import Stage
from tests import clock
from tests.unit.rules import facts_vectors
from tests.unit.rules.facts_strategies import any_facts
from tests.unit.rules.facts_vectors import VECTORS, files, good_rows, vectors
from tests.unit.rules.schema_check import breaches

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "docs" / "facts.schema.json").read_text(encoding="utf-8"))
MRS_LI = ("--preset", "strict-default", "--at", "2027-04-01T08:00:00+08:00", "--stage", "start")


def ask(*arguments: str) -> tuple[int, str]:
    """The code the command ends with, and what it prints."""
    out = io.StringIO()
    try:
        call_command(Command(stdout=out, no_color=True), "decide", *arguments)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def about(row: dict[str, Any], preset: str | None = None) -> tuple[str, ...]:
    """The arguments that ask about one vector."""
    file = str(VECTORS / row["facts"])
    return file, "--preset", preset or row["preset"], "--at", row["at"], "--stage", row["stage"]


def refused(*arguments: str) -> str:
    """What the command says where it cannot ask."""
    with pytest.raises(CommandError) as refusal:
        ask(*arguments)
    return str(refusal.value)


def by_file(row: dict[str, Any]) -> str:
    return f"{Path(row['facts']).stem} {row.get('preset', '')}".strip()


@pytest.fixture
def mrs_li(tmp_path: Path) -> str:
    """The worked example of the page, as a file."""
    path = tmp_path / "case.json"
    path.write_text(re.findall(r"```json\n(.+?)```", PAGE, flags=re.DOTALL)[0], encoding="utf-8")
    return str(path)


# ------------------------------------------------------------------------------------------------ the vectors


def test_the_files_are_fresh() -> None:
    stale = [path.name for path, page in files() if not path.exists() or path.read_text(encoding="utf-8") != page]
    assert stale == [], f"run python -m {facts_vectors.__name__}"


def test_no_file_is_left_over() -> None:
    assert set((VECTORS / "facts").rglob("*.json")) == {path for path, _page in files() if path.parent != VECTORS}


@pytest.mark.parametrize("path", sorted((VECTORS / "facts").rglob("*.json")), ids=lambda path: path.stem)
def test_the_schema_accepts_the_file(path: Path) -> None:
    assert not list(breaches(json.loads(path.read_text(encoding="utf-8")), SCHEMA, SCHEMA))


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("row", good_rows(), ids=by_file)
def test_a_good_case_is_allowed_everywhere(row: dict[str, Any], preset: Preset) -> None:
    code, out = ask(*about(row, preset), "--json")
    answer = json.loads(out)
    assert (code, answer["allowed"], answer["unmet"], answer["warnings"]) == (0, True, [], [])
    assert answer["category"] == row["category"] and answer["particular"] == row["particular"]
    code, out = ask(*about(row, preset))
    assert code == 0 and out.startswith(
        f"Allowed: {row['stage']}, {row['category']}, {preset}, 15 June 2027, 17:00 (Asi"
    )
    assert out.count("\n") == 1


@pytest.mark.parametrize("row", vectors(), ids=by_file)
def test_a_timing_vector_gets_the_published_answer(row: dict[str, Any]) -> None:
    code, out = ask(*about(row), "--json")
    answer = json.loads(out)
    assert (code, answer["allowed"]) == ((0, True) if row["allowed"] else (1, False))
    assert [rule for missing in answer["unmet"] for rule in missing["rules"]] == row["rules"]
    assert row["allowed"] or row["blocked_by"] in row["rules"]
    code, out = ask(*about(row))
    assert code == (0 if row["allowed"] else 1)
    assert (
        re.findall(r"^(CR-\d{3}) [a-z-]+ \((?:block|hold|block-and-hold)\)$", out, flags=re.MULTILINE) == row["rules"]
    )


def test_the_timing_vectors_are_all_24() -> None:
    names = [row["id"] for row in vectors()]
    assert len(set(names)) == 24
    assert {row["preset"] for row in vectors() if row["id"] == "TV-12"} == set(Preset)


@pytest.mark.parametrize("row", vectors(), ids=by_file)
def test_the_facts_it_names_stand_in_the_file(row: dict[str, Any]) -> None:
    document = json.loads((VECTORS / row["facts"]).read_text(encoding="utf-8"))
    _code, out = ask(*about(row), "--json")
    named = [name for missing in json.loads(out)["unmet"] for name in missing["facts"]]
    assert bool(named) is not row["allowed"]
    for name in named:
        part = document
        for step in name.split("."):
            part = part[step]


# ------------------------------------------------------------------------------------------------ the answer


def test_the_page_shows_the_answer_that_the_command_gives(mrs_li: str) -> None:
    code, out = ask(mrs_li, *MRS_LI)
    assert code == 1
    assert re.findall(r"```text\n(.+?)```", PAGE, flags=re.DOTALL) == [out]
    assert "  May start from 1 April 2027, 16:00 (Asia/Shanghai)\n" in out
    assert ask(mrs_li, "--preset", "us-federal", *MRS_LI[2:])[0] == 0
    _code, later = ask(mrs_li, *MRS_LI[:3], "2027-04-01T16:00+08:00", *MRS_LI[4:], "--json")
    assert [missing["requirement"] for missing in json.loads(later)["unmet"]] == ["confirmed-today"]


def test_as_data_it_says_the_same_with_sorted_keys(mrs_li: str) -> None:
    _code, out = ask(mrs_li, *MRS_LI, "--json")
    answer = json.loads(out)
    assert out == json.dumps(answer, indent=2, sort_keys=True) + "\n"
    (missing,) = answer["unmet"]
    assert missing["rules"] == ["CR-002"] and missing["effect"] == "block"
    assert missing["earliest_at"] == "2027-04-01T08:00:00Z"
    assert missing["earliest_at_the_site"] == "2027-04-01T16:00:00+08:00"
    assert "consent.given_at" in missing["facts"]
    assert missing["sentence"] and missing["to_the_patient"] and missing["source"]


def test_a_warning_stands_apart_and_stops_nothing(tmp_path: Path) -> None:
    (row,) = [
        row for row in good_rows() if (row["category"], row["particular"], row["stage"]) == ("MAJOR", "", "start")
    ]
    document = json.loads((VECTORS / row["facts"]).read_text(encoding="utf-8"))
    document["conversation"]["signing_states"] = ["acute-severe-pain"]
    path = tmp_path / "case.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    code, out = ask(str(path), "--preset", "strict-default", "--at", row["at"], "--stage", "start")
    assert code == 0 and out.startswith("Allowed: ")
    assert "\nWarnings; they stop nothing, and are shown and recorded:\n\nCR-007 signing-moment (warn)\n" in out


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(facts=any_facts, stage=st.sampled_from(Stage), preset=st.sampled_from(Preset))
def test_any_facts_get_an_answer_that_can_be_shown(facts: GateFacts, stage: Stage, preset: Preset) -> None:
    """Whatever has passed the reader, the gate answers it; and words and data agree."""
    facts = dataclasses.replace(facts, preset=preset)
    verdict = decide.decide(facts, stage=stage)
    data, text = decide.as_data(verdict, facts, stage), list(decide.as_text(verdict, facts, stage))
    assert json.loads(json.dumps(data)) == data
    assert text[0].startswith("Allowed" if data["allowed"] else "Not allowed")
    for missing in (*data["unmet"], *data["warnings"]):
        assert f"  Source: {missing['source']}" in text and f"  {missing['sentence']}" in text


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another machine: another zone, another language, another day."""
    monkeypatch.setenv("TZ", "Pacific/Chatham")
    time.tzset()
    clock.install(monkeypatch, "2031-12-31T23:59:59+00:00")
    with translation.override("zh-hans"):
        yield
    monkeypatch.undo()
    time.tzset()


def test_the_answer_is_the_same_on_every_machine(mrs_li: str, request: pytest.FixtureRequest) -> None:
    asked = [(mrs_li, *MRS_LI), (mrs_li, *MRS_LI, "--json"), *(about(row) for row in vectors()[:5])]
    here = [ask(*arguments) for arguments in asked]
    request.getfixturevalue("elsewhere")
    assert [ask(*arguments) for arguments in asked] == here


# ------------------------------------------------------------------------------------------------ what cannot be asked


def test_everything_wrong_with_a_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text('{"time_zone": 8, "open_holds": NaN}')
    said = refused(str(path), *MRS_LI).splitlines()
    assert said[0].endswith("case.json' is not a case that the gate can be asked about:")
    assert "$.time_zone: expected an IANA time zone such as Asia/Shanghai; found 8" in said
    assert "$.open_holds: expected a whole number from 0 to 1000000000, or null; found NaN" in said


@pytest.mark.parametrize("when", ["2027-04-01T08:00:00", "2027-04-01", "today", "1 April", ""])
def test_a_moment_without_its_offset_is_refused(mrs_li: str, when: str) -> None:
    said = refused(mrs_li, "--preset", "england", "--stage", "start", "--at", when)
    assert said.startswith("--at: expected a time with its offset") and said.endswith(f"found {when!r}")


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    assert "cannot be opened" in refused(str(tmp_path / "none.json"), *MRS_LI)
    assert "cannot be opened" in refused(str(tmp_path), *MRS_LI)
    assert "cannot be opened" in refused("\0", *MRS_LI)


def test_unknown_presets_and_stages_are_refused_by_name(mrs_li: str) -> None:
    assert "invalid choice: 'france' (choose from" in refused(mrs_li, "--preset", "france", *MRS_LI[2:])
    assert "invalid choice: 'end' (choose from" in refused(mrs_li, *MRS_LI[:4], "--stage", "end")
    assert "arguments are required: --preset, --at, --stage" in refused(mrs_li)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (MRS_LI, 1, ""),
        (("--preset", "us-federal", *MRS_LI[2:]), 0, ""),
        ((*MRS_LI[:3], "2027-03-01T16:00:00+08:00", *MRS_LI[4:]), 2, "$.consent.given_at: expected no time after --at"),
        ((), 2, "arguments are required"),
    ],
)
def test_the_command_line_ends_with_its_code(mrs_li: str, arguments: tuple[str, ...], code: int, said: str) -> None:
    command = [sys.executable, "manage.py", "rules", "decide", mrs_li, *arguments]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == code
    assert said in run.stderr and "Traceback" not in run.stderr
    assert bool(run.stderr) is (code == 2) and bool(run.stdout) is (code != 2)
