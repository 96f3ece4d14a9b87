"""Lines of witnesses as they are kept, and whether one is by a key."""

from consent.ledger.cosignatures import is_signature_right
from consent.ledger.notes import NoteSignature, VerifierKey
from consent.ledger.refusals import RefusalError


def signed_name(key: VerifierKey) -> str:
    """Under which name a witness's lines are kept: its name and the id of its key, for it may sign with two."""
    return f"{key.name}+{key.key_id.hex()}"


def is_line_right(line: str, *, key: VerifierKey, text: str) -> bool:
    """Whether a kept signature line is by a key, under the text of a checkpoint."""
    try:
        signature = NoteSignature.from_line(line)
    except (RefusalError, AttributeError):  # SQLite may hold anything in a column
        return False
    return signature.is_named_for(key) and is_signature_right(key, text, signature.signature)
