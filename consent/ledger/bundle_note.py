"""The note that binds a bundle: its clinic's log signs the digest of the list of members.

Signed under a name of its own, so that it can never pass for a promise or a checkpoint, with the key for promises: the
web server has that one, and it is on record in the log's policy.

>>> BundleNote("freely-given/0a", bytes(32)).to_text().splitlines()[:2]
['freely-given/bundle/v1', 'freely-given/0a']
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from consent.ledger.notes import KeyKind, VerifierKey, ed25519_line, parse_note, signed_note, verify_note
from consent.ledger.policy import Policy
from consent.ledger.promises import KEY_ENDING as PROMISE_ENDING
from consent.ledger.refusals import BundleNoteError, ForeignOriginError
from consent.ledger.strict_text import hash_from_base64, to_base64

VERSION_LINE = "freely-given/bundle/v1"
KEY_ENDING = "/bundle"


@dataclass(frozen=True, slots=True)
class BundleNote:
    """This list of members was made by the house that keeps this log."""

    origin: str
    digest: bytes  # SHA-256 of manifest.json

    def to_text(self) -> str:
        """The three lines that are signed."""
        return f"{VERSION_LINE}\n{self.origin}\n{to_base64(self.digest)}\n"


def sign_bundle(bundle: BundleNote, key: Ed25519PrivateKey) -> str:
    """The signed note.

    **Raises** BundleNoteError, NoteError when it could not be read again.
    """
    text = bundle.to_text()
    _parse(text)
    return signed_note(text, [ed25519_line(bundle.origin + KEY_ENDING, key, text)])


def verify_bundle_note(note: str | bytes, policy: Policy) -> BundleNote:
    """What the note says, when the log it names has signed it, and nobody else.

    **Raises** NoteError, BundleNoteError, ForeignOriginError, SignatureError, UnknownSignerError.
    """
    parsed = parse_note(note)
    bundle = _parse(parsed.text)
    keys = _keys(policy, bundle.origin)
    if not keys:
        raise ForeignOriginError(f"The policy knows no ledger {bundle.origin}.")
    if len(parsed.signatures) != 1:
        raise BundleNoteError("The list of a bundle has one signature.")
    verify_note(parsed, keys)
    return bundle


def _keys(policy: Policy, origin: str) -> tuple[VerifierKey, ...]:
    """The keys that may sign a bundle: those for promises and the log's own Ed25519 keys, under the name of bundles."""
    found = (*policy.log_keys(origin + PROMISE_ENDING), *policy.log_keys(origin))
    return tuple(
        VerifierKey(name=origin + KEY_ENDING, kind=KeyKind.ED25519, public_key=key.public_key)
        for key in found
        if key.kind is KeyKind.ED25519
    )


def _parse(text: str) -> BundleNote:
    lines = text.split("\n")
    if lines[0] != VERSION_LINE:
        raise BundleNoteError(f"The note is not about a bundle; its first line should be {VERSION_LINE}.")
    if len(lines) != 4 or lines[3] or not lines[1]:
        raise BundleNoteError("The note of a bundle has three lines: version, ledger and digest.")
    return BundleNote(origin=lines[1], digest=hash_from_base64(lines[2], BundleNoteError, "The digest of the bundle"))
