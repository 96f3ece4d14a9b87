"""Receipt files: one text file that proves one entry, offline and for ever (C2SP tlog-proof).

It holds the entry itself, what its owner wants to show of the rows behind it, the path to the root, and the signed
checkpoint. Only the path and the signatures prove; what stands in the extra part is believed because its hash is the
leaf the path begins with.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consent.ledger.canonical import LARGEST_INTEGER, EncodingError
from consent.ledger.checkpoints import Checkpoint, VerifiedCheckpoint, read_checkpoint, verify_checkpoint
from consent.ledger.encoding import parse_entry
from consent.ledger.entry import Entry
from consent.ledger.merkle import verify_inclusion
from consent.ledger.openings import Opening, check_openings, read_extra, write_extra
from consent.ledger.policy import Policy
from consent.ledger.refusals import ForeignOriginError, ProofFileError
from consent.ledger.strict_text import (
    from_base64,
    hash_from_base64,
    number_from_text,
    text_from_utf8,
    to_base64,
)
from consent.ledger.tiles import LONGEST_ENTRY
from consent.ledger.tree import leaf_hash

VERSION_LINE = "c2sp.org/tlog-proof@v1"
FAMILY = "c2sp.org/tlog-proof@"
LARGEST_FILE = 4_000_000  # bytes
LONGEST_PATH = 63


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A receipt file as read; nothing in it is proven yet."""

    extra: bytes | None
    index: int
    path: tuple[bytes, ...]
    note: str  # the whole signed checkpoint

    def to_text(self) -> str:
        """The file."""
        lines = [VERSION_LINE]
        if self.extra is not None:
            lines.append(f"extra {to_base64(self.extra)}")
        lines += [f"index {self.index}", *map(to_base64, self.path)]
        return "\n".join(lines) + "\n\n" + self.note

    def checkpoint(self) -> Checkpoint:
        """What the signed checkpoint states; its signatures are not checked here."""
        return read_checkpoint(self.note)[1]


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """An entry that stands in a ledger under a checkpoint we believe, and the rows shown with it."""

    file: ProofFile
    checkpoint: VerifiedCheckpoint
    body: bytes
    entry: Entry
    openings: tuple[Opening, ...]


def format_receipt(*, body: bytes, openings: Sequence[Opening], index: int, path: Sequence[bytes], note: str) -> str:
    """The receipt file of one entry.

    **Raises** NoteError, CheckpointError, ProofFileError, EncodingError when it could not be read again.
    """
    text = ProofFile(extra=write_extra(body, openings), index=index, path=tuple(path), note=note).to_text()
    parse_proof_file(text)
    return text


def parse_proof_file(data: str | bytes) -> ProofFile:
    """The parts of a receipt file.

    **Raises** ProofFileError, NoteError, CheckpointError for a file cut off, with anything behind its end, of another
    version, or written in any other way than `ProofFile.to_text` writes it.
    """
    lines, note = _halves(data)
    remaining = iter(lines)
    first = next(remaining, "")
    if first != VERSION_LINE:
        known = "of a version unknown here" if first.startswith(FAMILY) else "not a receipt"
        raise ProofFileError(f"The file is {known}; its first line should be {VERSION_LINE}.")
    line = next(remaining, "")
    extra = None
    if line.startswith("extra "):
        extra = from_base64(line.removeprefix("extra "), ProofFileError, "The extra part")
        line = next(remaining, "")
    if not line.startswith("index "):
        raise ProofFileError("The line with the index is missing.")
    index = number_from_text(line.removeprefix("index "), ProofFileError, "The index")
    path = tuple(_hashes(remaining))
    size = read_checkpoint(note)[1].size
    if index > LARGEST_INTEGER or not 1 <= size <= LARGEST_INTEGER:
        raise ProofFileError("The index, or the size of the tree, is no number a ledger reaches.")
    return ProofFile(extra=extra, index=index, path=path, note=note)


def verify_proof_file(file: ProofFile, leaf: bytes, policy: Policy) -> VerifiedCheckpoint:
    """Proves that this leaf stands at the file's index under a checkpoint the policy accepts.

    **Raises** what `verify_checkpoint` raises, and ProofError when the path does not lead to the root.
    """
    verified = verify_checkpoint(file.note, policy)
    checkpoint = verified.checkpoint
    verify_inclusion(file.index, checkpoint.size, leaf, file.path, checkpoint.root)
    return verified


def verify_receipt(data: str | bytes, policy: Policy) -> VerifiedReceipt:
    """Proves everything a receipt file claims: signatures, path, entry, and each row that is shown.

    **Raises** UnreadableError (ProofFileError, NoteError, CheckpointError) when it cannot be read; UnprovenError
    (ForeignOriginError, SignatureError, UnknownSignerError, QuorumError, ProofError, OpeningError) when it proves
    nothing.
    """
    file = parse_proof_file(data)
    if file.extra is None:
        raise ProofFileError("The file has no extra part, so the entry itself is missing.")
    body, openings = read_extra(file.extra)
    if len(body) > LONGEST_ENTRY:
        raise ProofFileError(f"An entry has at most {LONGEST_ENTRY} bytes.")
    try:
        entry = parse_entry(body)
    except EncodingError as error:
        raise ProofFileError(f"The entry cannot be read ({error}).") from error
    verified = verify_proof_file(file, leaf_hash(body), policy)
    if entry.log != verified.checkpoint.origin:
        raise ForeignOriginError(f"The entry was written for the ledger {entry.log}.")
    check_openings(openings, (*entry.objects, *entry.history))
    return VerifiedReceipt(file=file, checkpoint=verified, body=body, entry=entry, openings=openings)


def _halves(data: str | bytes) -> tuple[list[str], str]:
    if len(data) > LARGEST_FILE:
        raise ProofFileError(f"A receipt file has at most {LARGEST_FILE} bytes.")
    text = data if isinstance(data, str) else text_from_utf8(data, ProofFileError, "The receipt file")
    head, empty_line, note = text.partition("\n\n")
    if not empty_line:
        raise ProofFileError("The checkpoint is missing; the file may be cut off.")
    return head.split("\n"), note


def _hashes(lines: Iterator[str]) -> Iterator[bytes]:
    for number, line in enumerate(lines, start=1):
        if number > LONGEST_PATH:
            raise ProofFileError(f"The path has more than {LONGEST_PATH} hashes.")
        yield hash_from_base64(line, ProofFileError, f"Hash {number} of the path")
