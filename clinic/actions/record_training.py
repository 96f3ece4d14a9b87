"""Record training: for which kinds of care a clinician is trained to take consent."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.actions.permission import check_may, check_same_site
from clinic.actions.saving import has_changed, save_as
from clinic.exceptions import WrongStateError
from clinic.models import Account, Practitioner
from clinic.vocabulary import Permission, ProcedureCategory


@transaction.atomic(durable=True)
def record_training(
    *, practitioner_id: uuid.UUID, trained_for: Collection[ProcedureCategory], by: Account
) -> Practitioner:
    """Set the kinds of care for which a clinician is trained to take consent. How it came to be stays in the history.

    **Takes** all of them, not only what is new.
    **Raises** NotAllowedError (no administrator, or of another clinic), WrongStateError (not known here).
    **Writes** Practitioner, only when something changed.
    **Source** CR-055.
    """
    check_may(by, Permission.MANAGE_ACCOUNTS)
    practitioner = Practitioner.objects.select_for_update(of=("self",)).filter(pk=practitioner_id).first()
    if practitioner is None:
        raise WrongStateError(_("This clinician is not known here."))
    check_same_site(by, practitioner.site_id)
    if has_changed(practitioner, {"trained_for": [kind.value for kind in ProcedureCategory if kind in trained_for]}):
        save_as(practitioner, by=by)
    return practitioner
