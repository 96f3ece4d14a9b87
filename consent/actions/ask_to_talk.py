"""Ask to talk: after a no, the patient herself says that she wants to speak about it again."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.models import Account
from consent.actions.locks import lock_consent
from consent.actions.moving import check_is_patient, record
from consent.exceptions import AlreadyDecidedError
from consent.models import TalkRequest
from consent.queries.offers import open_talk_request
from consent.queries.past import SAID_NO
from consent.vocabulary import EntryKind, Via


@one_act
def ask_to_talk(*, consent_id: uuid.UUID, by: Account, via: Via) -> TalkRequest:
    """Record the patient's wish to talk again about what she said no to. It opens the way to one new offer.

    Only she can wish it, in her own session or on the tablet handed over to her; staff cannot say it for her.

    **Takes** the consent that she refused or took back.
    **Gives** the wish; the one that is open already, where she said so since her newest no.
    **Raises** NotAllowedError; AlreadyDecidedError (this did not end with a no).
    **Writes** TalkRequest; entry offer.talk-requested.
    **Source** CR-084, CR-087.
    """
    consent = lock_consent(consent_id)
    check_is_patient(by, consent)
    if consent.state not in SAID_NO:
        raise AlreadyDecidedError(_("You have not said no to this, so you can simply talk about it."))
    earlier = open_talk_request(consent.procedure)
    if earlier is not None:
        return earlier
    at = clock.now()
    request = TalkRequest(consent=consent, asked_by=by, asked_at=at)
    request.save(force_insert=True)
    record(EntryKind.TALK_REQUESTED, consent, by=by, via=via, at=at, rows=[consent, request])
    return request
