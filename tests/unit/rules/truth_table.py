"""The truth table of the gate: for each requirement, what breaks it and what leaves it unknown.

Each row changes the good case in one thing. The gate must then name exactly that requirement, at each of its stages;
where one thing necessarily touches another requirement too, the row says which.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace

from clinic.vocabulary import Laterality, ProcedureStatus
from consent.facts import GateFacts
from consent.rules.case import AT_SIGNING, AT_START
from consent.rules.gate import Stage
from consent.vocabulary import (
    Capacity,
    ConsentState,
    Decision,
    InterpreterQualification,
    PersonRole,
    RequestSource,
    SignatureMethod,
    SigningState,
)
from tests.unit.rules.cases import (
    DAY,
    HOUR,
    OTHER_SHEET,
    SOMEONE_ELSE,
    STARTS_AT,
    consent,
    person,
    procedure,
    talk,
)

MINUTE = datetime.timedelta(minutes=1)
FOREIGN = {"spoken_language": "en", "text_language": "en"}
QUALIFIED = InterpreterQualification.PROFESSIONAL
Change = Callable[[GateFacts], GateFacts]


@dataclass(frozen=True)
class Row:
    requirement: str
    what: str
    change: Change
    stages: frozenset[Stage] | None = None  # None: all stages of the requirement
    also: frozenset[str] = frozenset()  # requirements that the same change touches necessarily


def row(requirement: str, what: str, change: Change, stages: frozenset[Stage] | None = None, *also: str) -> Row:
    return Row(requirement, what, change, stages, frozenset(also))


BROKEN = [
    row("procedure-waiting", "begun", lambda f: procedure(f, status=ProcedureStatus.IN_PROGRESS)),
    row("procedure-waiting", "called off", lambda f: procedure(f, status=ProcedureStatus.NOT_DONE)),
    row("consent-state", "not informed", lambda f: consent(f, state=ConsentState.DRAFT)),
    row("consent-state", "given already", lambda f: consent(f, state=ConsentState.GIVEN)),
    row("consent-state", "used already", lambda f: consent(f, state=ConsentState.USED)),
    row("consent-state", "withdrawn", lambda f: consent(f, state=ConsentState.WITHDRAWN)),
    row("consent-state", "in error", lambda f: consent(f, state=ConsentState.ENTERED_IN_ERROR)),
    row("consent-state", "deny", lambda f: consent(f, decision=Decision.DENY), AT_START),
    row("consent-state", "no decision", lambda f: consent(f, decision=None), AT_START),
    row("no-hold", "one hold", lambda f: replace(f, open_holds=1)),
    row("right-patient", "another patient", lambda f: consent(f, patient_id=SOMEONE_ELSE)),
    row("right-patient", "another procedure of hers", lambda f: consent(f, procedure_id=SOMEONE_ELSE)),
    row("right-procedure", "another code", lambda f: procedure(f, code="another-procedure")),
    row("right-side", "another side", lambda f: procedure(f, laterality=Laterality.RIGHT)),
    row("right-side", "another place", lambda f: procedure(f, body_site="leg")),
    row("right-side", "side added later", lambda f: consent(f, laterality=None)),
    row("right-operator", "patient told of another", lambda f: consent(f, operator_id=SOMEONE_ELSE)),
    row("right-operator", "another stands ready", lambda f: replace(f, starting_operator_id=SOMEONE_ELSE), AT_START),
    row("sheet-current", "newer major version", lambda f: consent(f, is_sheet_current=False)),
    row("sheet-signed", "other words", lambda f: consent(f, signed_digest=OTHER_SHEET)),
    row("minimum-age", "seventeen", lambda f: replace(f, birth_date=datetime.date(2010, 1, 1))),
    row("waiting-time", "ten days", lambda f: consent(f, given_at=STARTS_AT - 10 * DAY)),
    row("waiting-time", "720 hours less one", lambda f: consent(f, given_at=STARTS_AT - 719 * HOUR)),
    row("not-expired", "200 days", lambda f: consent(f, given_at=STARTS_AT - 200 * DAY)),
    row("signing-moment", "in labour", lambda f: talk(f, signing_states=(SigningState.LABOUR,))),
    row("signing-moment", "in custody", lambda f: talk(f, signing_states=(SigningState.DETAINED,))),
    row("capacity", "in doubt", lambda f: talk(f, capacity=Capacity.IN_DOUBT)),
    row("capacity", "lacking", lambda f: talk(f, capacity=Capacity.ASSESSED_LACKS)),
    row(
        "capacity",
        "in doubt in an earlier talk, presumed since",
        lambda f: talk(f, capacity_history=(Capacity.ASSESSED_HAS, Capacity.IN_DOUBT, Capacity.PRESUMED)),
    ),
    row("interpreter", "foreign talk, nobody interpreted", lambda f: talk(f, spoken_language="en")),
    row("interpreter", "foreign text, nobody interpreted", lambda f: talk(f, text_language="zh-Hant")),
    row(
        "interpreter",
        "unqualified",
        lambda f: talk(
            f,
            **FOREIGN,
            interpreter_qualification=InterpreterQualification.UNQUALIFIED,
            interpreter_is_companion=False,
        ),
    ),
    row(
        "interpreter",
        "qualified, but came along",
        lambda f: talk(f, **FOREIGN, interpreter_qualification=QUALIFIED, interpreter_is_companion=True),
    ),
    row("time-alone", "nine minutes", lambda f: talk(f, minutes_alone=9)),
    row(
        "never-in-room",
        "official, though asked for",
        lambda f: talk(f, people_present=(person(PersonRole.OFFICIAL, asked_for=True),)),
    ),
    row(
        "never-in-room",
        "police, not asked for",
        lambda f: talk(f, people_present=(person(PersonRole.POLICE, asked_for=False),)),
        None,
        "companions-invited",
    ),
    row(
        "companions-invited",
        "partner, not asked for",
        lambda f: talk(f, people_present=(person(PersonRole.PARTNER, asked_for=False),)),
    ),
    row("request-source", "an office", lambda f: talk(f, request_source=RequestSource.OFFICIAL_OR_EMPLOYER)),
    row(
        "request-source",
        "an office when it was proposed",
        lambda f: talk(f, request_sources_named=(RequestSource.OFFICIAL_OR_EMPLOYER, RequestSource.PATIENT)),
    ),
    row("own-request", "a relative", lambda f: talk(f, request_source=RequestSource.PARTNER_OR_RELATIVE)),
    row("own-request", "nobody knows", lambda f: talk(f, request_source=RequestSource.UNKNOWN)),
    row("alternatives-opened", "three", lambda f: talk(f, alternatives_opened=("a", "b", "c", "nothing"))),
    row("alternatives-opened", "not doing nothing", lambda f: talk(f, alternatives_opened=tuple("abcde"))),
    row("alternatives-opened", "one four times", lambda f: talk(f, alternatives_opened=("a",) * 4 + ("nothing",))),
    row("understanding", "six", lambda f: talk(f, teach_back_asked=6, teach_back_understood=6)),
    row("understanding", "one left open", lambda f: talk(f, teach_back_asked=8)),
    row(
        "signature",
        "mark, witness took the consent",
        lambda f: consent(f, signing_method=SignatureMethod.MARK, witness_is_independent=False),
        AT_START,
    ),
    row(
        "signature",
        "about to make a mark, witness interpreted",
        lambda f: replace(f, proposed_signature=SignatureMethod.MARK, proposed_witness_is_independent=False),
        AT_SIGNING,
    ),
    row("confirmed-today", "241 minutes ago", lambda f: consent(f, confirmed_at=STARTS_AT - 241 * MINUTE)),
    row(
        "confirmed-today",
        "three hours ago, but yesterday",
        lambda f: replace(
            consent(f, confirmed_at=STARTS_AT + 5 * HOUR, certified_at=STARTS_AT + 8 * HOUR), at=STARTS_AT + 8 * HOUR
        ),
    ),
    row(
        "confirmed-today",
        "in the future",
        lambda f: consent(f, confirmed_at=STARTS_AT + MINUTE),
        None,
        "operator-certificate",
    ),
    row("confirmed-alone", "accompanied", lambda f: consent(f, was_alone_at_confirmation=False)),
    row("operator-certificate", "by another", lambda f: consent(f, certified_by=SOMEONE_ELSE)),
    row("operator-certificate", "before the last yes", lambda f: consent(f, certified_at=STARTS_AT - 3 * HOUR)),
    row("operator-certificate", "in the future", lambda f: consent(f, certified_at=STARTS_AT + MINUTE)),
]

UNKNOWN = [
    row("no-hold", "not counted", lambda f: replace(f, open_holds=None)),
    row(
        "right-side",
        "side not recorded",
        lambda f: consent(procedure(f, laterality=None), laterality=None),
    ),
    row(
        "right-side",
        "neither side nor place",
        lambda f: consent(
            procedure(f, laterality=Laterality.NONE, body_site=" "), laterality=Laterality.NONE, body_site=" "
        ),
    ),
    row("right-operator", "patient told of nobody", lambda f: consent(f, operator_id=None)),
    row("right-operator", "nobody planned", lambda f: procedure(f, operator_id=None), None, "operator-certificate"),
    row("right-operator", "nobody stands ready", lambda f: replace(f, starting_operator_id=None), AT_START),
    row("sheet-current", "not looked up", lambda f: consent(f, is_sheet_current=None)),
    row("sheet-signed", "digest not kept", lambda f: consent(f, signed_digest=None)),
    row("sheet-signed", "no digests at all", lambda f: consent(f, sheet_digest="", signed_digest="")),
    row("minimum-age", "birth date not known", lambda f: replace(f, birth_date=None)),
    row("waiting-time", "not dated", lambda f: consent(f, given_at=None), AT_START, "minimum-age", "not-expired"),
    row("waiting-time", "from the future", lambda f: consent(f, given_at=STARTS_AT + HOUR), None, "not-expired"),
    row(
        "not-expired",
        "no such time zone",
        lambda f: replace(f, time_zone="Asia/Nowhere"),
        AT_START,
        "minimum-age",
        "waiting-time",
        "confirmed-today",
    ),
    row("signing-moment", "not asked", lambda f: talk(f, signing_states=None)),
    row("capacity", "not recorded", lambda f: talk(f, capacity=None)),
    row("interpreter", "languages not recorded", lambda f: talk(f, patient_languages=())),
    row("interpreter", "spoken language not recorded", lambda f: talk(f, spoken_language="")),
    row(
        "interpreter",
        "nobody knows whom the interpreter came with",
        lambda f: talk(f, **FOREIGN, interpreter_qualification=QUALIFIED),
    ),
    row("time-alone", "not recorded", lambda f: talk(f, minutes_alone=None)),
    row(
        "never-in-room",
        "nobody knows whether the official left",
        lambda f: talk(f, people_present=(person(PersonRole.OFFICIAL, left=None, asked_for=True),)),
    ),
    row(
        "companions-invited",
        "nobody knows who asked for the friend",
        lambda f: talk(f, people_present=(person(PersonRole.FRIEND, left=None, asked_for=None),)),
    ),
    row("signature", "method not kept", lambda f: consent(f, signing_method=None), AT_START),
    row("signature", "mark, no witness known", lambda f: consent(f, signing_method=SignatureMethod.MARK), AT_START),
    row("signature", "method not chosen", lambda f: replace(f, proposed_signature=None), AT_SIGNING),
    row(
        "signature",
        "about to make a mark, no witness known",
        lambda f: replace(f, proposed_signature=SignatureMethod.MARK),
        AT_SIGNING,
    ),
    row("confirmed-today", "never", lambda f: consent(f, confirmed_at=None), AT_START, "operator-certificate"),
    row("confirmed-alone", "not recorded", lambda f: consent(f, was_alone_at_confirmation=None)),
    row("operator-certificate", "never", lambda f: consent(f, certified_at=None)),
    row("operator-certificate", "by nobody known", lambda f: consent(f, certified_by=None)),
]

# What has no unknown of its own, and why. All but the first two become unknown when there is no conversation at all.
NEVER_UNKNOWN = {
    "procedure-waiting": "a procedure always has a status",
    "consent-state": "a consent always has a state, and no consent at all is a plain no",
    "right-patient": "consent and procedure always name their patient",
    "right-procedure": "consent and procedure always name their code",
    "request-source": "not known who asked is a code of its own, and only warned of",
    "own-request": "not known who asked is a code of its own, and breaks it",
    "alternatives-opened": "nothing opened is a plain no",
    "understanding": "nothing asked is a plain no",
}
