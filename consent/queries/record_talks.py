"""The people, the talks and the signatures of a record, in words and in codes.

Nothing here refuses: what is stored is written down as it is, and a code that no list knows stands as itself. A record
is made inside the act, and no act may fail because of it, least of all a withdrawal.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from consent.models import Conversation, Signature
from consent.queries.record_language import language_on_paper
from consent.queries.record_rows import RecordRows
from consent.record_facts import (
    AlternativeOnRecord,
    PersonOnRecord,
    SignatureOnRecord,
    StrokesOnRecord,
    TalkOnRecord,
    TeachBackOnRecord,
)
from consent.vocabulary import PersonRole
from consent.wording import METHOD_DONE_WORDS, STATEMENTS
from consent.wording_talk import INTERPRETER_WORDS, PERSON_ROLE_WORDS, REQUEST_SOURCE_WORDS

Lines = tuple[tuple[str, str], ...]


def spoken(words: Mapping[Any, Any], code: str) -> str:
    """The words for a code; the code itself where nobody has words for it."""
    return str(words.get(code, code))


def people(rows: RecordRows) -> tuple[PersonOnRecord, ...]:
    """Everybody who had a part, each once."""
    consent = rows.consent
    found = [
        PersonOnRecord(
            role=_("Clinician who proposed it"), name=consent.proposed_by.display_name, role_code="proposer"
        ),
        PersonOnRecord(
            role=_("Clinician who would do it"), name=consent.operator.account.display_name, role_code="operator"
        ),
    ]
    for talk in rows.talks:
        found += _people_of(talk)
    if rows.start is not None:
        started_by = rows.start.started_by.display_name
        found.append(PersonOnRecord(role=_("Clinician who started it"), name=started_by, role_code="starter"))
    if consent.ended_by is not None and consent.ended_by_id != consent.patient.account_id:
        ended_by = consent.ended_by.display_name
        found.append(PersonOnRecord(role=_("Wrote down how it ended"), name=ended_by, role_code="recorder"))
    return tuple(dict.fromkeys(found))


def _people_of(talk: Conversation) -> list[PersonOnRecord]:
    name = talk.held_by.display_name
    found = [PersonOnRecord(role=_("Clinician who talked with you"), name=name, role_code="talk-holder")]
    if talk.interpreter_qualification:
        organisation = f" ({talk.interpreter_organisation})" if talk.interpreter_organisation else ""
        note = spoken(INTERPRETER_WORDS, talk.interpreter_qualification) + organisation
        role_code = PersonRole.INTERPRETER.value
        found.append(PersonOnRecord(role=_("Interpreter"), name=talk.interpreter_name, note=note, role_code=role_code))
    left = {True: _("left before you answered"), False: _("stayed in the room")}
    for person in sorted(talk.people_present.all(), key=lambda one: (one.role, one.name)):
        note = left.get(person.left_before_signing, "")  # type: ignore[arg-type]  # None: not recorded
        role = spoken(PERSON_ROLE_WORDS, person.role)
        found.append(PersonOnRecord(role=role, name=person.name, note=note, role_code=person.role))
    return found


def conversation_lines(rows: RecordRows) -> Lines:
    """Label and value of what is printed of the newest talk."""
    if not rows.talks:
        return ()
    talk, content = rows.talks[-1], rows.consent.sheet_version.content
    said = talk_on_record(talk, content)
    minutes = "" if talk.minutes_alone is None else str(talk.minutes_alone)
    lines = [
        (_("Language of the talk"), language_on_paper(talk.spoken_language)),
        (_("Language of the text"), language_on_paper(talk.text_language)),
        (_("Who first raised the idea"), spoken(REQUEST_SOURCE_WORDS, talk.request_source)),
        (_("Minutes you were alone with the clinician"), minutes),
        (_("Other choices you looked at"), "; ".join(_looked_at(one) for one in said.alternatives)),
        (_("What matters to you"), talk.what_matters),
    ]
    lines += [(one.question, one.answer) for one in said.teach_backs]
    return tuple((label, value or _("not recorded")) for label, value in lines)


def _looked_at(one: AlternativeOnRecord) -> str:
    if one.seconds_open is None:
        return one.name
    return _("%(choice)s (open for %(seconds)s seconds)") % {"choice": one.name, "seconds": one.seconds_open}


def talk_on_record(talk: Conversation, content: dict[str, Any]) -> TalkOnRecord:
    """One talk in codes and own words. No note of staff, and nothing of what made anybody worry."""
    names = {row["key"]: row["name"] for row in content.get("alternative", [])}
    asked = {row["key"]: row["question"] for row in content.get("teach_back", [])}
    opened = {row.key: row.seconds_open for row in talk.alternatives_opened.all()}
    said = {row.key: row for row in talk.teach_backs.all()}
    numbered = sorted(talk.questions.all(), key=lambda row: row.number)
    return TalkOnRecord(
        held_at=talk.held_at,
        held_by=talk.held_by.display_name,
        spoken_language=talk.spoken_language,
        text_language=talk.text_language,
        request_source=talk.request_source,
        reading_aids=tuple(str(aid) for aid in talk.reading_aids or ()),
        interpreter_name=talk.interpreter_name,
        interpreter_organisation=talk.interpreter_organisation,
        interpreter_qualification=talk.interpreter_qualification,
        minutes_alone=talk.minutes_alone,
        alternatives=tuple(
            AlternativeOnRecord(key=key, name=names.get(key, key), seconds_open=opened[key])
            for key in _as_on_sheet(opened, names)
        ),
        questions=tuple((row.question, row.answer) for row in numbered),
        teach_backs=tuple(
            TeachBackOnRecord(
                key=key,
                question=asked.get(key, key),
                answer=said[key].answer,
                is_understood=said[key].is_understood,
            )
            for key in _as_on_sheet(said, asked)
        ),
        what_matters=talk.what_matters,
    )


def _as_on_sheet(found: Mapping[str, object], on_sheet: Mapping[str, object]) -> list[str]:
    """Keys in the order of the sheet; what the sheet does not have comes last."""
    return [key for key in on_sheet if key in found] + sorted(key for key in found if key not in on_sheet)


def signature_on_record(row: Signature) -> SignatureOnRecord:
    """One signature with everything that is kept of it."""
    return SignatureOnRecord(
        meaning=spoken(STATEMENTS, row.meaning),
        name=row.typed_name or row.signed_by.display_name,
        method=spoken(METHOD_DONE_WORDS, row.method),
        signed_at=row.signed_at,
        image_png=bytes(row.image) if row.image else None,
        witness_name=", ".join(filter(None, (row.witness_name, row.witness_relation))),
        meaning_code=row.meaning,
        method_code=row.method,
        via_code=row.signed_via,
        role_code=row.signed_by.role,
        account_name=row.signed_by.display_name,
        sheet_digest=row.sheet_digest,
        strokes=_strokes(row.strokes),
    )


def _strokes(drawing: Any) -> StrokesOnRecord | None:
    """A drawing as it is stored; None where nothing was drawn, where it was erased, or where it is none."""
    if not isinstance(drawing, dict):
        return None
    try:
        points = tuple(tuple((one["x"], one["y"], one["t"]) for one in stroke) for stroke in drawing["strokes"])
        width, height = drawing["width"], drawing["height"]
    except (KeyError, TypeError):
        return None
    numbers = [width, height, *(number for stroke in points for point in stroke for number in point)]
    return StrokesOnRecord(width=width, height=height, strokes=points) if {*map(type, numbers)} <= {int} else None
