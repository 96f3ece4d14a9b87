"""The printed words of the paper form, in English, by key; translated on the Django side like those of the record."""

from collections.abc import Mapping

from consent.record.exceptions import MissingLabelError
from consent.record.labels import LABELS, gettext_noop
from consent.record.slip_labels import SHARED

FROM_THE_RECORD = (
    *SHARED, "about_heading", "patient_heading", "patient_name", "patient_latin_name", "birth_date",
    "procedure_heading", "procedure_name", "sheet_title", "sheet_version", "page", "page_sheet", "signature",
)  # fmt: skip

PAPER_FORM_LABELS: dict[str, str] = {
    **{key: LABELS[key] for key in FROM_THE_RECORD},
    "title": gettext_noop("Your answer on paper"),
    "about": gettext_noop(
        "You can write your answer on this paper. It holds the same information as the screen. Read it first, or have "
        "it read to you, and ask whatever you want to know. You may ask for a copy of the paper."
    ),
    "rights_heading": gettext_noop("What nobody may do"),
    "rights": gettext_noop(
        "- Nobody may answer for you, tick a box for you before you have chosen, or hurry you.\n"
        "- Nobody may promise you anything for a yes, or take anything from you for a no.\n"
        "- A no changes nothing else in your care. It needs no reason, no signature and no paper: telling any member "
        "of staff is enough. The same holds when you take back a yes.\n"
        "- A yes on this paper counts only after two people have compared it with your record. You are asked again "
        "before anything is done."
    ),
    "site": gettext_noop("Clinic"),
    "operator": gettext_noop("Who is to do it"),
    "sheet_heading": gettext_noop("The information"),
    "sheet_intro": gettext_noop("Beside the grey line is the information word for word as the screen shows it."),
    "sheet_note": gettext_noop(
        "The information is in {shown}. The other words of this paper are in {printed}. If you do not read {shown} "
        "well, ask for an interpreter before you answer."
    ),
    "answer_heading": gettext_noop("Your answer"),
    "answer_about": gettext_noop("All four answers are equally right. Tick one box."),
    "yes": gettext_noop("Yes, I want this to be done."),
    "no": gettext_noop("No, I do not want this to be done."),
    "take_back": gettext_noop("I take back my yes."),
    "more_time": gettext_noop("I want more time before I answer."),
    "written_date": gettext_noop("Date of today"),
    "written_time": gettext_noop("Time of day"),
    "signature_about": gettext_noop("Sign only if you say yes. The other answers need no signature."),
    "mark_heading": gettext_noop("If you make a mark in place of a signature"),
    "mark_about": gettext_noop(
        "Somebody who has no part in the procedure sees you make the mark, and writes their name here as a witness."
    ),
    "mark": gettext_noop("Your mark"),
    "witness_name": gettext_noop("Name of the witness"),
    "witness_signature": gettext_noop("Signature of the witness"),
    "interpreter_heading": gettext_noop("If somebody interpreted for you"),
    "interpreter_name": gettext_noop("Name of the interpreter"),
    "interpreter_language": gettext_noop("Language"),
    "interpreter_signature": gettext_noop("Signature of the interpreter"),
    "written_code": gettext_noop("Code of this paper: {code}"),
    "page_text": gettext_noop("Check code of the information: {digest}"),
}


def check_paper_form_labels(labels: Mapping[str, str]) -> None:
    """Refuse a form whose words are incomplete.

    **Raises** MissingLabelError naming the first key that is absent or empty.
    """
    for key in PAPER_FORM_LABELS:
        if not labels.get(key, "").strip():
            raise MissingLabelError(f"labels: the printed word “{key}” is missing.", field=f"labels.{key}")
