"""A small log with keys, witnesses and a policy, made without any table: for tests of the formats."""

import datetime
import uuid

from clinic.vocabulary import Role
from consent.ledger.checkpoints import read_checkpoint, sign_checkpoint, with_lines
from consent.ledger.cosignatures import (
    ed25519_cosignature_line,
    ed25519_cosigner,
    mldsa_key,
    mldsa_line,
    mldsa_verifier,
)
from consent.ledger.encoding import encode_entry
from consent.ledger.entry import Actor, BoundRow, Entry
from consent.ledger.merkle import inclusion_path
from consent.ledger.notes import ed25519_key, ed25519_verifier
from consent.ledger.openings import Opening, ShownValue
from consent.ledger.policy import LogKey, Policy, Witness
from consent.ledger.tlog_proof import format_receipt
from consent.ledger.tree import Frontier, leaf_hash, node_hash
from consent.vocabulary import EntryKind, Via

ORIGIN = "freely-given/" + "ab" * 16
OTHER_ORIGIN = "freely-given/" + "cd" * 16
SEALED_AT_SECONDS = 1_800_000_000
TIME = datetime.datetime(2027, 1, 15, 10, tzinfo=datetime.UTC)

LOG = ed25519_key(b"l" * 32)
LOG_MLDSA = mldsa_key(b"L" * 32)
WITNESS = ed25519_key(b"w" * 32)
WITNESS_MLDSA = mldsa_key(b"W" * 32)
STRANGER = ed25519_key(b"s" * 32)

LOG_KEYS = (ed25519_verifier(ORIGIN, LOG), mldsa_verifier(ORIGIN, LOG_MLDSA))
ALLY, MIRROR = ed25519_cosigner("ally.example/w", WITNESS), mldsa_verifier("mirror.example/w", WITNESS_MLDSA)


def policy(quorum="none"):
    """Both keys of the log, two witnesses called Ally and Mirror."""
    witnesses = (Witness("Ally", ALLY), Witness("Mirror", MIRROR))
    return Policy(tuple(LogKey(key) for key in LOG_KEYS), witnesses, (), quorum)


def checkpoint_note(size, root, origin=ORIGIN):
    return sign_checkpoint(
        origin=origin, size=size, root=root, ed25519=LOG, mldsa=LOG_MLDSA, at_seconds=SEALED_AT_SECONDS
    )


def witnessed(note, at_seconds=SEALED_AT_SECONDS + 60):
    """The note with the lines of both witnesses."""
    parsed, checkpoint = read_checkpoint(note)
    origin, size, root = checkpoint.origin, checkpoint.size, checkpoint.root
    ally = ed25519_cosignature_line(ALLY.name, WITNESS, parsed.text, at_seconds)
    return with_lines(note, [ally, mldsa_line(MIRROR.name, WITNESS_MLDSA, origin, size, root, at_seconds)])


def leaves(count):
    return [leaf_hash(b"entry %d" % number) for number in range(count)]


def root_over(hashes):
    frontier = Frontier()
    for item in hashes:
        frontier = frontier.append(item)
    return frontier.root()


def nodes_over(hashes):
    """A node provider that hashes the leaves anew each time."""

    def node(level, index):
        if level == 0:
            return hashes[index]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def opening(reason="pressure"):
    shown = ShownValue.of(row_salt=b"r" * 32, field="reason", value=reason)
    return Opening("consent.hold", "1" * 32, {"state": "raised"}, {"note": "5" * 64, "reason": shown})


def entry_body(log=ORIGIN, rows=None, subject=7):
    rows = [opening()] if rows is None else rows
    return encode_entry(
        Entry(
            id=uuid.UUID(int=5),
            log=log,
            kind=EntryKind.HOLD_RAISED,
            subject=uuid.UUID(int=subject),
            sseq=1,
            sprev=None,
            occurred_at=TIME,
            recorded_at=TIME,
            actor=Actor(kind=Role.PATIENT, ref=uuid.UUID(int=9), via=Via.OWN_CARD),
            objects=tuple(BoundRow(model=row.model, key=row.key, digest=row.digest()) for row in rows),
            history=(),
        )
    )


def log_with(body, *, index=3, size=7):
    """The hashes of a log in which this entry stands at this index."""
    hashes = leaves(size)
    hashes[index] = leaf_hash(body)
    return hashes


def receipt(*, body=None, openings=None, index=3, size=7):
    """A good receipt file, both witnesses included."""
    body = entry_body() if body is None else body
    hashes = log_with(body, index=index, size=size)
    return format_receipt(
        body=body,
        openings=[opening()] if openings is None else openings,
        index=index,
        path=inclusion_path(index, size, nodes_over(hashes)),
        note=witnessed(checkpoint_note(size, root_over(hashes))),
    )
