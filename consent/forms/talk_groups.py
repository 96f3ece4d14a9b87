"""The order of the talk on the page: which fields of the conversation stand together, and under what heading."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.forms import BoundField, Form
from django.utils.functional import Promise
from django.utils.translation import gettext as _

PEOPLE_ROWS = 4
QUESTION_ROWS = 5
PERSON_PARTS = ("role", "name", "left", "asked")


@dataclass(frozen=True, slots=True)
class Row:
    """A few fields that belong together. With a title they fold away until they are needed."""

    fields: Sequence[BoundField]
    title: str | Promise = ""
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """One fieldset of the page."""

    legend: str
    rows: Sequence[Row]
    hint: str = ""


def groups_of(form: Form) -> Iterator[Group]:
    """The fieldsets of a conversation form, in the order of the talk; those without fields are left out."""
    groups = (
        Group(_("Languages"), [_row(form, "spoken_language"), *_interpreter(form)]),
        Group(
            _("Who else was in the room"),
            [_foldable(form, number, _("Person %(number)s"), _person(number)) for number in _up_to(PEOPLE_ROWS)],
            _("Leave this empty when you were two, or only the interpreter was with you."),
        ),
        Group(_("Time alone"), [_row(form, "minutes_alone")]),
        Group(_("Other choices"), [_row(form, "alternatives")]),
        Group(
            _("Questions and answers"),
            [
                _foldable(form, number, _("Question %(number)s"), [f"question_{number}", f"answer_{number}"])
                for number in _up_to(QUESTION_ROWS)
            ],
        ),
        Group(
            _("In the patient's own words"),
            _teach_backs(form),
            _("Ask these, listen, and write down what the patient said. It tests how you explained, not the patient."),
        ),
        Group(_("Whose idea it was"), [_row(form, "request_source")]),
        Group(_("Being able to decide"), [_row(form, "capacity", "capacity_note"), _row(form, "signing_states")]),
        Group(_("What matters"), [_row(form, "what_matters")]),
    )
    for group in groups:
        rows = [row for row in group.rows if row.fields]
        if rows:
            yield Group(group.legend, rows, group.hint)


def _up_to(most: int) -> range:
    return range(1, most + 1)


def _row(form: Form, *names: str) -> Row:
    return Row([form[name] for name in names if name in form.fields])


def _interpreter(form: Form) -> list[Row]:
    names = [f"interpreter_{part}" for part in ("qualification", "name", "organisation", "is_companion")]
    return [_row(form, *names)]


def _person(number: int) -> list[str]:
    return [f"person_{number}_{part}" for part in PERSON_PARTS]


def _teach_backs(form: Form) -> list[Row]:
    return [
        _row(form, name, name.replace("_answer", "_understood"))
        for name in form.fields
        if name.startswith("teach_back_") and name.endswith("_answer")
    ]


def _foldable(form: Form, number: int, title: str, names: Sequence[str]) -> Row:
    """A numbered row; the first stands open, the others when something is in them."""
    fields = [form[name] for name in names]
    is_used = any(field.value() not in {None, ""} or field.errors for field in fields)
    return Row(fields, title % {"number": number}, is_open=number == 1 or is_used)
