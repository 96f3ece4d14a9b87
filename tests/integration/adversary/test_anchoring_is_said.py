"""Nobody outside holds a head: then every page, slip and command that speaks of the ledger says so."""

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, find_commands

from clinic import clock
from consent.models import Ledger
from consent.queries.receipt_files import proof_file
from consent.queries.receipts import newest_slip_about, proof_of
from tests.factories import House
from tests.integration.adversary.world import World, browser_of, every_page, filled, ids_in_reach
from tests.unit.record.reading import run, squeezed
from tests.witnesses import anchor

FOR_MACHINES = {"log-checkpoint", "log-policy"}  # formats of others: the lines of witnesses are there, or they are not
NEVER = squeezed("Never anchored")
# What a command prints of the ledger, or why it prints nothing of it.
SAYS: dict[str, tuple[str, ...]] = {
    "ask_witnesses": (),
    "export_ledger": ("--to", "{folder}"),
    "ledger_continue": ("--site", "{site}"),
    "ledger_daily": ("--sheets", "{folder}"),
    "ledger_freeze": ("--site", "{site}", "--yes"),
    "ledger_recover": ("{slip}",),
    "publish_checkpoint": ("--sheets", "{folder}"),
    "record_guards": (),
    "rotate_key": ("--site", "{site}"),
    "run_sequencer": ("--once",),
    "self_audit": (),
    "stamp_checkpoint": (),
    "verify_bundle": ("{slip}",),
    "verify_ledger": (),
}
SILENT = {
    "erase_subject": "destroys a key; proves nothing",
    "generate_docs": "prints rules",
    "generate_roles": "prints SQL",
    "make_keys": "makes files",
    "migrate": "makes tables",
    "open_clinic": "opens a clinic that has no ledger yet",
    "publish_promise_keys": "prints which keys are on record",
    "publish_sheets": "freezes texts",
    "rules": "prints rules",
    "seed_demo": "invents people",
    "site_certificate": "makes or reads the certificate of a seal, which is no part of a ledger",
    "witness_key": "prints public keys with which we sign for others",
}


@pytest.fixture
def ledger(house: House) -> Ledger:
    house.given()
    return Ledger.objects.get(site=house.site)


def slip_of_a_lost_ledger(folder: Path, house: House) -> Path:
    """A slip of a log that this house closed since, and of an entry that its database does not hold."""
    entry = newest_slip_about(house.given())
    proof = proof_of(entry) if entry is not None else None
    assert proof is not None
    path = folder / "slip.tlog-proof"
    path.write_text(proof_file(proof, with_entry=True), encoding="utf-8")
    return path


def told(command: str, house: House, folder: Path) -> str:
    out = io.StringIO()
    words = {"site": str(house.site.pk), "folder": str(folder), "slip": str(slip_of_a_lost_ledger(folder, house))}
    with contextlib.suppress(SystemExit, CommandError):
        call_command(command, *[option.format(**words) for option in SAYS[command]], stdout=out, stderr=io.StringIO())
    return squeezed(out.getvalue())


def test_every_command_either_says_it_or_has_a_reason_not_to() -> None:
    folder = Path(apps.get_app_config("consent").path) / "management"
    assert set(find_commands(str(folder))) == set(SAYS) | set(SILENT)
    assert not set(SAYS) & set(SILENT)


@pytest.mark.parametrize("command", sorted(set(SAYS) - {"ledger_recover"}))
def test_every_command_says_it(command: str, ledger: Ledger, house: House, tmp_path: Path) -> None:
    assert NEVER in told(command, house, tmp_path)


@pytest.mark.parametrize("command", ["ask_witnesses", "run_sequencer", "self_audit", "verify_ledger"])
def test_a_command_stops_saying_never_once_somebody_has_signed(
    command: str, ledger: Ledger, house: House, settings: Any, tmp_path: Path
) -> None:
    anchor(settings, tmp_path, house, clock.now())
    said = told(command, house, tmp_path)  # a slip is made meanwhile, so there are newer entries
    assert NEVER not in said
    assert squeezed("Not anchored since") in said


def texts(answer: Any) -> str:
    """What a person reads on a page or a paper."""
    kind, content = answer.headers.get("Content-Type", ""), answer.getvalue()
    if kind.startswith("application/pdf"):
        return squeezed(run("pdftotext", content, after=("-",)))
    return squeezed(re.sub(r"<[^>]+>", "", content.decode("utf-8", "replace")))


def pages_about_the_ledger(role: str, world: World) -> Iterator[tuple[str, str]]:
    """Every page a role can open that names a log."""
    browser, ids = browser_of(role, world), ids_in_reach(role, world)
    for pattern in every_page():
        answer = browser.get(filled(pattern, ids))
        if answer.status_code == 200 and pattern.name not in FOR_MACHINES:
            text = texts(answer)
            if any(origin in text for origin in Ledger.objects.values_list("origin", flat=True)):
                yield pattern.name, text


@pytest.mark.parametrize("role", ["anonymous", "patient", "tablet", "midwife", "receptionist", "auditor"])
def test_every_page_that_names_a_log_says_it(role: str, world: World) -> None:
    found = dict(pages_about_the_ledger(role, world))
    assert [name for name, text in found.items() if NEVER not in text] == []
    assert ("logs" in found) == (role != "tablet"), "a tablet in her hands shows her own pages only"
    assert ("mine-slip" in found) == (role in {"patient", "tablet"})
