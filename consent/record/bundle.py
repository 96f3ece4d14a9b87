"""The bundle: one ZIP that a patient takes home, its list of members, and the signed note that binds the list.

The last two members are `manifest.json`, which names every other with its size and SHA-256, and `manifest.note`, in
which the clinic's log signs the digest of that list. So every byte of the archive hangs on one signature: the members
on the list, the list on the note, and all that lies between them on there being one way to write it.

Names tell nothing: `record-1` is the first record in this bundle, whatever else there is. See docs/record-bundle.md.

>>> folder_of(1)
'record-1'
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from consent.ledger.canonical import EncodingError, canonical, read
from consent.record.archive import LARGEST_MEMBER, written_archive
from consent.record.exceptions import BundleError

FORMAT = "freely-given/bundle/v1"
MANIFEST, NOTE = "manifest.json", "manifest.note"
READ_ME, POLICY = "read-me.html", "policy"
PAPER, PLAIN, DATA, PROOF = "record.pdf", "record.html", "record.json", "proof.tlog-proof"
FHIR_R4, FHIR_R5 = "fhir-r4.json", "fhir-r5.json"
VERIFIERS = ("freely_given_verify.py", "freely_given_verify.html")
_FOLDER = re.compile(r"record-([1-9][0-9]*)")
_DIGEST = re.compile(r"[0-9a-f]{64}")

Part = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as the list names it."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list of a bundle: which log signs it, and its members in their order, without the list and its note."""

    log: str
    members: tuple[Listed, ...]

    def to_bytes(self) -> bytes:
        """The list, in the one way in which it is written."""
        members = [{"digest": one.digest, "name": one.name, "size": one.size} for one in self.members]
        return canonical({"format": FORMAT, "log": self.log, "members": members})


def bundle_chunks(parts: Iterable[Part], *, log: str, sign: Callable[[bytes], str]) -> Iterator[bytes]:
    """The bytes of a bundle, in pieces, while its parts are being made: one part in memory at a time.

    **Takes** names and contents; `sign` gives the signed note over the bytes of the list.
    **Raises** BundleError as the archive does.
    """
    return written_archive(_with_list(parts, log=log, sign=sign))


def _with_list(parts: Iterable[Part], *, log: str, sign: Callable[[bytes], str]) -> Iterator[Part]:
    listed: list[Listed] = []
    for name, data in parts:
        listed.append(listed_as(name, data))
        yield name, data
    manifest = Manifest(log=log, members=tuple(listed)).to_bytes()
    yield MANIFEST, manifest
    yield NOTE, sign(manifest).encode("utf-8")


def listed_as(name: str, data: bytes) -> Listed:
    """How the list names a member."""
    return Listed(name=name, digest=hashlib.sha256(data).hexdigest(), size=len(data))


def read_manifest(data: bytes) -> Manifest:
    """The list that bytes stand for. **Raises** BundleError for anything that `to_bytes` would not have written."""
    try:
        value = read(data)
    except EncodingError as error:
        raise BundleError(f"The list of members cannot be read: {error.reason}.", field=MANIFEST) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise BundleError(f"The list of members is not of the form {FORMAT}.", field=MANIFEST)
    members, log = value.get("members"), value.get("log")
    if value.keys() != {"format", "log", "members"} or not isinstance(log, str) or not isinstance(members, list):
        raise BundleError("The list of members does not hold exactly format, log and members.", field=MANIFEST)
    return Manifest(log=log, members=tuple(_listed(one) for one in members))


def _listed(value: object) -> Listed:
    if not isinstance(value, dict) or value.keys() != {"name", "digest", "size"}:
        raise BundleError("A line of the list does not hold exactly digest, name and size.", field=MANIFEST)
    name, digest, size = value["name"], value["digest"], value["size"]
    is_text = isinstance(name, str) and isinstance(digest, str)
    if not is_text or not _DIGEST.fullmatch(digest) or type(size) is not int or not 0 <= size <= LARGEST_MEMBER:
        raise BundleError("A line of the list has a digest or a size that no member has.", field=MANIFEST)
    return Listed(name=name, digest=digest, size=size)


def folder_of(number: int) -> str:
    """The folder of a record, by its place in this bundle: 1, 2 ... without a gap."""
    return f"record-{number}"


def record_number(folder: str) -> int | None:
    """The number of the record whose folder this is; None for any other folder."""
    found = _FOLDER.fullmatch(folder)
    return int(found[1]) if found else None
