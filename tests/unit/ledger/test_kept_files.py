"""Files that patients may hold. When one is no longer read, or proves something else: mend the code, never the file."""

import json
from pathlib import Path

from consent.ledger.policy import parse_policy
from consent.ledger.promises import verify_promise
from consent.ledger.slip_text import parse_slip, verify_promise_slip, verify_slip
from consent.ledger.tlog_proof import verify_receipt
from consent.ledger.tree import leaf_hash
from tests.log_world import ORIGIN, TIME, opening

KEPT = json.loads((Path(__file__).parents[2] / "vectors" / "log_formats_v1.json").read_text(encoding="utf-8"))
POLICY = parse_policy(KEPT["policy"])


def test_the_kept_receipt():
    verified = verify_receipt(KEPT["receipt"], POLICY)
    assert leaf_hash(verified.body).hex() == KEPT["leaf"]
    assert (verified.file.index, verified.checkpoint.checkpoint.size) == (KEPT["index"], KEPT["size"])
    assert verified.checkpoint.checkpoint.root.hex() == KEPT["root"]
    assert [item.name for item in verified.checkpoint.witnesses] == ["Ally", "Mirror"]
    assert verified.openings == (opening(),)
    assert verified.file.to_text() == KEPT["receipt"]


def test_the_kept_slip():
    slip = parse_slip(KEPT["slip"])
    checkpoint = verify_slip(slip, POLICY)
    assert (slip.leaf.hex(), slip.index) == (KEPT["leaf"], KEPT["index"])
    assert (checkpoint.size, checkpoint.root.hex()) == (KEPT["size"], KEPT["root"])


def test_the_kept_promise_and_its_slip():
    promise = verify_promise(KEPT["promise"], POLICY)
    assert (promise.origin, promise.leaf.hex(), promise.deadline_at) == (ORIGIN, KEPT["leaf"], TIME)
    assert verify_promise_slip(parse_slip(KEPT["promise_slip"]), POLICY) == promise
