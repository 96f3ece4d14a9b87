"""The three lines of a checkpoint: which ledger, how many entries, which root (C2SP tlog-checkpoint).

Further lines are allowed by the format and refused here: nobody could audit what they say.

>>> checkpoint_text("freely-given/0a", 0, bytes(32))
'freely-given/0a\\n0\\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\\n'
"""

import re

from consent.ledger.refusals import CheckpointError
from consent.ledger.strict_text import hash_from_base64, number_from_text, to_base64

_ORIGIN = re.compile(r"[^\x00-\x1f]+")


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The text a log signs.

    **Raises** CheckpointError when it could not be read again.
    """
    text = f"{origin}\n{size}\n{to_base64(root)}\n"
    parse_checkpoint_text(text)
    return text


def parse_checkpoint_text(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root.

    **Raises** CheckpointError for anything but exactly three lines.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise CheckpointError("A checkpoint has exactly three lines: origin, size and root.")
    origin, size, root = lines[:3]
    if not _ORIGIN.fullmatch(origin):
        raise CheckpointError("A checkpoint names its ledger in the first line.")
    number = number_from_text(size, CheckpointError, "The size of the checkpoint")
    return origin, number, hash_from_base64(root, CheckpointError, "The root of the checkpoint")
