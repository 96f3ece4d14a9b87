"""The one way in which a bundle is written as a ZIP, and the reader that takes nothing else.

Members are stored as they are, one after the other, each with the same fixed date, without any extra field; then the
directory; then the end. Writing the same members again gives the same bytes, so a reader needs no judgement: bytes that
this would not have written are refused. That leaves no room for a second member of a name, for a path that leads out of
the folder, for a member that is encrypted or grows when it is opened, or for anything behind the end.

Nothing larger than one member is held in memory while writing or reading.

>>> [name for name, _ in read_archive(io.BytesIO(b"".join(written_archive([("a.txt", b"hello")]))))]
['a.txt']
"""

import io
import re
import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from consent.record.exceptions import BundleError

NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*(/[a-z0-9][a-z0-9_-]*(\.[a-z0-9_-]+)*)?")
LONGEST_NAME = 100
LARGEST_MEMBER = 64 * 1024 * 1024
LARGEST_ARCHIVE = 0xFFFFFFFF
MOST_MEMBERS = 0xFFFF
VERSION, STORED, MIDNIGHT, FIRST_DAY = 10, 0, 0, 0x21  # 1 January 1980, the first day a ZIP knows
HEAD = struct.Struct("<4s5H3L2H")
LISTED = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
HEAD_MARK, LISTED_MARK, END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def written_archive(members: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of an archive, in pieces, while its members are being made.

    **Takes** names and contents, in the order in which they are to stand.
    **Raises** BundleError for a name no archive of ours has or that came before, and for more than fits.
    """
    listing = _Listing()
    for name, data in members:
        yield listing.add(name, size=len(data), check=zlib.crc32(data))
        yield data
    yield listing.end()


def read_archive(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    """The members of an archive, in order, one at a time.

    The last bytes are judged after the last member was given: only who has read to the end knows that all is well.

    **Raises** BundleError for every byte that `written_archive` would not have written.
    """
    listing = _Listing()
    while True:
        mark = _exactly(file, 4)
        if mark != HEAD_MARK:
            break
        name, data = _member(file, listing)
        yield name, data
    rest = mark + file.read(len(listing.end()) + 1)
    if rest != listing.end():
        raise BundleError("The list at the end of the archive is not that of its members.", field="archive")


class _Listing:
    """What stands at the end of an archive, growing with its members."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._names: set[str] = set()
        self._at = 0

    def add(self, name: str, *, size: int, check: int) -> bytes:
        """Note a member. **Gives** what stands before its content."""
        self._check(name, size)
        raw = name.encode("ascii")
        facts = (STORED, MIDNIGHT, FIRST_DAY, check, size, size, len(raw), 0)
        head = HEAD.pack(HEAD_MARK, VERSION, 0, *facts) + raw
        self._lines.append(LISTED.pack(LISTED_MARK, VERSION, VERSION, 0, *facts, 0, 0, 0, 0, self._at) + raw)
        self._names.add(name)
        self._at += len(head) + size
        return head

    def _check(self, name: str, size: int) -> None:
        if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            raise BundleError("A member has a name that no bundle has.", field="archive")
        if name in self._names:
            raise BundleError(f"The member {name} is there twice.", field=name)
        if size > LARGEST_MEMBER:
            raise BundleError(f"The member {name} is larger than anything of its kind.", field=name)
        if len(self._lines) == MOST_MEMBERS or self._at + size > LARGEST_ARCHIVE - LARGEST_MEMBER:
            raise BundleError("There are more members than an archive can hold.", field="archive")

    def end(self) -> bytes:
        """The list of members, and the end."""
        listed, count = b"".join(self._lines), len(self._lines)
        return listed + END.pack(END_MARK, 0, 0, count, count, len(listed), self._at, 0)


def _member(file: BinaryIO, listing: _Listing) -> tuple[str, bytes]:
    found = HEAD_MARK + _exactly(file, HEAD.size - 4)
    size, length = HEAD.unpack(found)[8:10]
    if not 0 < length <= LONGEST_NAME or size > LARGEST_MEMBER:
        raise BundleError("A member is larger than anything of its kind, or has a name that no bundle has.")
    raw = _exactly(file, length)
    data = _exactly(file, size)
    name = raw.decode("latin-1")
    if listing.add(name, size=size, check=zlib.crc32(data)) != found + raw:
        raise BundleError(f"The member {name} is damaged, or was packed by something else.", field=name)
    return name, data


def _exactly(file: BinaryIO, count: int) -> bytes:
    found = file.read(count)
    if len(found) != count:
        raise BundleError("The archive is cut short.", field="archive")
    return found


def archive_bytes(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A whole archive in memory."""
    return b"".join(written_archive(members))


def members_of(archive: bytes) -> dict[str, bytes]:
    """Every member of an archive in memory. **Raises** BundleError."""
    return dict(read_archive(io.BytesIO(archive)))
