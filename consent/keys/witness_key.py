"""The keys with which this house cosigns the logs of others: one name, one Ed25519 key, one ML-DSA-44 key.

They never sign a log of our own, so what a witness says of others never mixes with what a clinic says of itself.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from django.conf import settings

from consent.exceptions import KeyStoreError
from consent.keys.files import make_private_folder, read_private, write_once
from consent.ledger.checkpoint_text import parse_checkpoint_text
from consent.ledger.cosignatures import ed25519_cosignature_line, ed25519_cosigner, mldsa_line, mldsa_verifier
from consent.ledger.notes import VerifierKey, check_key_name
from consent.ledger.refusals import NoteError

SEED_BYTES = 32
HEADING = "freely-given/witness-key/v1"


@dataclass(frozen=True, slots=True)
class WitnessSigner:
    """Both private keys of a witness, and the name they sign under."""

    name: str
    ed25519: Ed25519PrivateKey
    mldsa44: MLDSA44PrivateKey

    def public_keys(self) -> tuple[VerifierKey, VerifierKey]:
        """What others write into their policy files."""
        return ed25519_cosigner(self.name, self.ed25519), mldsa_verifier(self.name, self.mldsa44)

    def lines(self, text: str, at_seconds: int) -> list[str]:
        """The signature lines under the text of a checkpoint."""
        origin, size, root = parse_checkpoint_text(text)
        return [
            ed25519_cosignature_line(self.name, self.ed25519, text, at_seconds),
            mldsa_line(self.name, self.mldsa44, origin, size, root, at_seconds),
        ]


def witness_key_path() -> Path:
    """The file that holds the witness keys of this house."""
    return Path(settings.LOG_KEY_DIR) / "witness.key"


def witness_signer() -> WitnessSigner:
    """The witness keys of this house, made on first use. **Raises** KeyStoreError when they cannot be used or made."""
    path = witness_key_path()
    content = read_private(path)
    if content is None:
        make_private_folder(path.parent)
        drawn = {name: secrets.token_hex(SEED_BYTES) for name in ("ed25519", "mldsa44")}
        made = {"format": HEADING, "name": f"freely-given/witness/{secrets.token_hex(8)}", **drawn}
        write_once(path, json.dumps(made).encode())
        content = read_private(path) or b""
    try:
        kept = json.loads(content)
        if kept.pop("format") != HEADING:
            raise ValueError(HEADING)
        name = settings.WITNESS_NAME or kept["name"]
        check_key_name(name)
        return WitnessSigner(
            name,
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(kept["ed25519"])),
            MLDSA44PrivateKey.from_seed_bytes(bytes.fromhex(kept["mldsa44"])),
        )
    except NoteError as error:
        raise KeyStoreError(f"WITNESS_NAME is no name of a key: {error.reason}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyStoreError(f"the witness key {path} is damaged; bring it back from its backup.") from error
