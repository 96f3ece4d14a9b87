"""The high-water file of a log: its signed heads, one after the other, outside the data folder.

A backup that is put back brings the database to an older state that is validly signed, and says nothing of it. This
file was not in the backup. Behind it, nothing is written any more until somebody has looked at the papers.

Each head is kept as its length in bytes, a line break, and the note with the short signature; a head that a crash cut
off at the end of the file does not count.
"""

import json
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from consent.exceptions import KeyStoreError
from consent.keys.files import make_private_folder, write_once
from consent.ledger.checkpoints import read_checkpoint
from consent.ledger.notes import signed_note
from consent.ledger.refusals import RefusalError

TAIL = 1024  # bytes; a head has a few hundred


@dataclass(frozen=True, slots=True)
class KeptHead:
    """The last head that was kept."""

    size: int
    root_hash: str
    note: str


def heads_path(ledger_id: uuid.UUID) -> Path:
    """The file with the heads of a log."""
    return Path(settings.HIGH_WATER_DIR) / f"{ledger_id.hex}.heads"


def keep_head(ledger_id: uuid.UUID, note: str) -> None:
    """Keep a head that is committed; it is on disk when this returns. **Raises** KeyStoreError."""
    parsed, _checkpoint = read_checkpoint(note)
    short = signed_note(parsed.text, [parsed.signatures[0].to_line()]).encode()
    path = heads_path(ledger_id)
    make_private_folder(path.parent)
    try:
        with path.open("ab") as file:
            file.write(f"{len(short)}\n".encode() + short)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise KeyStoreError(f"{path} cannot be written ({error.strerror}); look at the disk.") from error


def last_head(ledger_id: uuid.UUID) -> KeptHead | None:
    """The last whole head that was kept; None when there is none. **Raises** KeyStoreError."""
    path = heads_path(ledger_id)
    try:
        with path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - TAIL))
            tail = file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyStoreError(f"{path} cannot be read ({error.strerror}); give it back to the server.") from error
    return _largest_whole(tail, ledger_id)


def _largest_whole(tail: bytes, ledger_id: uuid.UUID) -> KeptHead | None:
    """Two sealers may have kept their heads the other way round, so the largest of the last ones counts."""
    mark, found, end = f"freely-given/{ledger_id.hex}\n".encode(), [], len(tail)
    while (start := tail.rfind(mark, 0, end)) >= 0:
        length = tail[:start].removesuffix(b"\n").rsplit(b"\n", 1)[-1]
        note = tail[start : start + int(length)] if length.isdigit() else b""
        try:
            _parsed, checkpoint = read_checkpoint(note)
            found.append(KeptHead(checkpoint.size, checkpoint.root.hex(), note.decode()))
        except RefusalError:
            pass  # cut off by a crash, or the line of a signature that names the log
        end = start
    return max(found, key=lambda head: head.size, default=None)


def behind_path(ledger_id: uuid.UUID) -> Path:
    """The file that says that a log must not be written to."""
    return Path(settings.HIGH_WATER_DIR) / f"{ledger_id.hex}.behind"


def mark_behind(ledger_id: uuid.UUID, *, held_size: int, known_size: int, known_root: str) -> None:
    """From here on nothing is written to this log; the first reason stays. **Raises** KeyStoreError.

    **Takes** how many entries the database holds, and a size and root that somebody else knows.
    """
    path = behind_path(ledger_id)
    make_private_folder(path.parent)
    reason = {"held_size": held_size, "known_size": known_size, "known_root": known_root}
    write_once(path, json.dumps(reason).encode())


def is_behind(ledger_id: uuid.UUID) -> bool:
    """Whether this log must not be written to."""
    return behind_path(ledger_id).exists()


def why_behind(ledger_id: uuid.UUID) -> dict[str, int | str]:
    """The reason that was kept, as `mark_behind` took it; nothing when the log may be written to."""
    try:
        found = json.loads(behind_path(ledger_id).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
