"""Supersede: plan or sheet changed, so a new consent takes the old one's place. The old yes is not carried over."""

import uuid

from django.db import transaction

from clinic import clock
from clinic.actions.saving import sent_before
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.ending import end
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, move, record
from consent.actions.propose import draft_for, newest_version
from consent.models import Consent
from consent.vocabulary import Act, EndReason, EntryKind, RequestSource, Via


@transaction.atomic(durable=True)
def supersede_consent(*, consent_id: uuid.UUID, language: str, by: Account, form_key: uuid.UUID) -> Consent:
    """End a consent and open a new draft for the same procedure as it is planned now.

    **Gives** the new draft; the same one when the same form comes twice.
    **Raises** NotAllowedError, AlreadyDecidedError (ended or used), InvalidInputError (no sheet in the language).
    **Writes** old Consent superseded, new Consent draft; one entry consent.superseded naming both.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.PROPOSE_CONSENT, consent_site_id=consent.site_id)
    earlier = sent_before(
        Consent.objects, form_key=form_key, by=by, by_field="proposed_by", about={"supersedes_id": consent.pk}
    )
    if earlier is not None:
        return earlier
    move(consent, Act.SUPERSEDE)
    version = newest_version(consent.procedure, language)
    at = clock.now()
    end(consent, EndReason.SUPERSEDED, by=by, via=Via.STAFF, at=at)
    draft, rows = draft_for(
        consent.procedure,
        version,
        request_source=RequestSource(consent.request_source),
        by=by,
        form_key=form_key,
        supersedes=consent,
    )
    record(EntryKind.CONSENT_SUPERSEDED, draft, by=by, via=Via.STAFF, at=at, rows=[consent, *rows])
    return draft
