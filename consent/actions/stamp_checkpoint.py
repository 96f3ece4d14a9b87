"""Stamp: an authority for time stamps (RFC 3161) is shown the head of a ledger, and its answer is kept once proven."""

import uuid

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from clinic.exceptions import WrongStateError
from clinic.models import Site
from consent.actions.outside import OutsideError, post
from consent.actions.seal_ledger import newest_ledger
from consent.ledger.time_stamps import Authority, check_stamp, stamp_request
from consent.models import LedgerCheckpoint, LedgerStamp
from consent.queries.stamps import pinned_authority, text_of

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
GRANTED = 200


def stamp_checkpoint(*, site_id: uuid.UUID) -> LedgerStamp:
    """Have the newest head of a clinic's ledger stamped; one stamp of one authority on each head.

    **Raises** WrongStateError when nothing is signed yet or no authority is named; OutsideError when it does not
    answer; StampError when its answer is not right: then nothing is kept.
    **Writes** LedgerStamp.
    """
    authority = pinned_authority()
    if authority is None or not settings.LEDGER_STAMP_URL:
        raise WrongStateError(_("No authority for time stamps is named, or its certificates cannot be read."))
    ledger = newest_ledger(Site.objects.get(pk=site_id))
    head = LedgerCheckpoint.objects.select_related("ledger").filter(ledger=ledger).order_by("-size").first()
    if head is None:
        raise WrongStateError(_("This clinic has no signed ledger yet, so there is nothing to stamp."))
    kept = LedgerStamp.objects.filter(ledger=head.ledger_id, size=head.size, authority=authority.name).first()
    return kept or _keep(_asked(head, authority))


def _asked(head: LedgerCheckpoint, authority: Authority) -> LedgerStamp:
    text = text_of(head)
    request = stamp_request(text)
    answer = post(settings.LEDGER_STAMP_URL, request.data, kind=QUERY)
    if answer.status != GRANTED or answer.kind != REPLY:
        raise OutsideError(f"the stamp authority answered {answer.status} ({answer.kind})")
    at = check_stamp(answer.body, text=text, authority=authority, nonce=request.nonce)
    return LedgerStamp(
        ledger_id=head.ledger_id, size=head.size, authority=authority.name, token=answer.body, stamped_at=at
    )


@transaction.atomic(durable=True)
def _keep(stamp: LedgerStamp) -> LedgerStamp:
    stamp.id = stamp.computed_id()
    stamp.save(force_insert=True)
    return stamp
