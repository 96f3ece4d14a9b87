"""Bundles of invented records, made without any table: for tests of the form, and of both who check it."""

import hashlib
import io
from collections.abc import Iterable, Iterator
from functools import cache

import pikepdf

from consent.ledger.bundle_note import BundleNote, sign_bundle
from consent.ledger.openings import Opening, ShownValue
from consent.record.attachments import record_json
from consent.record.bundle import DATA, PAPER, PLAIN, POLICY, PROOF, READ_ME, Part, bundle_chunks, folder_of
from consent.record.document import document_bytes, document_digest
from consent.record.finish import finish
from consent.record.pdf import render_record
from consent.record.plain_html import html_of
from tests import log_world
from tests.unit.record.samples import english_record


def sign(manifest: bytes, *, origin: str = log_world.ORIGIN, key=log_world.LOG) -> str:
    """The note of the small log over a list."""
    return sign_bundle(BundleNote(origin, hashlib.sha256(manifest).digest()), key)


def bundle(parts: Iterable[Part]) -> bytes:
    """A whole bundle of the small log."""
    return b"".join(bundle_chunks(parts, log=log_world.ORIGIN, sign=sign))


def frozen_opening(digest: str) -> Opening:
    """The row of a frozen record, its digest laid open."""
    shown = ShownValue.of(row_salt=b"r" * 32, field="document_digest", value=digest)
    return Opening(
        "consent.frozenrecord", "2" * 32, {"language": "en"}, {"document": "5" * 64, "document_digest": shown}
    )


def proof(digest: str, *, subject: int = 7) -> bytes:
    """A receipt of an entry that binds the record with this digest."""
    rows = [frozen_opening(digest)]
    body = log_world.entry_body(rows=rows, subject=subject)
    return log_world.receipt(body=body, openings=rows).encode()


def record_parts(
    number: int, *, name: str = "Ana María O’Brien-Núñez", subject: int = 7, is_small: bool = False
) -> Iterator[Part]:
    """One record with everything that belongs to it; its paper is one empty page where it has to be small."""
    folder = folder_of(number)
    record = english_record(patient_name=name, consent_id=f"{number:032x}", sheet_sections=())
    document = document_bytes(record)
    digest = document_digest(document)
    pages = empty_page() if is_small else render_record(record, digest=digest)
    pdf = finish(pages, language="en", attachments=[record_json(document)])
    yield f"{folder}/{PAPER}", pdf
    yield f"{folder}/{PLAIN}", html_of(record, digest=digest)
    yield f"{folder}/{DATA}", document
    yield f"{folder}/{PROOF}", proof(digest, subject=subject)


def empty_page() -> bytes:
    """A paper of one empty page: every byte of its bundle can be tried."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = "Paper"
        pdf.docinfo["/CreationDate"] = "D:20260304120500Z"
        pdf.save(out)
    return out.getvalue()


@cache
def small_bundle() -> bytes:
    """The smallest bundle with a record."""
    return bundle([*record_parts(1, is_small=True), (POLICY, log_world.policy().to_text().encode())])


@cache
def sound_parts() -> tuple[Part, ...]:
    """Two records, the policy and the read-me."""
    ends = ((READ_ME, b"<!doctype html>\n"), (POLICY, log_world.policy().to_text().encode()))
    return (*record_parts(1), *record_parts(2), *ends)


@cache
def sound_bundle() -> bytes:
    """A bundle in which nothing is wrong."""
    return bundle(sound_parts())
