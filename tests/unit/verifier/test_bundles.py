"""A bundle is proven, or refused with a reason; the shipped verifier and our own check never differ."""

import functools
import hashlib
import io
import random
from collections.abc import Callable, Iterable

import pytest

from consent.ledger.bundle_note import BundleNote, sign_bundle
from consent.ledger.promises import Promise, sign_promise
from consent.record.archive import archive_bytes, members_of
from consent.record.bundle import MANIFEST, NOTE, Manifest, Part, listed_as
from consent.record.bundle_check import check_bundle
from tests import log_world
from tests.bundles import bundle, record_parts, sign, small_bundle, sound_bundle, sound_parts

TRIES = 600


@pytest.fixture
def is_refused_by_both(verify, tmp_path) -> Callable[[bytes], bool]:
    policy = tmp_path / "policy.txt"
    policy.write_text(log_world.policy().to_text(), encoding="utf-8")

    def is_refused(data: bytes) -> bool:
        place = tmp_path / "bundle.zip"
        place.write_bytes(data)
        options = verify.command_line().parse_args(["bundle", str(place), "--policy", str(policy)])
        ours = check_bundle(io.BytesIO(data), policy=log_world.policy(), roots=(), at=log_world.TIME).is_sound
        theirs = verify.run(options).code == verify.VERIFIED
        assert ours == theirs, "the two do not agree"
        return not ours

    return is_refused


def test_a_sound_bundle_is_proven(run) -> None:
    code, said = run("bundle", sound_bundle(), policy=log_world.policy().to_text())
    assert code == 0
    assert f"PROVEN: this bundle is as the clinic made it: the log {log_world.ORIGIN} signed the list" in said
    assert "Members: 10, all named in the list" in said
    assert "Records: 2. Receipts: 2, each proven." in said
    document = members_of(sound_bundle())["record-2/record.json"]
    assert f"record-2: SHA-256 {hashlib.sha256(document).hexdigest()} stands in entry 3." in said
    assert "The seals inside the PDF files are not checked here" in said
    assert said.splitlines()[-1].startswith("Anchored:") or "Never anchored" in said.splitlines()[-1]


def changed(place: str, data: bytes) -> list[Part]:
    return [(name, data if name == place else content) for name, content in members_of(sound_bundle()).items()]


def flipped(data: bytes, at: int, bit: int = 0) -> bytes:
    return data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1 :]


def sealed_again(parts: Iterable[Part], *, log: str = log_world.ORIGIN, key=log_world.LOG) -> bytes:
    """What somebody makes who has a key of his own: a new list over other members."""
    kept = [part for part in parts if part[0] not in (MANIFEST, NOTE)]
    manifest = Manifest(log=log, members=tuple(listed_as(*part) for part in kept)).to_bytes()
    return archive_bytes([*kept, (MANIFEST, manifest), (NOTE, sign(manifest, origin=log, key=key).encode())])


def without(*names: str) -> list[Part]:
    return [part for part in members_of(sound_bundle()).items() if part[0] not in names]


def renamed(old: str, new: str) -> list[Part]:
    return [(new if name == old else name, data) for name, data in members_of(sound_bundle()).items()]


def swapped() -> list[Part]:
    names, contents = zip(*members_of(sound_bundle()).items(), strict=True)
    return list(zip((names[4], *names[1:4], names[0], *names[5:]), contents, strict=True))


def of_two_patients() -> list[Part]:
    return [*record_parts(1), *record_parts(2, name="Somebody Else", subject=8)]


def promised_instead() -> list[Part]:
    """The key has signed something else: a promise, put where the note should be."""
    promise = Promise(log_world.ORIGIN, bytes(32), log_world.TIME)
    return changed(NOTE, sign_promise(promise, log_world.LOG).encode())


def without_note_of_ours() -> list[Part]:
    parts = sealed_again(without(), key=log_world.STRANGER)
    return list(members_of(parts).items())


DAMAGES: dict[str, Callable[[], bytes]] = {
    "cut short by a byte": lambda: sound_bundle()[:-1],
    "cut in half": lambda: sound_bundle()[: len(sound_bundle()) // 2],
    "empty": lambda: b"",
    "a byte behind the end": lambda: sound_bundle() + b"\0",
    "a member missing": lambda: archive_bytes(without("record-1/record.html")),
    "a member extra": lambda: archive_bytes([("more.txt", b"more"), *without()]),
    "a member behind the list": lambda: archive_bytes([*without(), ("more.txt", b"more")]),
    "a member renamed": lambda: archive_bytes(renamed("policy", "policy.txt")),
    "a member changed": lambda: archive_bytes(changed("read-me.html", b"<p>other</p>")),
    "members swapped": lambda: archive_bytes(swapped()),
    "no list": lambda: archive_bytes(without(MANIFEST)),
    "no note": lambda: archive_bytes(without(NOTE)),
    "no list and no note": lambda: archive_bytes(without(MANIFEST, NOTE)),
    "two patients' records mixed, signed again by the log": lambda: bundle(of_two_patients()),
    "a record of another patient put in": lambda: archive_bytes(
        [*list(record_parts(1, name="Somebody Else")), *without(*(name for name, _ in record_parts(1)))]
    ),
    "signed by a stranger": lambda: archive_bytes(without_note_of_ours()),
    "a promise in place of the note": lambda: archive_bytes(promised_instead()),
    "an unknown log": lambda: sealed_again(without(), log=log_world.OTHER_ORIGIN),
    "a proof of the other record, signed again": lambda: sealed_again(
        changed("record-1/proof.tlog-proof", members_of(sound_bundle())["record-2/proof.tlog-proof"])
    ),
    "a record that is none, signed again": lambda: sealed_again(changed("record-1/record.json", b"{}")),
    "a record in another way of writing, signed again": lambda: sealed_again(
        changed("record-1/record.json", members_of(sound_bundle())["record-1/record.json"] + b"\n")
    ),
    "a gap in the numbers, signed again": lambda: sealed_again(
        [(name.replace("record-2", "record-3"), data) for name, data in without()]
    ),
    "a receipt cut short, signed again": lambda: sealed_again(
        changed("record-1/proof.tlog-proof", members_of(sound_bundle())["record-1/proof.tlog-proof"][:-9])
    ),
}  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES)
def test_both_refuse(damage: str, is_refused_by_both) -> None:
    assert is_refused_by_both(DAMAGES[damage]())


def test_neither_refuses_a_sound_one(is_refused_by_both) -> None:
    assert not is_refused_by_both(sound_bundle())
    assert not is_refused_by_both(small_bundle())
    assert not is_refused_by_both(bundle([part for part in sound_parts() if part[0] != "record-1/record.pdf"]))


def test_a_flipped_bit_anywhere_is_refused(is_refused_by_both) -> None:
    good, hand = small_bundle(), random.Random(11)  # noqa: S311  # a hand, not a secret
    for at in sorted(hand.sample(range(len(good)), TRIES)):
        assert is_refused_by_both(flipped(good, at, hand.randrange(8))), at


def test_the_edges_of_each_member_are_tried(is_refused_by_both) -> None:
    good = small_bundle()
    marks = [at for at in range(len(good)) if good[at : at + 2] == b"PK"]
    for at in marks:
        for byte in range(at, min(at + 46, len(good))):
            assert is_refused_by_both(flipped(good, byte)), byte


@functools.cache
def everything() -> bytes:
    return bundle([*sound_parts(), ("fhir-r4.json", b"{}")])


def test_cut_anywhere_it_is_refused(is_refused_by_both) -> None:
    good, hand = everything(), random.Random(12)  # noqa: S311  # a hand, not a secret
    for at in hand.sample(range(len(good)), 40):
        assert is_refused_by_both(good[:at]), at


def test_the_note_is_for_bundles_only(verify) -> None:
    """The same key under another name: what is signed for one purpose is worth nothing for another."""
    note = sign_bundle(BundleNote(log_world.ORIGIN, bytes(32)), log_world.LOG)
    known = verify.policy_from(log_world.policy().to_text().encode())
    for read in (verify.promise_from, lambda data, policy: verify.checkpoint_from(data, policy, "it")):
        with pytest.raises((verify.UnreadableError, verify.ContradictionError)):
            read(note.encode(), known)
