"""The key that signs promises: that an entry which waits will have its place in the log before a deadline.

A key of its own, because the web server must be able to use it when only the sequencer can read the key of the log.
"""

import re
import secrets
import uuid
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from consent.exceptions import KeyStoreError
from consent.keys.files import make_private_folder, read_private, write_once

SEED_BYTES = 32
HEADING = b"freely-given/promise-key/v1 "


def promise_key_path(ledger_id: uuid.UUID) -> Path:
    """The file that holds the promise key of a log."""
    return Path(settings.LOG_KEY_DIR) / f"{ledger_id.hex}.promise.key"


def promise_key(ledger_id: uuid.UUID) -> Ed25519PrivateKey:
    """The promise key of a log, made on first use. **Raises** KeyStoreError when it cannot be used or made."""
    path = promise_key_path(ledger_id)
    content = read_private(path)
    if content is None:
        make_private_folder(path.parent)
        write_once(path, HEADING + secrets.token_hex(SEED_BYTES).encode("ascii") + b"\n")
        content = read_private(path) or b""
    match = re.fullmatch(re.escape(HEADING) + rb"([0-9a-f]{64})\n?", content)
    if match is None:
        raise KeyStoreError(f"the promise key {path} is damaged; bring it back from its backup.")
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(match.group(1).decode("ascii")))
