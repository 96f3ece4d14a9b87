"""The text in a slip's QR code, which can also be typed: where an entry stands, under which signed root.

Its last line is a check over the lines above, so that a character read wrongly is noticed before anything is compared
with the ledger. The signature is the log's Ed25519 line of the checkpoint; the rest of the proof is fetched or kept
elsewhere.

>>> parse_slip("FG2\\n...")
Traceback (most recent call last):
    ...
consent.ledger.refusals.SlipError: Line 1: this is a slip of a version unknown here; it should be FG1 or FGP1.
"""

import datetime
import hashlib
import re
from dataclasses import dataclass

from consent.ledger.canonical import EncodingError, time_from_text, time_text
from consent.ledger.checkpoints import Checkpoint
from consent.ledger.notes import KEY_ID_BYTES, KeyKind, Note, NoteSignature, verify_note
from consent.ledger.policy import Policy
from consent.ledger.promises import KEY_ENDING, Promise, promise_keys
from consent.ledger.refusals import ForeignOriginError, SlipError
from consent.ledger.strict_text import from_base64, hash_from_base64, number_from_text, to_base64

ENTRY_LINE, PROMISE_LINE = "FG1", "FGP1"
LONGEST_SLIP = 2_000  # characters
CHECK_DIGITS = 8
ED25519_BYTES = 64

_CHECK = re.compile(r"[0-9a-f]{8}")
_ORIGIN = re.compile(r"[!-*,-~]{1,200}")  # ASCII, no blank, no plus: it is a key name too


@dataclass(frozen=True, slots=True)
class SlipText:
    """A slip about a sealed entry."""

    origin: str
    index: int
    size: int
    leaf: bytes
    root: bytes
    key_id: bytes
    signature: bytes

    def to_text(self) -> str:
        """The lines of the code."""
        numbers = f"{self.index} {self.size}"
        signed = to_base64(self.key_id + self.signature)
        return _checked([ENTRY_LINE, self.origin, numbers, to_base64(self.leaf), to_base64(self.root), signed])

    def checkpoint(self) -> Checkpoint:
        """The checkpoint the slip was printed under."""
        return Checkpoint(origin=self.origin, size=self.size, root=self.root)

    def note(self) -> Note:
        """That checkpoint with the one signature the slip carries."""
        signature = NoteSignature(name=self.origin, key_id=self.key_id, signature=self.signature)
        return Note(text=self.checkpoint().to_text(), signatures=(signature,))


@dataclass(frozen=True, slots=True)
class PromiseSlipText:
    """A slip about an entry not sealed yet."""

    origin: str
    leaf: bytes
    deadline_at: datetime.datetime
    key_id: bytes
    signature: bytes

    def to_text(self) -> str:
        """The lines of the code."""
        signed = to_base64(self.key_id + self.signature)
        return _checked([PROMISE_LINE, self.origin, to_base64(self.leaf), time_text(self.deadline_at), signed])

    def promise(self) -> Promise:
        """What was promised."""
        return Promise(origin=self.origin, leaf=self.leaf, deadline_at=self.deadline_at)

    def note(self) -> Note:
        """The signed promise."""
        signature = NoteSignature(name=self.origin + KEY_ENDING, key_id=self.key_id, signature=self.signature)
        return Note(text=self.promise().to_text(), signatures=(signature,))


def slip_of(*, checkpoint: Checkpoint, note: Note, index: int, leaf: bytes, key_id: bytes) -> SlipText:
    """The slip of one entry under a signed checkpoint.

    **Takes** the id of the log's Ed25519 key.
    **Raises** SlipError when the note lacks that signature, or when the slip could not be read again.
    """
    signature = _signature(note, checkpoint.origin, key_id)
    slip = SlipText(checkpoint.origin, index, checkpoint.size, leaf, checkpoint.root, key_id, signature)
    parse_slip(slip.to_text())
    return slip


def promise_slip_of(*, promise: Promise, note: Note) -> PromiseSlipText:
    """The slip of a signed promise; raises SlipError when it could not be read again."""
    key_id = note.signatures[0].key_id
    signature = _signature(note, promise.origin + KEY_ENDING, key_id)
    slip = PromiseSlipText(promise.origin, promise.leaf, promise.deadline_at, key_id, signature)
    parse_slip(slip.to_text())
    return slip


def tidy(typed: str) -> str:
    """What a person or a scanner put in, without blanks at the ends of lines and without empty lines around it."""
    return "\n".join(line.strip() for line in typed.strip().splitlines())


def parse_slip(text: str) -> SlipText | PromiseSlipText:
    """The slip that a code or typed lines hold; pass typed lines through `tidy` first.

    **Raises** SlipError naming the line that cannot be read, or saying that the check does not fit the lines above it.
    """
    if len(text) > LONGEST_SLIP or not text.isascii():
        raise SlipError(f"A slip has at most {LONGEST_SLIP} plain letters, digits and signs.")
    lines = text.split("\n")
    known = {ENTRY_LINE: 7, PROMISE_LINE: 6}
    if lines[0] not in known:
        kind = "a slip of a version unknown here" if re.fullmatch(r"FGP?[0-9]+", lines[0]) else "not a slip"
        raise SlipError(f"Line 1: this is {kind}; it should be {ENTRY_LINE} or {PROMISE_LINE}.")
    if len(lines) != known[lines[0]]:
        raise SlipError(f"There are {len(lines)} lines; this slip has {known[lines[0]]}.")
    slip = _entry_slip(lines) if lines[0] == ENTRY_LINE else _promise_slip(lines)
    _check_fits(lines)
    return slip


def verify_slip(slip: SlipText, policy: Policy) -> Checkpoint:
    """The checkpoint of a slip, when its log has signed it. That the entry is in it needs the path as well.

    **Raises** ForeignOriginError, SignatureError, UnknownSignerError.
    """
    keys = [key for key in policy.log_keys(slip.origin) if key.kind is KeyKind.ED25519]
    if not keys:
        raise ForeignOriginError(f"The policy knows no ledger {slip.origin}.")
    verify_note(slip.note(), keys)
    return slip.checkpoint()


def verify_promise_slip(slip: PromiseSlipText, policy: Policy) -> Promise:
    """The promise of a slip, when its log has signed it; raises as `verify_slip` does."""
    keys = promise_keys(policy, slip.origin)
    if not keys:
        raise ForeignOriginError(f"The policy knows no ledger {slip.origin}.")
    verify_note(slip.note(), keys)
    return slip.promise()


def _entry_slip(lines: list[str]) -> SlipText:
    origin = _origin(lines)
    first, space, second = lines[2].partition(" ")
    if not space:
        raise SlipError("Line 3: the number of the entry and the size of the ledger, with one blank between.")
    index = number_from_text(first, SlipError, "Line 3: the number of the entry")
    size = number_from_text(second, SlipError, "Line 3: the size of the ledger")
    if index >= size:
        raise SlipError("Line 3: the number of the entry is below the size of the ledger.")
    leaf, root = (hash_from_base64(lines[place], SlipError, f"Line {place + 1}") for place in (3, 4))
    return SlipText(origin, index, size, leaf, root, *_signed(lines, 5))


def _promise_slip(lines: list[str]) -> PromiseSlipText:
    origin = _origin(lines)
    leaf = hash_from_base64(lines[2], SlipError, "Line 3")
    try:
        deadline_at = time_from_text(lines[3])
    except EncodingError as error:
        raise SlipError(f"Line 4: {error.reason}.") from error
    return PromiseSlipText(origin, leaf, deadline_at, *_signed(lines, 4))


def _origin(lines: list[str]) -> str:
    if not _ORIGIN.fullmatch(lines[1]):
        raise SlipError("Line 2: the name of the ledger has a sign that does not belong there.")
    return lines[1]


def _signed(lines: list[str], place: int) -> tuple[bytes, bytes]:
    data = from_base64(lines[place], SlipError, f"Line {place + 1}")
    if len(data) != KEY_ID_BYTES + ED25519_BYTES:
        raise SlipError(f"Line {place + 1}: the signature is too short or too long.")
    return data[:KEY_ID_BYTES], data[KEY_ID_BYTES:]


def _checked(lines: list[str]) -> str:
    return "\n".join([*lines, _check_of(lines)])


def _check_of(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("ascii")).hexdigest()[:CHECK_DIGITS]


def _check_fits(lines: list[str]) -> None:
    *above, check = lines
    if not _CHECK.fullmatch(check):
        raise SlipError(f"Line {len(lines)}: the check is {CHECK_DIGITS} digits from 0 to 9 and a to f.")
    if _check_of(above) != check:
        raise SlipError("The check in the last line does not fit: a character above it, or in it, is not as printed.")


def _signature(note: Note, name: str, key_id: bytes) -> bytes:
    for line in note.signatures:
        if (line.name, line.key_id) == (name, key_id):
            return line.signature
    raise SlipError(f"The note has no signature by {name} that a slip could carry.")
