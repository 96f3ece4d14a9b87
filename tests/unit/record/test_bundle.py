"""The bundle as bytes: one way to write it, one part in memory, and nothing else is read."""

import io
import random
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest

from consent.record.archive import archive_bytes, members_of
from consent.record.bundle import MANIFEST, NOTE, Part, bundle_chunks, read_manifest
from consent.record.bundle_check import check_bundle
from consent.record.exceptions import BundleError
from tests import log_world
from tests.bundles import bundle, record_parts, sign, sound_bundle, sound_parts

SMALL = [("a.txt", b"hello"), ("record-1/record.json", b"{}")]


def report(data: bytes):
    return check_bundle(io.BytesIO(data), policy=log_world.policy(), roots=(), at=log_world.TIME)


def test_the_same_parts_give_the_same_bytes() -> None:
    assert bundle(sound_parts()) == sound_bundle()


def test_any_program_that_reads_zip_reads_it() -> None:
    with zipfile.ZipFile(io.BytesIO(sound_bundle())) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[-2:] == [MANIFEST, NOTE]
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        listed = read_manifest(archive.read(MANIFEST))
    assert [one.name for one in listed.members] == names[:-2]


def test_a_sound_bundle_has_no_finding() -> None:
    found = report(sound_bundle())
    assert found.findings == []
    assert (found.records, found.receipts, found.log) == (2, 2, log_world.ORIGIN)
    assert found.notes == ["record-1: the paper has no seal.", "record-2: the paper has no seal."]


def test_what_is_written_is_read_again() -> None:
    assert members_of(archive_bytes(SMALL)) == dict(SMALL)
    assert members_of(archive_bytes([])) == {}


@pytest.mark.parametrize(
    "name", ["../a", "/a", "a/../b", "A", "", "a//b", "a/b/c", ".a", "a.", "a\\b", "con\x00", "é", "a" * 101, "a b"]
)
def test_a_name_that_could_lead_elsewhere_is_never_written(name: str) -> None:
    with pytest.raises(BundleError):
        archive_bytes([(name, b"")])


def test_a_name_stands_once() -> None:
    with pytest.raises(BundleError, match=r"a\.txt is there twice"):
        archive_bytes([("a.txt", b"1"), ("a.txt", b"2")])


def by_another_program(*, kind: int = zipfile.ZIP_STORED, names: tuple[str, ...] = ("a.txt",), size: int = 10) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), b"x" * size, compress_type=kind)
    return out.getvalue()


def encrypted() -> bytes:
    data = bytearray(archive_bytes(SMALL))
    data[6] |= 1
    return bytes(data)


FOREIGN = {
    "packed by another program": by_another_program(),
    "a name that leads out of the folder": by_another_program(names=("../../a.txt",)),
    "grows a thousandfold when opened": by_another_program(kind=zipfile.ZIP_DEFLATED, size=10_000_000),
    "encrypted": encrypted(),
    "cut short": archive_bytes(SMALL)[:-1],
    "cut in a member": archive_bytes(SMALL)[:40],
    "bytes behind the end": archive_bytes(SMALL) + b"\n",
    "bytes before the start": b"\n" + archive_bytes(SMALL),
    "two archives": archive_bytes(SMALL) * 2,
    "no archive": b"%PDF-1.7",
    "empty": b"",
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_nothing_but_our_own_way_of_writing_is_read(kind: str) -> None:
    with pytest.raises(BundleError):
        members_of(FOREIGN[kind])
    assert not report(FOREIGN[kind]).is_sound


def test_a_size_that_lies_is_not_believed() -> None:
    data = bytearray(archive_bytes(SMALL))
    data[18:22] = data[22:26] = b"\xff\xff\xff\xff"
    with pytest.raises(BundleError):
        members_of(bytes(data))


def test_random_bytes_never_raise() -> None:
    hand = random.Random(5)  # noqa: S311  # a hand, not a secret
    good = archive_bytes(SMALL)
    for _ in range(300):
        at = hand.randrange(len(good))
        assert not report(good[:at] + hand.randbytes(hand.randrange(60)) + good[at:]).is_sound


def stored(count: int) -> Iterator[Part]:
    """Records that are made when they are asked for, a third of a megabyte each."""
    for number in range(1, count + 1):
        yield f"record-{number}/record.pdf", bytes([number]) * 300_000


def most_memory(count: int) -> int:
    """The most that was held while a bundle of so many records was written and thrown away."""

    tracemalloc.start()
    for _chunk in bundle_chunks(stored(count), log=log_world.ORIGIN, sign=sign):
        pass
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_with_the_number_of_records() -> None:
    """While one record is made the one before is still being sent, so two are what is ever held."""
    most_memory(2)
    assert most_memory(50) < 1.2 * most_memory(2)


def large_parts(count: int) -> Iterator[Part]:
    """Whole records, each with a page of a third of a megabyte."""
    for number in range(1, count + 1):
        for name, data in record_parts(number, is_small=True):
            yield name, b" " * 300_000 if name.endswith(".html") else data


def most_memory_of_check(count: int) -> int:
    """The most that was held while such a bundle was checked."""
    data = io.BytesIO(bundle(large_parts(count)))
    tracemalloc.start()
    assert check_bundle(data, policy=log_world.policy(), roots=(), at=log_world.TIME).is_sound
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def test_memory_does_not_grow_while_checking() -> None:
    """But for the list, a few hundred bytes for each member."""
    most_memory_of_check(2)
    assert most_memory_of_check(50) < 1.8 * most_memory_of_check(2)
