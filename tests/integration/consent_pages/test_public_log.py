"""What anybody can fetch of a ledger is enough to check it, and holds no entry and no name."""

import datetime
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from clinic import clock
from consent.ledger.checkpoints import verify_checkpoint
from consent.ledger.policy import parse_policy
from consent.ledger.tiles import TileNodes, tile_root, tiles_of
from consent.ledger.tree import Frontier
from consent.models import Ledger, LedgerCheckpoint, LedgerLeaf
from tests.factories import House
from tests.integration.ledger.pen import hold_entry
from tests.witnesses import anchor


def fetch(name: str, *args: str) -> Any:
    return Client().get(reverse(name, args=args))


@pytest.fixture
def log_id(house: House) -> str:
    house.given()
    return Ledger.objects.get(site=house.site).pk.hex


def test_the_head_verifies_with_the_policy_and_the_hashes_lead_to_it(log_id: str) -> None:
    policy = parse_policy(fetch("log-policy", log_id).content)
    answer = fetch("log-checkpoint", log_id)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    head = verify_checkpoint(answer.content, policy).checkpoint
    assert head.origin.endswith(log_id)
    (tile,) = tiles_of(head.size)
    hashes = fetch("log-tile", log_id, tile.path()).content
    nodes, frontier = TileNodes(lambda _level, _number: hashes), Frontier()
    for index in range(head.size):
        frontier = frontier.append(nodes(0, index))
    assert frontier.root() == head.root


def test_a_head_that_was_witnessed_carries_the_witness(
    log_id: str, house: House, settings: Any, tmp_path: Path
) -> None:
    anchor(settings, tmp_path, house, clock.now())
    anchor(settings, tmp_path, house, clock.now() + datetime.timedelta(seconds=5))
    policy = parse_policy(fetch("log-policy", log_id).content)
    assert policy.quorum == "Ally"
    found = verify_checkpoint(fetch("log-checkpoint", log_id).content, policy)
    assert [witness.name for witness in found.witnesses] == ["Ally"]
    assert "Anchored: somebody outside" in fetch("logs").content.decode()


@pytest.mark.parametrize(
    "path",
    ["tile/0/000", "tile/0/000.p/200", "tile/1/000.p/1", "tile/entries/000.p/1", "tile/0/0", "checkpoints", ".."],
)
def test_what_is_not_there_or_not_public_is_not_found(log_id: str, path: str) -> None:
    assert Client().get(f"/log/{log_id}/{path}").status_code == 404


def test_an_unknown_ledger_is_not_found(log_id: str) -> None:
    for name, args in (("log-checkpoint", ()), ("log-policy", ()), ("log-tile", ("tile/0/000.p/1",))):
        assert fetch(name, "0" * 32, *args).status_code == 404
    assert fetch("log-verifier", "settings").status_code == 404


def test_the_page_says_whether_it_is_anchored_and_names_nobody(log_id: str) -> None:
    page = fetch("logs").content.decode()
    head = LedgerCheckpoint.objects.latest("size")
    assert "Never anchored" in page and "level 0" in page
    assert head.root_hash in page
    assert "Test Patient" not in page


def test_without_a_ledger_the_page_says_so(db: None) -> None:
    assert "Never anchored" in fetch("logs").content.decode()


@pytest.mark.parametrize(("kind", "beginning"), [("program", b'"""'), ("page", b"<!")])
def test_the_verifier_can_be_taken_home(db: None, kind: str, beginning: bytes) -> None:
    answer = fetch("log-verifier", kind)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert hashlib.sha256(answer.content).hexdigest() in fetch("logs").content.decode()
    assert beginning in answer.content[:200]


def test_only_a_full_tile_may_be_kept(log_id: str, house: House) -> None:
    for _entry in range(256 + 2 - LedgerLeaf.objects.count()):
        hold_entry(house, is_urgent=False)
    hold_entry(house)
    part, full = fetch("log-tile", log_id, "tile/0/001.p/3"), fetch("log-tile", log_id, "tile/0/000")
    assert (len(part.content), len(full.content)) == (3 * 32, 256 * 32)
    assert full.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "no-store" in part.headers["Cache-Control"]
    assert fetch("log-tile", log_id, "tile/1/000.p/1").content == tile_root(full.content)
    assert fetch("log-tile", log_id, "tile/0/000.p/7").content == full.content[: 7 * 32]
    for path in ("tile/0/001", "tile/0/001.p/4", "tile/1/000", "tile/2/000.p/1", "tile/0/001.p/0", "tile/0/x000/000"):
        missing = fetch("log-tile", log_id, path)
        assert missing.status_code == 404
        assert "no-store" in missing.headers["Cache-Control"]


def test_reading_costs_the_same_however_long_the_log_is(log_id: str, django_assert_max_num_queries: Any) -> None:
    for name, args in (("log-checkpoint", ()), ("log-policy", ()), ("log-tile", ("tile/0/000.p/1",))):
        with django_assert_max_num_queries(4):
            fetch(name, log_id, *args)
