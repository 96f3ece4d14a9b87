"""Every field of the house into which somebody can type words, found among the forms themselves.

A new field joins by itself, and so does a new form; only a form that asks for something unknown when it is made has to
be told below what to give it.
"""

import datetime
import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django import forms

import clinic.forms
import consent.forms
from clinic.forms import HouseForm
from consent.forms.talk_fields import SINGLE
from consent.queries.offers import OfferQuestions
from consent.queries.talk_pages import AskedOnSheet
from consent.rules.talk_steps import INTERPRETER, Page, TalkStep

KEY = "00000000-0000-0000-0000-000000000001"
PEOPLE = tuple(f"person_1_{part}" for part in ("role", "name", "left", "asked"))
TALK = (
    *SINGLE,
    *PEOPLE,
    "question_1",
    "answer_1",
    *(f"teach_back_1_{part}" for part in ("answer", "by", "understood")),
)
STEP = TalkStep(Page.RECORD, tuple(dict.fromkeys((*INTERPRETER, *TALK))))
# What a form asks for when it is made, by the name under which it asks; lists of choices may be empty.
GIVEN: Mapping[str, Any] = {
    "step": STEP,
    "steps": (STEP,),
    "marks": {},
    "sheet": AskedOnSheet(teach_backs=(("removal", "When can it be taken out?", "Any day."),)),
    "questions": OfferQuestions(
        languages=[("en", "English")],
        readable=frozenset({"en"}),
        asks_reading_aid=True,
        asks_excluded=True,
        asks_purpose=True,
    ),
    "now": datetime.datetime(2026, 3, 4, 10, tzinfo=datetime.UTC),
    "time_zone": "Europe/London",
}
OF_KIND: Mapping[str, Any] = {
    **dict.fromkeys(("Iterable", "Sequence", "Collection", "list", "tuple"), ()),
    "bool": True,
    "str": "en",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """One field into which words are typed."""

    form: type[HouseForm]
    name: str
    has_several_lines: bool
    takes_any_sign: bool  # nothing in it is ever refused for the look of its signs

    def __str__(self) -> str:
        return f"{self.form.__name__}.{self.name}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a form made of a string: a sentence, or the value that goes on to the action."""

    refusal: str
    value: str = ""


@cache
def all_forms() -> tuple[type[HouseForm], ...]:
    """Every form of both floors that somebody can fill in."""
    for package in (clinic.forms, consent.forms):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    found = sorted(_below(HouseForm), key=lambda form: (form.__module__, form.__name__))
    return tuple(form for form in found if not form.__subclasses__() or _own_fields(form))


def _own_fields(form: type[HouseForm]) -> set[str]:
    """Fields of a form that those it is made from do not have: without any, it is only a part that others share."""
    shared = {name for parent in form.__bases__ for name in getattr(parent, "base_fields", ())}
    return set(form.base_fields) - shared


def _below(form: type[HouseForm]) -> set[type[HouseForm]]:
    return {one for below in form.__subclasses__() for one in (below, *_below(below))}


def made(form: type[HouseForm], data: Mapping[str, str]) -> HouseForm:
    """A form as it comes in. **Raises** KeyError where it asks for something that nobody told above."""
    asked = {
        parameter.name: parameter.annotation
        for kind in form.__mro__
        if issubclass(kind, HouseForm) and "__init__" in vars(kind)
        for parameter in inspect.signature(kind.__init__).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY and parameter.default is parameter.empty
    }
    return form(data, **{name: _given(name, kind) for name, kind in asked.items()})


def _given(name: str, kind: Any) -> Any:
    return GIVEN[name] if name in GIVEN else OF_KIND[getattr(kind, "__name__", None) or str(kind)]


def is_typed(field: forms.Field) -> bool:
    """Whether words go into it that its reader sees: no code from a list, no number, no secret, nothing hidden."""
    widget = field.widget
    return (
        isinstance(field, forms.CharField)
        and not widget.is_hidden
        and not isinstance(widget, forms.PasswordInput)
        and isinstance(widget, forms.TextInput | forms.Textarea)
    )


def typed_fields() -> Iterator[Typed]:
    """Every field for words, form by form."""
    for form in all_forms():
        for name, field in made(form, {}).fields.items():
            if is_typed(field):
                yield Typed(form, name, isinstance(field.widget, forms.Textarea), form.takes_any_sign)


def outcomes(form: type[HouseForm], names: tuple[str, ...], text: str) -> dict[str, Outcome]:
    """What a form makes of one string in all of its fields for words at once."""
    filled = made(form, dict.fromkeys(names, text) | {"form_key": KEY})
    errors = filled.errors
    return {
        name: Outcome(refusal=" ".join(map(str, errors[name])))
        if name in errors
        else Outcome(refusal="", value=str(filled.cleaned_data[name]))
        for name in names
    }
