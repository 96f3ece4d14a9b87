"""Files inside the paper: her record as data, and the proof of its entry, each bound to the document they belong to.

They are associated files (ISO 32000-2, 14.13; ISO 19005-3): a reader lists them, `pdfdetach` takes them out, and the
seal covers them like every other byte.

>>> record_json(b"{}").name
'record.json'
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pikepdf import Array, AttachedFileSpec, Name, Object, Pdf

RECORD_NAME, PROOF_NAME = "record.json", "proof.tlog-proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file: a neutral name, its content type, what it is to the document, and a few words about it."""

    name: str
    kind: str
    relation: str
    data: bytes
    about: str


def record_json(document: bytes) -> Attachment:
    """The frozen record, byte for byte: the paper is its picture."""
    return Attachment(
        name=RECORD_NAME, kind="application/json", relation="/Data", data=document, about="The record as data"
    )


def proof_file(proof: bytes) -> Attachment:
    """The proof that the entry of the act stands in the ledger."""
    return Attachment(
        name=PROOF_NAME, kind="text/plain", relation="/Supplement", data=proof, about="The proof of the entry"
    )


def attach(pdf: Pdf, attachments: Sequence[Attachment], *, made_at: datetime.datetime) -> None:
    """Put the files into an open document and bind each to it."""
    day = f"D:{made_at.astimezone(datetime.UTC):%Y%m%d%H%M%S}Z"
    bound: list[Object] = []
    for one in attachments:
        spec = AttachedFileSpec(
            pdf,
            one.data,
            description=one.about,
            filename=one.name,
            mime_type=one.kind,
            creation_date=day,
            mod_date=day,
        )
        spec.obj.AFRelationship = Name(one.relation)
        pdf.attachments[one.name] = spec
        bound.append(pdf.attachments[one.name].obj)
    if bound:
        pdf.Root.AF = Array(bound)


def attached(pdf: Pdf) -> Mapping[str, bytes]:
    """The files inside an open document, by name."""
    return {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}
