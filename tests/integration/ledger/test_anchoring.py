"""Every command and every page that speaks of the ledger says how far somebody outside has confirmed it."""

import contextlib
import dataclasses
import datetime
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from clinic import clock
from consent.ledger.checkpoints import read_checkpoint
from consent.ledger.cosignatures import mldsa_line
from consent.models import Ledger, LedgerCosignature
from consent.queries.anchoring import Anchoring, anchoring_of
from consent.queries.ledger import verify
from consent.queries.witness_lines import signed_name
from tests import log_world
from tests.factories import House, let_pass
from tests.story_ledger import cosign, stamp
from tests.witnesses import ALLY, BOTH, MIRROR, anchor, newest_head, trust


def anchoring(house: House) -> Anchoring:
    return anchoring_of(Ledger.objects.filter(site=house.site).latest("incarnation"))


def told(command: str, *options: str) -> str:
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command(command, *options, stdout=out)
    return out.getvalue()


def mirror_signs(house: House, *, at: datetime.datetime) -> None:
    """The second witness signs the newest head, with its other kind of key."""
    head, at = newest_head(house), at.replace(microsecond=0)
    said = read_checkpoint(head.note)[1]
    line = mldsa_line(MIRROR.key.name, log_world.WITNESS_MLDSA, said.origin, said.size, said.root, int(at.timestamp()))
    row = LedgerCosignature(
        ledger_id=head.ledger_id,
        size=head.size,
        root_hash=head.root_hash,
        key_name=signed_name(MIRROR.key),
        line=line,
        cosigned_at=at,
        received_at=at,
    )
    row.id = row.computed_id()
    row.save(force_insert=True)


def test_without_anybody_outside_it_was_never_anchored(house: House) -> None:
    house.given()
    found = anchoring(house)
    assert (found.is_anchored, found.anchored_at, found.anchored_size, found.entries_since) == (
        False,
        None,
        0,
        newest_head(house).size,
    )
    assert found.sentence.startswith("Never anchored")


def test_a_witness_of_the_policy_anchors_it(house: House, settings: Any, tmp_path: Path) -> None:
    house.given()
    head = anchor(settings, tmp_path, house, clock.now())
    found = anchoring(house)
    assert (found.is_anchored, found.anchored_size, found.entries_since) == (True, head.size, 0)
    assert found.sentence.startswith("Anchored: somebody outside")
    let_pass(hours=25)
    assert "more than a day ago" in anchoring(house).sentence
    house.next_start = clock.now() + datetime.timedelta(hours=1)
    house.given()
    found = anchoring(house)
    assert (found.is_anchored, found.entries_since > 0) == (False, True)
    assert found.sentence.startswith("Not anchored since 15 January 2027")


def test_a_heartbeat_makes_it_fresh_again(house: House, settings: Any, tmp_path: Path) -> None:
    house.given()
    head = anchor(settings, tmp_path, house, clock.now())
    let_pass(hours=30)
    cosign(head, at=clock.now())
    found = anchoring(house)
    assert found.anchored_at is not None
    assert clock.now() - found.anchored_at < datetime.timedelta(minutes=1)
    assert found.sentence.startswith("Anchored: ")


def test_a_witness_nobody_named_counts_for_nothing(house: House, settings: Any, tmp_path: Path) -> None:
    house.given()
    cosign(newest_head(house), at=clock.now())
    assert anchoring(house).sentence.startswith("Never anchored")
    trust(settings, tmp_path, MIRROR, quorum="Mirror")
    assert anchoring(house).sentence.startswith("Never anchored")
    trust(settings, tmp_path, ALLY)  # named, though the policy asks for nobody
    assert anchoring(house).is_anchored
    settings.LEDGER_POLICY_FILE.write_text("no policy\n", encoding="utf-8")
    assert anchoring(house).sentence.startswith("Never anchored")


def test_only_a_whole_quorum_counts_and_its_last_signature_gives_the_time(
    house: House, settings: Any, tmp_path: Path
) -> None:
    house.given()
    trust(settings, tmp_path, ALLY, MIRROR, quorum="Both", groups=BOTH)
    cosign(newest_head(house), at=clock.now())
    assert not anchoring(house).is_anchored
    first = clock.now()
    let_pass(hours=1)
    mirror_signs(house, at=clock.now())
    found = anchoring(house)
    assert found.is_anchored
    assert found.anchored_at is not None
    assert found.anchored_at <= first, "both have confirmed it since the earlier of the two"
    assert verify().count == 0


def test_a_line_that_is_not_right_is_found_and_counts_for_nothing(house: House, settings: Any, tmp_path: Path) -> None:
    house.given()
    earlier = newest_head(house)
    house.given()
    anchor(settings, tmp_path, house, clock.now())
    assert verify().count == 0
    good = LedgerCosignature.objects.get()
    moved = LedgerCosignature(
        ledger_id=good.ledger_id,
        size=earlier.size,
        root_hash=earlier.root_hash,
        key_name=good.key_name,
        line=good.line,
        cosigned_at=good.cosigned_at,
        received_at=good.received_at,
    )
    moved.id = moved.computed_id()
    moved.save(force_insert=True)
    assert [finding.what for finding in verify().findings] == ["cosignature"]
    assert anchoring(house).anchored_size == good.size


def test_a_witness_that_signed_another_history_is_a_finding(house: House, settings: Any, tmp_path: Path) -> None:
    house.given()
    head = newest_head(house)
    trust(settings, tmp_path, ALLY, quorum="Ally")
    other = dataclasses.replace(read_checkpoint(head.note)[1], root=b"\x01" * 32)
    head.root_hash, head.note = other.root.hex(), head.note.replace(read_checkpoint(head.note)[0].text, other.to_text())
    cosign(head, at=clock.now())
    assert "forked" in [finding.what for finding in verify().findings]
    assert not anchoring(house).is_anchored


def test_a_stamp_of_an_authority_nobody_pinned_counts_for_nothing(house: House) -> None:
    house.given()
    stamp(newest_head(house), at=clock.now())
    assert anchoring(house).sentence.startswith("Never anchored")


@pytest.mark.parametrize("command", ["verify_ledger", "self_audit"])
def test_every_report_says_it_in_words_and_for_machines(
    house: House, settings: Any, tmp_path: Path, command: str
) -> None:
    assert "Never anchored" in told(command)
    house.given()
    assert "Never anchored" in told(command)
    assert "level 0" in told(command)
    report = json.loads(told(command, "--json"))
    (part,) = report.get("ledgers") or report["sites"]
    assert "Never anchored" in part["anchoring"]
    anchor(settings, tmp_path, house, clock.now())
    text = told(command)
    assert "Anchored: somebody outside" in text
    assert "Not anchored" not in text
    house.given()
    assert "Not anchored since" in told(command)
    settings.LEDGER_KEY_LEVEL = 2
    assert "level 2" in told(command)


def test_the_json_of_verify_tells_how_far(house: House, settings: Any, tmp_path: Path) -> None:
    house.given()
    assert json.loads(told("verify_ledger", "--json"))["anchored"] is False
    head = anchor(settings, tmp_path, house, clock.now())
    report = json.loads(told("verify_ledger", "--json"))
    assert (report["anchored"], report["key_level"]) == (True, 0)
    assert (report["ledgers"][0]["anchored_size"], report["ledgers"][0]["entries_since"]) == (head.size, 0)
    house.given()
    report = json.loads(told("verify_ledger", "--json"))
    assert (report["anchored"], report["ledgers"][0]["entries_since"] > 0) == (False, True)
