"""Assess capacity: a clinician looks at whether the patient can decide this now, and writes down how."""

import uuid
from dataclasses import asdict

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, sent_before, tidy
from clinic.exceptions import InvalidInputError
from clinic.models import Account
from clinic.printable import check_printable
from clinic.vocabulary import Permission
from consent.actions.locks import lock_consent
from consent.actions.moving import check_may, check_open, record
from consent.models import CapacityAssessment
from consent.rules.ability import CapacityLimbs, capacity_finding
from consent.vocabulary import EntryKind, Via


@one_act
def assess_capacity(
    *,
    consent_id: uuid.UUID,
    limbs: CapacityLimbs,
    impairment: str,
    support_tried: str,
    by: Account,
    form_key: uuid.UUID,
) -> CapacityAssessment:
    """Record one assessment for this decision at this time. What it finds follows from the limbs and nothing else.

    **Takes** both limbs; what the impairment is, where there is one; which help was tried before.
    **Gives** the assessment; the same one when the same form comes twice. Earlier ones stay beside it.
    **Raises** NotAllowedError, AlreadyDecidedError (the consent has ended or was used), InvalidInputError.
    **Writes** CapacityAssessment; entry capacity.assessed. No state changes: a no stays a no.
    **Source** CR-058; Mental Capacity Act 2005, sections 1 to 3.
    """
    consent = lock_consent(consent_id)
    check_may(by, Permission.ASSESS_CAPACITY, consent_site_id=consent.site_id)
    rows = CapacityAssessment.objects
    earlier = sent_before(rows, form_key=form_key, by=by, by_field="assessed_by", about={"consent_id": consent.pk})
    if earlier is not None:
        return earlier
    check_open(consent)
    check_limbs(limbs, impairment=tidy(impairment))
    check_printable(tidy(support_tried), field="support_tried", several_lines=True)
    row = CapacityAssessment(
        consent=consent,
        **asdict(limbs),
        impairment=tidy(impairment),
        support_tried=tidy(support_tried),
        finding=capacity_finding(limbs),
        assessed_by=by,
        assessed_at=clock.now(),
        form_key=form_key,
    )
    check_fields(row)
    row.save(force_insert=True)
    record(EntryKind.CAPACITY_ASSESSED, consent, by=by, via=Via.STAFF, at=row.assessed_at, rows=[consent, row])
    return row


def check_limbs(limbs: CapacityLimbs, *, impairment: str) -> None:
    """Raises InvalidInputError where the limbs contradict each other, or name no impairment."""
    if limbs.has_impairment and not impairment:
        raise InvalidInputError(_("Write what it is."), field="impairment")
    if impairment and not limbs.has_impairment:
        raise InvalidInputError(
            _("You described something here and said that there is nothing. Change one of the two."),
            field="impairment",
        )
    if limbs.is_because_of_impairment and not limbs.asks_for_the_cause:
        raise InvalidInputError(
            _("This can only be so where something is missing and there is an impairment."),
            field="is_because_of_impairment",
        )
