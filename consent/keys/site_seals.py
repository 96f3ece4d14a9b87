"""The certificates with which the clinics seal their papers: three small files for each, outside the database.

`<site>.key.pem` is private; `<site>.chain.pem` is what everybody may see; `<site>.crl.pem` lists revoked certificates
and may be missing. Former chains stay as `<site>.chain.<digest>.pem`, so that papers sealed then can still be judged. A
passphrase, where the key has one, comes from the environment and is written nowhere.
"""

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from django.conf import settings

from consent.exceptions import KeyStoreError
from consent.keys.files import make_private_folder, read_private, wipe, write_once
from consent.record.certificates import SealError, SealFiles, SiteSeal, read_seal


@dataclass(frozen=True, slots=True)
class SealPaths:
    """Where the files of one clinic lie."""

    key: Path
    chain: Path
    lists: Path


def seal_paths(site_id: uuid.UUID) -> SealPaths:
    """The files of a clinic, whether they are there or not."""
    place = Path(settings.SEAL_DIR) / site_id.hex
    return SealPaths(*(place.with_name(f"{site_id.hex}.{part}.pem") for part in ("key", "chain", "crl")))


def read_site_seal(site_id: uuid.UUID) -> SiteSeal | None:
    """What a clinic seals with; None when it has nothing. It may have expired: see `check_time`.

    **Raises** SealError, KeyStoreError, each with a sentence of what to do.
    """
    paths = seal_paths(site_id)
    key, chain = read_private(paths.key), read_private(paths.chain)
    if key is None and chain is None:
        return None
    if key is None or chain is None:
        missing = paths.key if key is None else paths.chain
        raise SealError(f"{missing} is missing; import key and certificate together with manage.py site_certificate.")
    return read_seal(key, chain, lists=read_private(paths.lists) or b"", passphrase=settings.SEAL_PASSPHRASE)


def roots_ever_used() -> tuple[x509.Certificate, ...]:
    """The roots of all certificates that ever sealed a paper of this house; what is damaged is left out.

    **Raises** KeyStoreError when a file cannot be read, or when others than its owner may read it.
    """
    found: list[x509.Certificate] = []
    for path in sorted(Path(settings.SEAL_DIR).glob("*.chain*.pem")):
        try:
            found.append(x509.load_pem_x509_certificates(read_private(path) or b"")[-1])
        except ValueError:
            continue
    return tuple(found)


def keep_site_seal(site_id: uuid.UUID, files: SealFiles) -> None:
    """Put these files in the place of those of a clinic; the old key is wiped, its certificates are kept for judging.

    **Raises** KeyStoreError.
    """
    paths = seal_paths(site_id)
    make_private_folder(paths.key.parent)
    former = read_private(paths.chain)
    if former is not None:
        mark = hashlib.sha256(former).hexdigest()[:16]
        write_once(paths.chain.with_name(f"{site_id.hex}.chain.{mark}.pem"), former)
    for path, content in ((paths.key, files.key), (paths.chain, files.chain), (paths.lists, files.lists)):
        wipe(path)
        if content and not write_once(path, content):
            raise KeyStoreError(f"{path} was written by somebody else just now; look at it, then try again.")
