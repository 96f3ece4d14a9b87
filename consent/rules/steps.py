"""The life of a consent, written down: every step there is, and for every other step why there is none.

Data only; `lifecycle` answers questions from it, and `docs/states.md` is printed from it. Every pair of a state and an
act stands in exactly one of the two lists, and a test holds them to it.

>>> [step.act.value for step in STEPS if Actor.OPERATOR in step.by]
['certify', 'start', 'stop', 'finish']
"""

from dataclasses import dataclass
from enum import StrEnum

from consent.rules.wording import gettext_noop as _
from consent.vocabulary import ENDED_STATES, LIVE_STATES, Act, ConsentState

DRAFT, INFORMED, GIVEN, CONFIRMED, USED = (
    ConsentState.DRAFT,
    ConsentState.INFORMED,
    ConsentState.GIVEN,
    ConsentState.CONFIRMED,
    ConsentState.USED,
)
REFUSED, WITHDRAWN, SUPERSEDED, IN_ERROR = (
    ConsentState.REFUSED,
    ConsentState.WITHDRAWN,
    ConsentState.SUPERSEDED,
    ConsentState.ENTERED_IN_ERROR,
)


class Actor(StrEnum):
    """Who may take a step."""

    PATIENT = "patient"
    STAFF_ON_WORD = "staff on the patient's word"  # only ever for a no, or for more time
    PRACTITIONER = "practitioner"
    OPERATOR = "operator"
    INTERPRETER = "interpreter"
    TWO_STAFF = "two members of staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One act: from which states, to which state, by whom, in one sentence, on what ground."""

    act: Act
    before: tuple[ConsentState | None, ...]  # None: there is no consent yet
    after: ConsentState | None  # None: the state stays as it is
    by: tuple[Actor, ...]
    sentence: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """One act that these states do not know, and what to do instead."""

    act: Act
    states: tuple[ConsentState, ...]
    sentence: str


ALL_STATES = tuple(ConsentState)
LIVE = tuple(state for state in ConsentState if state in LIVE_STATES)
ENDED = tuple(state for state in ConsentState if state in ENDED_STATES)
PATIENT_OR_STAFF = (Actor.PATIENT, Actor.STAFF_ON_WORD)

STEPS: tuple[Step, ...] = (
    Step(
        act=Act.PROPOSE,
        before=(None,),
        after=DRAFT,
        by=(Actor.PRACTITIONER,),
        sentence=_("A clinician proposes one procedure to one patient, with one version of its information sheet."),
        source="GMC 2020: the talk begins with what is proposed",
    ),
    Step(
        act=Act.INFORM,
        before=(DRAFT, INFORMED),
        after=INFORMED,
        by=(Actor.PRACTITIONER,),
        sentence=_("The clinician records the conversation. A further talk is recorded in the same way."),
        source="GMC 2020; Montgomery v Lanarkshire 2015",
    ),
    Step(
        act=Act.GIVE,
        before=(INFORMED,),
        after=GIVEN,
        by=(Actor.PATIENT,),
        sentence=_("The patient says yes to what was explained, and signs."),
        source="FHIR R5 Consent.decision permit; CR-070",
    ),
    Step(
        act=Act.STATE_AS_INTERPRETER,
        before=(INFORMED, GIVEN),
        after=None,
        by=(Actor.INTERPRETER,),
        sentence=_("Whoever interpreted signs, on the day on which the patient signs."),
        source="CR-053, CR-057",
    ),
    Step(
        act=Act.STATE_AS_OBTAINER,
        before=(GIVEN, CONFIRMED),
        after=None,
        by=(Actor.PRACTITIONER,),
        sentence=_("The clinician who held the conversation signs, after the patient and before the start."),
        source="CR-057; 42 CFR 50 subpart B",
    ),
    Step(
        act=Act.REFUSE,
        before=(DRAFT, INFORMED),
        after=REFUSED,
        by=PATIENT_OR_STAFF,
        sentence=_("The patient says no. No reason and no signature are asked for."),
        source="FHIR R5 Consent.decision deny; CR-083",
    ),
    Step(
        act=Act.ASK_FOR_TIME,
        before=(DRAFT, INFORMED),
        after=None,
        by=PATIENT_OR_STAFF,
        sentence=_("The patient asks for time. Nothing is decided and nothing is lost."),
        source="GMC 2020: time to think; DE-01",
    ),
    Step(
        act=Act.CONFIRM,
        before=(GIVEN, CONFIRMED),
        after=CONFIRMED,
        by=(Actor.PATIENT,),
        sentence=_("On the day of the procedure the patient, alone, says once more: still yes."),
        source="CR-022",
    ),
    Step(
        act=Act.CERTIFY,
        before=(CONFIRMED,),
        after=None,
        by=(Actor.OPERATOR,),
        sentence=_("The operator signs: explained shortly before, no pressure seen."),
        source="CR-056",
    ),
    Step(
        act=Act.START,
        before=(CONFIRMED,),
        after=USED,
        by=(Actor.OPERATOR,),
        sentence=_("The procedure starts, through the gate. This consent cannot be used a second time."),
        source="CR-081; FHIR event-status in-progress",
    ),
    Step(
        act=Act.STOP,
        before=(USED, WITHDRAWN, IN_ERROR),
        after=None,
        by=(Actor.OPERATOR,),
        sentence=_("The procedure is stopped as soon as that is safe, also after the patient took consent back."),
        source="CR-085; FHIR event-status stopped",
    ),
    Step(
        act=Act.FINISH,
        before=(USED, WITHDRAWN, IN_ERROR),
        after=None,
        by=(Actor.OPERATOR,),
        sentence=_("The procedure is finished. What really happened is recorded, whatever became of the consent."),
        source="FHIR event-status completed",
    ),
    Step(
        act=Act.WITHDRAW,
        before=LIVE,
        after=WITHDRAWN,
        by=PATIENT_OR_STAFF,
        sentence=_("The patient takes it back. This holds at once; no reason, signature or clinician is needed."),
        source="CR-080, CR-083; GMC 2020: a patient may change their mind at any time",
    ),
    Step(
        act=Act.WITHDRAW,
        before=ENDED,
        after=None,
        by=PATIENT_OR_STAFF,
        sentence=_("Taking back what has already ended is never refused; it stays ended."),
        source="CR-080",
    ),
    Step(
        act=Act.SUPERSEDE,
        before=(DRAFT, INFORMED, GIVEN, CONFIRMED),
        after=SUPERSEDED,
        by=(Actor.PRACTITIONER,),
        sentence=_("A new proposal takes the place of this one, and every step starts afresh."),
        source="CR-023, CR-086",
    ),
    Step(
        act=Act.REPORT_ERROR,
        before=ALL_STATES,
        after=None,
        by=(Actor.PRACTITIONER,),
        sentence=_("Someone reports that this was recorded by mistake. A second person decides."),
        source="FHIR entered-in-error; design: two people",
    ),
    Step(
        act=Act.MARK_IN_ERROR,
        before=tuple(state for state in ConsentState if state is not IN_ERROR),
        after=IN_ERROR,
        by=(Actor.TWO_STAFF,),
        sentence=_("Two members of staff mark the record as a mistake; a no only with the patient's own agreement."),
        source="FHIR entered-in-error; design: two people",
    ),
)

_ENDED_ALREADY = _("This consent has ended. Propose a new one if the patient wants to talk about it again.")
_GIVEN_ALREADY = _("The patient has already given consent. If the answer is now no, record that it is taken back.")
_NOT_GIVEN_YET = _("The patient has not given consent yet.")
_NOT_CONFIRMED = _("The patient has not confirmed yet. Ask again, alone, shortly before the procedure.")
_NOT_STARTED = _("The procedure has not started under this consent.")
_USED_ALREADY = _("The procedure has already started under this consent.")

REFUSALS: tuple[Refusal, ...] = (
    Refusal(
        act=Act.PROPOSE,
        states=ALL_STATES,
        sentence=_("This consent is proposed already. A new proposal makes a new consent."),
    ),
    Refusal(
        act=Act.INFORM,
        states=(GIVEN, CONFIRMED, USED),
        sentence=_("The patient has already decided. To talk again with effect, propose a new consent."),
    ),
    Refusal(act=Act.INFORM, states=ENDED, sentence=_ENDED_ALREADY),
    Refusal(
        act=Act.GIVE,
        states=(DRAFT,),
        sentence=_("Nothing has been explained yet. Record the conversation first."),
    ),
    Refusal(act=Act.GIVE, states=(GIVEN, CONFIRMED, USED), sentence=_GIVEN_ALREADY),
    Refusal(act=Act.GIVE, states=ENDED, sentence=_ENDED_ALREADY),
    Refusal(act=Act.REFUSE, states=(GIVEN, CONFIRMED, USED), sentence=_GIVEN_ALREADY),
    Refusal(act=Act.REFUSE, states=ENDED, sentence=_ENDED_ALREADY),
    Refusal(act=Act.ASK_FOR_TIME, states=(GIVEN, CONFIRMED, USED), sentence=_GIVEN_ALREADY),
    Refusal(act=Act.ASK_FOR_TIME, states=ENDED, sentence=_ENDED_ALREADY),
    Refusal(
        act=Act.STATE_AS_INTERPRETER,
        states=(DRAFT,),
        sentence=_("Nothing has been explained yet. Record the conversation first."),
    ),
    Refusal(
        act=Act.STATE_AS_INTERPRETER,
        states=(CONFIRMED, USED),
        sentence=_("The interpreter signs on the day on which the patient signs. That day is over."),
    ),
    Refusal(act=Act.STATE_AS_INTERPRETER, states=ENDED, sentence=_ENDED_ALREADY),
    Refusal(act=Act.STATE_AS_OBTAINER, states=(DRAFT, INFORMED), sentence=_NOT_GIVEN_YET),
    Refusal(act=Act.STATE_AS_OBTAINER, states=(USED,), sentence=_USED_ALREADY),
    Refusal(act=Act.STATE_AS_OBTAINER, states=ENDED, sentence=_ENDED_ALREADY),
    Refusal(act=Act.CONFIRM, states=(DRAFT, INFORMED), sentence=_NOT_GIVEN_YET),
    Refusal(act=Act.CONFIRM, states=(USED,), sentence=_USED_ALREADY),
    Refusal(act=Act.CONFIRM, states=ENDED, sentence=_ENDED_ALREADY),
    Refusal(act=Act.CERTIFY, states=(DRAFT, INFORMED), sentence=_NOT_GIVEN_YET),
    Refusal(act=Act.CERTIFY, states=(GIVEN,), sentence=_NOT_CONFIRMED),
    Refusal(act=Act.CERTIFY, states=(USED,), sentence=_USED_ALREADY),
    Refusal(act=Act.CERTIFY, states=ENDED, sentence=_ENDED_ALREADY),
    Refusal(act=Act.START, states=(DRAFT, INFORMED), sentence=_NOT_GIVEN_YET),
    Refusal(act=Act.START, states=(GIVEN,), sentence=_NOT_CONFIRMED),
    Refusal(act=Act.START, states=(USED,), sentence=_USED_ALREADY),
    Refusal(act=Act.START, states=ENDED, sentence=_ENDED_ALREADY),
    Refusal(act=Act.STOP, states=(DRAFT, INFORMED, GIVEN, CONFIRMED, REFUSED, SUPERSEDED), sentence=_NOT_STARTED),
    Refusal(act=Act.FINISH, states=(DRAFT, INFORMED, GIVEN, CONFIRMED, REFUSED, SUPERSEDED), sentence=_NOT_STARTED),
    Refusal(act=Act.SUPERSEDE, states=(USED,), sentence=_USED_ALREADY),
    Refusal(act=Act.SUPERSEDE, states=ENDED, sentence=_ENDED_ALREADY),
    Refusal(act=Act.MARK_IN_ERROR, states=(IN_ERROR,), sentence=_("This record is marked as a mistake already.")),
)
