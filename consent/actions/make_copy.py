"""Make one copy of a record: print it, bind its files to it, seal it, and look at it once more before anybody gets it.

Printing, sealing and asking an authority for the time take their time: none of this is done while a lock is held.
"""

import datetime
import logging
from dataclasses import dataclass

from consent.actions.seal_copy import seal_with, trusted_for
from consent.ledger.refusals import RefusalError
from consent.models import Consent, LedgerEntry
from consent.queries.frozen import Shown, as_printed, check_code
from consent.queries.receipt_files import proof_file
from consent.queries.receipts import proof_of
from consent.queries.seals import usable_seal
from consent.record import attachments
from consent.record.attachments import Attachment
from consent.record.certificates import SiteSeal
from consent.record.finish import finish
from consent.record.pdf import render_record
from consent.record.self_check import PrintCheckError, check_printed
from consent.record_facts import ConsentRecord, CopyOnPaper

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Copy:
    record: ConsentRecord
    issued: CopyOnPaper
    shown: Shown
    seal: SiteSeal | None

    @property
    def code(self) -> str:
        return check_code(self.shown.digest)


def make_copy(consent: Consent, shown: Shown, *, issued_at: datetime.datetime) -> bytes:
    """The finished file of a record; sealed where the clinic has a certificate, and else it says that it is not.

    **Raises** RecordError when something in it cannot be printed; PrintCheckError when the finished file is not the
    picture of its record: then nobody gets it, the log says so without a word of the record, and the act stays.
    """
    seal = usable_seal(consent.site_id)
    record, issued = as_printed(consent, shown, issued_at=issued_at, is_sealed=seal is not None)
    copy = _Copy(record, issued, shown, seal)
    pdf = _made(copy)
    try:
        check_printed(
            pdf,
            record=record,
            document=shown.document,
            issued=issued,
            digest=shown.digest,
            check_code=copy.code,
            seal=None if seal is None else trusted_for(seal),
        )
    except PrintCheckError as refusal:
        logger.error("A paper was not handed over: %s", " ".join(refusal.findings))
        raise
    return pdf


def _made(copy: _Copy) -> bytes:
    pages = render_record(copy.record, issued=copy.issued, digest=copy.shown.digest, check_code=copy.code)
    pdf = finish(pages, language=copy.record.language, attachments=_files(copy.shown))
    return pdf if copy.seal is None else seal_with(pdf, site_seal=copy.seal).pdf


def _files(shown: Shown) -> list[Attachment]:
    """The record itself, and the proof of its act where that was sealed into the ledger by now."""
    files = [attachments.record_json(shown.document)]
    entry = LedgerEntry.objects.select_related("ledger", "leaf").filter(pk=shown.record.act.entry_id).first()
    try:
        proof = None if entry is None else proof_of(entry)
    except RefusalError:
        return files  # a damaged ledger is found by its own checks; she gets her copy all the same
    if proof is not None:
        files.append(attachments.proof_file(proof_file(proof, with_entry=True).encode()))
    return files
