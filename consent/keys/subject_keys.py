"""One key for each patient, outside the database: with it the secrets of her entries open, without it never again.

A key lies in a small file of its own, wrapped by the master key. Destroying it leaves a tombstone, so that an erased
key is told from a lost one. Before that it is retired: from then on new secrets are closed with a key of the next
generation, and the old one only opens. So no entry is ever closed with a key that is about to vanish, what was closed
stays closed, and the patient can still say no.

Sealed bytes: generation (1 byte), nonce (12), AES-256-GCM of the secret (32 + 16), bound to the id of the entry.
"""

import re
import secrets
import uuid
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from consent.exceptions import KeyStoreError
from consent.keys.files import is_there, make_private_folder, read_private, wipe, write_once

KEY_BYTES = 32
NONCE_BYTES = 12
SEALED_BYTES = 1 + NONCE_BYTES + KEY_BYTES + 16
LAST_GENERATION = 255
MASTER_HEADING = b"freely-given/master-key/v1 "
WRAPPED_HEADING = b"freely-given/subject-key/v1\x00"
GONE, RETIRED = "destroyed", "retired"
GONE_WORDS = b"This key was destroyed. Keep this file.\n"
RETIRED_WORDS = b"This key closes nothing any more. Keep this file.\n"
KEEPSAKE = "store.check"  # opens with the right master key only, so that neither a wrong key nor a wrong folder is used


def seal_secret(*, owner: uuid.UUID, entry_id: uuid.UUID, secret: bytes) -> bytes:
    """Close the secret of an entry with the key of its owner, made on first use.

    **Takes** the ledger's number for a patient (or the id of a ledger), and 32 random bytes.
    **Raises** KeyStoreError when the keys cannot be used; its sentence says what to do.
    """
    if len(secret) != KEY_BYTES:
        raise ValueError(f"a secret has {KEY_BYTES} bytes, not {len(secret)}")
    generation = _sealing_generation(owner)
    key = _read_key(owner, generation) or _make_key(owner, generation)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return bytes([generation]) + nonce + AESGCM(key).encrypt(nonce, secret, entry_id.bytes)


def open_secret(*, owner: uuid.UUID, entry_id: uuid.UUID, sealed: bytes) -> bytes | None:
    """The secret of an entry; None when its key was destroyed. **Raises** KeyStoreError."""
    return KeyReader().open_secret(owner=owner, entry_id=entry_id, sealed=sealed)


class KeyReader:
    """Opens many secrets in one run and reads each key once; forget it when the run is over."""

    def __init__(self) -> None:
        self._keys: dict[tuple[uuid.UUID, int], bytes | None] = {}

    def open_secret(self, *, owner: uuid.UUID, entry_id: uuid.UUID, sealed: bytes) -> bytes | None:
        """As the function of the same name."""
        if len(sealed) != SEALED_BYTES or sealed[0] == 0:
            raise KeyStoreError(f"the sealed secret of entry {entry_id.hex} is damaged; look for it in a backup.")
        key = self._key(owner, sealed[0])
        if key is None:
            return None
        nonce, closed = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return AESGCM(key).decrypt(nonce, closed, entry_id.bytes)
        except InvalidTag:
            raise KeyStoreError(
                f"the secret of entry {entry_id.hex} does not open with its key; one of the two was changed."
            ) from None

    def _key(self, owner: uuid.UUID, generation: int) -> bytes | None:
        if (owner, generation) not in self._keys:
            self._keys[owner, generation] = _key_to_open(owner, generation)
        return self._keys[owner, generation]


def retire_key(*, owner: uuid.UUID) -> int:
    """Close nothing more with the present key of an owner; it still opens what it closed.

    **Gives** its generation. **Raises** KeyStoreError.
    """
    generation = _sealing_generation(owner)
    write_once(_marker(owner, generation, RETIRED), RETIRED_WORDS)
    return generation


def destroy_key(*, owner: uuid.UUID, through: int = LAST_GENERATION) -> bool:
    """Destroy the keys of an owner up to a generation, for good. Doing it again finishes what a crash left half done.

    **Gives** whether something was there to destroy. Copies in backups are not reached: docs/running.md says how long
    those may be kept. **Raises** KeyStoreError.
    """
    is_found = False
    for generation in range(1, through + 1):
        path = _path(owner, generation)
        if not (is_there(path) or _is_spent(owner, generation)):
            break
        write_once(_marker(owner, generation, GONE), GONE_WORDS)
        is_found = wipe(path) or is_found
    return is_found


def has_key(*, owner: uuid.UUID) -> bool:
    """Whether a key lies there with which the newest secrets of this owner open."""
    return is_there(_path(owner, _sealing_generation(owner)))


def was_destroyed(*, owner: uuid.UUID, through: int = 1) -> bool:
    """Whether every key of this owner up to a generation was destroyed, and nothing of one is left."""
    generations = range(1, through + 1)
    return all(_is_gone(owner, one) and not is_there(_path(owner, one)) for one in generations)


def make_master_key(path: Path) -> bool:
    """Make the file with the master key, readable by its owner only. **Gives** False when there is one already."""
    make_private_folder(path.parent)
    return write_once(path, MASTER_HEADING + secrets.token_hex(KEY_BYTES).encode("ascii") + b"\n")


def make_store() -> bool:
    """Make the folder of the keys and the master key, as the settings name them. **Gives** whether the key is new.

    **Raises** KeyStoreError when keys lie there already and only the master key is missing: a new one opens none.
    """
    folder, master = _folder(), _as_path(settings.MASTER_KEY_FILE)
    make_private_folder(folder)
    if not is_there(master) and is_there(folder / KEEPSAKE):
        raise KeyStoreError(
            f"the master key {master} is missing, but {folder} holds keys that only it can open; put it back from the"
            " place where you keep it."
        )
    is_new = make_master_key(master)
    content = _wrapped(_master_key(), secrets.token_bytes(KEY_BYTES), KEEPSAKE.encode("ascii"))
    write_once(folder / KEEPSAKE, content)
    _check_store(_master_key())
    return is_new


def check_store() -> None:
    """Raises KeyStoreError unless keys can be made and read now."""
    _check_store(_master_key())


def store_findings() -> list[str]:
    """Why no key could be made now, one sentence; empty when all is well."""
    try:
        check_store()
    except KeyStoreError as error:
        return [str(error)]
    return []


def _folder() -> Path:
    return _as_path(settings.SUBJECT_KEY_DIR)


@lru_cache(maxsize=4)
def _as_path(name: str | Path) -> Path:
    return Path(name)


def _path(owner: uuid.UUID, generation: int) -> Path:
    return _folder() / f"{owner.hex}.{generation}.key"


def _marker(owner: uuid.UUID, generation: int, what: str) -> Path:
    return _folder() / f"{owner.hex}.{generation}.{what}"


def _is_gone(owner: uuid.UUID, generation: int) -> bool:
    return is_there(_marker(owner, generation, GONE))


def _is_spent(owner: uuid.UUID, generation: int) -> bool:
    return is_there(_marker(owner, generation, RETIRED)) or _is_gone(owner, generation)


def _sealing_generation(owner: uuid.UUID) -> int:
    """The first generation that was neither retired nor destroyed; its key may not be made yet."""
    for generation in range(1, LAST_GENERATION + 1):
        if not _is_spent(owner, generation):
            return generation
    raise KeyStoreError(f"{LAST_GENERATION} keys of {owner.hex} were used up; no further one can be made.")


def _key_to_open(owner: uuid.UUID, generation: int) -> bytes | None:
    if _is_gone(owner, generation):
        return None
    key = _read_key(owner, generation)
    if key is None:
        raise KeyStoreError(
            f"the key file {_path(owner, generation)} is missing, and nothing says that it was destroyed; put it back"
            " from the newest backup of the keys."
        )
    return key


def _read_key(owner: uuid.UUID, generation: int) -> bytes | None:
    path = _path(owner, generation)
    content = read_private(path)
    return None if content is None else _unwrapped(_master_key(), content, _bound_to(owner, generation), path=path)


def _make_key(owner: uuid.UUID, generation: int) -> bytes:
    """Make a key; when another process was quicker, the key it made."""
    master = _master_key()
    _check_store(master)
    content = _wrapped(master, secrets.token_bytes(KEY_BYTES), _bound_to(owner, generation))
    write_once(_path(owner, generation), content)
    key = _read_key(owner, generation)
    if key is None:
        raise KeyStoreError(f"the key file {_path(owner, generation)} vanished while it was made; try again.")
    return key


def _bound_to(owner: uuid.UUID, generation: int) -> bytes:
    return owner.bytes + bytes([generation])


def _wrapped(master: bytes, key: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return WRAPPED_HEADING + nonce + AESGCM(master).encrypt(nonce, key, WRAPPED_HEADING + bound_to)


def _unwrapped(master: bytes, content: bytes, bound_to: bytes, *, path: Path) -> bytes:
    start = len(WRAPPED_HEADING) + NONCE_BYTES
    if len(content) == start + KEY_BYTES + 16 and content.startswith(WRAPPED_HEADING):
        try:
            nonce = content[len(WRAPPED_HEADING) : start]
            return AESGCM(master).decrypt(nonce, content[start:], WRAPPED_HEADING + bound_to)
        except InvalidTag:
            pass  # the same answer as for a damaged file
    raise KeyStoreError(
        f"{path} does not open with the master key {settings.MASTER_KEY_FILE}; put back whichever of the two was"
        " replaced; they belong together."
    )


def _master_key() -> bytes:
    path = _as_path(settings.MASTER_KEY_FILE)
    content = read_private(path)
    if content is None:
        raise KeyStoreError(
            f"there is no master key at {path}; run manage.py make_keys on a new installation, and put the key back"
            " from the place where you keep it on an old one."
        )
    match = re.fullmatch(re.escape(MASTER_HEADING) + rb"([0-9a-f]{64})\n?", content)
    if match is None:
        raise KeyStoreError(f"{path} is not a master key, or was damaged; put it back from where you keep it.")
    return bytes.fromhex(match.group(1).decode("ascii"))


def _check_store(master: bytes) -> None:
    """The folder is the one that belongs to this master key, not an empty place where a disk was not mounted."""
    path = _folder() / KEEPSAKE
    content = read_private(path)
    if content is None:
        raise KeyStoreError(
            f"{_folder()} is not a folder of keys; mount or restore it, or run manage.py make_keys on a new"
            " installation."
        )
    _unwrapped(master, content, KEEPSAKE.encode("ascii"), path=path)
