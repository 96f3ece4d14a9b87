"""Compares what proves a ledger to others with the ledger itself: public keys, tiles, cosignatures, time stamps."""

from collections.abc import Iterator, Sequence

from django.db import models

from consent.ledger.checkpoints import checkpoint_text
from consent.ledger.notes import VerifierKey
from consent.ledger.refusals import RefusalError
from consent.ledger.tiles import tile_root
from consent.ledger.verify import Cosigned
from consent.ledger.verify_heads import Finding, KeysAt
from consent.models import (
    KnownCheckpoint,
    Ledger,
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerKey,
    LedgerLeaf,
    LedgerStamp,
    LedgerTile,
)
from consent.queries.known_logs import policy_file
from consent.queries.ledger_readable import readable
from consent.queries.stamps import pinned_authority, stamped_at
from consent.queries.witness_lines import is_line_right, signed_name

WIDTH = 256
LARGEST = 2**63 - 1


def keys_at(ledger: Ledger) -> KeysAt:
    """Which keys sign the checkpoints of a ledger, by size: the newest of each kind; where one takes over, both."""
    every = LedgerKey.objects.filter(ledger=ledger)
    rows = [row for row in readable(every, every) if isinstance(row.from_size, int)]
    found = sorted((row.from_size, row.vkey) for row in rows)
    keys = [(size, key) for size, vkey in found if (key := _key(vkey)) is not None and key.name == ledger.origin]

    def at(size: int) -> Sequence[VerifierKey]:
        in_force = {key.kind: key for start, key in keys if start <= size}
        before = {key.kind: key for start, key in keys if start < size}
        return list(dict.fromkeys([*before.values(), *in_force.values()]))

    return at


def _key(vkey: str) -> VerifierKey | None:
    try:
        return VerifierKey.from_text(vkey)
    except RefusalError:
        return None  # its row is a finding of its own


def cosigned_sizes(ledger: Ledger) -> list[Cosigned]:
    """What somebody outside has signed of a ledger, by size."""
    every = LedgerCosignature.objects.filter(ledger=ledger)
    rows = [row for row in readable(every, every) if isinstance(row.size, int) and row.cosigned_at is not None]
    return sorted(
        (Cosigned(size=row.size, root=row.root_hash, cosigned_at=row.cosigned_at) for row in rows),
        key=lambda one: (one.size, one.cosigned_at),
    )


def proof_rows(ledger: Ledger) -> Iterator[Finding]:
    """Rows of the tables around a ledger that were changed, are missing, or say something else than the ledger."""
    for model in (LedgerTile, LedgerKey, LedgerCosignature, LedgerStamp):
        yield from changed_rows(model, of=ledger)
    yield from _tiles(ledger)
    yield from _cosignatures(ledger)
    yield from _lines(ledger)
    yield from _stamps(ledger)
    if LedgerCheckpoint.objects.filter(ledger=ledger).exists() and len(keys_at(ledger)(LARGEST)) != 2:
        sentence = f"The ledger {ledger.origin}: its public keys are not on record."
        yield Finding(index=None, what="keys", where="LedgerKey", sentence=sentence)


def known_checkpoint_rows() -> Iterator[Finding]:
    """Statements of other logs that were changed since they reached us."""
    yield from changed_rows(KnownCheckpoint)


def changed_rows(model: type[models.Model], *, of: Ledger | None = None) -> Iterator[Finding]:
    """Rows whose id is not made of the rest of them, or that cannot be read; with a ledger, only its own are named.

    The whole table is read, never an index that holds a copy of what stands in it: only one of the two may be damaged.
    """
    rows = model._base_manager.all()
    name, read = model.__name__, 0
    for row in readable(rows, rows):
        read += 1
        if row.pk != _computed(row) and (of is None or getattr(row, "ledger_id", None) == of.pk):
            where = f"{name} {row.pk.hex}"
            yield Finding(index=None, what="changed", where=where, sentence=f"The {where} was changed.")
    if read != rows.count():
        sentence = f"{rows.count() - read} rows of {name} cannot be read."
        yield Finding(index=None, what="changed", where=name, sentence=sentence)


def _computed(row: models.Model) -> object:
    try:
        return row.computed_id()  # type: ignore[attr-defined]  # only tables that have it come here
    except (AttributeError, TypeError, ValueError):
        return None  # SQLite may hold anything in a column


def _tiles(ledger: Ledger) -> Iterator[Finding]:
    """Every tile that should be full is there, and says what the leaves and the tiles below it say."""
    below, level = LedgerLeaf.objects.filter(ledger=ledger).count() // WIDTH, 0
    while below:
        for number in range(below):
            where = f"LedgerTile {level}/{number}"
            tile = _tile(ledger, level, number)
            if tile is None:
                yield Finding(index=None, what="tile", where=where, sentence=f"The tile {level}/{number} is missing.")
            elif tile != b"".join(_hashes(ledger, level, number)):
                sentence = f"The tile {level}/{number} is not what stands below it."
                yield Finding(index=None, what="tile", where=where, sentence=sentence)
        below, level = below // WIDTH, level + 1


def _tile(ledger: Ledger, level: int, number: int) -> bytes | None:
    rows = LedgerTile.objects.filter(ledger=ledger, level=level, number=number).values_list("hashes", flat=True)
    found = rows.first()
    return bytes(found) if isinstance(found, bytes | memoryview) else None


def _hashes(ledger: Ledger, level: int, number: int) -> list[bytes]:
    start, end = number * WIDTH, (number + 1) * WIDTH
    if level == 0:
        leaves = LedgerLeaf.objects.filter(ledger=ledger, index__gte=start, index__lt=end).order_by("index")
        return [_unhexed(text) for text in leaves.values_list("leaf_hash", flat=True)]
    below = LedgerTile.objects.filter(ledger=ledger, level=level - 1, number__gte=start, number__lt=end)
    return [_root(hashes) for hashes in below.order_by("number").values_list("hashes", flat=True)]


def _unhexed(text: object) -> bytes:
    try:
        return bytes.fromhex(str(text))
    except ValueError:
        return b""  # damaged; the entry it belongs to says so


def _root(hashes: object) -> bytes:
    try:
        return tile_root(bytes(hashes)) if isinstance(hashes, bytes | memoryview) else b""
    except RefusalError:
        return b""  # damaged; the tile itself is a finding


def _cosignatures(ledger: Ledger) -> Iterator[Finding]:
    """Every cosignature is about a root that this ledger really had."""
    for one in cosigned_sizes(ledger):
        roots = LedgerCheckpoint.objects.filter(ledger=ledger, size=one.size).values_list("root_hash", flat=True)
        if one.root not in roots:
            sentence = f"Somebody outside has signed a ledger of {one.size} entries with another root than this one."
            yield Finding(index=one.size - 1, what="forked", where=f"LedgerCosignature {one.size}", sentence=sentence)


def _lines(ledger: Ledger) -> Iterator[Finding]:
    """Every kept line of a witness whom the policy file names is by that witness, under that head."""
    keys = {signed_name(witness.key): witness.key for witness in policy_file().witnesses}
    every = LedgerCosignature.objects.filter(ledger=ledger, key_name__in=list(keys))
    for row in readable(every, every):
        if not _is_line_of(row, ledger, keys[row.key_name]):
            where = f"LedgerCosignature {row.pk.hex}"
            sentence = f"The line of the witness {row.key_name} under the ledger of {row.size} entries is not right."
            yield Finding(index=None, what="cosignature", where=where, sentence=sentence)


def _is_line_of(row: LedgerCosignature, ledger: Ledger, key: VerifierKey) -> bool:
    try:
        text = checkpoint_text(ledger.origin, row.size, bytes.fromhex(row.root_hash))
    except (RefusalError, ValueError, TypeError):
        return False
    return is_line_right(row.line, key=key, text=text)


def _stamps(ledger: Ledger) -> Iterator[Finding]:
    """Every kept stamp of the pinned authority proves what it is kept for."""
    authority = pinned_authority()
    if authority is None:
        return
    every = LedgerStamp.objects.filter(ledger=ledger, authority=authority.name)
    for stamp in readable(every, every):
        if stamped_at(stamp, authority) != stamp.stamped_at:
            where = f"LedgerStamp {stamp.pk.hex}"
            sentence = f"The time stamp on the ledger of {stamp.size} entries does not prove it."
            yield Finding(index=None, what="stamp", where=where, sentence=sentence)
