"""The keys that sign a log: one small file for each, readable by whoever seals and nobody else.

Level 0: the web server seals and can read it. Level 1: another user of the machine does (`manage.py run_sequencer`).
Level 2: another machine. Level 3: hardware. The level is printed in every report.
"""

import json
import secrets
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from django.conf import settings

from consent.exceptions import KeyStoreError
from consent.keys.files import make_private_folder, read_private, wipe, write_once

SEED_BYTES = 32
HEADING = "freely-given/log-key/v1"


@dataclass(frozen=True, slots=True)
class LogSigner:
    """Both private keys of one log."""

    ed25519: Ed25519PrivateKey
    mldsa44: MLDSA44PrivateKey


def log_key_path(ledger_id: uuid.UUID) -> Path:
    """The file that holds the private keys of a log."""
    return Path(settings.LOG_KEY_DIR) / f"{ledger_id.hex}.key"


def next_key_path(ledger_id: uuid.UUID) -> Path:
    """Where the keys lie that are about to take over; gone when they have."""
    return Path(settings.LOG_KEY_DIR) / f"{ledger_id.hex}.next.key"


def has_signer(ledger_id: uuid.UUID) -> bool:
    """Whether this process finds the keys of a log."""
    return log_key_path(ledger_id).exists()


def make_signer(ledger_id: uuid.UUID) -> LogSigner:
    """Make the keys of a new log; those that are there already stay. **Raises** KeyStoreError."""
    return _make(log_key_path(ledger_id))


def make_next_signer(ledger_id: uuid.UUID) -> LogSigner:
    """Make the keys that will take over; those of a rotation that broke off are used. **Raises** KeyStoreError."""
    return _make(next_key_path(ledger_id))


def take_over(ledger_id: uuid.UUID) -> None:
    """Put the next keys in the place of the old ones, which are wiped. **Raises** KeyStoreError."""
    current, following = log_key_path(ledger_id), next_key_path(ledger_id)
    content = read_private(following)
    if content is None:
        return
    wipe(current)
    write_once(current, content)
    wipe(following)


def _make(path: Path) -> LogSigner:
    make_private_folder(path.parent)
    seeds = {name: secrets.token_hex(SEED_BYTES) for name in ("ed25519", "mldsa44")}
    write_once(path, json.dumps({"format": HEADING, **seeds}).encode())
    return _read(path)


def signer_for(ledger_id: uuid.UUID) -> LogSigner:
    """The keys of a log. **Raises** KeyStoreError when the file is missing, unreadable or damaged."""
    return _read(log_key_path(ledger_id))


def _read(path: Path) -> LogSigner:
    content = read_private(path)
    if content is None:
        raise KeyStoreError(
            f"the log key {path} is missing; bring it back from its backup, or run manage.py ledger_freeze."
        )
    try:
        return _signer_from(content)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyStoreError(f"the log key {path} is damaged; bring it back from its backup.") from error


@lru_cache(maxsize=16)  # the file is read each time; only its keys are not made anew
def _signer_from(content: bytes) -> LogSigner:
    seeds = json.loads(content)
    if seeds.pop("format") != HEADING:
        raise ValueError(HEADING)
    return LogSigner(
        Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seeds["ed25519"])),
        MLDSA44PrivateKey.from_seed_bytes(bytes.fromhex(seeds["mldsa44"])),
    )
