"""One record through the whole chain, without any table: drawn, finished, sealed, looked at, put into an archive."""

import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import replace

from consent.record.attachments import record_json
from consent.record.bundle import DATA, PAPER, PLAIN, Part, bundle_chunks, folder_of
from consent.record.document import document_bytes
from consent.record.finish import finish
from consent.record.pdf import render_record
from consent.record.plain_html import html_of
from consent.record.seal import seal
from consent.record.self_check import Trusted, check_printed
from consent.record_facts import ConsentRecord, CopyOnPaper
from tests.unit.record.languages import RECORDS
from tests.unit.record.samples import ISSUED
from tests.unit.record.sealing import NOW, site_seal

SITE = site_seal()
TRUSTED = Trusted(roots=(SITE.root,), at=NOW)
SEALED_COPY = replace(ISSUED, is_sealed=True)


def digest_of(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()


def code_of(digest: str) -> str:
    return f"FGR1 {digest}"


def drawn(record: ConsentRecord, document: bytes, issued: CopyOnPaper = SEALED_COPY) -> bytes:
    digest = digest_of(document)
    return render_record(record, issued=issued, digest=digest, check_code=code_of(digest))


def finished(record: ConsentRecord, document: bytes, pages: bytes) -> bytes:
    return finish(pages, language=record.language, attachments=[record_json(document)])


def sealed(pdf: bytes) -> bytes:
    return seal(pdf, site_seal=SITE, at=NOW).pdf


def looked_at(pdf: bytes, record: ConsentRecord, document: bytes) -> None:
    digest = digest_of(document)
    check_printed(
        pdf,
        record=record,
        document=document,
        issued=SEALED_COPY,
        digest=digest,
        check_code=code_of(digest),
        seal=TRUSTED,
    )


def another(number: int) -> ConsentRecord:
    """Records of invented people, no two alike, in one language after the other."""
    make = list(RECORDS.values())[number % len(RECORDS)]
    record = make()
    return replace(
        record,
        consent_id=str(uuid.UUID(int=number)),
        patient_name=f"{record.patient_name} {number}",
        conversation=(*record.conversation, ("No. ", f"{number} · {number * number} · {digest_of(b'%d' % number)}")),
    )


def archived(count: int) -> int:
    """So many records printed into one archive that nobody keeps; gives its size."""
    chunks = bundle_chunks(_parts(count), log="bench.example.org/log", sign=lambda _list: "note")
    return sum(len(chunk) for chunk in chunks)


def _parts(count: int) -> Iterator[Part]:
    for number in range(1, count + 1):
        folder, record = folder_of(number), another(number)
        document = document_bytes(record)
        pdf = sealed(finished(record, document, drawn(record, document)))
        looked_at(pdf, record, document)
        yield f"{folder}/{PAPER}", pdf
        yield f"{folder}/{PLAIN}", html_of(record, digest=digest_of(document))
        yield f"{folder}/{DATA}", document
