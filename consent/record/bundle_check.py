"""Is a bundle as it was made? One pass over it, one record in memory at a time.

Asked are: is it written in the one way; does the list name exactly the members; has the log signed the list; can each
record be read, is it the one inside its paper, and does its proof lead from it into the log; is each paper's seal
right. Everything that is wrong is named; the first thing that cannot be read ends it.
"""

import datetime
import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import BinaryIO

from cryptography import x509
from pikepdf import Pdf, PdfError

from consent.ledger.bundle_note import verify_bundle_note
from consent.ledger.openings import Opening, ShownValue
from consent.ledger.policy import Policy
from consent.ledger.refusals import RefusalError
from consent.ledger.tlog_proof import VerifiedReceipt, verify_receipt
from consent.ledger.tree import leaf_hash
from consent.record.archive import read_archive
from consent.record.attachments import RECORD_NAME, attached
from consent.record.bundle import (
    DATA,
    MANIFEST,
    NOTE,
    PAPER,
    PROOF,
    Listed,
    Part,
    folder_of,
    listed_as,
    read_manifest,
    record_number,
)
from consent.record.document import document_digest, record_of
from consent.record.exceptions import BundleError, DocumentError
from consent.record.judging import judge_seal

ENDING = ".tlog-proof"
FROZEN = "consent.frozenrecord"
SEAL_MARK = b"/ByteRange"


@dataclass(frozen=True, slots=True)
class ProvenEntry:
    """An entry that a receipt proves: its log, its id and its leaf, both in hex."""

    log: str
    id: str
    leaf: str


@dataclass(slots=True)
class BundleReport:
    """What was found. `findings` is empty exactly when nothing is wrong."""

    log: str = ""
    records: int = 0
    receipts: int = 0
    sealed: int = 0  # papers whose seal was found right
    digests: list[str] = field(default_factory=list)  # of the records, in order
    entries: list[ProvenEntry] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was not judged, and why

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


def check_bundle(
    file: BinaryIO, *, policy: Policy, roots: Sequence[x509.Certificate], at: datetime.datetime
) -> BundleReport:
    """Check a bundle.

    **Takes** whose signatures count; the roots that are trusted for seals, none where seals are not to be judged.
    **Gives** a report; it raises nothing, whatever the bytes are.
    """
    check = _Check(policy=policy, roots=roots, at=at)
    try:
        check.members(read_archive(file))
    except (BundleError, RefusalError) as refusal:
        check.report.findings.append(str(refusal))
    return check.report


@dataclass(slots=True, kw_only=True)
class _Check:
    """One bundle being read."""

    policy: Policy
    roots: Sequence[x509.Certificate]
    at: datetime.datetime
    report: BundleReport = field(default_factory=BundleReport)
    found: list[Listed] = field(default_factory=list)
    subjects: set[object] = field(default_factory=set)

    def members(self, members: Iterator[Part]) -> None:
        last: list[Part] = []
        for folder, group in groupby(members, key=_folder):
            if record_number(folder) is not None:
                self._record(folder, dict(self._noted(group)))
                continue
            for name, data in group:
                last = [*last, (name, data)][-2:]
                if name.endswith(ENDING):
                    self._receipt(name, data)
                if name not in (MANIFEST, NOTE):
                    self.found.append(listed_as(name, data))
        self._list(last)

    def _noted(self, group: Iterator[Part]) -> Iterator[Part]:
        for name, data in group:
            self.found.append(listed_as(name, data))
            yield name.partition("/")[2], data

    def _list(self, last: list[Part]) -> None:
        """The list and its note, which stand last."""
        if [name for name, _ in last] != [MANIFEST, NOTE]:
            self._find("The bundle does not end with its list and the note that binds it.")
            return
        manifest, note = last[0][1], last[1][1]
        listed = read_manifest(manifest)
        if listed.members != tuple(self.found):
            self._find("The list does not name exactly the members that are there.")
        signed = verify_bundle_note(note, self.policy)
        if signed.digest != hashlib.sha256(manifest).digest() or signed.origin != listed.log:
            self._find("The log has signed another list.")
        self.report.log = listed.log

    def _record(self, folder: str, files: dict[str, bytes]) -> None:
        self.report.records += 1
        if folder != folder_of(self.report.records):
            self._find(f"{folder}: it is not the next one.")
        document = files.get(DATA)
        if document is None:
            self._find(f"{folder}: the record itself is missing.")
            return
        self.report.digests.append(document_digest(document))
        try:
            record_of(document)
        except DocumentError as error:
            self._find(f"{folder}: {error}")
        if PAPER in files:
            self._paper(folder, files[PAPER], document)
        self._proofs(folder, files, document)

    def _proofs(self, folder: str, files: dict[str, bytes], document: bytes) -> None:
        for name in sorted(files):
            if not name.endswith(ENDING):
                continue
            receipt = self._receipt(f"{folder}/{name}", files[name])
            if name == PROOF and receipt and document_digest(document) not in _digests_in(receipt.openings):
                self._find(f"{folder}: the proof is about another record.")
        if PROOF not in files:
            self.report.notes.append(f"{folder}: there is no proof of its entry yet.")

    def _receipt(self, name: str, data: bytes) -> VerifiedReceipt | None:
        try:
            receipt = verify_receipt(data, self.policy)
        except RefusalError as refusal:
            self._find(f"{name}: {refusal}")
            return None
        self.report.receipts += 1
        proven = ProvenEntry(receipt.entry.log, receipt.entry.id.hex, leaf_hash(receipt.body).hex())
        self.report.entries.append(proven)
        self.subjects.add(receipt.entry.subject)
        if len(self.subjects) > 1:
            self._find(f"{name}: this is about somebody else than the ones before.")
        return receipt

    def _paper(self, folder: str, pdf: bytes, document: bytes) -> None:
        try:
            with Pdf.open(io.BytesIO(pdf)) as paper:
                inside = attached(paper).get(RECORD_NAME)
        except (PdfError, ValueError, KeyError) as error:
            self._find(f"{folder}: the paper cannot be read ({error}).")
            return
        if inside != document:
            self._find(f"{folder}: the record inside the paper is another one.")
        if SEAL_MARK not in pdf:
            self.report.notes.append(f"{folder}: the paper has no seal.")
        elif not self.roots:
            self.report.notes.append(f"{folder}: the seal of the paper was not judged.")
        else:
            judged = judge_seal(pdf, trusted_roots=self.roots, at=self.at)
            self.report.sealed += judged.is_sound
            self.report.findings += [f"{folder}: {sentence}" for sentence in judged.findings]

    def _find(self, sentence: str) -> None:
        self.report.findings.append(sentence)


def _folder(part: Part) -> str:
    folder, slash, _ = part[0].partition("/")
    return folder if slash else ""


def _digests_in(openings: Sequence[Opening]) -> set[object]:
    """The digests of the records that a receipt lays open."""
    shown = (one.veiled.get("document_digest") for one in openings if one.model == FROZEN)
    return {one.value for one in shown if isinstance(one, ShownValue)}
