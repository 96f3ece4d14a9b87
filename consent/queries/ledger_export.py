"""One log as a file for people who check us without us: every entry, hash and signed head.

The files in it are described in docs/ledger-format.md, under Exports.

Everything up to the newest head is final, so the file can be written while the clinic works. It holds no name and no
word that anybody said; but whose entries belong together can be seen in it, so it is handed out to auditors only.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from clinic.models import Site
from consent.ledger.tiles import WIDTH, Tile, bundles_of, format_bundle, tiles_of
from consent.models import Ledger, LedgerCheckpoint, LedgerEntry
from consent.queries.cosigned_heads import cosigned_note
from consent.queries.known_logs import known_logs
from consent.queries.tree_nodes import tile_hashes

HASH_BYTES = 32
VERIFIERS = Path(__file__).parents[1] / "verifier"
README = """One ledger of Freely Given, whole.

Check it on any computer with Python, without network, with the program that lies beside this text:

    python3 -I freely_given_verify.py export THIS-FILE.zip --policy POLICY

Take the policy (whose signatures count) from somebody you trust. The one in this file came from the same hand as the
entries, and so did freely_given_verify.py and freely_given_verify.html, which checks receipts in a browser: take them
from elsewhere as well, or compare their SHA-256 with what somebody outside the clinic has printed. What each file holds
is written in docs/ledger-format.md, under Exports.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exported:
    """What was written."""

    origin: str
    size: int  # entries
    heads: int


def logs_of(site: Site) -> list[Ledger]:
    """Every log of a clinic, the oldest first: after a restore there is more than one."""
    return list(Ledger.objects.filter(site=site).order_by("incarnation"))


def export_ledger(ledger: Ledger, file: IO[bytes]) -> Exported | None:
    """Writes one log as an archive, up to its newest head; None, and nothing written, when nothing has been sealed yet.

    **Takes** the log, and a file that can be written and sought.
    """
    head = LedgerCheckpoint.objects.filter(ledger=ledger).order_by("-size").first()
    if head is None:
        return None
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        for verifier in sorted(VERIFIERS.glob("freely_given_verify.*")):
            archive.writestr(verifier.name, verifier.read_bytes())
        archive.writestr("policy", known_logs().to_text())
        archive.writestr("checkpoint", cosigned_note(head))
        heads = _write_heads(archive, ledger, head.size)
        for bundle in bundles_of(head.size):
            archive.writestr(bundle.path(), format_bundle(_bodies(ledger, bundle)))
        for tile in tiles_of(head.size):
            hashes = tile_hashes(ledger.pk, tile.level or 0, tile.number)
            archive.writestr(tile.path(), hashes[: HASH_BYTES * tile.width])
    return Exported(origin=ledger.origin, size=head.size, heads=heads)


def _write_heads(archive: zipfile.ZipFile, ledger: Ledger, size: int) -> int:
    count = 0
    with archive.open("checkpoints.txt", "w") as part:
        for note in _notes(ledger, size):
            part.write(b"%d\n" % len(note) + note)
            count += 1
    return count


def _notes(ledger: Ledger, size: int) -> Iterator[bytes]:
    for head in LedgerCheckpoint.objects.filter(ledger=ledger, size__lte=size).order_by("size").iterator():
        yield cosigned_note(head).encode("utf-8")


def _bodies(ledger: Ledger, bundle: Tile) -> list[bytes]:
    start = bundle.number * WIDTH
    rows = LedgerEntry.objects.filter(ledger=ledger, leaf__index__gte=start, leaf__index__lt=start + bundle.width)
    return [bytes(body) for body in rows.order_by("leaf__index").values_list("body", flat=True)]
