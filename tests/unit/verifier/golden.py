"""Made the files of `tests/vectors/golden/` once, with keys from fixed seeds; kept as the record of how.

Run by hand it refuses to write over them: what a patient holds cannot be made again either, so every later verifier
must read these files as they are.

    python -m tests.unit.verifier.golden
"""

import json
from pathlib import Path

from tests.unit.verifier.small_log import (
    CLINIC,
    LOG,
    LOG_PQ,
    NINE,
    SOCIETY,
    Log,
    as_zip,
    b64,
    consistency,
    opened_row,
    policy,
    promise,
    promise_slip,
    time,
)

VECTORS = Path(__file__).parents[2] / "vectors"
FOLDER = VECTORS / "golden"
BOTH = (LOG, LOG_PQ)


def ledger(forged: int | None = None) -> Log:
    """300 entries: each kind once and more, openings, what was seen, a late batch that says so, witnesses twice."""
    kinds = [vector["kind"] for vector in json.loads((VECTORS / "ledger_v1.json").read_text("utf-8"))["entries"]]
    row, opening = opened_row()
    log = Log()
    for number in range(300):
        kind = "consent.withdrawn" if number == forged else kinds[number % len(kinds)]
        if number == 250:
            log.seal(CLINIC, SOCIETY, at=NINE + 60 * 250, signers=BOTH)
            log.add("log.delayed", who=None, at=NINE + 60 * 251)
            continue
        who = None if kind in WITHOUT_SUBJECT else f"person {number % 7}"
        more: dict[str, object] = {"object": [row]} if number in (40, 41) else {}
        if number == 280:
            more["seen"] = {"size": 250, "root": log.root(250).hex()}
        log.add(kind, who=who, at=NINE + 60 * (249 if number == 251 else number), **more)
        if number % 60 == 59 or number == 260:
            log.seal(signers=BOTH)
    log.openings = [{"index": 40, **opening}]
    log.seal(CLINIC, SOCIETY, at=NINE + 60 * 301, signers=BOTH)
    return log


WITHOUT_SUBJECT = {
    "sheet.published", "key.rotated", "log.frozen", "log.restored", "log.delayed", "entry.quarantined",
    "guard.manifest", "db.out-of-band", "clock.anomaly", "checkpoint.published",
}  # fmt: skip


def files() -> dict[str, bytes]:
    """Every golden file by its name."""
    log, other = ledger(), ledger(forged=100)
    signed = promise(log.leaves[120], time(NINE + 60 * 121))
    slip = log.slip(42, log.notes[0])
    texts = {
        "policy.txt": policy(CLINIC, SOCIETY, quorum="w1", logs=BOTH),
        "policy-none.txt": policy(logs=BOTH),
        "receipt.tlog-proof": log.receipt(40, [opened_row()[1]]),
        "slip.txt": slip,
        "promise.txt": signed,
        "promise-slip.txt": promise_slip(signed),
        "checkpoint.txt": log.notes[-1],
        "consistency.txt": "old 60\n" + "".join(f"{b64(step)}\n" for step in consistency(60, log.leaves)),
        "fork-1.txt": log.notes[3],
        "fork-2.txt": other.notes[3],
    }
    return {name: text.encode() for name, text in texts.items()} | {"export.zip": as_zip(log.export())}


def main() -> None:
    FOLDER.mkdir(exist_ok=False)
    for name, data in files().items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
