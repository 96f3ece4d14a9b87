"""A receipt checked offline: entry bytes, path, signed head. Beside it the signature checks it cannot do without."""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from consent.ledger.checkpoints import read_checkpoint, sign_checkpoint
from consent.ledger.cosignatures import is_signature_right, mldsa_verifier
from consent.ledger.merkle import inclusion_path, verify_inclusion
from consent.ledger.notes import Note, VerifierKey, ed25519_verifier, parse_note, verify_note
from consent.ledger.tree import leaf_hash, node_hash
from tests.benchmarks.ledger.entries import ORIGIN, entries
from tests.benchmarks.ledger.measuring import Repeat

LEAVES = 4096
AT_SECONDS = 1_800_000_000


def receipt_things(times: int) -> dict[str, tuple[Repeat, int]]:
    """What a check of a receipt is made of, and the whole of it, with one signature and with both."""
    ed25519, mldsa = Ed25519PrivateKey.generate(), MLDSA44PrivateKey.generate()
    message = b"a checkpoint is about this long, give or take a few characters" * 2
    small, large = ed25519.sign(message), mldsa.sign(message)
    small_key, large_key = ed25519.public_key(), mldsa.public_key()
    check, keys = _receipt(ed25519, mldsa, has_both=False)
    check_both, both = _receipt(ed25519, mldsa, has_both=True)
    things: dict[str, Callable[[], object]] = {
        "Ed25519 verification": lambda: small_key.verify(small, message),
        "Ed25519 signature": lambda: ed25519.sign(message),
        "ML-DSA-44 verification": lambda: large_key.verify(large, message),
        "ML-DSA-44 signature": lambda: mldsa.sign(message),
        "receipt check": lambda: check(keys[:1]),
        "receipt check, both signatures": lambda: check_both(both),
    }
    return {name: (_again(does), times) for name, does in things.items()}


def rows_of_tree(leaves: list[bytes]) -> list[list[bytes]]:
    """All whole subtrees, level by level."""
    rows = [leaves]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([node_hash(row[place], row[place + 1]) for place in range(0, len(row) - 1, 2)])
    return rows


def _again(does: Callable[[], object]) -> Repeat:
    def repeat(times: int) -> object:
        for _ in range(times):
            does()
        return None

    return repeat


def _receipt(
    ed25519: Ed25519PrivateKey, mldsa: MLDSA44PrivateKey, *, has_both: bool
) -> tuple[Callable[[tuple[VerifierKey, ...]], None], tuple[VerifierKey, ...]]:
    """A check of one receipt by the keys it is given, and the log's two keys.

    On paper stands the short signature alone; the receipt's file carries both.
    """
    bodies = [entry.body for entry in entries(LEAVES)]
    leaves, index = [leaf_hash(body) for body in bodies], 1234
    nodes = rows_of_tree(leaves)
    path = inclusion_path(index, LEAVES, lambda level, place: nodes[level][place])
    note = sign_checkpoint(
        origin=ORIGIN, size=LEAVES, root=nodes[-1][0], ed25519=ed25519, mldsa=mldsa, at_seconds=AT_SECONDS
    )
    if not has_both:
        parsed = parse_note(note)
        note = Note(text=parsed.text, signatures=parsed.signatures[:1]).to_text()

    def check(keys: tuple[VerifierKey, ...]) -> None:
        parsed, head = read_checkpoint(note)
        verify_note(parsed, keys, is_signature_right)
        verify_inclusion(index, head.size, leaf_hash(bodies[index]), path, head.root)

    return check, (ed25519_verifier(ORIGIN, ed25519), mldsa_verifier(ORIGIN, mldsa))
