"""A ledger of a few lines, for tests of the stand-alone verifier: keys from fixed seeds, everything else by hand.

It shares no code with `consent.ledger` and none with the verifier, so that a mistake of one cannot hide in the other.
"""

import base64
import hashlib
import io
import json
import struct
import sys
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

VERIFIER = Path(__file__).parents[3] / "consent" / "verifier" / "freely_given_verify.py"
ORIGIN = "freely-given/404d4b8d51855b6586258b4645e1580f"
NINE = 1_800_000_000  # 2027-01-15T08:00:00Z


@cache
def verifier() -> ModuleType:
    """The verifier, loaded from its file as any laptop would."""
    spec = spec_from_file_location("freely_given_verify", VERIFIER)
    assert spec and spec.loader
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def time(seconds: float) -> str:
    days, rest = divmod(seconds - NINE + 8 * 3600, 86400)
    hours, rest = divmod(rest, 3600)
    return f"2027-01-{15 + int(days):02}T{int(hours):02}:{int(rest // 60):02}:{rest % 60:09.6f}Z"


# ----------------------------------------------------------------------------------------------------------------- tree


def root_of(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha(b"\x01" + root_of(leaves[:split]) + root_of(leaves[split:]))


def path_to(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """Inclusion proof, as RFC 6962 section 2.1.1 words it."""
    if len(leaves) == 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return [*path_to(index, leaves[:split]), root_of(leaves[split:])]
    return [*path_to(index - split, leaves[split:]), root_of(leaves[:split])]


def consistency(old: int, leaves: Sequence[bytes], is_whole: bool = True) -> list[bytes]:
    """Consistency proof, as RFC 6962 section 2.1.2 words it."""
    if old == len(leaves):
        return [] if is_whole else [root_of(leaves)]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if old <= split:
        return [*consistency(old, leaves[:split], is_whole), root_of(leaves[split:])]
    return [*consistency(old - split, leaves[split:], False), root_of(leaves[:split])]


# ----------------------------------------------------------------------------------------------------------------- keys


@dataclass(frozen=True)
class Signer:
    """A name and a key; `type` as in C2SP signed-note."""

    name: str
    type: int
    seed: bytes

    @property
    def private(self) -> Ed25519PrivateKey | MLDSA44PrivateKey:
        return (MLDSA44PrivateKey.from_seed_bytes if self.type == 6 else Ed25519PrivateKey.from_private_bytes)(
            self.seed
        )

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def key_id(self) -> bytes:
        return sha(self.name.encode() + b"\n" + bytes([self.type]) + self.public)[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64(bytes([self.type]) + self.public)}"

    def line(self, signature: bytes) -> str:
        return f"— {self.name} {b64(self.key_id + signature)}\n"

    def sign(self, origin: str, size: int, root: bytes, at: int) -> str:
        """The signature line under a checkpoint."""
        text = f"{origin}\n{size}\n{b64(root)}\n".encode()
        if self.type == 1:
            return self.line(self.private.sign(text))
        if self.type == 4:
            return self.line(struct.pack(">Q", at) + self.private.sign(b"cosignature/v1\ntime %d\n" % at + text))
        name, log = self.name.encode(), origin.encode()
        message = b"subtree/v1\n\0" + bytes([len(name)]) + name + struct.pack(">Q", at)
        message += bytes([len(log)]) + log + struct.pack(">QQ", 0, size) + root
        return self.line(struct.pack(">Q", at) + self.private.sign(message))


def signer(name: str, kind: int) -> Signer:
    return Signer(name, kind, sha(f"{name}/{kind}".encode()))


LOG = signer(ORIGIN, 1)
LOG_PQ = signer(ORIGIN, 6)
CLINIC = signer("witness.example/clinic", 4)
SOCIETY = signer("witness.example/society", 6)


def policy(*witnesses: Signer, quorum: str = "none", logs: Iterable[Signer] = (LOG, LOG_PQ)) -> str:
    lines = [f"log {log.vkey}" for log in logs]
    lines += [f"witness w{number} {witness.vkey}" for number, witness in enumerate(witnesses, 1)]
    return "\n".join([*lines, f"quorum {quorum}", ""])


def note(origin: str, size: int, root: bytes, signers: Iterable[tuple[Signer, int]]) -> str:
    lines = "".join(each.sign(origin, size, root, at) for each, at in signers)
    return f"{origin}\n{size}\n{b64(root)}\n\n{lines}"


# -------------------------------------------------------------------------------------------------------------- entries


@dataclass
class Log:
    """Entries, and the checkpoints signed on the way."""

    origin: str = ORIGIN
    bodies: list[bytes] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    openings: list[dict] = field(default_factory=list)
    streams: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def leaves(self) -> list[bytes]:
        return [sha(b"\0" + body) for body in self.bodies]

    def root(self, size: int | None = None) -> bytes:
        return root_of(self.leaves[:size])

    def add(
        self, kind: str = "consent.given", who: str | None = "ann", at: float | None = None, **other: object
    ) -> int:
        """Appends an entry a minute after the one before, and gives its index."""
        index = len(self.bodies)
        at = NINE + 60 * index if at is None else at
        entry: dict[str, object] = {
            "v": 1, "id": sha(b"id%d" % index).hex()[:32], "log": self.origin, "type": kind,
            "occurred_at": time(at), "recorded_at": time(at),
            "actor": {"kind": "administrator", "via": "command"} if who is None else
                     {"kind": "patient", "ref": sha(who.encode()).hex()[32:], "via": "own-card"},
            "object": [], "history": [],
        }  # fmt: skip
        if who is not None:
            subject = sha(who.encode()).hex()[:32]
            sseq, leaf = self.streams.get(subject, (0, ""))
            entry |= {"subject": subject, "sseq": sseq + 1} | ({"sprev": leaf} if sseq else {})
        body = canonical({key: value for key, value in {**entry, **other}.items() if value is not None})
        self.bodies.append(body)
        if who is not None:
            self.streams[subject] = (sseq + 1, sha(b"\0" + body).hex())
        return index

    def seal(self, *witnesses: Signer, at: int | None = None, signers: Sequence[Signer] = (LOG,)) -> str:
        """Signs what there is; kept, and given back."""
        at = NINE + 60 * len(self.bodies) if at is None else at
        lines = [(each, at) for each in (*signers, *witnesses)]
        self.notes.append(note(self.origin, len(self.bodies), self.root(), lines))
        return self.notes[-1]

    def receipt(self, index: int, openings: Sequence[dict] = (), checkpoint: str | None = None) -> str:
        checkpoint = checkpoint or self.notes[-1]
        size = int(checkpoint.split("\n")[1])
        extra = b64(canonical({"entry": self.bodies[index].decode(), "openings": list(openings)}))
        path = "".join(f"{b64(step)}\n" for step in path_to(index, self.leaves[:size]))
        return f"c2sp.org/tlog-proof@v1\nextra {extra}\nindex {index}\n{path}\n{checkpoint}"

    def slip(self, index: int, checkpoint: str | None = None) -> str:
        origin, size, root, _, line, *_ = (checkpoint or self.notes[-1]).split("\n")
        return checked(["FG1", origin, f"{index} {size}", b64(self.leaves[index]), root, line.split(" ")[2]])

    def export(self, **replaced: bytes | None) -> dict[str, bytes]:
        """Files of an export by name; `replaced` by name with `/` and `.` written as `__` and `_dot_`."""
        files = {
            "checkpoint": self.notes[-1].encode(),
            "policy": policy().encode(),
            "checkpoints.txt": b"".join(b"%d\n%s" % (len(each.encode()), each.encode()) for each in self.notes),
            "openings.ndjson": b"".join(canonical(each) + b"\n" for each in self.openings),
            "README.txt": b"An export of a ledger.\n",
        }
        size = int(self.notes[-1].split("\n")[1])
        for number in range(-(-size // 256)):
            part = self.bodies[256 * number : min(size, 256 * number + 256)]
            bundle = b"".join(struct.pack(">H", len(body)) + body for body in part)
            files["tile/entries/" + tile_name(number, len(part))] = bundle
        hashes, level = self.leaves[:size], 0
        while hashes:
            for number in range(-(-len(hashes) // 256)):
                part = hashes[256 * number : 256 * number + 256]
                files[f"tile/{level}/" + tile_name(number, len(part))] = b"".join(part)
            full = len(hashes) // 256
            hashes, level = [root_of(hashes[256 * at : 256 * at + 256]) for at in range(full)], level + 1
        return {**files, **{name: data for name, data in replaced.items() if data is not None}}


def tile_name(number: int, width: int) -> str:
    return f"{number:03}" + ("" if width == 256 else f".p/{width}")


def checked(lines: list[str]) -> str:
    """A slip with its check line."""
    return "\n".join([*lines, sha("\n".join(lines).encode()).hex()[:8]])


def promise(leaf: bytes, deadline: str, log: Signer = LOG) -> str:
    """A promise as a signed note."""
    key = Signer(log.name + "/promise", 1, log.seed)
    text = f"freely-given/promise/v1\n{log.name}\n{b64(leaf)}\n{deadline}\n"
    return text + "\n" + key.line(key.private.sign(text.encode()))


def promise_slip(signed: str) -> str:
    _, origin, leaf, deadline, _, line, _ = signed.split("\n")
    return checked(["FGP1", origin, leaf, deadline, line.split(" ")[2]])


def opened_row(model: str = "consent.consent", key: str = "a" * 32) -> tuple[dict, dict]:
    """A row as an entry binds it, and its opening."""
    salt = sha(b"salt")
    veiled = {"reason": "她说：我还没有决定", "minutes": 7}
    opened = {"state": "given", "given_at": time(NINE)}
    closed = {
        name: sha(b"freely-given/veil/v1\0" + sha(salt + name.encode()) + canonical(value)).hex()
        for name, value in veiled.items()
    }
    document = {"model": model, "key": key, "open": opened, "veiled": closed}
    shown = {"salt": sha(salt + b"reason").hex(), "value": veiled["reason"]}
    opening = {"model": model, "key": key, "open": opened, "veiled": closed | {"reason": shown}}
    return {"model": model, "key": key, "digest": sha(canonical(document)).hex()}, opening


def as_zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (2027, 1, 15, 8, 0, 0)), data)
    return buffer.getvalue()
