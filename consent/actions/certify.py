"""Certify: the operator states that she explained shortly before, saw no pressure, and signs."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import InvalidInputError, NotAllowedError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, move, record, save_as
from consent.actions.signing import SignatureInput, save_signature
from consent.models import Consent
from consent.vocabulary import Act, EntryKind, SignatureMeaning, SignatureMethod, Via


@one_act
def certify_as_operator(*, consent_id: uuid.UUID, typed_name: str, by: Account) -> Consent:
    """Record the operator's certificate, after the patient confirmed.

    **Takes** the operator's own name, typed; it must be the name of the account that signs.
    **Gives** the consent; certifying twice after one confirmation writes once.
    **Raises** NotAllowedError (not the planned operator), InvalidInputError, AlreadyDecidedError (not confirmed).
    **Writes** Signature, Consent.certified_*; entry consent.certified.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.CERTIFY_AS_OPERATOR, consent_site_id=consent.site_id)
    if consent.operator.account_id != by.pk:
        raise NotAllowedError(_("Only the clinician who will do the procedure can certify."))
    move(consent, Act.CERTIFY)
    if consent.certified_at is not None:
        return consent
    if typed_name.strip() != by.display_name:
        raise InvalidInputError(
            _("Type your name as it stands in your account: %(name)s.") % {"name": by.display_name},
            field="typed_name",
        )
    at = clock.now()
    consent.certified_by, consent.certified_at = consent.operator, at
    save_as(consent, by=by)
    signed = save_signature(
        consent,
        SignatureInput(method=SignatureMethod.TYPED, typed_name=typed_name),
        meaning=SignatureMeaning.CERTIFIES_AS_OPERATOR,
        by=by,
        via=Via.STAFF,
        at=at,
    )
    record(EntryKind.CONSENT_CERTIFIED, consent, by=by, via=Via.STAFF, at=at, rows=[consent, signed])
    return consent
