"""State as obtainer: the clinician who held the talk signs for what was explained, after the patient has signed."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import InvalidInputError, NotAllowedError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, move, record
from consent.actions.signing import SignatureInput, save_signature
from consent.models import Signature
from consent.vocabulary import Act, EntryKind, SignatureMeaning, SignatureMethod, Via


@one_act
def state_as_obtainer(*, consent_id: uuid.UUID, typed_name: str, by: Account) -> Signature:
    """Record the statement of the clinician who explained, after the patient's signature and before the start.

    **Takes** the clinician's own name, typed; it must be the name of the account that signs.
    **Gives** the signature; signing twice writes once.
    **Raises** NotAllowedError (somebody else held the talk), AlreadyDecidedError (the patient has not signed, or it
    is over), InvalidInputError.
    **Writes** Signature; entry consent.obtainer-stated.
    **Source** CR-057; 42 CFR 50 subpart B, statement of the person obtaining consent.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.RECORD_CONVERSATION, consent_site_id=consent.site_id)
    if consent.informed_by_id is not None and consent.informed_by_id != by.pk:
        raise NotAllowedError(_("Only the clinician who held the conversation can sign this."))
    move(consent, Act.STATE_AS_OBTAINER)
    earlier = Signature.objects.filter(
        consent=consent, meaning=SignatureMeaning.STATES_AS_OBTAINER, signed_by=by
    ).first()
    if earlier is not None:
        return earlier
    if typed_name.strip() != by.display_name:
        raise InvalidInputError(
            _("Type your name as it stands in your account: %(name)s.") % {"name": by.display_name},
            field="typed_name",
        )
    at = clock.now()
    row = save_signature(
        consent,
        SignatureInput(method=SignatureMethod.TYPED, typed_name=typed_name),
        meaning=SignatureMeaning.STATES_AS_OBTAINER,
        by=by,
        via=Via.STAFF,
        at=at,
    )
    record(EntryKind.OBTAINER_STATED, consent, by=by, via=Via.STAFF, at=at, rows=[consent, row])
    return row
