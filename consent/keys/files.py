"""Small private files that are written once, survive a crash whole or not at all, and can be wiped.

>>> _private_mode(0o100644)
False
"""

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

from consent.exceptions import KeyStoreError

OWNER_ONLY = 0o600
LONGEST = 65_536  # bytes; a key file is far smaller, and a wrong file is not read whole


def is_there(path: Path) -> bool:
    """Whether there is such a file. **Raises** KeyStoreError when the folder does not tell."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise KeyStoreError(f"{path} cannot be read ({error.strerror}); give it to the server's account.") from None
    return True


def read_private(path: Path) -> bytes | None:
    """What a key file holds; None when there is no such file.

    **Raises** KeyStoreError when it cannot be read, or when others than its owner may read it.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KeyStoreError(
            f"{path} cannot be read ({error.strerror}); give it back to the server's account."
        ) from None
    try:
        if not _private_mode(os.fstat(handle).st_mode):
            raise KeyStoreError(f"{path} may be read by others; run chmod 600 on it.")
        return os.read(handle, LONGEST)
    except OSError as error:
        raise KeyStoreError(f"{path} cannot be read ({error.strerror}); look at the disk.") from None
    finally:
        os.close(handle)


def write_once(path: Path, content: bytes) -> bool:
    """Bring a file into being, whole or not at all; an existing one stays as it is.

    **Gives** whether this call made it; of two callers at once exactly one does. When it returns, the file is on disk.
    **Raises** KeyStoreError.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.tmp")
    with _sentences(path):
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, OWNER_ONLY)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
            is_new = True
        except FileExistsError:
            is_new = False
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(path.parent)
        return is_new


def wipe(path: Path) -> bool:
    """Overwrite a file and remove it, with all drafts a crash may have left. **Gives** whether there was one."""
    with _sentences(path):
        found = [one for one in (path, *path.parent.glob(f"{path.name}.*.tmp")) if one.exists()]
        for one in found:
            with one.open("r+b") as file:
                file.write(secrets.token_bytes(one.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            one.unlink()
        sync_folder(path.parent)
        return bool(found)


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter, where there is none."""
    with _sentences(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def sync_folder(folder: Path) -> None:
    """Names made or removed in a folder are on disk when this returns."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _private_mode(mode: int) -> bool:
    return stat.S_ISREG(mode) and not mode & 0o077


@contextlib.contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KeyStoreError(
            f"{path} cannot be written ({error.strerror}); look at the disk and at the rights of {path.parent}."
        ) from None
