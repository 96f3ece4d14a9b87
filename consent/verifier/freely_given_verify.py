#!/usr/bin/env python3
"""Checks what a Freely Given ledger signed, without Freely Given: one file, no network, one package to install.

Needs Python 3.11 or newer and the package `cryptography` (50 or newer, for signatures of type ML-DSA-44).

    python3 freely_given_verify.py receipt my-receipt.tlog-proof --policy policy.txt
    python3 freely_given_verify.py slip typed-slip.txt --policy policy.txt
    python3 freely_given_verify.py export ledger-export.zip --policy policy.txt
    python3 freely_given_verify.py compare old-slip.txt ledger-export.zip --policy policy.txt
    python3 freely_given_verify.py promise my-promise.txt --policy policy.txt --receipt my-receipt.tlog-proof
    python3 freely_given_verify.py bundle my-records.zip --policy policy.txt

Take the policy (which keys belong to the log, and who outside has to countersign) from somebody you trust, not from
the same hand as the receipt. Exit code 0: proven, and the last line says who outside the clinic holds it. 1: something
contradicts something, or a proof is wrong; both signed statements are printed whole, as evidence for others. 2: it
could not be read, with the reason. The format stands in docs/ledger-format.md of the project; this file shares no code
with it.

A pattern decides whether bytes are an entry; there is no second way to read one. The functions that say *why* bytes
were refused run afterwards and decide nothing.
"""

import argparse
import binascii
import contextlib
import datetime
import hashlib
import json
import lzma
import re
import sqlite3
import struct
import sys
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

try:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
except ImportError:  # an older package: lines of that type are then reported as not checked
    MLDSA44PublicKey = None  # type: ignore[misc, assignment]

VERIFIED, CONTRADICTED, UNREADABLE = 0, 1, 2
SKEW_SECONDS = 5
LARGEST = 2**53 - 1
DEEPEST = 16
MOST_FINDINGS = 50
MOST_LINES = 64  # signature lines of one note
NOTE_BYTES = 1_000_000
RECEIPT_BYTES = 16_000_000
LINE_BYTES = 4_000_000  # one line of openings
ENTRY_BYTES = 65_535
BUNDLE_BYTES = 256 * (2 + ENTRY_BYTES)
HOT_SUBJECTS = 100_000
LAST_TIME = 253_402_300_799  # the last second of the year 9999

ED25519, COSIGNATURE, ML_DSA_44 = 0x01, 0x04, 0x06
TYPE_NAMES = {ED25519: "Ed25519", COSIGNATURE: "Ed25519", ML_DSA_44: "ML-DSA-44"}
PUBLIC_BYTES = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: 1312}
SIGNATURE_BYTES = {ED25519: 64, COSIGNATURE: 72, ML_DSA_44: 2428}

KINDS_WITHOUT_SUBJECT = frozenset({
    "sheet.published", "key.rotated", "log.frozen", "log.restored", "log.delayed", "entry.quarantined",
    "guard.manifest", "db.out-of-band", "clock.anomaly", "checkpoint.published",
})  # fmt: skip
KINDS = KINDS_WITHOUT_SUBJECT | frozenset({
    "consent.proposed", "consent.informed", "consent.given", "consent.refused", "consent.more-time-asked",
    "consent.confirmed", "consent.certified", "consent.withdrawn", "consent.superseded", "consent.error-reported",
    "consent.marked-in-error", "hold.raised", "hold.lifted", "procedure.start-refused", "procedure.started",
    "procedure.stopped", "procedure.completed", "record.issued", "copy.handed-over", "offer.refused",
    "offer.talk-requested", "offer.clinical-fact", "consent.interpreter-stated", "consent.obtainer-stated",
    "capacity.assessed", "capacity.young-person-noted", "guardian.spoke", "wait.premature-birth",
    "wait.abdominal-emergency", "wait.shorter-asked", "wait.shorter-answered", "emergency.declared",
    "emergency.agreed", "emergency.reviewed", "addition.declared", "addition.agreed", "procedure.patient-told",
    "removal.asked", "removal.ended", "removal.contraindicated", "removal.second-opinion", "complaint.made",
    "complaint.answered", "correction.asked", "correction.answered", "bundle.taken", "paper.printed",
    "paper.received", "paper.verified", "paper.rejected", "record.viewed",
    "receipt.delivered", "receipt.declined", "subject.erasure-asked", "subject.erased", "log.recovered",
})  # fmt: skip
# As the first entry of a batch they put on record why the entries of the batch may bear early times.
EXCUSES = frozenset({"log.delayed", "clock.anomaly"})
ROLES = ("patient", "practitioner", "receptionist", "advocate", "auditor", "administrator")
WAYS = ("own-card", "clinic-tablet", "spoken-to-staff", "paper", "staff", "command", "system")


class UnreadableError(ValueError):
    """What lies there cannot be read; the text says why. Nothing is proven and nobody is accused."""


class ContradictionError(Exception):
    """Something contradicts something, or a proof is wrong; `notes` are the signed statements, whole."""

    def __init__(self, sentence: str, *notes: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.notes = notes


# ------------------------------------------------------------------------------------------------------ bytes and text


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf_of(body: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + body).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def base64_bytes(text: str, what: str, length: int | None = None) -> bytes:
    """Bytes of base64 written in the one canonical way."""
    try:
        raw = binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise UnreadableError(f"{what} is not base64") from error
    if base64_text(raw) != text:
        raise UnreadableError(f"{what} is base64 written in another way than the usual one")
    if length is not None and len(raw) != length:
        raise UnreadableError(f"{what} has {len(raw)} bytes instead of {length}")
    return raw


def base64_text(raw: bytes) -> str:
    return binascii.b2a_base64(raw, newline=False).decode("ascii")


def text_of(data: bytes, what: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"{what} is not UTF-8 text (byte {error.start})") from error


def time_at(seconds: int) -> str:
    """A POSIX time as the ledger writes times."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z").rjust(27, "0")


def is_time(text: str) -> bool:
    """Whether a text of the right shape names a time that exists."""
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def printable(text: str) -> str:
    """Text that cannot steer a terminal."""
    return "".join(char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in text)


_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(value: object) -> bytes:
    """The one way to write a value; ValueError or TypeError for what has no place in the encoding."""
    check_subset(value, 0)
    return _encode(value).encode("utf-8")


def check_subset(value: object, depth: int) -> None:
    if depth > DEEPEST:
        raise UnreadableError(f"nested deeper than {DEEPEST}")
    if isinstance(value, dict):
        if not all(key and key.isascii() for key in value):
            raise UnreadableError("a key that is empty or not ASCII")
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            check_subset(item, depth + 1)
    elif value is None or isinstance(value, float):
        raise UnreadableError("a fraction or null stands where none may")
    elif type(value) is int and abs(value) > LARGEST:
        raise UnreadableError("a number beyond 2^53 - 1")


def canonical_value(data: bytes, what: str) -> object:
    """The value that canonical bytes stand for."""
    try:
        value = json.loads(data.decode("utf-8"))
        same = canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"{what}: {why_not_json(data) or error}") from error
    if not same:
        raise UnreadableError(f"{what}: {why_not_json(data) or 'not written in the one canonical way'}")
    return value


def why_not_json(data: bytes) -> str:
    """The commonest reasons in words; empty when none of them holds."""

    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        names = [name for name, _ in pairs]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise UnreadableError(f"the key {twice[0]!r} is given twice")
        return dict(pairs)

    try:
        json.loads(data.decode("utf-8"), object_pairs_hook=once)
    except UnreadableError as error:
        return str(error)
    except UnicodeDecodeError:
        return "not UTF-8 text"
    except (ValueError, RecursionError):
        return "not JSON"
    return ""


# ----------------------------------------------------------------------------------------------------- keys and policy


@dataclass(frozen=True)
class Key:
    """A public key with the name that stands on its lines."""

    name: str
    type: int
    public: bytes
    key_id: bytes
    check: Callable[[bytes, bytes], None] | None  # (signature, message); None when this computer cannot check the type

    def time_of(self, signature: bytes, checkpoint: "Body") -> int | None:
        """Checks a signature over a checkpoint; the time it carries, if any. InvalidSignature when it does not fit."""
        assert self.check is not None  # noqa: S101  asked by the only caller
        if len(signature) != SIGNATURE_BYTES[self.type]:
            raise InvalidSignature
        if self.type == ED25519:
            self.check(signature, checkpoint.text)
            return None
        (seconds,) = struct.unpack(">Q", signature[:8])
        if seconds > LAST_TIME:
            raise InvalidSignature
        if self.type == COSIGNATURE:
            message = b"cosignature/v1\ntime %d\n" % seconds + checkpoint.text
        else:
            message = subtree_message(self.name, seconds, checkpoint)
        self.check(signature[8:], message)
        return seconds or None


class Body(NamedTuple):
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes
    text: bytes


def subtree_message(name: str, seconds: int, checkpoint: Body) -> bytes:
    """What an ML-DSA-44 line signs (C2SP tlog-cosignature)."""
    signer, origin = name.encode(), checkpoint.origin.encode()
    if len(signer) > 255 or len(origin) > 255:
        raise InvalidSignature
    return (
        b"subtree/v1\n\x00"
        + bytes((len(signer),))
        + signer
        + struct.pack(">Q", seconds)
        + bytes((len(origin),))
        + origin
        + struct.pack(">QQ", 0, checkpoint.size)
        + checkpoint.root
    )


def checker(kind: int, public: bytes) -> Callable[[bytes, bytes], None] | None:
    if kind != ML_DSA_44:
        return Ed25519PublicKey.from_public_bytes(public).verify
    if MLDSA44PublicKey is None:
        return None
    try:
        return MLDSA44PublicKey.from_public_bytes(public).verify
    except UnsupportedAlgorithm:
        return None


def key_from(text: str, types: tuple[int, ...]) -> Key:
    """A key written as name+id+base64(type and public key)."""
    parts = text.split("+", 2)
    if len(parts) != 3 or not re.fullmatch(r"[^\s+]+", parts[0]) or not re.fullmatch(r"[0-9a-f]{8}", parts[1]):
        raise UnreadableError(f"not a key: {text[:80]}")
    raw = base64_bytes(parts[2], f"the key of {parts[0]}")
    if not raw or raw[0] not in types or len(raw) != 1 + PUBLIC_BYTES[raw[0]]:
        raise UnreadableError(f"the key of {parts[0]} is of a type or length that has no place here")
    if any("\ud800" <= char <= "\udfff" for char in parts[0]):
        raise UnreadableError(f"the name of the key {printable(parts[0])[:80]} is not UTF-8 text")
    key_id = key_id_of(parts[0], raw)
    if key_id.hex() != parts[1]:
        raise UnreadableError(f"the key of {parts[0]} does not fit its id {parts[1]}: a character is wrong")
    return Key(parts[0], raw[0], raw[1:], key_id, checker(raw[0], raw[1:]))


def key_id_of(name: str, typed_public: bytes) -> bytes:
    return sha256(name.encode("utf-8", "surrogateescape") + b"\n" + typed_public)[:4]


@dataclass
class Policy:
    """Which logs are known, who outside cosigns, and how many of them it takes (C2SP tlog-policy)."""

    logs: dict[tuple[str, bytes], Key] = field(default_factory=dict)
    witnesses: dict[tuple[str, bytes], tuple[str, Key]] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    quorum: str = ""

    def is_met(self, cosigned: set[str]) -> bool:
        """Whether these witnesses, by the names the policy gives them, are enough."""
        if self.quorum == "none":
            return bool(cosigned)
        have = set(cosigned)
        for name, (needed, members) in self.groups.items():
            if len(have.intersection(members)) >= needed:
                have.add(name)
        return self.quorum in have

    def origins(self) -> set[str]:
        return {name for name, _ in self.logs}


def policy_from(data: bytes) -> Policy:
    """The policy that a text stands for."""
    if re.search(rb"[^\t\n\x20-\x7e\x80-\xff]", data):
        raise UnreadableError("the policy holds control characters")
    if not data.endswith(b"\n"):
        raise UnreadableError("the policy does not end with a line end: it may be cut short")
    policy = Policy()
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if not words or words[0].startswith("#"):
            continue
        try:
            policy_line(policy, words)
        except UnreadableError as error:
            raise UnreadableError(f"line {number} of the policy: {error}") from error
    if not policy.quorum:
        raise UnreadableError("the policy has no quorum line")
    return policy


def policy_line(policy: Policy, words: list[str]) -> None:
    if words[0] == "log" and len(words) in (2, 3):
        add_log(policy, key_from(words[1], (ED25519, ML_DSA_44)))
    elif words[0] == "witness" and len(words) in (3, 4):
        add_witness(policy, words[1], key_from(words[2], (COSIGNATURE, ML_DSA_44)))
    elif words[0] == "group" and len(words) >= 4:
        add_group(policy, words[1], words[2], words[3:])
    elif words[0] == "quorum" and len(words) == 2:
        if policy.quorum:
            raise UnreadableError("a second quorum line")
        if words[1] != "none" and words[1] not in policy.names:
            raise UnreadableError(f"{words[1]} is not defined before it")
        policy.quorum = words[1]
    else:
        raise UnreadableError(f"not understood: {' '.join(words)[:80]}")


def add_log(policy: Policy, key: Key) -> None:
    check_new_key(policy, key)
    policy.logs[key.name, key.key_id] = key


def add_witness(policy: Policy, name: str, key: Key) -> None:
    check_new_key(policy, key)
    add_name(policy, name)
    policy.witnesses[key.name, key.key_id] = (name, key)


def check_new_key(policy: Policy, key: Key) -> None:
    """No key twice; and a log is not its own witness."""
    known = [*policy.logs.values(), *(witness for _, witness in policy.witnesses.values())]
    if any(other.public == key.public or (other.name, other.key_id) == (key.name, key.key_id) for other in known):
        raise UnreadableError(f"the key of {key.name} stands there already")


def add_name(policy: Policy, name: str) -> None:
    if name == "none" or name in policy.names:
        raise UnreadableError(f"the name {name} is taken")
    policy.names.add(name)


def add_group(policy: Policy, name: str, count: str, members: list[str]) -> None:
    for member in members:
        if member not in policy.names or member in policy.members:
            raise UnreadableError(f"{member} is not defined before it, or is a member already")
        policy.members.add(member)
    needed = {"any": 1, "all": len(members)}.get(count) or (int(count) if re.fullmatch("[1-9][0-9]{0,3}", count) else 0)
    if not 1 <= needed <= len(members):
        raise UnreadableError(f"{count} of {len(members)} is no threshold")
    add_name(policy, name)
    policy.groups[name] = (needed, members)


# ------------------------------------------------------------------------------------------------ notes and checkpoints

_HASH = re.compile("[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")  # 32 bytes as base64, in the one canonical way
_CONTROLS = bytes(each for each in range(32) if each != 10)
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_CHECKPOINT = re.compile(r"([^\n]+)\n([1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


def note_parts(data: bytes, what: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Text of a signed note, and for each signature line its name, key id and signature (C2SP signed-note)."""
    if len(data) > NOTE_BYTES:
        raise UnreadableError(f"{what} is longer than any signed note")
    note = text_of(data, what)
    if len(data.translate(None, _CONTROLS)) != len(data):
        raise UnreadableError(f"{what} holds control characters")
    end = note.rfind("\n\n")
    if end < 0 or not note.endswith("\n") or end + 2 == len(note):
        raise UnreadableError(f"{what} is no signed note, or is cut short")
    lines = note[end + 2 : -1].split("\n")
    if len(lines) > MOST_LINES:
        raise UnreadableError(f"{what} has more than {MOST_LINES} signature lines")
    return note[: end + 1], [signature_line(line, what) for line in lines]


def signature_line(line: str, what: str) -> tuple[str, bytes, bytes]:
    found = _SIGNATURE_LINE.fullmatch(line)
    if not found:
        raise UnreadableError(f"{what} ends with something that is no signature line")
    blob = base64_bytes(found[2], f"the signature of {found[1]}")
    if len(blob) < 5:
        raise UnreadableError(f"the signature of {found[1]} is too short")
    return found[1], blob[:4], blob[4:]


def body_from(text: str, what: str) -> Body:
    found = _CHECKPOINT.fullmatch(text)
    if not found:
        raise UnreadableError(f"{what}: {why_not_a_checkpoint(text)}")
    if int(found[2]) > LARGEST:
        raise UnreadableError(f"{what}: a size beyond 2^53 - 1")
    return Body(found[1], int(found[2]), base64_bytes(found[3], f"the root of {what}", 32), text.encode())


def why_not_a_checkpoint(text: str) -> str:
    lines = text.split("\n")
    if len(lines) != 4:
        return f"a checkpoint has three lines (origin, size, root), this has {len(lines) - 1}"
    if not lines[0]:
        return "the first line, which names the log, is empty"
    if not re.fullmatch(r"[1-9][0-9]{0,18}", lines[1]):
        return f"{lines[1][:20]!r} is no size of a tree (whole, at least 1, no leading zero)"
    return "the third line is not the base64 of a root"


class Checkpoint(NamedTuple):
    """A checkpoint whose signatures have been checked."""

    body: Body
    note: str
    signed_with: tuple[str, ...]
    cosigned: tuple[tuple[str, int | None], ...]  # witness by its name in the policy, and the time it signed
    sealed_at: int | None  # what the log itself says
    not_checked: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        return self.body.size

    def anchored_at(self, policy: Policy) -> int | None:
        """When enough witnesses had signed; 0 when they did not say, None when they are not enough."""
        have: set[str] = set()
        for name, seconds in sorted(self.cosigned, key=lambda each: each[1] or 0):
            have.add(name)
            if policy.is_met(have):
                return seconds or 0
        return None


def checkpoint_from(data: bytes, policy: Policy, what: str) -> Checkpoint:
    """A checkpoint, its lines checked: each of a known key must fit, and one of the log's keys must have signed."""
    text, lines = note_parts(data, what)
    body, note = body_from(text, what), data.decode()
    if body.origin not in policy.origins():
        raise ContradictionError(f"The policy knows no log named {body.origin}; {what} speaks of a foreign log.", note)
    signed: list[str] = []
    cosigned: list[tuple[str, int | None]] = []
    skipped: list[str] = []
    sealed_at = None
    for name, key_id, signature in lines:
        log, witness = policy.logs.get((name, key_id)), policy.witnesses.get((name, key_id))
        key = log or (witness[1] if witness else None)
        if key is None:
            continue
        if key.check is None:
            skipped.append(f"{name} ({TYPE_NAMES[key.type]})")
            continue
        seconds = line_time(key, signature, body, note, what)
        if witness:
            cosigned.append((witness[0], seconds))
        elif name == body.origin:
            signed.append(TYPE_NAMES[key.type])
            sealed_at = seconds or sealed_at
    if not signed:
        raise ContradictionError(f"No key that the policy lists for {body.origin} has signed {what}.", note)
    return Checkpoint(body, note, tuple(signed), tuple(cosigned), sealed_at, tuple(skipped))


def line_time(key: Key, signature: bytes, body: Body, note: str, what: str) -> int | None:
    try:
        return key.time_of(signature, body)
    except InvalidSignature as error:
        raise ContradictionError(
            f"The signature line of {key.name} ({TYPE_NAMES[key.type]}) in {what} does not belong to its text.", note
        ) from error


# --------------------------------------------------------------------------------------------------------------- proofs


def inclusion_root(index: int, size: int, leaf: bytes, path: list[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to; None when its length does not fit (RFC 9162, section 2.1.3.2)."""
    place, last, root, digest = index, size - 1, leaf, hashlib.sha256
    for sibling in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = digest(b"\x01" + sibling + root).digest()
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        else:
            root = digest(b"\x01" + root + sibling).digest()
        place >>= 1
        last >>= 1
    return root if last == 0 else None


def roots_on_the_way(index: int, size: int, leaf: bytes, path: list[bytes]) -> dict[int, bytes]:
    """Roots of the trees of `index` and `index + 1` entries: a proof that holds commits to both.

    The hashes that join from the left are exactly the full subtrees before the entry.
    """
    place, last = index, size - 1
    before: bytes | None = None
    with_it = leaf
    for sibling in path:
        if place & 1 or place == last:
            before = sibling if before is None else node_of(sibling, before)
            with_it = node_of(sibling, with_it)
            while not place & 1 and place:
                place >>= 1
                last >>= 1
        place >>= 1
        last >>= 1
    return {index + 1: with_it} | ({} if before is None else {index: before})


def is_consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    """Whether a proof shows that the tree of `old` entries begins the tree of `new` (RFC 9162, section 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_root == new_root
    hashes = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not hashes:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    return walk(place, last, hashes) == (old_root, new_root)


def walk(place: int, last: int, hashes: list[bytes]) -> tuple[bytes, bytes] | None:
    """The two roots that a proof of consistency leads to; None when its length does not fit."""
    first = second = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if place & 1 or place == last:
            first, second = node_of(sibling, first), node_of(sibling, second)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            second = node_of(second, sibling)
        place, last = place >> 1, last >> 1
    return (first, second) if last == 0 else None


# -------------------------------------------------------------------------------------------------------------- entries


def either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in words) + ")"


_HEX32, _HEX64 = '"[0-9a-f]{32}"', '"[0-9a-f]{64}"'
_CODE = '"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}"'
_NAME = '"[a-z][a-z0-9_]{0,63}"'
_NUMBER = "[1-9][0-9]{0,15}"
_TIME = r'"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"'
_ROW = rf'\{{"digest":{_HEX64},"key":{_HEX32},"model":"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*"\}}'
_ROWS = rf"\[(?:{_ROW}(?:,{_ROW})*+)?\]"
_ATOM = rf"(?:{_CODE}|true|false|0|-?{_NUMBER})"
_MEMBER = rf"{_NAME}:(?:{_ATOM}|\[(?:{_ATOM}(?:,{_ATOM})*+)?\])"

# Every key of an entry, in the order of its bytes, and whether each entry has it.
FIELDS = {
    "actor": (True, rf'\{{"kind":"{either(ROLES)}"(?:,"ref":{_HEX32})?,"via":"{either(WAYS)}"\}}'),
    "detail": (False, rf"\{{{_MEMBER}(?:,{_MEMBER})*+\}}"),
    "history": (True, _ROWS),
    "id": (True, _HEX32),
    "log": (True, '"[a-z0-9][a-z0-9./-]{0,126}"'),
    "object": (True, _ROWS),
    "occurred_at": (True, _TIME),
    "recorded_at": (True, _TIME),
    "seen": (False, rf'\{{"root":{_HEX64},"size":{_NUMBER}\}}'),
    "sprev": (False, _HEX64),
    "sseq": (False, _NUMBER),
    "subject": (False, _HEX32),
    "text": (False, rf'\{{"digest":{_HEX64},"language":{_CODE},"sheet":{_CODE},"version":{_CODE}\}}'),
    "type": (True, f'"{either(sorted(KINDS))}"'),
    "v": (True, "1"),
    "veil": (False, rf"\[{_HEX64}(?:,{_HEX64})*+\]"),
}


def entry_pattern() -> re.Pattern[bytes]:
    parts: list[str] = []
    for name, (is_required, pattern) in FIELDS.items():
        part = f'{"," if parts else ""}"{name}":(?P<{name}>{pattern})'
        parts.append(part if is_required else f"(?:{part})?+")
    return re.compile(("\\{" + "".join(parts) + "\\}").encode("ascii"))


_ENTRY = entry_pattern()
_ROW_NAMES = re.compile(rb'"key":("[0-9a-f]{32}","model":"[a-z0-9_.]+)"')
_ROW_PARTS = re.compile(rb'"digest":"([0-9a-f]{64})","key":"([0-9a-f]{32})","model":"([a-z0-9_.]+)"')


class Entry(NamedTuple):
    """What the checks ask of an entry."""

    kind: str
    log: str
    recorded_at: str
    occurred_at: str
    subject: bytes | None
    sseq: int
    sprev: bytes | None
    seen: bytes | None
    rows: bytes

    def digests(self) -> dict[tuple[str, str], str]:
        """Digest of each row the entry names, by model and key."""
        return {(model.decode(), key.decode()): digest.decode() for digest, key, model in _ROW_PARTS.findall(self.rows)}

    def seen_tree(self) -> tuple[int, bytes]:
        size, root = re.fullmatch(rb'\{"root":"(.{64})","size":([0-9]+)\}', self.seen or b"").group(2, 1)  # type: ignore[union-attr]
        return int(size), bytes.fromhex(root.decode())


def entry_from(body: bytes) -> Entry:
    """The entry that bytes stand for; refused unless they are exactly what format version 1 writes."""
    if len(body) > ENTRY_BYTES:
        raise UnreadableError(f"an entry has at most {ENTRY_BYTES} bytes, this one has {len(body)}")
    found = _ENTRY.fullmatch(body)
    if found is None:
        raise UnreadableError(why_not_an_entry(body))
    actor, detail, history, _, log, objects, occurred, recorded, seen, sprev, sseq, subject, _, kind, _, _ = (
        found.groups()
    )
    entry = Entry(
        kind[1:-1].decode(),
        log[1:-1].decode(),
        recorded[1:-1].decode(),
        occurred[1:-1].decode(),
        subject,
        int(sseq or 0),
        sprev and sprev[1:-1],
        seen,
        history + objects,
    )
    if problem := entry_problem(entry, actor, detail):
        raise UnreadableError(problem)
    return entry


def entry_problem(entry: Entry, actor: bytes, detail: bytes | None) -> str:
    """What a pattern cannot see; empty when nothing is wrong."""
    if (entry.subject is None) != (entry.kind in KINDS_WITHOUT_SUBJECT) or (entry.subject is None) != (entry.sseq == 0):
        return f"subject or sseq stands, or is missing, where it may not in {entry.kind}"
    if (entry.sprev is None) != (entry.sseq < 2):
        return "sprev names the previous entry of the subject, so it stands from the second on"
    if b'"ref"' not in actor and not actor.endswith((b'"command"}', b'"system"}')):
        return "actor.ref is missing; only a command and the software itself have no one to name"
    if not (is_time(entry.recorded_at) and is_time(entry.occurred_at)):
        return "a time that does not exist"
    if entry.sseq > LARGEST or (entry.seen and entry.seen_tree()[0] > LARGEST):
        return "a number beyond 2^53 - 1"
    names = _ROW_NAMES.findall(entry.rows)
    if len(set(names)) != len(names):
        return "the same row is named twice"
    return detail_problem(detail) if detail else ""


def detail_problem(detail: bytes) -> str:
    value = json.loads(detail)
    if _encode(value).encode() != detail:
        return f"detail: {why_not_json(detail) or 'not written in the one canonical way'}"
    numbers = [item for each in value.values() for item in (each if isinstance(each, list) else [each])]
    if any(type(item) is int and abs(item) > LARGEST for item in numbers):
        return "a number beyond 2^53 - 1"
    return ""


def why_not_an_entry(body: bytes) -> str:
    """The reason in words, for bytes that the pattern has refused already."""
    try:
        value = canonical_value(body, "the entry")
    except UnreadableError as error:
        return str(error)
    if not isinstance(value, dict):
        return "the entry is not an object"
    if value.get("v", 1) != 1 or value.get("v") is True:
        return f"version {value['v']!r} of entries is unknown here"
    kind = value.get("type")
    if isinstance(kind, str) and kind not in KINDS:
        return f"the kind of entry {printable(kind)[:80]!r} is unknown here"
    for name in sorted({*value, *FIELDS}):
        if reason := why_not_the_field(name, value):
            return reason
    return "not an entry of version 1"


def why_not_the_field(name: str, value: dict[str, object]) -> str:
    if name not in FIELDS:
        return f"the key {printable(name)[:80]!r} of the entry is unknown here"
    is_required, pattern = FIELDS[name]
    if name not in value:
        return f"{name} is missing" if is_required else ""
    if not re.fullmatch(pattern, _encode(value[name])):
        return f"{name} does not look as the format asks"
    return ""


# ------------------------------------------------------------------------------------------------------------- openings

VEIL = b"freely-given/veil/v1\x00"


def row_digest(opening: dict[str, object]) -> str:
    """Digest of the row that an opening shows."""
    veiled, opened = opening["veiled"], opening["open"]
    if not isinstance(veiled, dict) or not isinstance(opened, dict):
        raise UnreadableError("an opening whose open or veiled part is no object")
    commitments = {name: commitment(name, part) for name, part in veiled.items()}
    document = {"model": opening["model"], "key": opening["key"], "open": opened, "veiled": commitments}
    return hashlib.sha256(canonical(document)).hexdigest()


def commitment(name: str, part: object) -> str:
    """What stands in the digest for one veiled field: as given, or made again from salt and value."""
    if isinstance(part, str) and re.fullmatch("[0-9a-f]{64}", part):
        return part
    if not isinstance(part, dict) or part.keys() != {"salt", "value"}:
        raise UnreadableError(f"the veiled field {printable(name)[:80]!r} is neither closed nor opened")
    salt = part["salt"]
    if not isinstance(salt, str) or not re.fullmatch("[0-9a-f]{64}", salt):
        raise UnreadableError(f"the salt of {printable(name)[:80]!r} is not 64 hex characters")
    return hashlib.sha256(VEIL + bytes.fromhex(salt) + canonical(part["value"])).hexdigest()


class OpenedRow(NamedTuple):
    """What an opening says a row is, before it is compared with anything."""

    model: str
    key: str
    digest: str


def opened_row(opening: object, keys: set[str]) -> OpenedRow:
    """The row that an opening shows; refused when it is no opening."""
    if not isinstance(opening, dict) or opening.keys() != keys:
        raise UnreadableError("an opening that does not hold exactly " + ", ".join(sorted(keys)))
    model, key = opening["model"], opening["key"]
    if not isinstance(model, str) or not isinstance(key, str):
        raise UnreadableError("an opening whose model or key is no text")
    return OpenedRow(model, key, row_digest(opening))


def check_opening(opening: object, digests: dict[tuple[str, str], str], keys: set[str]) -> None:
    """Refuses an opening that does not fit: the entry binds another row, or none of this name."""
    check_row(opened_row(opening, keys), digests)


def check_row(row: OpenedRow, digests: dict[tuple[str, str], str]) -> None:
    name, bound = printable(f"{row.model} {row.key}")[:120], digests.get((row.model, row.key))
    if bound is None:
        raise ContradictionError(f"The row {name} is opened, but the entry binds no such row.")
    if row.digest != bound:
        raise ContradictionError(
            f"The entry binds the row {name} with digest {bound}; what was opened has {row.digest}."
        )


OPENING_KEYS = {"model", "key", "open", "veiled"}


# ------------------------------------------------------------------------------------------ receipts, slips, promises


class Receipt(NamedTuple):
    """A receipt that has been proven."""

    checkpoint: Checkpoint
    place: int
    leaf: bytes
    path: list[bytes]  # from the sibling of the leaf upwards
    entry: Entry
    openings: list[dict[str, object]]


class Place(NamedTuple):
    """A leaf whose place has been proven, by a receipt that does not hold the entry."""

    checkpoint: Checkpoint
    place: int
    leaf: bytes
    path: list[bytes]


_PROOF_HEAD = re.compile(
    rb"c2sp\.org/tlog-proof@v1\n(?:extra ([A-Za-z0-9+/]+={0,2})\n)?index (0|[1-9][0-9]{0,15})"
    rb"((?:\n[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=){0,63})"
)


def proof_parts(data: bytes) -> tuple[str | None, int, list[bytes], bytes]:
    """Extra, index, path and checkpoint of a `.tlog-proof` file."""
    head, gap, note = data.partition(b"\n\n")
    found = _PROOF_HEAD.fullmatch(head)
    if not found or not gap:
        raise UnreadableError(why_not_a_proof(head, gap))
    extra, index, block = found.groups()
    if int(index) > LARGEST:
        raise UnreadableError("the index of the receipt is a number beyond 2^53 - 1")
    path = [binascii.a2b_base64(block[at : at + 44]) for at in range(1, len(block), 45)]
    return extra.decode("ascii") if extra else None, int(index), path, note


def why_not_a_proof(head: bytes, gap: bytes) -> str:
    """The reason in words, for bytes that have been refused already."""
    lines = text_of(head, "the receipt").split("\n")
    if not lines[0].startswith("c2sp.org/tlog-proof@"):
        return "not a receipt: it does not begin with c2sp.org/tlog-proof@v1"
    if lines[0] != "c2sp.org/tlog-proof@v1":
        return f"version {printable(lines[0])[20:60]!r} of receipts is unknown here"
    if not gap:
        return "the receipt is cut short: it has no checkpoint"
    rest = lines[2:] if len(lines) > 1 and lines[1].startswith("extra ") else lines[1:]
    if not rest or not re.fullmatch("index (0|[1-9][0-9]{0,15})", rest[0]):
        return "the receipt has no index line where one must stand"
    hashes_from(rest[1:])
    return "the extra line of the receipt is not base64"


def hashes_from(lines: list[str]) -> list[bytes]:
    """The hashes of a proof, one a line."""
    if len(lines) > 63:
        raise UnreadableError("the proof has more than 63 lines")
    for line in lines:
        if not _HASH.fullmatch(line):
            base64_bytes(line, "a line of the proof", 32)
            raise UnreadableError("a line of the proof is not a hash")
    return [binascii.a2b_base64(line) for line in lines]


def extra_parts(extra: str | None) -> tuple[bytes, list[object]]:
    """Bytes of the entry and the openings. No entry holds a backslash, so its quotes are all there is to unescape."""
    if extra is None:
        raise UnreadableError("this receipt carries no entry; it proves something only together with its slip")
    raw = base64_bytes(extra, "extra")
    head, middle, tail = raw.partition(b'","openings":[')
    body = head[10:].replace(b'\\"', b'"')
    if not middle or b'{"entry":"' + body.replace(b'"', b'\\"') != head or not tail.endswith(b"]}"):
        raise UnreadableError(why_not_extra(raw))
    try:
        around = canonical_value(b'{"openings":[' + tail, "the openings") if tail != b"]}" else {"openings": []}
    except UnreadableError as error:
        raise UnreadableError(why_not_extra(raw)) from error
    openings = around["openings"] if isinstance(around, dict) and around.keys() == {"openings"} else None
    if not isinstance(openings, list):
        raise UnreadableError("the openings are no list")
    return body, openings


def why_not_extra(raw: bytes) -> str:
    """The reason in words, for bytes that have been refused already."""
    try:
        value = canonical_value(raw, "extra")
    except UnreadableError as error:
        return str(error)
    if not isinstance(value, dict) or value.keys() != {"entry", "openings"}:
        return "extra does not hold exactly entry and openings"
    return "extra does not hold the text of an entry and a list of openings"


def receipt_from(data: bytes, policy: Policy) -> Receipt:
    """A receipt, proven: entry, openings, place in the tree, signatures."""
    extra, index, path, note = proof_parts(data)
    body, openings = extra_parts(extra)
    entry = entry_from(body)
    rows = [opened_row(opening, OPENING_KEYS) for opening in openings]  # what cannot be read accuses nobody
    checkpoint = checkpoint_from(note, policy, "the checkpoint of the receipt")
    if entry.log != checkpoint.body.origin:
        raise ContradictionError(
            f"The entry belongs to the log {entry.log}, the checkpoint to {checkpoint.body.origin}.", checkpoint.note
        )
    leaf = leaf_of(body)
    check_place(index, leaf, path, checkpoint)
    check_rows(rows, entry, checkpoint)
    return Receipt(checkpoint, index, leaf, path, entry, [each for each in openings if isinstance(each, dict)])


def check_place(index: int, leaf: bytes, path: list[bytes], checkpoint: Checkpoint) -> None:
    if index >= checkpoint.size:
        raise ContradictionError(
            f"The receipt speaks of entry {index}; the log signed a tree of {checkpoint.size} entries, 0 to "
            f"{checkpoint.size - 1}.", checkpoint.note,
        )  # fmt: skip
    if inclusion_root(index, checkpoint.size, leaf, path) != checkpoint.body.root:
        raise ContradictionError(
            f"The proof does not lead from entry {index} (leaf {base64_text(leaf)}) to the root "
            f"{base64_text(checkpoint.body.root)} that the log signed for {checkpoint.size} entries.", checkpoint.note,
        )  # fmt: skip


def receipt_beside(slip: "Slip", data: bytes, policy: Policy) -> Receipt | Place:
    """The receipt that belongs to a slip, proven; where it does not hold the entry, the leaf is that on the slip."""
    extra, index, path, note = proof_parts(data)
    if extra is not None:
        return receipt_from(data, policy)
    checkpoint = checkpoint_from(note, policy, "the checkpoint of the receipt")
    check_place(index, slip.leaf, path, checkpoint)
    return Place(checkpoint, index, slip.leaf, path)


def check_rows(rows: list[OpenedRow], entry: Entry, checkpoint: Checkpoint) -> None:
    digests = entry.digests() if rows else {}
    for row in rows:
        try:
            check_row(row, digests)
        except ContradictionError as error:
            raise ContradictionError(error.sentence, checkpoint.note) from error


@dataclass(frozen=True)
class Slip:
    """A slip whose signature has been checked. That its entry stands at its index is not proven by a slip alone."""

    checkpoint: Checkpoint
    index: int
    leaf: bytes


def slip_lines(data: bytes, first: str, count: int) -> list[str]:
    """Lines of a slip without first and check line. Line ends of any computer are allowed: people type it."""
    try:
        text = data.decode("ascii").replace("\r\n", "\n").removesuffix("\n")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"the slip holds a character that no slip has (byte {error.start})") from error
    lines = text.split("\n")
    if lines[0] != first:
        raise UnreadableError(f"not a slip of this kind: it begins with {lines[0][:20]!r}, not with {first}")
    if len(lines) != count:
        raise UnreadableError(f"the slip has {len(lines)} lines instead of {count}")
    check = hashlib.sha256("\n".join(lines[:-1]).encode()).hexdigest()[:8]
    if lines[-1] != check:
        raise UnreadableError("the check characters of the slip do not fit: at least one character is wrong")
    return lines[1:-1]


def slip_from(data: bytes, policy: Policy) -> Slip:
    """A slip, its signature checked."""
    origin, place, leaf, root, signature = slip_lines(data, "FG1", 7)
    found = re.fullmatch("(0|[1-9][0-9]{0,15}) ([1-9][0-9]{0,15})", place)
    if not found:
        raise UnreadableError("the third line of the slip is not index and size")
    if int(found[1]) >= int(found[2]):
        raise UnreadableError(f"the slip speaks of entry {found[1]} in a tree of {found[2]} entries")
    base64_bytes(signature, "the signature of the slip", 68)
    note = f"{origin}\n{found[2]}\n{root}\n\n— {origin} {signature}\n"
    checkpoint = checkpoint_from(note.encode(), policy, "the checkpoint on the slip")
    return Slip(checkpoint, int(found[1]), base64_bytes(leaf, "the leaf on the slip", 32))


@dataclass(frozen=True)
class Promise:
    """A promise whose signature has been checked."""

    origin: str
    leaf: bytes
    deadline: str
    note: str


_PROMISE = re.compile(r"freely-given/promise/v1\n([^\n]+)\n([A-Za-z0-9+/]{43}=)\n([^\n]+)\n")


def promise_from(data: bytes, policy: Policy) -> Promise:
    """A promise, as a signed note or as typed from a slip."""
    if data.startswith(b"FGP"):
        origin, leaf, deadline, signature = slip_lines(data, "FGP1", 6)
        data = f"freely-given/promise/v1\n{origin}\n{leaf}\n{deadline}\n\n— {origin}/promise {signature}\n".encode()
    text, lines = note_parts(data, "the promise")
    found = _PROMISE.fullmatch(text)
    if not found:
        raise UnreadableError("not a promise of version 1")
    if not re.fullmatch(_TIME, f'"{found[3]}"') or not is_time(found[3]):
        raise UnreadableError("the deadline of the promise is no time")
    promise = Promise(found[1], base64_bytes(found[2], "the leaf of the promise", 32), found[3], data.decode())
    check_promise(promise, text.encode(), lines, policy)
    return promise


def check_promise(promise: Promise, text: bytes, lines: list[tuple[str, bytes, bytes]], policy: Policy) -> None:
    """A promise is signed under the log's name with `/promise`: by the key the policy lists so, or by the log's own."""
    name = promise.origin + "/promise"
    logs = [key for key in policy.logs.values() if key.name in (promise.origin, name) and key.type == ED25519]
    keys = {key_id_of(name, bytes((ED25519,)) + key.public): key for key in logs}
    checks = [(keys[key_id].check, signature) for line, key_id, signature in lines if line == name and key_id in keys]
    if not checks:
        raise ContradictionError(
            f"No key that the policy lists for {promise.origin} has signed the promise.", promise.note
        )
    for check, signature in checks:
        try:
            if check is not None:
                check(signature, text)
        except InvalidSignature as error:
            raise ContradictionError(
                "The signature of the promise does not belong to its text.", promise.note
            ) from error


# -------------------------------------------------------------------------------------------------------------- reports


@dataclass
class Report:
    """What a command found out."""

    head: str = ""
    proven: list[str] = field(default_factory=list)
    anchoring: str = ""
    is_anchored: bool = False
    contradictions: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    unmet: tuple[str, tuple[str, ...]] | None = None  # witnesses that the policy asks for have not signed
    reasons: list[str] = field(default_factory=list)
    left_out: int = 0

    def contradict(self, sentence: str, *notes: str) -> None:
        if len(self.contradictions) < MOST_FINDINGS:
            self.contradictions.append((sentence, tuple(dict.fromkeys(notes))))
        else:
            self.left_out += 1

    def refuse(self, reason: str) -> None:
        if len(self.reasons) < MOST_FINDINGS:
            self.reasons.append(reason)
        else:
            self.left_out += 1

    @property
    def code(self) -> int:
        if self.contradictions:
            return CONTRADICTED
        return UNREADABLE if self.reasons else CONTRADICTED if self.unmet else VERIFIED

    def as_json(self) -> str:
        document = {
            "verdict": ("verified", "contradicted", "unreadable")[self.code],
            "head": self.head if self.code == VERIFIED else "",
            "proven": self.proven if self.code == VERIFIED else [],
            "is_anchored": self.is_anchored and self.code == VERIFIED,
            "anchoring": self.anchoring if self.code == VERIFIED else "",
            "contradictions": [{"sentence": text, "notes": list(notes)} for text, notes in self.contradictions],
            "unmet": self.unmet[0] if self.unmet else "",
            "reasons": self.reasons,
            "left_out": self.left_out,
        }
        return json.dumps(document, indent=1, sort_keys=True)

    def as_text(self) -> str:
        lines: list[str] = []
        for sentence, notes in self.contradictions + ([self.unmet] if self.unmet else []):
            lines.append(f"{'NOT PROVEN' if (sentence, notes) == self.unmet else 'CONTRADICTED'}: {sentence}")
            for note in notes:
                lines += ["----- signed statement, whole -----", note.rstrip("\n"), "----- end of statement -----"]
        lines += [f"CANNOT BE READ: {reason}" for reason in self.reasons]
        if self.left_out:
            lines.append(f"and {self.left_out} more of these")
        if self.code == VERIFIED:
            lines += [f"PROVEN: {self.head}", *(f"  {line}" for line in self.proven)]
            lines.append(self.anchoring)
        return printable("\n".join(lines))


def anchor(report: Report, checkpoint: Checkpoint, policy: Policy) -> None:
    """Says who outside holds the tree; never leaves it open."""
    if checkpoint.anchored_at(policy) is not None:
        names = ", ".join(f"{name} ({time_at(at) if at else 'no time'})" for name, at in checkpoint.cosigned)
        report.is_anchored = True
        report.anchoring = f"Anchored: cosigned by {names}; that meets the quorum {policy.quorum!r} of the policy."
    else:
        report.is_anchored, report.anchoring = False, never_anchored(checkpoint, policy)


def never_anchored(checkpoint: Checkpoint, policy: Policy) -> str:
    if not policy.witnesses:
        return "Never anchored: the policy names no witness outside, so only the log's own word stands behind this."
    have = ", ".join(name for name, _ in checkpoint.cosigned) or "nobody"
    return f"Never anchored: the policy asks for {policy.quorum!r}; cosigned by {have}."


def check_quorum(report: Report, checkpoint: Checkpoint, policy: Policy) -> None:
    """Without the witnesses that the policy asks for, a checkpoint does not count (C2SP tlog-policy)."""
    if policy.quorum != "none" and not report.is_anchored:
        sentence = f"{never_anchored(checkpoint, policy)} Nothing contradicts it, but this policy asks for more."
        report.unmet = (sentence, (checkpoint.note,))


def signed_sentence(checkpoint: Checkpoint) -> str:
    sentence = f"Signed by the log with {' and '.join(dict.fromkeys(checkpoint.signed_with))}."
    if checkpoint.not_checked:
        sentence += f" Not checked on this computer: {', '.join(checkpoint.not_checked)}."
    return sentence


# -------------------------------------------------------------------------------------------------------------- exports


def path_of(number: int) -> str:
    """A tile's number as C2SP tlog-tiles writes it: 1234067 is x001/x234/067."""
    path = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        path = f"x{number % 1000:03}/{path}"
    return path


class Folder:
    """An export as a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self, name: str) -> IO[bytes]:
        path = self._path / name
        if not path.is_file():
            raise UnreadableError(f"{name} is missing in the export")
        return path.open("rb")

    def has(self, name: str) -> bool:
        return (self._path / name).is_file()

    def close(self) -> None:
        """Nothing is held open."""


class Archive:
    """An export as a .zip file."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        names = self._zip.namelist()
        self._names = set(names)
        if len(self._names) != len(names):
            self._zip.close()
            raise UnreadableError("the archive holds two files of one name")

    def open(self, name: str) -> IO[bytes]:
        if name not in self._names:
            raise UnreadableError(f"{name} is missing in the export")
        return self._zip.open(name)

    def has(self, name: str) -> bool:
        return name in self._names

    def close(self) -> None:
        self._zip.close()


def read_all(source: Folder | Archive, name: str, limit: int) -> bytes:
    with source.open(name) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UnreadableError(f"{name} is longer than it can be")
    return data


def kept_notes(source: Folder | Archive) -> Generator[bytes, None, None]:
    """The notes of checkpoints.txt, one after the other: a line with the length in bytes, then the note."""
    with source.open("checkpoints.txt") as file:
        while line := file.readline(20):
            if not re.fullmatch(rb"[1-9][0-9]{0,6}\n", line):
                raise UnreadableError("checkpoints.txt: a line with the length of a note was expected")
            note = file.read(int(line))
            if len(note) != int(line):
                raise UnreadableError("checkpoints.txt is cut short")
            yield note


def opening_lines(source: Folder | Archive) -> Generator[tuple[int, dict[str, object]], None, None]:
    """The lines of openings.ndjson with their index, in order."""
    if not source.has("openings.ndjson"):
        return
    last = 0
    with source.open("openings.ndjson") as file:
        while line := file.readline(LINE_BYTES):
            if not line.endswith(b"\n"):
                raise UnreadableError("openings.ndjson is cut short")
            value = canonical_value(line[:-1], "a line of openings.ndjson")
            index = value.get("index") if isinstance(value, dict) else None
            if not isinstance(value, dict) or type(index) is not int or index < last:
                raise UnreadableError("openings.ndjson: a line without index, or not in order")
            last = index
            yield index, value


def entries_in(bundle: bytes, name: str) -> list[bytes]:
    """The entries of a bundle: each with its length in two bytes before it."""
    entries, place, end = [], 0, len(bundle)
    while place < end:
        start = place + 2
        place = start + int.from_bytes(bundle[place:start], "big")
        if start > end or place > end:
            raise UnreadableError(f"{name} is cut short")
        entries.append(bundle[start:place])
    return entries


class Streams:
    """Last number and leaf of each subject. More subjects than fit in memory go to a temporary file."""

    def __init__(self) -> None:
        self._hot: dict[bytes, tuple[int, bytes]] = {}
        self._database: sqlite3.Connection | None = None

    def last(self, subject: bytes) -> tuple[int, bytes | None]:
        found = self._hot.get(subject)
        if found is None and self._database is not None:
            found = self._database.execute("SELECT sseq, leaf FROM stream WHERE subject = ?", (subject,)).fetchone()
        return found or (0, None)

    def put(self, subject: bytes, sseq: int, leaf: bytes) -> None:
        self._hot[subject] = (sseq, leaf)
        if len(self._hot) > HOT_SUBJECTS:
            self._spill()

    def _spill(self) -> None:
        if self._database is None:
            self._database = sqlite3.connect("", isolation_level=None)  # a temporary file that vanishes by itself
            self._database.execute(
                "CREATE TABLE stream (subject BLOB PRIMARY KEY, sseq INTEGER, leaf BLOB) WITHOUT ROWID"
            )
        rows = [(subject, *last) for subject, last in self._hot.items()]
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR REPLACE INTO stream VALUES (?, ?, ?)", rows)
        self._database.execute("COMMIT")
        self._hot.clear()

    def close(self) -> None:
        if self._database is not None:
            self._database.close()


class Tiles:
    """The tiles of an export, each hash compared with the entries as soon as they are read."""

    def __init__(self, source: Folder | Archive, size: int) -> None:
        self._source = source
        self._size = size
        self._kept: OrderedDict[tuple[int, int], bytes] = OrderedDict()

    def tile(self, level: int, number: int) -> bytes:
        if (level, number) not in self._kept:
            self._kept[level, number] = self._read(level, number)
            if len(self._kept) > 32:
                self._kept.popitem(last=False)
        return self._kept[level, number]

    def _read(self, level: int, number: int) -> bytes:
        width = min(256, (self._size >> (8 * level)) - 256 * number)
        name = f"tile/{level}/{path_of(number)}" + (f".p/{width}" if width < 256 else "")
        data = read_all(self._source, name, 8192)
        if len(data) != 32 * width:
            raise UnreadableError(f"{name} has {len(data)} bytes instead of {32 * width}")
        return data

    def root_at(self, size: int) -> bytes:
        """Root of the first `size` entries."""
        done, parts = 0, []
        for height in range(size.bit_length() - 1, -1, -1):
            if size >> height & 1:
                parts.append(self._subtree(done, height))
                done += 1 << height
        return fold(parts)

    def _subtree(self, start: int, height: int) -> bytes:
        level, rest = divmod(height, 8)
        number, place = divmod(start >> (8 * level), 256)
        tile = self.tile(level, number)
        return levels_of([tile[32 * at : 32 * at + 32] for at in range(place, place + (1 << rest))])[-1][0]


def levels_of(hashes: list[bytes]) -> list[list[bytes]]:
    """The full subtrees over up to 256 hashes, height by height; odd ones at the end stand alone."""
    levels = [hashes]
    digest = hashlib.sha256
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=False)
        hashes = [digest(b"\x01" + left + right).digest() for left, right in pairs]
        levels.append(hashes)
    return levels


def fold(parts: list[bytes]) -> bytes:
    """Root over full subtrees, largest first."""
    root = parts[-1]
    for part in reversed(parts[:-1]):
        root = node_of(part, root)
    return root


class Tree:
    """The tree over everything read so far, as full subtrees; memory does not grow with the ledger."""

    def __init__(self, tiles: Tiles, report: Report, note: str) -> None:
        self._tiles, self._report, self._note = tiles, report, note
        self._full: list[tuple[int, bytes]] = []  # height above a bundle, hash; largest first
        self._upper: list[
            tuple[int, list[bytes]]
        ] = []  # for each level above 0: hashes before it, hashes of its open tile
        self._bundles = 0
        self._levels: list[list[bytes]] = [[]]

    def add_bundle(self, leaves: list[bytes]) -> None:
        """Compares the leaves with their tile, and makes roots inside this bundle possible."""
        if self._bundles:
            self._close(self._levels[-1][0])
        self._levels = levels_of(leaves)
        tile = self._tiles.tile(0, self._bundles)
        if tile != b"".join(leaves):
            wrong = next(at for at, leaf in enumerate(leaves) if tile[32 * at : 32 * at + 32] != leaf)
            self._differs(0, 256 * self._bundles + wrong)
        self._bundles += 1
        if len(leaves) == 256:
            self._raise(1, self._bundles - 1, self._levels[-1][0])

    def root_at(self, offset: int) -> bytes:
        """Root up to `offset` entries into the last bundle."""
        parts, done = [part for _, part in self._full], 0
        for height in range(offset.bit_length() - 1, -1, -1):
            if offset >> height & 1:
                parts.append(self._levels[height][done >> height])
                done += 1 << height
        return fold(parts)

    def _close(self, root: bytes) -> None:
        height = 0
        while self._full and self._full[-1][0] == height:
            root = node_of(self._full.pop()[1], root)
            height += 1
        self._full.append((height, root))

    def _raise(self, level: int, number: int, root: bytes) -> None:
        """Compares the hash of a full tile with the place it has in the tile above."""
        place = number % 256
        if self._tiles.tile(level, number // 256)[32 * place : 32 * place + 32] != root:
            self._differs(level, number)
        if len(self._upper) < level:
            self._upper.append((0, []))
        hashes = self._upper[level - 1][1]
        hashes.append(root)
        if len(hashes) == 256:
            above = levels_of(list(hashes))[-1][0]
            hashes.clear()
            self._raise(level + 1, number // 256, above)

    def _differs(self, level: int, place: int) -> None:
        self._report.contradict(
            f"The tiles of level {level} hold another hash at place {place} than the entries make.", self._note
        )


@dataclass
class Excused:
    """What would be a finding, had the log not put the reason on record when it happened. Said, so that people ask."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, sentence: str) -> None:
        self.count += 1
        if len(self.first) < 10:
            self.first.append(sentence)

    def sentences(self) -> list[str]:
        more = self.count - len(self.first)
        return [*self.first, *([f"And {more} more like these."] if more else [])]


@dataclass(frozen=True)
class Statement:
    """Roots, and leaves, to which one signed statement commits the log."""

    what: str
    checkpoint: Checkpoint
    roots: dict[int, bytes]
    leaves: dict[int, bytes] = field(default_factory=dict)


class Export:
    """One pass over an export, bundle by bundle."""

    def __init__(self, source: Folder | Archive, policy: Policy, skew: int = SKEW_SECONDS) -> None:
        self.policy, self.skew, self.source, self.report = policy, skew, source, Report()
        self.checkpoint = checkpoint_from(
            read_all(source, "checkpoint", NOTE_BYTES), policy, "the checkpoint of the export"
        )
        self.origin, self.size = self.checkpoint.body.origin, self.checkpoint.size
        self.last_at, self.kept = "", 0
        self.anchored: tuple[int, int] | None = None  # size and time of the last checkpoint that meets the quorum
        self.wanted: dict[bytes, int | None] = {}
        self._outside: list[Statement] = []
        self._tiles = Tiles(source, self.size)
        self._tree = Tree(self._tiles, self.report, self.checkpoint.note)
        self._streams: Streams | None = Streams()
        self._not_before, self._bound_note = "", ""
        self._is_opening, self._is_late_batch = True, False
        self._set_aside, self.excused = 0, Excused()
        self._before: Checkpoint | None = None
        self._roots: OrderedDict[int, bytes] = OrderedDict()

    def check(self, outside: Iterable[Statement] = ()) -> Report:
        """Everything; `outside` are statements that came from elsewhere."""
        self._outside = list(outside)
        self._sizes = sorted({size for each in self._outside for size in each.roots})
        self._notes, self._openings = self._kept_checkpoints(), opening_lines(self.source)
        try:
            self._next, self._opening = next(self._notes, None), next(self._openings, None)
            for number in range(-(-self.size // 256)):
                self._check_bundle(number)
            self._check_beyond()
        except (UnreadableError, OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            self.report.refuse(str(error))
        finally:
            self._notes.close()
            self._openings.close()
            self._forget_streams()
        if self.report.code == VERIFIED:
            self._say_anchoring()
        return self.report

    def _kept_checkpoints(self) -> Generator[Checkpoint, None, None]:
        """Every checkpoint that was kept, in order of size; the newest has a file of its own and its place here."""
        last, newest = 0, [self.checkpoint]
        for data in kept_notes(self.source):
            self.kept += 1
            try:
                checkpoint = checkpoint_from(data, self.policy, f"kept checkpoint {self.kept}")
            except ContradictionError as error:
                self.report.contradict(error.sentence, *error.notes)
                continue
            if checkpoint.size < last:
                raise UnreadableError("checkpoints.txt is not in order of size")
            last = checkpoint.size
            if newest and last > self.size:
                yield newest.pop()
            if checkpoint.body.origin == self.origin:
                yield checkpoint
            else:
                self.report.contradict(
                    f"A kept checkpoint speaks of the log {checkpoint.body.origin}, the export of {self.origin}.",
                    checkpoint.note, self.checkpoint.note,
                )  # fmt: skip
        yield from newest

    # -- entries

    def _check_bundle(self, number: int) -> None:
        first, width = 256 * number, min(256, self.size - 256 * number)
        name = f"tile/entries/{path_of(number)}" + (f".p/{width}" if width < 256 else "")
        bodies = entries_in(read_all(self.source, name, BUNDLE_BYTES), name)
        if len(bodies) != width:
            raise UnreadableError(f"{name} holds {len(bodies)} entries instead of {width}")
        leaves = [hashlib.sha256(b"\x00" + body).digest() for body in bodies]
        self._tree.add_bundle(leaves)
        for offset, body in enumerate(bodies):
            self._check_entry(first + offset, body, leaves[offset])
            if (self._next and self._next.size == first + offset + 1) or (
                self._sizes and self._sizes[0] == first + offset + 1
            ):
                self._check_roots(first + offset + 1, offset + 1)

    def _check_entry(self, index: int, body: bytes, leaf: bytes) -> None:
        if leaf in self.wanted:
            self.wanted[leaf] = index
        try:
            entry = entry_from(body)
        except UnreadableError as error:
            self.report.refuse(f"entry {index}: {error}")
            self._forget_streams()  # whose entry it was is not known, so numbers and links after it say nothing
            self._skip_openings(index)
            return
        if entry.log != self.origin:
            self._contradict(f"Entry {index} belongs to the log {entry.log}, the signed tree to {self.origin}.")
        if entry.subject is not None and self._streams is not None:
            self._check_stream(index, entry, leaf)
        self._set_aside += entry.kind == "entry.quarantined"
        self._check_times(index, entry)
        if entry.seen:
            self._check_seen(index, entry)
        if self._opening is not None and self._opening[0] <= index:
            self._check_openings(index, entry)

    def _forget_streams(self) -> None:
        if self._streams is not None:
            self._streams.close()
            self._streams = None

    def _contradict(self, sentence: str, *notes: str) -> None:
        self.report.contradict(sentence, self.checkpoint.note, *notes)

    def _check_stream(self, index: int, entry: Entry, leaf: bytes) -> None:
        subject, streams = entry.subject, self._streams
        assert subject is not None and streams is not None  # noqa: S101  asked by the only caller
        sseq, before = streams.last(subject)
        named = bytes.fromhex(entry.sprev.decode()) if entry.sprev else None
        missing = entry.sseq - sseq - 1
        if 0 < missing <= self._set_aside:
            self._set_aside -= missing
            self.excused.add(f"Entry {index} follows an entry of its subject that was set aside on record.")
        elif missing or named != before:
            link, found = (each.hex() if each else "nothing" for each in (named, before))
            self._contradict(
                f"Entry {index} says it is number {entry.sseq} of its subject and follows {link}; those before it "
                f"end with number {sseq}, {found}."
            )
        streams.put(subject, entry.sseq, leaf)

    def _check_times(self, index: int, entry: Entry) -> None:
        """Back-dating: an entry cannot have been recorded before a tree without it was cosigned."""
        if self._is_opening:
            self._is_late_batch, self._is_opening = entry.kind in EXCUSES, False
        if entry.recorded_at < self._not_before and self._is_late_batch:
            self.excused.add(f"Entry {index} bears an early time; the first entry of its batch says why.")
        elif entry.recorded_at < self._not_before:
            self._contradict(
                f"Entry {index} ({entry.kind}) says it was recorded at {entry.recorded_at}. Witnesses signed a tree "
                f"without it, which rules out any time before {self._not_before}; no reason opens its batch. "
                "It is back-dated.",
                self._bound_note,
            )
        self.last_at = max(self.last_at, entry.recorded_at)

    def _check_seen(self, index: int, entry: Entry) -> None:
        size, root = entry.seen_tree()
        if size > index:
            self._contradict(f"Entry {index} says it has seen a tree of {size} entries, which did not exist before it.")
            return
        if size not in self._roots:
            self._keep_root(size, self._tiles.root_at(size))
        if self._roots[size] != root:
            self._contradict(
                f"Entry {index} says it has seen the root {base64_text(root)} over {size} entries; the entries make "
                f"{base64_text(self._roots[size])}."
            )

    def _keep_root(self, size: int, root: bytes) -> None:
        self._roots[size] = root
        if len(self._roots) > 256:
            self._roots.popitem(last=False)

    def _check_openings(self, index: int, entry: Entry) -> None:
        digests = entry.digests()
        while self._opening is not None and self._opening[0] == index:
            try:
                check_opening(self._opening[1], digests, OPENING_KEYS | {"index"})
            except ContradictionError as error:
                self._contradict(f"Entry {index}: {error.sentence}")
            self._opening = next(self._openings, None)

    def _skip_openings(self, index: int) -> None:
        while self._opening is not None and self._opening[0] == index:
            self._opening = next(self._openings, None)

    # -- statements about the tree

    def _check_roots(self, size: int, offset: int) -> None:
        root = self._tree.root_at(offset)
        self._keep_root(size, root)
        while self._next is not None and self._next.size == size:
            self._check_kept(self._next, root)
            self._next = next(self._notes, None)
        if self._sizes and self._sizes[0] == size:
            self._sizes.pop(0)
            for statement in list(self._outside):
                if statement.roots.get(size, root) != root:
                    self._outside.remove(statement)  # once convicted is enough
                    self._contradict(
                        f"{statement.what} commits the log to the root {base64_text(statement.roots[size])} at {size} "
                        f"entries; the entries of the export make {base64_text(root)}. The log shows two histories.",
                        statement.checkpoint.note,
                    )

    def _check_kept(self, checkpoint: Checkpoint, root: bytes) -> None:
        if checkpoint.body.root != root:
            self.report.contradict(
                f"The log signed the root {base64_text(checkpoint.body.root)} over {checkpoint.size} entries; "
                f"the entries of the export make {base64_text(root)}.",
                checkpoint.note, *self._other_note(checkpoint, root),
            )  # fmt: skip
            return
        self._before = checkpoint
        self._is_opening, self._is_late_batch = True, False
        anchored_at = checkpoint.anchored_at(self.policy)
        if anchored_at is not None:
            self.anchored = (checkpoint.size, anchored_at)
        times = [seconds for _, seconds in checkpoint.cosigned if seconds]
        bound = time_at(max(max(times) - self.skew, 0)) if times else ""
        if bound > self._not_before:
            self._not_before, self._bound_note = bound, checkpoint.note

    def _other_note(self, checkpoint: Checkpoint, root: bytes) -> list[str]:
        """The signed statement that stands against this one."""
        if self._before and self._before.size == checkpoint.size and self._before.body.root == root:
            return [self._before.note]
        return [self.checkpoint.note]

    def _check_beyond(self) -> None:
        """Whatever speaks of more entries than the export shows."""
        while self._next is not None:
            self.report.contradict(
                f"The log signed a tree of {self._next.size} entries; the export shows {self.size}: some are left out.",
                self._next.note, self.checkpoint.note,
            )  # fmt: skip
            self._next = next(self._notes, None)
        if self._opening is not None:
            self.report.refuse(
                f"openings.ndjson speaks of entry {self._opening[0]}, the export ends with {self.size - 1}"
            )
        if self._sizes:
            self.report.refuse(
                f"the other statement speaks of {self._sizes[-1]} entries, the export of {self.size}. Who shows this "
                f"export as the whole log has left out {self._sizes[-1] - self.size}; ask for one that reaches further"
            )

    def _say_anchoring(self) -> None:
        report, policy = self.report, self.policy
        report.head = f"all {self.size} entries of {self.origin} are those that the log signed."
        report.proven = [
            f"{self.kept} kept checkpoints agree with the entries.",
            f"The newest entry was recorded at {self.last_at} by the log's clock.",
            f"Root over {self.size} entries: {base64_text(self.checkpoint.body.root)}.",
            signed_sentence(self.checkpoint),
            *self.excused.sentences(),
        ]
        if self.anchored is None:
            report.anchoring = never_anchored(self.checkpoint, policy)
            check_quorum(report, self.checkpoint, policy)
            return
        size, seconds = self.anchored
        since = time_at(seconds) if seconds else "a time nobody stated"
        report.is_anchored = size == self.size
        if report.is_anchored:
            report.anchoring = (
                f"Anchored: witnesses that meet the quorum {policy.quorum!r} hold all {size} entries, since {since}."
            )
        else:
            report.anchoring = (
                f"Not anchored since {since}: the entries {size} to {self.size - 1} came after the last checkpoint "
                f"that the quorum {policy.quorum!r} cosigned."
            )


# ------------------------------------------------------------------------------------------------------------- commands


def read_file(name: str, limit: int) -> bytes:
    """A file, or with `-` what comes in."""
    if name == "-":
        data = sys.stdin.buffer.read(limit + 1)
    else:
        with Path(name).open("rb") as file:
            data = file.read(limit + 1)
    if len(data) > limit:
        raise UnreadableError(f"{name} is longer than anything of its kind")
    if not data:
        raise UnreadableError(f"{name} is empty")
    return data


def source_of(name: str) -> Folder | Archive:
    path = Path(name)
    return Folder(path) if path.is_dir() else Archive(path)


def is_export(name: str) -> bool:
    path = Path(name)
    return path.is_dir() or (path.is_file() and zipfile.is_zipfile(path))


def check_receipt(options: argparse.Namespace, policy: Policy) -> Report:
    receipt = receipt_from(read_file(options.file, RECEIPT_BYTES), policy)
    entry, checkpoint = receipt.entry, receipt.checkpoint
    report = Report(
        head=f"entry {receipt.place} stands in the ledger {entry.log}, in the tree of {checkpoint.size} entries."
    )
    report.proven = [
        f"Kind: {entry.kind}. Happened: {entry.occurred_at}. Recorded: {entry.recorded_at} by the log's clock.",
        f"It is number {entry.sseq} of its subject." if entry.sseq else "It belongs to no subject.",
        f"Rows opened and found right: {len(receipt.openings)} of {len(entry.digests())}.",
        signed_sentence(checkpoint),
    ]
    if options.show:
        report.proven += [line for opening in receipt.openings for line in shown(opening)]
    anchor(report, checkpoint, policy)
    check_quorum(report, checkpoint, policy)
    return report


def shown(opening: dict[str, object]) -> Iterator[str]:
    """The values of an opened row."""
    opened, veiled = opening["open"], opening["veiled"]
    assert isinstance(opened, dict) and isinstance(veiled, dict)  # noqa: S101  its digest has been computed
    yield f"{opening['model']} {opening['key']}"
    values = opened | {name: part["value"] for name, part in veiled.items() if isinstance(part, dict)}
    for name in sorted(values):
        yield f"  {name}: {_encode(values[name])}"


def check_slip(options: argparse.Namespace, policy: Policy) -> Report:
    data = read_file(options.file, NOTE_BYTES)
    if data.startswith(b"FGP"):
        return promise_report(promise_from(data, policy))
    slip = slip_from(data, policy)
    report = Report(
        head=f"the log {slip.checkpoint.body.origin} signed the tree of {slip.checkpoint.size} entries on this slip."
    )
    report.proven = [
        f"Root: {base64_text(slip.checkpoint.body.root)}.",
        f"The slip says that entry {slip.index} has leaf {base64_text(slip.leaf)}; the receipt file would prove that.",
        signed_sentence(slip.checkpoint),
    ]
    anchor(report, slip.checkpoint, policy)
    if policy.witnesses:
        report.anchoring = "Never anchored: a slip has no room for witnesses. Compare it with a cosigned checkpoint."
    mine = Statement("The slip", slip.checkpoint, {slip.checkpoint.size: slip.checkpoint.body.root})
    proof = read_file(options.proof, RECEIPT_BYTES) if options.proof else None
    if proof is not None and proof.startswith(b"c2sp.org/"):
        receipt = receipt_beside(slip, proof, policy)
        prove_slip(slip, receipt, report)
        mine, proof = statement_with(mine, receipt), None
    if options.checkpoint:
        other = Statement("The checkpoint", *checkpoint_and_root(read_file(options.checkpoint, NOTE_BYTES), policy))
        report.proven.append(relation(mine, other, proof))
        anchor(report, other.checkpoint, policy)
    elif proof is not None:
        raise UnreadableError("a proof of consistency needs the checkpoint it leads to (--checkpoint)")
    return report


def checkpoint_and_root(data: bytes, policy: Policy) -> tuple[Checkpoint, dict[int, bytes]]:
    checkpoint = checkpoint_from(data, policy, "the checkpoint")
    return checkpoint, {checkpoint.size: checkpoint.body.root}


def prove_slip(slip: Slip, receipt: Receipt | Place, report: Report) -> None:
    """With the receipt file beside it: both speak of one entry at one place of one tree."""
    notes = (slip.checkpoint.note, receipt.checkpoint.note)
    if (slip.checkpoint.body.origin, slip.index) != (receipt.checkpoint.body.origin, receipt.place):
        raise UnreadableError("slip and receipt speak of different entries")
    if slip.leaf != receipt.leaf:
        raise ContradictionError(f"Slip and receipt name different leaves for entry {slip.index}.", *notes)
    same = slip.checkpoint.size == receipt.checkpoint.size
    if same and slip.checkpoint.body.root != receipt.checkpoint.body.root:
        raise ContradictionError(f"The log signed two roots over {slip.checkpoint.size} entries.", *notes)
    tree = "the tree on the slip" if same else f"the tree of {receipt.checkpoint.size} entries on the receipt"
    report.proven.append(f"Entry {slip.index} with the leaf on the slip stands in {tree}.")


def statement_with(statement: Statement, receipt: Receipt | Place) -> Statement:
    """The slip, and all that the receipt beside it commits to, when both are of one tree."""
    if receipt.checkpoint.body != statement.checkpoint.body:
        return statement
    return Statement(statement.what, statement.checkpoint, roots_of(receipt))


def roots_of(receipt: Receipt | Place) -> dict[int, bytes]:
    size = receipt.checkpoint.size
    return roots_on_the_way(receipt.place, size, receipt.leaf, receipt.path) | {size: receipt.checkpoint.body.root}


def statement_from(name: str, what: str, policy: Policy) -> Statement:
    """Whatever a file is: receipt, slip or checkpoint."""
    data = read_file(name, RECEIPT_BYTES)
    if data.startswith(b"c2sp.org/"):
        receipt = receipt_from(data, policy)
        return Statement(f"{what} (a receipt)", receipt.checkpoint, roots_of(receipt), {receipt.place: receipt.leaf})
    if data.startswith(b"FG"):
        checkpoint = slip_from(data, policy).checkpoint
        return Statement(f"{what} (a slip)", checkpoint, {checkpoint.size: checkpoint.body.root})
    return Statement(f"{what} (a checkpoint)", *checkpoint_and_root(data, policy))


def relation(first: Statement, second: Statement, proof: bytes | None) -> str:
    """How two statements stand to each other, in a sentence; ContradictionError when they cannot both be true."""
    notes = (first.checkpoint.note, second.checkpoint.note)
    if first.checkpoint.body.origin != second.checkpoint.body.origin:
        raise UnreadableError("the two speak of different logs, so nothing can be compared")
    for index in sorted(first.leaves.keys() & second.leaves.keys()):
        if first.leaves[index] != second.leaves[index]:
            raise ContradictionError(f"Both prove entry {index}, each with another content: two histories.", *notes)
    common = sorted(first.roots.keys() & second.roots.keys())
    for size in common:
        if first.roots[size] != second.roots[size]:
            raise ContradictionError(
                f"{first.what} commits the log to the root {base64_text(first.roots[size])} over {size} entries, "
                f"{second.what} to {base64_text(second.roots[size])}. The log has shown two histories.", *notes,
            )  # fmt: skip
    old, new = sorted((first.checkpoint, second.checkpoint), key=lambda each: each.size)
    if proof is not None:
        check_consistency(old, new, proof)
    elif old.size not in common:
        raise UnreadableError(
            f"one speaks of {old.size} entries, the other of {new.size}, and nothing here joins them: add a proof of "
            "consistency (--proof), or compare with an export of the ledger"
        )
    return f"The tree of {old.size} entries is the beginning of the tree of {new.size}."


def check_consistency(old: Checkpoint, new: Checkpoint, proof: bytes) -> None:
    """A proof as C2SP tlog-witness writes it: a line `old` with the size, then a line for each hash."""
    head, gap, rest = text_of(proof, "the proof").partition("\n\n")
    lines = head.removesuffix("\n").split("\n")
    found = re.fullmatch("old ([1-9][0-9]{0,15})", lines[0])
    if not found:
        raise UnreadableError("the proof does not begin with a line like: old 17")
    path = hashes_from(lines[1:])
    if int(found[1]) != old.size or (
        gap and rest and body_from(note_parts(rest.encode(), "the proof")[0], "the proof") != new.body
    ):
        raise UnreadableError("the proof is about other trees")
    if not is_consistent(old.size, new.size, old.body.root, new.body.root, path):
        raise ContradictionError(
            f"The proof does not show that the tree of {old.size} entries is the beginning of the tree of {new.size}. "
            "The log must show one that does; if it cannot, it has contradicted itself.", old.note, new.note,
        )  # fmt: skip


def compare(options: argparse.Namespace, policy: Policy) -> Report:
    first, second = options.first, options.second
    if is_export(first):
        first, second = second, first
    if is_export(first):
        raise UnreadableError("two exports: compare one with the checkpoint file of the other")
    mine = statement_from(first, f"'{Path(first).name}'", policy)
    if is_export(second):
        return compare_with_export(mine, second, policy)
    other = statement_from(second, f"'{Path(second).name}'", policy)
    proof = read_file(options.proof, NOTE_BYTES) if options.proof else None
    report = Report(head=relation(mine, other, proof))
    report.proven = [f"{each.what}: {signed_sentence(each.checkpoint)}" for each in (mine, other)]
    anchor(
        report,
        max((mine, other), key=lambda each: (each.checkpoint.size, len(each.checkpoint.cosigned))).checkpoint,
        policy,
    )
    return report


def compare_with_export(mine: Statement, name: str, policy: Policy) -> Report:
    with contextlib.closing(source_of(name)) as source:
        export = Export(source, policy)
        if export.origin != mine.checkpoint.body.origin:
            raise UnreadableError("the two speak of different logs, so nothing can be compared")
        report = export.check([mine])
    report.proven.insert(0, f"{mine.what} agrees with them: its tree of {mine.checkpoint.size} is their beginning.")
    return report


def check_export(options: argparse.Namespace, policy: Policy) -> Report:
    with contextlib.closing(source_of(options.source)) as source:
        return Export(source, policy, options.skew).check()


def promise_report(promise: Promise) -> Report:
    report = Report(head=f"the log {promise.origin} promised to seal this entry by {promise.deadline}.")
    report.proven = [f"Leaf: {base64_text(promise.leaf)}. Ask for the receipt after that time."]
    report.anchoring = (
        "Never anchored: a promise stands on the log's own word only, until it is exchanged for a receipt."
    )
    return report


def check_promise_file(options: argparse.Namespace, policy: Policy) -> Report:
    promise = promise_from(read_file(options.file, NOTE_BYTES), policy)
    report = promise_report(promise)
    if options.receipt:
        receipt = receipt_from(read_file(options.receipt, RECEIPT_BYTES), policy)
        if (receipt.leaf, receipt.checkpoint.body.origin) != (promise.leaf, promise.origin):
            raise ContradictionError(
                "The receipt proves another entry than the one that was promised.",
                promise.note,
                receipt.checkpoint.note,
            )
        report.head = f"the promised entry stands in the ledger {promise.origin} as entry {receipt.place}."
        anchor(report, receipt.checkpoint, policy)
        check_quorum(report, receipt.checkpoint, policy)
    if options.export:
        with contextlib.closing(source_of(options.export)) as source:
            return promised_in(Export(source, policy), promise)
    return report


def promised_in(export: Export, promise: Promise) -> Report:
    """Whether an export keeps the promise. Who signs a later time than the deadline without the entry has broken it."""
    if export.origin != promise.origin:
        raise UnreadableError("promise and export speak of different logs")
    export.wanted = {promise.leaf: None}
    report = export.check()
    index = export.wanted[promise.leaf]
    if index is not None:
        report.proven.insert(0, f"The promise is kept: the promised entry is entry {index}.")
        return report
    checkpoint = export.checkpoint
    times = [checkpoint.sealed_at or 0, *(seconds or 0 for _, seconds in checkpoint.cosigned)]
    if max(export.last_at, time_at(max(times))) > promise.deadline:
        report.contradict(
            f"The log promised to seal the leaf {base64_text(promise.leaf)} by {promise.deadline}. Its ledger goes on "
            "after that time without it: the promise is broken.", promise.note, checkpoint.note,
        )  # fmt: skip
    else:
        report.refuse(
            "the promised entry is not in the export, but the export ends before the deadline: ask for a later one"
        )
    return report


# -------------------------------------------------------------------------------------------------------------- bundles

BUNDLE_FORMAT = "freely-given/bundle/v1"
RECORD_FORMAT = "freely-given/consent-record/v1"
MEMBER_BYTES = 64 * 1024 * 1024
FROZEN = "consent.frozenrecord"
_MEMBER_NAME = re.compile(rb"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*(/[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*)?")
_BUNDLE_NOTE = re.compile(r"freely-given/bundle/v1\n([^\n]+)\n([A-Za-z0-9+/]{43}=)\n")


class Member(NamedTuple):
    """One file of a bundle."""

    name: str
    data: bytes


def bundle_members(file: IO[bytes]) -> Generator[Member, None, None]:
    """The members of a bundle. Each byte around them must be the one that the one way of writing a bundle asks for."""
    listing, names, at = [b""], set[bytes](), 0
    while (mark := exactly(file, 4)) == b"PK\x03\x04":
        head = exactly(file, 26)
        _crc, _size, size, length = struct.unpack("<LLLH", head[10:24])
        if size > MEMBER_BYTES or not 0 < length <= 100:
            raise UnreadableError("a member of the bundle is larger than any of its kind, or has a name of no bundle")
        name, data = exactly(file, length), exactly(file, size)
        if not _MEMBER_NAME.fullmatch(name) or name in names:
            raise UnreadableError("a member of the bundle has a name that no bundle has, or that came before")
        facts = struct.pack("<3H3L2H", 0, 0, 0x21, zlib.crc32(data), size, size, length, 0)
        if head != struct.pack("<2H", 10, 0) + facts:
            raise UnreadableError(f"the member {name.decode()} of the bundle is damaged, or was packed otherwise")
        listed = struct.pack("<3H", 10, 10, 0) + facts + struct.pack("<3H2L", 0, 0, 0, 0, at)
        listing.append(b"PK\x01\x02" + listed + name)
        names.add(name)
        at += 30 + length + size
        yield Member(name.decode(), data)
    directory, count = b"".join(listing), len(names)
    end = directory + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, count, count, len(directory), at, 0)
    if mark + file.read(len(end) + 1) != end:
        raise UnreadableError("the list at the end of the bundle is not that of its members")


def exactly(file: IO[bytes], count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise UnreadableError("the bundle is cut short")
    return data


@dataclass
class Bundle:
    """A bundle while it is read: what each member is, and what was proven about it."""

    policy: Policy
    members: list[dict[str, object]] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)  # of the records, by number
    receipts: list[Receipt] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    manifest: bytes = b""
    note: bytes = b""

    def take(self, member: Member) -> None:
        if self.note or (self.manifest and member.name != "manifest.note"):
            raise UnreadableError("something stands behind the list of the bundle")
        if member.name == "manifest.json":
            self.manifest = member.data
            return
        if member.name == "manifest.note":
            self.note = member.data
            return
        digest = hashlib.sha256(member.data).hexdigest()
        self.members.append({"digest": digest, "name": member.name, "size": len(member.data)})
        folder, _, name = member.name.rpartition("/")
        if folder.startswith("record-") and name == "record.json":
            self.take_record(folder, member.data, digest)
        elif name.endswith(".tlog-proof"):
            self.take_receipt(folder, name, member)

    def take_record(self, folder: str, data: bytes, digest: str) -> None:
        value = canonical_value(data, f"the record in {folder}")
        if not isinstance(value, dict) or value.get("format") != RECORD_FORMAT:
            raise UnreadableError(f"the record in {folder} is not of the form {RECORD_FORMAT}")
        self.digests.append(digest)
        if folder != f"record-{len(self.digests)}":
            raise UnreadableError(f"{folder} is not the next record")

    def take_receipt(self, folder: str, name: str, member: Member) -> None:
        try:
            receipt = receipt_from(member.data, self.policy)
        except UnreadableError as error:
            raise UnreadableError(f"{member.name}: {error}") from error
        except ContradictionError as error:
            raise ContradictionError(f"{member.name}: {error.sentence}", *error.notes) from error
        self.receipts.append(receipt)
        if receipt.entry.subject != self.receipts[0].entry.subject:
            raise ContradictionError(f"{member.name} is about somebody else than the receipts before it.")
        if name == "proof.tlog-proof" and folder.startswith("record-"):
            if not self.digests or folder != f"record-{len(self.digests)}":
                raise UnreadableError(f"the proof in {folder} stands without its record")
            if self.digests[-1] not in digests_shown(receipt):
                raise ContradictionError(f"{member.name} proves another record.", receipt.checkpoint.note)
            self.lines.append(f"{folder}: SHA-256 {self.digests[-1]} stands in entry {receipt.place}.")

    def check_list(self) -> str:
        """The log that signed the list, once the list is that of the members."""
        if not self.manifest or not self.note:
            raise UnreadableError("the bundle does not end with its list and the note that binds it")
        value = canonical_value(self.manifest, "the list of the bundle")
        if (
            not isinstance(value, dict)
            or value.keys() != {"format", "log", "members"}
            or value["format"] != BUNDLE_FORMAT
        ):
            raise UnreadableError(f"the list of the bundle is not of the form {BUNDLE_FORMAT}")
        note = text_of(self.note, "the note of the bundle")
        if value["members"] != self.members:
            raise ContradictionError("The list of the bundle does not name exactly the members that are there.", note)
        origin, digest = bundle_note(self.note, self.policy)
        if origin != value["log"] or digest != sha256(self.manifest):
            raise ContradictionError("The log signed another list of members than the one in this bundle.", note)
        return origin


def digests_shown(receipt: Receipt) -> set[object]:
    """The digests of the frozen records that a receipt lays open."""
    veiled = [each["veiled"] for each in receipt.openings if each["model"] == FROZEN]
    shown = [each.get("document_digest") for each in veiled if isinstance(each, dict)]
    return {each["value"] for each in shown if isinstance(each, dict) and isinstance(each["value"], str)}


def bundle_note(data: bytes, policy: Policy) -> tuple[str, bytes]:
    """Log and digest of the note that binds a bundle, its one signature checked."""
    text, lines = note_parts(data, "the note of the bundle")
    found = _BUNDLE_NOTE.fullmatch(text)
    if not found or len(lines) != 1:
        raise UnreadableError("the note of the bundle is not of version 1, or has not exactly one signature")
    origin, name = found[1], found[1] + "/bundle"
    logs = [key for key in policy.logs.values() if key.name in (origin, origin + "/promise") and key.type == ED25519]
    keys = {key_id_of(name, bytes((ED25519,)) + key.public): key.check for key in logs}
    signer, key_id, signature = lines[0]
    check = keys.get(key_id) if signer == name else None
    if check is None:
        raise ContradictionError(f"No key that the policy lists for {origin} has signed the list.", data.decode())
    try:
        check(signature, text.encode())
    except InvalidSignature as error:
        raise ContradictionError("The signature under the list does not belong to it.", data.decode()) from error
    return origin, base64_bytes(found[2], "the digest in the note of the bundle", 32)


def check_bundle(options: argparse.Namespace, policy: Policy) -> Report:
    bundle = Bundle(policy)
    with Path(options.file).open("rb") as file:
        for member in bundle_members(file):
            bundle.take(member)
    origin = bundle.check_list()
    records, receipts = len(bundle.digests), len(bundle.receipts)
    report = Report(head=f"this bundle is as the clinic made it: the log {origin} signed the list of its members.")
    report.proven = [
        f"Members: {len(bundle.members)}, all named in the list with their digests, and no others.",
        f"Records: {records}. Receipts: {receipts}, each proven.",
        *bundle.lines,
        "The seals inside the PDF files are not checked here; a program that reads PDF does that.",
    ]
    if len(bundle.lines) < records:
        report.proven.append("A record without a proof has an entry that was still waiting for its place.")
    anchor_all(report, [each.checkpoint for each in bundle.receipts], policy)
    return report


def anchor_all(report: Report, checkpoints: list[Checkpoint], policy: Policy) -> None:
    """Says who outside holds the receipts; one that nobody holds speaks for all."""
    report.anchoring = "Never anchored: no receipt is in this bundle, so only the log's own word stands behind it."
    for checkpoint in checkpoints:
        anchor(report, checkpoint, policy)
        check_quorum(report, checkpoint, policy)
        if not report.is_anchored:
            return


# ----------------------------------------------------------------------------------------------------------------- main


def command_line() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="freely_given_verify",
        description="Checks receipts, slips, promises, bundles and exports of a Freely Given ledger.",
    )
    commands = parser.add_subparsers(dest="command", required=True)

    def command(
        name: str, action: Callable[[argparse.Namespace, Policy], Report], text: str
    ) -> argparse.ArgumentParser:
        part = commands.add_parser(name, help=text, description=text)
        part.add_argument("--policy", required=True, help="the keys of the log and its witnesses (C2SP tlog-policy)")
        part.add_argument("--json", action="store_true", help="print the result as JSON")
        part.set_defaults(action=action)
        return part

    part = command("receipt", check_receipt, "Check a .tlog-proof file.")
    part.add_argument("file")
    part.add_argument("--show", action="store_true", help="print the opened values")
    part = command(
        "slip", check_slip, "Check the text of a slip's QR code, scanned or typed (- reads from the keyboard)."
    )
    part.add_argument("file")
    part.add_argument("--checkpoint", help="a checkpoint of the same log to compare with")
    part.add_argument("--proof", help="the receipt file of the slip, or a proof of consistency to the checkpoint")
    part = command("export", check_export, "Check a whole ledger, exported as a folder or .zip file.")
    part.add_argument("source")
    part.add_argument("--skew", type=int, default=SKEW_SECONDS, help="seconds that clocks may differ (5)")
    part = command(
        "compare", compare, "Compare two statements of one log: checkpoint, slip, receipt; or one with an export."
    )
    part.add_argument("first")
    part.add_argument("second")
    part.add_argument("--proof", help="a proof of consistency between them")
    add_promise_options(command("promise", check_promise_file, "Check a promise, and whether it was kept."))
    part = command("bundle", check_bundle, "Check the archive of records that a patient took home.")
    part.add_argument("file")
    return parser


def add_promise_options(part: argparse.ArgumentParser) -> None:
    part.add_argument("file")
    part.add_argument("--receipt", help="the receipt it was exchanged for")
    part.add_argument("--export", help="an export of the ledger in which the entry must stand")


def run(options: argparse.Namespace) -> Report:
    try:
        report: Report = options.action(options, policy_from(read_file(options.policy, NOTE_BYTES)))
    except ContradictionError as error:
        report = Report(contradictions=[(error.sentence, error.notes)])
    except UnreadableError as error:
        report = Report(reasons=[str(error)])
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError) as error:
        report = Report(reasons=[f"the archive is damaged or is none ({error})"])
    except OSError as error:
        report = Report(reasons=[f"{error.filename or 'a file'}: {error.strerror or error}"])
    return report


# What reading a hostile file can raise besides our own errors. Each of them means: nothing was proven.
UNEXPECTED = (
    OSError, ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, AssertionError, AttributeError,
    EOFError, MemoryError, ImportError, struct.error, zlib.error, lzma.LZMAError, zipfile.BadZipFile, InvalidSignature,
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    options = command_line().parse_args(arguments)
    try:
        report = run(options)
    except UNEXPECTED as error:
        report = Report(reasons=[f"it could not be read ({type(error).__name__}: {error})"])
    sys.stdout.write((report.as_json() if options.json else report.as_text()) + "\n")
    return report.code


if __name__ == "__main__":
    sys.exit(main())
