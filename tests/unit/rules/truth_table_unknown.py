"""The other half of the truth table: what leaves each requirement unknown, and which never are.

What is unknown is not met. Each row takes one thing out of a good case.
"""

from dataclasses import replace

from clinic.vocabulary import AccessNeed, Laterality, Particular, ProcedureCategory
from consent.rules.case import AT_OFFER, AT_SIGNING, AT_START
from consent.vocabulary import PersonRole, SignatureMethod
from tests.unit.rules.cases import HOUR, STARTS_AT, ability, consent, offer, opened, past, person, procedure, talk
from tests.unit.rules.truth_table import (
    ABRT,
    HAS,
    LARC_IN,
    LONG_AGO,
    MAJOR,
    MARK,
    MINOR,
    PERMIT,
    RELATIVE,
    VACC,
    about,
    doubted,
    found,
    guarded,
    in_need,
    interpreted,
    row,
)

UNKNOWN = [
    row("no-hold", "not counted", lambda f: replace(f, open_holds=None)),
    row("right-side", "side not recorded", lambda f: consent(procedure(f, laterality=None), laterality=None)),
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
    row("sheet-in-language", "no aid chosen", lambda f: offer(f, sheet_language="en")),
    row("sheet-in-language", "languages not recorded", lambda f: offer(f, patient_languages=())),
    about(
        MAJOR,
        row("sterilising-purpose", "not asked", lambda f: offer(f, purpose=None)),
        particular=Particular.HYSTERECTOMY,
    ),
    row("ethics-approval", "not recorded", lambda f: procedure(f, is_experimental=None)),
    row("re-offer-days", "past not read", lambda f: replace(f, past=None), AT_OFFER, "contact-lock-hours"),
    row("contact-lock-hours", "past not read", lambda f: replace(f, past=None), AT_OFFER, "re-offer-days"),
    row(
        "minimum-age",
        "birth date not known",
        lambda f: replace(f, birth_date=None),
        None,
        "guardian-word",
    ),
    row(
        "waiting-time",
        "not dated",
        lambda f: consent(f, given_at=None),
        AT_START,
        "minimum-age",
        "not-expired",
        "guardian-word",
        "signature-order",
        "first-signature-before-the-day",
    ),
    row(
        "waiting-time",
        "from the future",
        lambda f: consent(f, given_at=STARTS_AT + HOUR, obtainer_stated_at=STARTS_AT + HOUR),
        None,
        "not-expired",
        "first-signature-before-the-day",
        "signature-order",
    ),
    row(
        "not-expired",
        "no such time zone",
        lambda f: replace(f, time_zone="Asia/Nowhere"),
        AT_START,
        "minimum-age",
        "guardian-word",
        "waiting-time",
        "first-signature-before-the-day",
        "confirmed-today",
    ),
    about(
        MAJOR,
        row(
            "first-signature-before-the-day",
            "not dated",
            lambda f: consent(f, given_at=None),
            None,
            "not-expired",
            "guardian-word",
        ),
    ),
    about(
        LARC_IN,
        row(
            "hours-after-choice",
            "nobody knows when, nor whether with a birth",
            lambda f: past(procedure(f, accompanies_birth=None), choice_recorded_at=None),
        ),
    ),
    row(
        "operator-day-max",
        "not counted",
        lambda f: past(f, operator_starts_today=None),
        None,
        "operator-day-warn",
    ),
    row("operator-day-warn", "past not read", lambda f: replace(f, past=None), None, "operator-day-max"),
    row("capacity", "not recorded", lambda f: talk(f, capacity=None)),
    row("capacity", "findings not read", lambda f: replace(f, ability=None)),
    row("capacity", "nobody knows when the doubt was", lambda f: doubted(f, found(HAS, LONG_AGO))),
    about(MINOR, row("guardian-word", "nobody spoke", lambda f: guarded(f, able=True))),
    about(LARC_IN, row("guardian-word", "no note, never on a guardian's word", lambda f: guarded(f, PERMIT))),
    about(
        MINOR,
        row("guardian-word", "words not read", lambda f: replace(guarded(f), ability=None), None, "capacity"),
    ),
    row("excluded-subjects", "not asked", lambda f: offer(f, excluded_as=None)),
    row("own-request", "nobody asked her again", lambda f: talk(f, request_source=RELATIVE)),
    row("signing-moment", "not asked", lambda f: talk(f, signing_states=None)),
    row("oral-explanation", "not recorded", lambda f: talk(f, was_live=None)),
    row("no-loss-spoken", "not recorded", lambda f: talk(f, no_loss_spoken=None)),
    row("anaesthetic-told", "not recorded", lambda f: talk(f, anaesthetic_told=None)),
    row("interpreter", "languages not recorded", lambda f: talk(f, patient_languages=())),
    row("interpreter", "spoken language not recorded", lambda f: talk(f, spoken_language="")),
    row(
        "interpreter",
        "nobody knows whom the interpreter came with",
        lambda f: interpreted(f, interpreter_is_companion=None),
    ),
    row(
        "interpreter-statement",
        "not signed",
        lambda f: consent(interpreted(f), interpreter_stated_at=None),
        None,
        "signature-order",
    ),
    row("time-alone", "not recorded", lambda f: talk(f, minutes_alone=None)),
    row("patient-left-alone", "not recorded", lambda f: talk(f, companion_would_not_leave=None)),
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
    row("witness-offered", "not recorded", lambda f: talk(f, witness_offered=None)),
    row("obtainer-trained", "not recorded", lambda f: talk(f, holder_is_trained=None)),
    row("obtainer-not-referrer", "not asked", lambda f: talk(f, referral=None)),
    row("accessible-mode", "not asked", lambda f: offer(f, access_needs=None)),
    row("accessible-mode", "no aid recorded", lambda f: in_need(f, None, AccessNeed.DEAF)),
    row(
        "alternatives-opened",
        "nobody timed them",
        lambda f: talk(f, alternatives_opened=opened(*"abcd", "nothing", seconds=None)),
    ),
    about(VACC, row("vaccine-items", "not recorded", lambda f: talk(f, health_questions_asked=None))),
    row(
        "reading-floor-percent",
        "not opened",
        lambda f: talk(f, sheet_opened_at=None),
        None,
        "reading-pace-percent",
    ),
    row(
        "reading-pace-percent",
        "length not known",
        lambda f: consent(f, sheet_reading_seconds=None),
        None,
        "reading-floor-percent",
    ),
    row("copy-choice", "not asked", lambda f: consent(f, copy_choice=None)),
    row("signature", "method not kept", lambda f: consent(f, signing_method=None), AT_START),
    row("signature", "mark, no witness known", lambda f: consent(f, signing_method=MARK), AT_START),
    row("signature", "method not chosen", lambda f: replace(f, proposed_signature=None), AT_SIGNING),
    row(
        "signature",
        "about to make a mark, no witness known",
        lambda f: replace(f, proposed_signature=SignatureMethod.MARK),
        AT_SIGNING,
    ),
    row("signature-not-reused", "not compared", lambda f: consent(f, signature_is_reused=None)),
    row("signature-order", "obtainer has not signed", lambda f: consent(f, obtainer_stated_at=None), AT_START),
    row("signature-order", "nobody knows who obtained", lambda f: consent(f, obtainer_stated_by=None), AT_START),
    row(
        "confirmed-today",
        "never",
        lambda f: consent(f, confirmed_at=None),
        AT_START,
        "operator-certificate",
        "signature-order",
    ),
    row("confirmed-alone", "not recorded", lambda f: consent(f, was_alone_at_confirmation=None)),
    row("operator-certificate", "never", lambda f: consent(f, certified_at=None), None, "signature-order"),
    row("operator-certificate", "by nobody known", lambda f: consent(f, certified_by=None)),
    about(
        ProcedureCategory.LARC_OUT,
        row("right-operator", "nobody planned", lambda f: procedure(f, operator_id=None)),
    ),
    about(ABRT, row("capacity", "findings not read", lambda f: replace(f, ability=None))),
    about(MINOR, row("guardian-word", "note alone", lambda f: ability(guarded(f), is_able_young_person=True))),
]

# What has no unknown of its own, and why. Most become unknown when there is no consent or no conversation at all.
NEVER_UNKNOWN = {
    "procedure-waiting": "a procedure always has a status",
    "consent-state": "a consent always has a state, and no consent at all is a plain no",
    "right-patient": "consent and procedure always name their patient",
    "right-procedure": "consent and procedure always name their code",
    "imposed-wait-hours": "a talk always has its time",
    "breathing-minutes": "a talk always has its time",
    "request-source": "not known who asked is a code of its own, and only warned of",
    "plain-name": "a sheet that tells nothing is a plain no",
    "separate-decision": "a sheet that tells nothing is a plain no",
    "understanding": "nothing asked is a plain no",
}

# What nothing that is recorded can break, and why.
NEVER_BROKEN = {"copy-choice": "each choice is as good as another, also to leave the copy"}
