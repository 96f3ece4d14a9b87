"""A recorded conversation as a page shows it to staff: labels and values, in the order of the talk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.languages import LANGUAGE_NAMES
from consent.models import AlternativeOpened, Consent, Conversation, InformationSheetVersion, TeachBack
from consent.vocabulary import (
    Capacity,
    InterpreterQualification,
    PersonRole,
    ReadingAid,
    Referral,
    RequestSource,
    SigningState,
)
from consent.wording_talk import (
    CAPACITY_WORDS,
    INTERPRETER_WORDS,
    PERSON_ROLE_WORDS,
    READING_AID_WORDS,
    REFERRAL_WORDS,
    REQUEST_SOURCE_WORDS,
    SIGNING_STATE_WORDS,
)

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class AskedOnSheet:
    """What one sheet gives to talk about: keys and words, and for each question what to listen for."""

    alternatives: Sequence[tuple[str, str]] = ()
    teach_backs: Sequence[tuple[str, str, str]] = ()
    spoken_languages: Sequence[tuple[str, str]] = ()


def asked_on_sheet(consent: Consent) -> AskedOnSheet:
    """What there is to ask and to talk about for one consent."""
    content = consent.sheet_version.content
    return AskedOnSheet(
        alternatives=[(row["key"], row["name"]) for row in content.get("alternative", ())],
        teach_backs=[(row["key"], row["question"], row["listen_for"]) for row in content.get("teach_back", ())],
        spoken_languages=spoken_languages(consent),
    )


def spoken_languages(consent: Consent) -> list[tuple[str, str]]:
    """Languages to choose from for a talk, as form choices: the patient's own first, then all others."""
    own = [code for code in consent.patient.languages if code in LANGUAGE_NAMES]
    return [(code, LANGUAGE_NAMES[code]) for code in dict.fromkeys([*own, *LANGUAGE_NAMES])]


def language_word(code: str) -> str:
    """A language by its own name; its code where no name is known."""
    return LANGUAGE_NAMES.get(code, code)


def talk_lines(talk: Conversation, version: InformationSheetVersion) -> tuple[Line, ...]:
    """Everything recorded of one talk. What nobody recorded says so."""
    lines = [
        (_("Held by"), talk.held_by.display_name),
        (_("Language of the talk"), language_word(talk.spoken_language)),
        (_("Language of the text"), language_word(talk.text_language)),
        (_("Interpreter"), _interpreter(talk)),
        *_aids(talk),
        *_people(talk),
        *_yes_or_no(talk, "companion_would_not_leave", _("Someone would not leave the room")),
        (
            _("Minutes alone with the clinician"),
            "" if talk.minutes_alone is None else str(talk.minutes_alone),
        ),
        *_yes_or_no(talk, "no_loss_spoken", _("Said aloud that a no changes nothing else")),
        *_yes_or_no(talk, "was_live", _("Explained face to face or on a line")),
        *_yes_or_no(talk, "anaesthetic_told", _("Told about the anaesthetic")),
        *_yes_or_no(talk, "health_questions_asked", _("Health questions asked")),
        (_("Other choices opened"), _alternatives(talk, version)),
        *[
            (_("Asked: %(question)s") % {"question": row.question}, row.answer)
            for row in talk.questions.order_by("number")
        ],
        *_teach_backs(talk, version),
        (_("Who first raised the idea"), str(REQUEST_SOURCE_WORDS[RequestSource(talk.request_source)])),
        *_yes_or_no(talk, "request_repeated_alone", _("Asked for it alone, in her or his own words")),
        *([(_("Sent to this clinician"), str(REFERRAL_WORDS[Referral(talk.referral)]))] if talk.referral else []),
        *_yes_or_no(talk, "witness_offered", _("A witness of choice was offered")),
        (_("Can the patient decide this"), str(CAPACITY_WORDS[Capacity(talk.capacity)]) if talk.capacity else ""),
        *([(_("Note on this"), talk.capacity_note)] if talk.capacity_note else []),
        *_states(talk),
        (_("What matters to the patient"), talk.what_matters),
    ]
    return tuple((label, value or _("not recorded")) for label, value in lines)


def _yes_or_no(talk: Conversation, field: str, label: str) -> list[Line]:
    """Something that was asked; where it was not, the line is left out: not every kind of care asks it."""
    value = getattr(talk, field)
    return [] if value is None else [(label, _("Yes") if value else _("No"))]


def _aids(talk: Conversation) -> list[Line]:
    if not talk.reading_aids:
        return []
    words = "; ".join(str(READING_AID_WORDS[ReadingAid(code)]) for code in talk.reading_aids)
    return [(_("How the sheet reached the patient"), words)]


def _interpreter(talk: Conversation) -> str:
    if not talk.interpreter_qualification:
        return _("nobody")
    companion = _("came with the patient") if talk.interpreter_is_companion else ""
    parts = (
        talk.interpreter_name,
        talk.interpreter_organisation,
        str(INTERPRETER_WORDS[InterpreterQualification(talk.interpreter_qualification)]),
        companion,
    )
    return ", ".join(filter(None, parts))


def _people(talk: Conversation) -> list[Line]:
    left = {True: _("left before the signing"), False: _("stayed for the signing"), None: ""}
    asked = {True: _("asked for by the patient, alone"), False: _("not asked for by the patient"), None: ""}
    return [
        (
            str(PERSON_ROLE_WORDS[PersonRole(person.role)]),
            ", ".join(
                filter(
                    None,
                    (person.name, left[person.left_before_signing], asked[person.asked_for_by_patient_alone]),
                )
            ),
        )
        for person in talk.people_present.all()
    ]


def _alternatives(talk: Conversation, version: InformationSheetVersion) -> str:
    names = {row["key"]: row["name"] for row in version.content.get("alternative", ())}
    return "; ".join(sorted(_opened(row, names) for row in talk.alternatives_opened.all()))


def _opened(row: AlternativeOpened, names: Mapping[str, str]) -> str:
    name = names.get(row.key, row.key)
    if row.seconds_open is None:
        return name
    return _("%(name)s (%(seconds)s seconds)") % {"name": name, "seconds": row.seconds_open}


def _teach_backs(talk: Conversation, version: InformationSheetVersion) -> list[Line]:
    questions = {row["key"]: row["question"] for row in version.content.get("teach_back", ())}
    return [
        (questions.get(said.key, said.key), f"{said.answer} ({', '.join(_judged(said))})")
        for said in talk.teach_backs.all()
    ]


def _judged(said: TeachBack) -> list[str]:
    words = [_("understood") if said.is_understood else _("not yet understood")]
    if said.answered_by_companion:
        words.append(_("someone else answered or helped"))
    if said.attempts > 1:
        words.append(_("asked %(times)s times") % {"times": said.attempts})
    return words


def _states(talk: Conversation) -> list[Line]:
    if talk.signing_states is None:
        return []
    words = "; ".join(str(SIGNING_STATE_WORDS[SigningState(code)]) for code in talk.signing_states)
    return [(_("States at the time"), words or _("none of those asked about"))]
