"""Many entries, quickly: written once by the house's own encoder, then filled in where they differ.

A sample of what comes out is read by the house's own reader, so that no figure rests on bytes it would refuse.
"""

import datetime
import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from clinic.vocabulary import Role
from consent.ledger.encoding import encode_entry, parse_entry
from consent.ledger.entry import Actor, BoundRow, Entry
from consent.ledger.tree import leaf_hash
from consent.vocabulary import EntryKind, Via

ORIGIN = f"freely-given/{'0' * 32}"
RECORDED_AT = datetime.datetime(2027, 1, 15, 10, tzinfo=datetime.UTC)
KIND = EntryKind.CONSENT_GIVEN
STREAM = 50  # entries about one patient
_SSEQ = 987_654_321  # stands nowhere else in the bytes


@dataclass(frozen=True, slots=True)
class Written:
    """One entry and the values its row repeats."""

    id: str
    subject: str
    sseq: int
    body: bytes
    leaf: bytes


def entries(count: int, *, origin: str = ORIGIN) -> Iterator[Written]:
    """So many entries of one ledger in order, about a fiftieth as many patients, each stream linked."""
    first, later = _template(origin, has_previous=False), _template(origin, has_previous=True)
    patients = max(1, count // STREAM)
    ends: list[bytes] = []
    for number in range(count):
        patient, sseq = number % patients, number // patients + 1
        values = {
            b"id": _some_hex(b"id", number)[:32],
            b"subject": _some_hex(b"subject", patient)[:32],
            b"sseq": b"%d" % sseq,
            b"object": _some_hex(b"object", number),
            b"history": _some_hex(b"history", number),
            b"sprev": ends[patient] if sseq > 1 else b"",
        }
        body = (later if sseq > 1 else first) % values
        if number % 10_000 == 0 or number == count - 1:
            parse_entry(body)
        leaf = leaf_hash(body)
        if sseq == 1:
            ends.append(leaf.hex().encode())
        else:
            ends[patient] = leaf.hex().encode()
        yield Written(values[b"id"].decode(), values[b"subject"].decode(), sseq, body, leaf)


def _some_hex(what: bytes, number: int) -> bytes:
    return hashlib.sha256(b"%b %d" % (what, number)).hexdigest().encode()


def _template(origin: str, *, has_previous: bool) -> bytes:
    """An entry with a place for each value that differs."""
    marks = {name: format(number, "x") * 64 for number, name in enumerate(("object", "history", "sprev"), start=10)}
    id_mark, subject_mark = "d" * 32, "e" * 32
    entry = Entry(
        id=uuid.UUID(id_mark),
        log=origin,
        kind=KIND,
        subject=uuid.UUID(subject_mark),
        sseq=_SSEQ if has_previous else 1,
        sprev=marks["sprev"] if has_previous else None,
        occurred_at=RECORDED_AT,
        recorded_at=RECORDED_AT,
        actor=Actor(kind=Role.PATIENT, ref=uuid.UUID(subject_mark), via=Via.CLINIC_TABLET),
        objects=(BoundRow(model="consent.consent", key=marks["object"][:32], digest=marks["object"]),),
        history=(BoundRow(model="consent.historicalconsent", key=marks["history"][:32], digest=marks["history"]),),
    )
    text = encode_entry(entry).decode()
    for name, mark in marks.items():
        text = text.replace(mark, f"%({name})b")
        text = text.replace(mark[:32], f"%({name}).32b" if name != "sprev" else "")
    text = text.replace(id_mark, "%(id)b").replace(subject_mark, "%(subject)b").replace(str(_SSEQ), "%(sseq)b")
    if len(re.findall(r"%\(", text)) != (9 if has_previous else 7):
        raise ValueError("the template has not the places it should have")
    return text.encode()
