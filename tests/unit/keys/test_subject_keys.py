"""The keys outside the database: whole or not at all, one for each owner, and gone for good when destroyed."""

import logging
import multiprocessing
import os
import uuid
from pathlib import Path

import pytest

from consent.exceptions import KeyStoreError
from consent.keys import files
from consent.keys.subject_keys import (
    KeyReader,
    destroy_key,
    has_key,
    make_master_key,
    make_store,
    open_secret,
    retire_key,
    seal_secret,
    store_findings,
    was_destroyed,
)

OWNER, OTHER, ENTRY = uuid.UUID(int=7), uuid.UUID(int=8), uuid.UUID(int=9)
SECRET = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path, settings) -> Path:
    settings.SUBJECT_KEY_DIR = tmp_path / "keys"
    settings.MASTER_KEY_FILE = tmp_path / "elsewhere" / "master.key"
    assert make_store()
    return tmp_path / "keys"


def seal(owner: uuid.UUID = OWNER) -> bytes:
    return seal_secret(owner=owner, entry_id=ENTRY, secret=SECRET)


def opened(sealed: bytes, owner: uuid.UUID = OWNER, entry_id: uuid.UUID = ENTRY) -> bytes | None:
    return open_secret(owner=owner, entry_id=entry_id, sealed=sealed)


def key_file(store: Path, owner: uuid.UUID = OWNER) -> Path:
    return store / f"{owner.hex}.1.key"


def test_what_was_sealed_opens_again(store: Path) -> None:
    assert not has_key(owner=OWNER)
    sealed = seal()
    assert len(sealed) == 61 and sealed[0] == 1
    assert opened(sealed) == SECRET
    assert has_key(owner=OWNER) and not has_key(owner=OTHER) and not was_destroyed(owner=OWNER)
    assert seal() != sealed, "a nonce was used twice"


def test_files_are_private_and_hold_no_readable_key(store: Path, settings) -> None:
    seal()
    for path in (*store.iterdir(), Path(settings.MASTER_KEY_FILE)):
        assert path.stat().st_mode & 0o777 == 0o600, path
    assert store.stat().st_mode & 0o777 == 0o700
    assert {path.suffix for path in store.iterdir()} == {".key", ".check"}, "a draft was left behind"


def test_a_secret_belongs_to_its_entry_and_its_owner(store: Path) -> None:
    sealed = seal()
    seal(OTHER)
    with pytest.raises(KeyStoreError, match="does not open"):
        opened(sealed, entry_id=uuid.UUID(int=1))
    with pytest.raises(KeyStoreError, match="does not open"):
        opened(sealed, owner=OTHER)
    for damaged in (sealed[:-1], b"", b"\x00" + sealed[1:]):
        with pytest.raises(KeyStoreError, match="damaged"):
            opened(damaged)
    with pytest.raises(ValueError, match="32 bytes"):
        seal_secret(owner=OWNER, entry_id=ENTRY, secret=b"short")


def test_a_destroyed_key_opens_nothing_and_is_told_from_a_lost_one(store: Path) -> None:
    sealed, lost = seal(), seal(OTHER)
    assert destroy_key(owner=OWNER)
    assert opened(sealed) is None
    assert was_destroyed(owner=OWNER) and not has_key(owner=OWNER) and not key_file(store).exists()
    assert not destroy_key(owner=OWNER), "there was nothing left to destroy"
    key_file(store, OTHER).unlink()
    with pytest.raises(KeyStoreError, match="newest backup"):
        opened(lost, OTHER)


def test_after_an_erasure_a_new_generation_seals_and_the_old_stays_closed(store: Path) -> None:
    old = seal()
    destroy_key(owner=OWNER)
    new = seal()
    assert (old[0], new[0]) == (1, 2)
    assert opened(old) is None and opened(new) == SECRET
    assert has_key(owner=OWNER) and was_destroyed(owner=OWNER)
    with pytest.raises(KeyStoreError):
        KeyReader().open_secret(owner=OWNER, entry_id=ENTRY, sealed=b"\x02" + old[1:])
    assert destroy_key(owner=OWNER)
    assert opened(new) is None and seal()[0] == 3


def test_a_retired_key_opens_and_closes_nothing_more(store: Path) -> None:
    old = seal()
    assert retire_key(owner=OWNER) == 1
    new = seal()
    assert (old[0], new[0]) == (1, 2) and opened(old) == opened(new) == SECRET
    assert not was_destroyed(owner=OWNER)
    assert destroy_key(owner=OWNER, through=1)
    assert opened(old) is None and opened(new) == SECRET
    assert was_destroyed(owner=OWNER, through=1) and not was_destroyed(owner=OWNER, through=2)
    assert seal()[0] == 2


def test_retiring_before_the_first_secret_leaves_nothing_behind(store: Path) -> None:
    assert retire_key(owner=OWNER) == 1 and seal()[0] == 2
    assert not destroy_key(owner=OWNER, through=1) and was_destroyed(owner=OWNER)


def test_a_key_back_from_a_backup_stays_destroyed_until_it_is_wiped(store: Path) -> None:
    sealed = seal()
    content = key_file(store).read_bytes()
    destroy_key(owner=OWNER)
    key_file(store).write_bytes(content)
    assert opened(sealed) is None, "the tombstone wins"
    assert not was_destroyed(owner=OWNER), "something of it is there again"
    assert destroy_key(owner=OWNER) and was_destroyed(owner=OWNER)


def test_a_crash_between_tombstone_and_wiping_is_finished(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal()

    def crash(path: Path) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("consent.keys.subject_keys.wipe", crash)
        with pytest.raises(KeyboardInterrupt):
            destroy_key(owner=OWNER)
    assert opened(sealed) is None and not was_destroyed(owner=OWNER)
    assert destroy_key(owner=OWNER) and was_destroyed(owner=OWNER)


def test_drafts_of_a_crash_are_destroyed_too(store: Path) -> None:
    seal()
    draft = store / f"{OWNER.hex}.1.key.0123456789abcdef.tmp"
    os.link(key_file(store), draft)
    destroy_key(owner=OWNER)
    assert not draft.exists()


@pytest.mark.parametrize("name", ["fsync", "link"])
def test_a_full_or_dying_disk_leaves_no_half_key(store: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files.os, name, fail)
        with pytest.raises(KeyStoreError, match="No space left"):
            seal()
    assert {path.name for path in store.iterdir()} == {"store.check"}
    assert opened(seal()) == SECRET


def _first_seal(start, answers) -> None:
    start.wait()
    answers.put(seal())


def test_two_processes_that_make_a_key_at_once_get_the_same(store: Path) -> None:
    fork = multiprocessing.get_context("fork")
    start, answers = fork.Barrier(4), fork.Queue()
    workers = [fork.Process(target=_first_seal, args=(start, answers)) for _ in range(4)]
    for worker in workers:
        worker.start()
    sealed = [answers.get(timeout=30) for _ in workers]
    for worker in workers:
        worker.join()
    assert [opened(one) for one in sealed] == [SECRET] * 4


def test_a_key_that_others_may_read_is_refused_with_advice(store: Path, settings) -> None:
    sealed = seal()
    key_file(store).chmod(0o640)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        opened(sealed)
    key_file(store).chmod(0o600)
    Path(settings.MASTER_KEY_FILE).chmod(0o604)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        seal()


def test_a_folder_that_cannot_be_looked_into_is_a_refusal_and_not_an_absence(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed = seal()

    def forbidden(self: Path, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", forbidden)
    for attempt in (seal, lambda: opened(sealed), lambda: was_destroyed(owner=OWNER)):
        with pytest.raises(KeyStoreError, match="Permission denied"):
            attempt()


@pytest.mark.parametrize("content", [b"", b"freely-given/subject-key/v1\x00" + bytes(60), b"x" * 88])
def test_a_damaged_key_file_is_refused_and_not_replaced(store: Path, content: bytes) -> None:
    sealed = seal()
    key_file(store).write_bytes(content)
    for attempt in (seal, lambda: opened(sealed)):
        with pytest.raises(KeyStoreError, match="does not open with the master key"):
            attempt()
    assert key_file(store).read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"0" * 64, b"freely-given/master-key/v1 " + b"g" * 64])
def test_a_damaged_master_key_is_refused(store: Path, settings, content: bytes) -> None:
    Path(settings.MASTER_KEY_FILE).write_bytes(content)
    with pytest.raises(KeyStoreError, match="is not a master key"):
        seal()
    (sentence,) = store_findings()
    assert sentence.endswith(".")


def test_another_master_key_seals_nothing(store: Path, settings, tmp_path: Path) -> None:
    assert store_findings() == []
    settings.MASTER_KEY_FILE = tmp_path / "other.key"
    assert make_master_key(tmp_path / "other.key") and not make_master_key(tmp_path / "other.key")
    with pytest.raises(KeyStoreError, match="belong together"):
        seal()
    assert not key_file(store).exists()
    assert "belong together" in store_findings()[0]


def test_an_empty_folder_is_not_taken_for_the_store(store: Path, settings, tmp_path: Path) -> None:
    (tmp_path / "not-mounted").mkdir()
    for folder in (tmp_path / "not-mounted", tmp_path / "absent"):
        settings.SUBJECT_KEY_DIR = folder
        with pytest.raises(KeyStoreError, match="make_keys"):
            seal()
    assert not list((tmp_path / "not-mounted").iterdir())


def test_a_lost_master_key_is_not_made_anew_beside_keys_it_cannot_open(store: Path, settings) -> None:
    seal()
    Path(settings.MASTER_KEY_FILE).unlink()
    assert "make_keys" in store_findings()[0]
    with pytest.raises(KeyStoreError, match="put it back"):
        make_store()
    assert not Path(settings.MASTER_KEY_FILE).exists()


def test_making_the_store_again_changes_nothing(store: Path, settings) -> None:
    sealed, before = seal(), Path(settings.MASTER_KEY_FILE).read_bytes()
    assert not make_store()
    assert Path(settings.MASTER_KEY_FILE).read_bytes() == before and opened(sealed) == SECRET


def test_neither_log_nor_refusal_names_a_key(store: Path, settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sealed = seal()
    master = Path(settings.MASTER_KEY_FILE).read_bytes().split()[-1].decode()
    with pytest.raises(KeyStoreError) as caught:
        opened(sealed, entry_id=uuid.UUID(int=1))
    said = caplog.text + str(caught.value) + repr(caught.value.__cause__)
    assert master not in said and SECRET.hex() not in said and sealed.hex() not in said


def test_a_run_reads_each_key_once(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal()
    reader = KeyReader()
    assert reader.open_secret(owner=OWNER, entry_id=ENTRY, sealed=sealed) == SECRET
    key_file(store).unlink()
    assert reader.open_secret(owner=OWNER, entry_id=ENTRY, sealed=sealed) == SECRET
