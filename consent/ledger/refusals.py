"""Why the ledger's files and proofs are refused. Every refusal carries its reason as one sentence.

Two families, because a reader must do two different things: what cannot be read may be a copy gone wrong, and a
better copy may help; what can be read but proves nothing, or the opposite, is to be kept and shown to others.

>>> try:
...     raise SlipError("Its check does not fit; look at every character again.")
... except UnreadableError as refusal:
...     refusal.reason
'Its check does not fit; look at every character again.'
"""


class RefusalError(ValueError):
    """Something was refused; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnreadableError(RefusalError):
    """The bytes are not what they should be; nothing was checked yet."""


class NoteError(UnreadableError):
    """Not a signed note, or not a verifier key."""


class CheckpointError(UnreadableError):
    """The text of the note is not a checkpoint."""


class PolicyError(UnreadableError):
    """Not a policy; `line` is the line that is wrong, 0 for the file as a whole."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"Line {line}: {reason}" if line else reason)
        self.line = line


class TileError(UnreadableError):
    """Not a tile, not an entry bundle, or not the path of one."""


class ProofFileError(UnreadableError):
    """Not a receipt file."""


class SlipError(UnreadableError):
    """Not the text of a slip; most often one character was read wrongly."""


class PromiseError(UnreadableError):
    """Not a promise."""


class BundleNoteError(UnreadableError):
    """Not the note that binds a bundle."""


class UnprovenError(RefusalError):
    """It can be read, but does not prove what it should."""


class ProofError(UnprovenError):
    """A path through the tree does not lead from the one to the other."""


class SignatureError(UnprovenError):
    """A key we know did not make this signature; the whole note is refused."""


class UnknownSignerError(UnprovenError):
    """Nobody we know signed this note."""


class ForeignOriginError(UnprovenError):
    """It belongs to another ledger."""


class QuorumError(UnprovenError):
    """Too few of the witnesses the policy asks for have signed."""


class OpeningError(UnprovenError):
    """The values shown are not those the entry was made for."""


class StampError(UnprovenError):
    """A time stamp is not by the authority we know, or not about this checkpoint."""
