"""Supersede: plan or sheet changed, so a new consent takes the old one's place. The old yes is not carried over."""

import uuid

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import sent_before
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.ending import end
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, move, record
from consent.actions.offering import NOTHING_MISSING, OfferAnswer, offer_verdict, refuse_offer
from consent.actions.propose import draft_for, newest_version
from consent.models import Consent
from consent.queries.facts import Offer, made_offer
from consent.vocabulary import Act, EndReason, EntryKind, ExcludedSubject, Purpose, ReadingAid, RequestSource, Via


@one_act
def supersede_consent(
    *,
    consent_id: uuid.UUID,
    language: str,
    by: Account,
    form_key: uuid.UUID,
    reading_aid: ReadingAid | None = None,
    excluded_as: tuple[ExcludedSubject, ...] | None = None,
    purpose: Purpose | None = None,
) -> OfferAnswer:
    """End a consent and open a new draft for the same procedure as it is planned now, if the gate allows the offer.

    It passes the same gate as a first offer, with one difference: a newer sheet or plan is no new asking, so an earlier
    no about the matter does not stop it, and it is not counted as asked once more. Who raised the idea stays as it was.

    **Takes** what was asked now; None keeps what was answered for the consent that ends.
    **Gives** the verdict; the new draft when allowed (the same one when the same form comes twice).
    **Raises** NotAllowedError, AlreadyDecidedError (ended or used), InvalidInputError (no sheet in the language).
    **Writes** old Consent superseded, new Consent draft; one entry consent.superseded naming both. Refused: only
    RefusedOffer and entry offer.refused; the old consent stays as it was.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.PROPOSE_CONSENT, consent_site_id=consent.site_id)
    earlier = sent_before(
        Consent.objects, form_key=form_key, by=by, by_field="proposed_by", about={"supersedes_id": consent.pk}
    )
    if earlier is not None:
        return OfferAnswer(consent=earlier, verdict=NOTHING_MISSING)
    offer = _offer(consent, language=language, reading_aid=reading_aid, excluded_as=excluded_as, purpose=purpose)
    return _answer(consent, offer, by=by, form_key=form_key)


def _offer(
    consent: Consent,
    *,
    language: str,
    reading_aid: ReadingAid | None,
    excluded_as: tuple[ExcludedSubject, ...] | None,
    purpose: Purpose | None,
) -> Offer:
    """The new offer. How the old sheet reached her says nothing about a sheet in another language."""
    before = made_offer(consent)
    is_same_language = language == consent.sheet_version.language
    return Offer(
        request_source=RequestSource(consent.request_source),
        language=language,
        reading_aid=reading_aid or (before.reading_aid if is_same_language else None),
        excluded_as=before.excluded_as if excluded_as is None else excluded_as,
        purpose=purpose or before.purpose,
    )


def _answer(consent: Consent, offer: Offer, *, by: Account, form_key: uuid.UUID) -> OfferAnswer:
    procedure, at = consent.procedure, clock.now()
    move(consent, Act.SUPERSEDE)
    version = newest_version(procedure, offer.language)
    verdict = offer_verdict(procedure, offer, by=by, at=at, is_new_asking=False)
    if not verdict.is_allowed:
        return refuse_offer(procedure, verdict, by=by, at=at, form_key=form_key)
    end(consent, EndReason.SUPERSEDED, by=by, via=Via.STAFF, at=at)
    draft, rows = draft_for(procedure, version, offer, by=by, at=at, form_key=form_key, supersedes=consent)
    record(EntryKind.CONSENT_SUPERSEDED, draft, by=by, via=Via.STAFF, at=at, rows=[consent, *rows])
    return OfferAnswer(consent=draft, verdict=verdict)
