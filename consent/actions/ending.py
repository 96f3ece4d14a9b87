"""Shared by refuse and withdraw: the way out is open to the patient, and to staff on her word, always."""

import datetime

from django.utils.translation import gettext as _

from clinic.exceptions import NotAllowedError
from clinic.models import Account
from clinic.vocabulary import Permission, Role
from consent.actions.moving import check_is_patient, save_as
from consent.models import Consent
from consent.vocabulary import EndReason, Via


def check_may_say_no(by: Account, consent: Consent, via: Via) -> None:
    """Raises NotAllowedError unless it is the patient, or staff of the site recording what she said to them."""
    if by.role == Role.PATIENT:
        check_is_patient(by, consent)
        return
    spoken = via == Via.SPOKEN_TO_STAFF and by.may(Permission.RECORD_SPOKEN_NO)
    if not spoken or by.site_id != consent.site_id:
        raise NotAllowedError(_("Your role may not do this."))


def end(consent: Consent, reason: EndReason, *, by: Account, via: Via, at: datetime.datetime, words: str = "") -> None:
    """Fill who, when and why a consent ended, and save it. What was decided before stays as it was."""
    consent.ended_by, consent.ended_at, consent.ended_reason = by, at, reason
    consent.ended_via = via
    consent.ended_words = words
    save_as(consent, by=by)
