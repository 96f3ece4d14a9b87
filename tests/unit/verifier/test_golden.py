"""What was given out once is read for ever. When one of these fails, mend the verifier, never the file."""

import hashlib
import json

import pytest

from tests.unit.verifier.golden import FOLDER

DIGESTS = json.loads((FOLDER / "digests.json").read_text(encoding="utf-8"))


def golden(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def test_no_file_was_changed_or_lost():
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.iterdir()}
    del found["digests.json"]
    assert found == DIGESTS


@pytest.mark.parametrize(
    ("arguments", "options", "code", "words"),
    [
        (("receipt", "receipt.tlog-proof"), {}, 0, "PROVEN: entry 40 stands"),
        (("receipt", "receipt.tlog-proof"), {}, 0, "Signed by the log with Ed25519 and ML-DSA-44."),
        (("receipt", "receipt.tlog-proof"), {}, 0, "\nAnchored: cosigned by w1"),
        (("slip", "slip.txt"), {}, 0, "signed the tree of 60 entries"),
        (("slip", "slip.txt"), {"checkpoint": "checkpoint.txt", "proof": "consistency.txt"}, 0, "\nAnchored: "),
        (("promise", "promise.txt"), {}, 0, "promised to seal"),
        (("promise", "promise-slip.txt"), {"export": "export.zip"}, 0, "the promised entry is entry 120"),
        (("export", "export.zip"), {}, 0, "all 300 entries"),
        (("export", "export.zip"), {}, 0, "hold all 300 entries"),
        (("compare", "slip.txt", "export.zip"), {}, 0, "its tree of 60 is their beginning"),
        (("compare", "fork-1.txt", "fork-2.txt"), {}, 1, "The log has shown two histories"),
        (("compare", "fork-2.txt", "export.zip"), {}, 1, "The log shows two histories"),
    ],
)
def test_every_later_verifier_says_the_same(run, arguments, options, code, words):
    command, *names = arguments
    given = {name: golden(file) for name, file in options.items()}
    found, said = run(command, *(golden(name) for name in names), policy=golden("policy.txt"), **given)
    assert (found, words in said) == (code, True), said


def test_without_witnesses_in_the_policy_it_says_never_anchored(run):
    for arguments in (("receipt", "receipt.tlog-proof"), ("export", "export.zip")):
        code, said = run(arguments[0], golden(arguments[1]), policy=golden("policy-none.txt"))
        assert (code, said.splitlines()[-1].startswith("Never anchored")) == (0, True)
