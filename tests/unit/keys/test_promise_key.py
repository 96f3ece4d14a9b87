"""The key for promises: made on first use, private, the same for ever after."""

import stat
import uuid
from pathlib import Path

import pytest

from consent.exceptions import KeyStoreError
from consent.keys.promise_key import promise_key, promise_key_path

LEDGER, OTHER = uuid.UUID(int=7), uuid.UUID(int=8)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.LOG_KEY_DIR = tmp_path / "log-keys"
    return tmp_path / "log-keys"


def public(ledger_id: uuid.UUID = LEDGER) -> bytes:
    return promise_key(ledger_id).public_key().public_bytes_raw()


def test_it_is_made_on_first_use_and_stays(folder: Path) -> None:
    assert public() == public()
    assert public(OTHER) != public()
    assert [path.name for path in sorted(folder.iterdir())] == [f"{one.hex}.promise.key" for one in (LEDGER, OTHER)]


def test_only_its_owner_may_read_it() -> None:
    public()
    assert stat.S_IMODE(promise_key_path(LEDGER).stat().st_mode) == 0o600


def test_a_file_others_may_read_is_refused() -> None:
    public()
    promise_key_path(LEDGER).chmod(0o644)
    with pytest.raises(KeyStoreError, match="chmod 600"):
        public()


@pytest.mark.parametrize("content", [b"", b"freely-given/promise-key/v1 abc\n", b"x" * 92, b"\xff" * 91])
def test_a_damaged_file_is_never_replaced(content: bytes, folder: Path) -> None:
    public()
    promise_key_path(LEDGER).write_bytes(content)
    with pytest.raises(KeyStoreError, match="damaged"):
        public()
    assert promise_key_path(LEDGER).read_bytes() == content


def test_a_folder_that_cannot_be_written_is_said(folder: Path) -> None:
    folder.write_text("in the way")
    with pytest.raises(KeyStoreError):
        public()
