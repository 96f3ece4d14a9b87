"""Which step may follow which in the life of one consent, and who may take it.

The whole life stands in two lists in `steps`. `STEPS` says what can be done, from where, and where it leads. `REFUSALS`
says what cannot be done, and what to do instead.

Towards a procedure there is one path, one step at a time. Away from it every door is open: withdrawing is possible from
every state, also when it changes nothing. Time is not here: whether a wait is over, or a consent too old, the gate
works out from the clock. This room stores nothing; only `consent.actions` moves a consent.

>>> next_state(ConsentState.INFORMED, Act.GIVE)
<ConsentState.GIVEN: 'given'>
>>> next_state(ConsentState.USED, Act.WITHDRAW)
<ConsentState.WITHDRAWN: 'withdrawn'>
>>> next_state(ConsentState.DRAFT, Act.GIVE)
Traceback (most recent call last):
    ...
consent.rules.lifecycle.UnknownStepError: Nothing has been explained yet. Record the conversation first.
"""

from collections.abc import Mapping

from clinic.exceptions import WrongStateError
from consent.rules.steps import REFUSALS, STEPS, Refusal
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import Act, ConsentState

TRANSITIONS: Mapping[tuple[ConsentState | None, Act], ConsentState] = {
    (before, step.act): after for step in STEPS for before in step.before if (after := step.after or before)
}
REFUSED_STEPS: Mapping[tuple[ConsentState, Act], Refusal] = {
    (state, refusal.act): refusal for refusal in REFUSALS for state in refusal.states
}
NOTHING_PROPOSED = _("Nothing has been proposed to this patient yet.")


class UnknownStepError(WrongStateError):
    """There is no such step from this state. Nothing may be written."""


class PatientAgreementNeededError(WrongStateError):
    """A recorded no is only called a mistake with the patient's own agreement."""


def next_state(state: ConsentState | None, act: Act) -> ConsentState:
    """The state a consent is in after this act; pass None where there is no consent yet.

    **Raises** UnknownStepError, with a sentence that says what to do instead.
    """
    after = TRANSITIONS.get((state, act))
    if after is None:
        raise UnknownStepError(NOTHING_PROPOSED if state is None else REFUSED_STEPS[state, act].sentence)
    return after


def is_possible(state: ConsentState | None, act: Act) -> bool:
    """True where the table knows this step; pages offer no button for any other."""
    return (state, act) in TRANSITIONS


def check_may_mark_in_error(state: ConsentState, *, patient_agreed: bool) -> None:
    """A recorded no may be called a mistake only when the patient agrees. Nobody else can make it vanish.

    **Raises** UnknownStepError where it is marked already, PatientAgreementNeededError without agreement.
    """
    next_state(state, Act.MARK_IN_ERROR)
    if state in {ConsentState.REFUSED, ConsentState.WITHDRAWN} and not patient_agreed:
        raise PatientAgreementNeededError(
            _("The patient said no. This can only be marked as a mistake when the patient agrees.")
        )
