"""Promises: what a patient takes home when sealing takes longer than she should have to wait.

A signed note in which the log promises that this leaf will stand in it by a deadline. Exchanged for a receipt later;
if the leaf is not there after the deadline, the promise itself is the evidence.

>>> import datetime
>>> promise = Promise("freely-given/0a", bytes(32), datetime.datetime(2027, 1, 15, 10, tzinfo=datetime.UTC))
>>> promise.to_text().splitlines()[1::2]
['freely-given/0a', '2027-01-15T10:00:00.000000Z']
"""

import datetime
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.ledger.canonical import EncodingError, time_from_text, time_text
from consent.ledger.notes import KeyKind, Note, VerifierKey, ed25519_line, parse_note, signed_note, verify_note
from consent.ledger.policy import Policy
from consent.ledger.refusals import ForeignOriginError, PromiseError
from consent.ledger.strict_text import hash_from_base64, to_base64

VERSION_LINE = "freely-given/promise/v1"
FAMILY = "freely-given/promise/"
KEY_ENDING = "/promise"


@dataclass(frozen=True, slots=True)
class Promise:
    """This leaf will stand in this ledger by this time."""

    origin: str
    leaf: bytes
    deadline_at: datetime.datetime

    def to_text(self) -> str:
        """The four lines that are signed."""
        return f"{VERSION_LINE}\n{self.origin}\n{to_base64(self.leaf)}\n{time_text(self.deadline_at)}\n"


def parse_promise(text: str) -> Promise:
    """The promise that a note's text states; raises PromiseError for anything but its four lines."""
    lines = text.split("\n")
    if lines[0] != VERSION_LINE:
        known = "a version of promises unknown here" if lines[0].startswith(FAMILY) else "no promise"
        raise PromiseError(f"The note is {known}; its first line should be {VERSION_LINE}.")
    if len(lines) != 5 or lines[4] or not lines[1]:
        raise PromiseError("A promise has four lines: version, ledger, leaf and deadline.")
    leaf = hash_from_base64(lines[2], PromiseError, "The leaf of the promise")
    try:
        return Promise(origin=lines[1], leaf=leaf, deadline_at=time_from_text(lines[3]))
    except EncodingError as error:
        raise PromiseError(f"The deadline of the promise cannot be read ({error.reason}).") from error


def read_promise(note: str | bytes) -> tuple[Note, Promise]:
    """A signed promise, taken apart; its signature is not checked here. Raises NoteError, PromiseError."""
    parsed = parse_note(note)
    return parsed, parse_promise(parsed.text)


def sign_promise(promise: Promise, key: Ed25519PrivateKey) -> str:
    """The signed promise, under the name that is kept for promises.

    **Takes** the log's key for promises (a web server may hold it that cannot read the log's own), or the log's own.

    **Raises** PromiseError, NoteError when it could not be read again.
    """
    text = promise.to_text()
    parse_promise(text)
    return signed_note(text, [ed25519_line(promise.origin + KEY_ENDING, key, text)])


def promise_keys(policy: Policy, origin: str) -> tuple[VerifierKey, ...]:
    """The keys a log may sign promises with: those the policy names so, and its own Ed25519 keys under that name."""
    name = origin + KEY_ENDING
    return tuple(
        VerifierKey(name=name, kind=KeyKind.ED25519, public_key=key.public_key)
        for key in (*policy.log_keys(name), *policy.log_keys(origin))
        if key.kind is KeyKind.ED25519
    )


def verify_promise(note: str | bytes, policy: Policy) -> Promise:
    """The promise, when its log has signed it.

    **Raises** NoteError, PromiseError, ForeignOriginError, SignatureError, UnknownSignerError.
    """
    parsed, promise = read_promise(note)
    keys = promise_keys(policy, promise.origin)
    if not keys:
        raise ForeignOriginError(f"The policy knows no ledger {promise.origin}.")
    verify_note(parsed, keys)
    return promise
