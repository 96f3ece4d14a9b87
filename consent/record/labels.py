"""The printed words of the layout, in English, by key.

The Django side translates each with gettext and hands the result over as `ConsentRecord.labels`; this room
never translates. Words in {braces} are filled in here and stay as they are in a translation.

>>> joined(LABELS["page"], page="2", pages="5")
'Page 2 of 5'
"""

from collections.abc import Mapping

from consent.record.bidi import isolated
from consent.record.exceptions import MissingLabelError


def gettext_noop(text: str) -> str:
    """Mark a text for translation without translating it."""
    return text


LABELS: dict[str, str] = {
    "title": gettext_noop("Your consent record"),
    "about_heading": gettext_noop("What this paper is"),
    "about": gettext_noop(
        "This paper shows what you were told, what you answered, and when. It is your own copy. "
        "You decide who may see it."
    ),
    "about_change": gettext_noop(
        "You may say no, or take back a yes, at any time before the procedure and while it is being done. "
        "You do not need a reason or a signature. Telling any member of staff is enough."
    ),
    "patient_heading": gettext_noop("Who this is about"),
    "patient_name": gettext_noop("Name"),
    "patient_latin_name": gettext_noop("Name in Latin letters"),
    "birth_date": gettext_noop("Date of birth"),
    "procedure_heading": gettext_noop("The procedure"),
    "procedure_name": gettext_noop("Procedure"),
    "side": gettext_noop("Side or place on the body"),
    "procedure_code": gettext_noop("Code of the procedure"),
    "state_heading": gettext_noop("Your decision"),
    "state_as_of": gettext_noop("This is how it stood on {time}."),
    "ended_words": gettext_noop("What you said then"),
    "sheet_heading": gettext_noop("What you were told"),
    "sheet_intro": gettext_noop("Beside the grey line is the information exactly as it was shown to you."),
    "sheet_title": gettext_noop("Title"),
    "sheet_version": gettext_noop("Version"),
    "sheet_digest": gettext_noop("Check code of this text"),
    "rules_heading": gettext_noop("The rules of the clinic"),
    "rules_about": gettext_noop(
        "Before anything may be done, the clinic's rules have to be met. Anyone can read them on the clinic's page "
        "“The rules we follow”. These codes show which rules were used. If a rule changes, its code changes too."
    ),
    "people_heading": gettext_noop("Who was in the room"),
    "conversation_heading": gettext_noop("The conversation"),
    "questions_heading": gettext_noop("Your questions and the answers"),
    "asked": gettext_noop("Question"),
    "answered": gettext_noop("Answer"),
    "without_word_heading": gettext_noop("What was done without your word"),
    "signatures_heading": gettext_noop("Signatures"),
    "signature": gettext_noop("Signature"),
    "signed_name": gettext_noop("Signed by"),
    "signed_method": gettext_noop("How"),
    "signed_at": gettext_noop("When"),
    "witness": gettext_noop("Witness"),
    "events_heading": gettext_noop("What happened, step by step"),
    "event_when": gettext_noop("When"),
    "event_what": gettext_noop("What happened"),
    "event_entry": gettext_noop("Entry"),
    "no_entry": gettext_noop("none"),
    "ledger_heading": gettext_noop("How this record can be checked"),
    "ledger_about": gettext_noop(
        "The clinic keeps a list of entries to which it can only add. The numbers and codes below fix the "
        "place of this record in that list. If someone later changed an entry, the codes would no longer "
        "agree. You do not need to understand the codes: keep this paper, and someone you trust can have "
        "them checked."
    ),
    "ledger_origin": gettext_noop("Name of the list"),
    "ledger_index": gettext_noop("Entry number"),
    "ledger_leaf": gettext_noop("Code of this entry"),
    "ledger_size": gettext_noop("Entries in the list so far"),
    "ledger_root": gettext_noop("Code of the whole list"),
    "paper_heading": gettext_noop("About this copy"),
    "consent_id": gettext_noop("Number of this consent"),
    "issued_at": gettext_noop("Issued at"),
    "issued_by": gettext_noop("Issued by"),
    "time_zone": gettext_noop("Time zone of all times"),
    "record_digest": gettext_noop("Check code of this record"),
    "record_check": gettext_noop(
        "The square code on each page leads to the clinic’s page for checking papers. There, this check code shows "
        "whether the paper agrees with the record that was kept."
    ),
    "nothing_recorded": gettext_noop("Nothing was recorded here."),
    "page": gettext_noop("Page {page} of {pages}"),
    "page_sheet": gettext_noop("Information sheet: version {version}, {language}"),
    "page_code": gettext_noop("Check code of this record: {digest}"),
    "draft": gettext_noop("Draft"),
    "seal_about": gettext_noop(
        "This file carries the clinic's seal. A seal is not a signature: it shows that the clinic issued this file and "
        "that nothing changed since. Printed on paper, the seal cannot be checked; the check code above can."
    ),
    "no_seal_about": gettext_noop(
        "This copy is not sealed. It is yours all the same, and the check code of the record can be checked as on any "
        "other."
    ),
    "date": gettext_noop("{day} {month} {year}"),
    "time": gettext_noop("{date}, {clock} ({offset})"),
    "month_1": gettext_noop("January"),
    "month_2": gettext_noop("February"),
    "month_3": gettext_noop("March"),
    "month_4": gettext_noop("April"),
    "month_5": gettext_noop("May"),
    "month_6": gettext_noop("June"),
    "month_7": gettext_noop("July"),
    "month_8": gettext_noop("August"),
    "month_9": gettext_noop("September"),
    "month_10": gettext_noop("October"),
    "month_11": gettext_noop("November"),
    "month_12": gettext_noop("December"),
}


def filled(label: str, **values: str) -> str:
    """Put values into the {braces} of a label; the values themselves are never read as a pattern.

    Each value is isolated, so that a Latin name or a number does not disturb an Arabic sentence, nor the other way.
    """
    return joined(label, **{name: isolated(value) for name, value in values.items()})


def joined(label: str, **values: str) -> str:
    """Put parts that belong to one writing into the {braces} of a pattern, as in a date."""
    pieces = label.split("{")
    text = pieces[0]
    for piece in pieces[1:]:
        name, brace, rest = piece.partition("}")
        text += values[name] + rest if brace and name in values else "{" + piece
    return text


def check_labels(labels: Mapping[str, str]) -> None:
    """Refuse a record whose layout words are incomplete.

    **Raises** MissingLabelError naming the first key that is absent or empty.
    """
    for key in LABELS:
        if not labels.get(key, "").strip():
            raise MissingLabelError(f"labels: the printed word “{key}” is missing.", field=f"labels.{key}")
