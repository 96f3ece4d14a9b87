"""A recorded conversation as a page shows it to staff: labels and values, in the order of the talk."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic.languages import LANGUAGE_NAMES
from clinic.vocabulary import Preset, ProcedureCategory
from consent.models import Consent, Conversation, InformationSheetVersion
from consent.rules.policy import parameter
from consent.vocabulary import Capacity, InterpreterQualification, PersonRole, RequestSource, SigningState
from consent.wording_talk import (
    CAPACITY_WORDS,
    INTERPRETER_WORDS,
    PERSON_ROLE_WORDS,
    REQUEST_SOURCE_WORDS,
    SIGNING_STATE_WORDS,
)

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class AskedOnSheet:
    """What one sheet gives to talk about: keys and words, and for each question what to listen for."""

    alternatives: Sequence[tuple[str, str]] = ()
    teach_backs: Sequence[tuple[str, str, str]] = ()
    asks_signing_states: bool = False


def asked_on_sheet(consent: Consent) -> AskedOnSheet:
    """What there is to ask and to tick for one consent, under the rules of its site."""
    content = consent.sheet_version.content
    category = ProcedureCategory(consent.procedure.procedure_type.category)
    forbidden = parameter(Preset(consent.site.preset), category, "forbidden_signing_states")
    return AskedOnSheet(
        alternatives=[(row["key"], row["name"]) for row in content.get("alternative", ())],
        teach_backs=[(row["key"], row["question"], row["listen_for"]) for row in content.get("teach_back", ())],
        asks_signing_states=forbidden is not None,
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
        *_people(talk),
        (
            _("Minutes alone with the clinician"),
            "" if talk.minutes_alone is None else str(talk.minutes_alone),
        ),
        (_("Other choices opened"), _alternatives(talk, version)),
        *[
            (_("Asked: %(question)s") % {"question": row.question}, row.answer)
            for row in talk.questions.order_by("number")
        ],
        *_teach_backs(talk, version),
        (_("Who first raised the idea"), str(REQUEST_SOURCE_WORDS[RequestSource(talk.request_source)])),
        (_("Can the patient decide this"), str(CAPACITY_WORDS[Capacity(talk.capacity)]) if talk.capacity else ""),
        *([(_("Note on this"), talk.capacity_note)] if talk.capacity_note else []),
        *_states(talk),
        (_("What matters to the patient"), talk.what_matters),
    ]
    return tuple((label, value or _("not recorded")) for label, value in lines)


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
    return "; ".join(sorted(names.get(row.key, row.key) for row in talk.alternatives_opened.all()))


def _teach_backs(talk: Conversation, version: InformationSheetVersion) -> list[Line]:
    questions = {row["key"]: row["question"] for row in version.content.get("teach_back", ())}
    judged = {True: _("understood"), False: _("not yet understood")}
    return [
        (questions.get(said.key, said.key), f"{said.answer} ({judged[said.is_understood]})")
        for said in talk.teach_backs.all()
    ]


def _states(talk: Conversation) -> list[Line]:
    if talk.signing_states is None:
        return []
    words = "; ".join(str(SIGNING_STATE_WORDS[SigningState(code)]) for code in talk.signing_states)
    return [(_("States at the time"), words or _("none of those asked about"))]
