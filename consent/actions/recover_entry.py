"""Recover: an entry that the database lost with a backup put back comes back from a patient's slip file."""

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import InvalidInputError, WrongStateError
from consent.ledger.policy import LogKey, Policy
from consent.ledger.refusals import RefusalError
from consent.ledger.tlog_proof import VerifiedReceipt, verify_receipt
from consent.ledger.tree import leaf_hash
from consent.ledger_store import append
from consent.ledger_store.system import SOFTWARE
from consent.models import Ledger, LedgerEntry
from consent.queries.ledger_proof_rows import keys_at
from consent.vocabulary import EntryKind

LARGEST = 2**63 - 1


@one_act
def recover_entry(*, receipt: bytes) -> LedgerEntry:
    """Put on record that an earlier log of this clinic had an entry that the database does not hold any more.

    **Takes** the slip file (.tlog-proof) as the patient brought it. Its bytes go into no table: what it says about her
    is read by people, who then record what is so now.
    **Gives** the entry that names it in the log of today.
    **Raises** InvalidInputError when the file proves nothing about a log of ours; WrongStateError when nothing was
    lost.
    **Writes** entry log.recovered.
    """
    ledger, verified = _verified(receipt)
    leaf = leaf_hash(verified.body).hex()
    if LedgerEntry.objects.filter(ledger=ledger, leaf_hash=leaf).exists():
        raise WrongStateError(_("The database holds this entry; nothing is lost."))
    if verified.entry.subject is None:
        raise InvalidInputError(_("This entry is about no patient."), field="receipt")
    return append(
        site=ledger.site,
        kind=EntryKind.ENTRY_RECOVERED,
        subject=verified.entry.subject,
        actor=SOFTWARE,
        rows=[],
        occurred_at=clock.now(),
        detail={
            "from_log": ledger.origin,
            "entry": verified.entry.id.hex,
            "leaf": leaf,
            "index": verified.file.index,
            "kind": verified.entry.kind.value,
        },
    )


def _verified(receipt: bytes) -> tuple[Ledger, VerifiedReceipt]:
    for ledger in Ledger.objects.select_related("site").order_by("created_at"):
        keys = tuple(LogKey(key) for key in keys_at(ledger)(LARGEST))
        try:
            return ledger, verify_receipt(receipt, Policy(logs=keys, witnesses=(), groups=(), quorum="none"))
        except RefusalError as refusal:
            reason = refusal.reason
    raise InvalidInputError(_("This file proves nothing about a ledger of this clinic: %s") % reason, field="receipt")
