"""Give on paper: a yes that the patient signed on paper is entered, once two people have found the paper right."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.locks import lock_paper
from consent.actions.moving import check_may
from consent.actions.saying_yes import Yes, check_can_be_printed, take_yes, verdict_of
from consent.actions.signing import SignatureInput
from consent.exceptions import NotReadyError
from consent.ledger.canonical import time_text
from consent.models import Consent, PaperScan, Signature
from consent.queries.papers import is_erased, standing_of_scan
from consent.rules.papers import PaperStanding
from consent.vocabulary import ConsentState, CopyChoice, PaperAnswer, SignatureMethod, Via


@one_act
def give_on_paper(*, scan_id: uuid.UUID, by: Account, copy_choice: CopyChoice | None = None) -> Consent:
    """Enter the yes of a paper. It is given now, by the server's clock: every wait counts from here.

    It confirms nothing: on the day of the procedure the patient says it again herself.

    **Takes** how she wants her copy, as she said.
    **Gives** the consent; a second click gives the same answer and writes nothing.
    **Raises** NotAllowedError; WrongStateError (no yes, or not looked at by two people); NotReadyError, and the paper
    keeps waiting; AlreadyDecidedError (she has answered in another way meanwhile); InvalidInputError (a sign that no
    paper can show).
    **Writes** Consent state given, Signature; entry consent.given, which says when it was written; as `give_consent`.
    **Source** CR-070; CR-073.
    """
    scan = lock_paper(scan_id)
    consent = scan.consent
    check_may(by, Permission.RECORD_CONVERSATION, consent_site_id=consent.site_id)
    if Signature.objects.filter(paper=scan).exists():
        return consent
    check_two_found_right(scan)
    at = clock.now()
    check_can_be_printed(consent, at=at)
    yes = Yes(
        shown_digest=consent.sheet_version.digest,
        signature=SignatureInput(method=SignatureMethod.PAPER, paper=scan),
        copy_choice=copy_choice,
        by=by,
        via=Via.PAPER,
        at=at,
    )
    if consent.state == ConsentState.INFORMED:
        verdict = verdict_of(consent, yes)
        if not verdict.is_allowed:
            raise NotReadyError(
                _("This yes cannot be entered yet: something is missing. The paper is kept and waits."), verdict=verdict
            )
    take_yes(consent, yes, detail={"written_at": time_text(scan.happened_at)})
    return consent


def check_two_found_right(scan: PaperScan) -> None:
    """Raises WrongStateError unless her own yes is on the paper, and two people found it right."""
    if scan.answer != PaperAnswer.YES:
        raise WrongStateError(_("There is no yes on this paper."))
    if is_erased(scan):
        raise WrongStateError(_("The pages of this paper were erased."))
    standing = standing_of_scan(scan)
    if standing is PaperStanding.REJECTED:
        raise WrongStateError(_("Somebody has found that this paper is not right."))
    if standing is PaperStanding.WAITING:
        raise WrongStateError(
            _(
                "Two people have to look at this paper first. At least one of them neither proposed the procedure "
                "nor is going to do it."
            )
        )
