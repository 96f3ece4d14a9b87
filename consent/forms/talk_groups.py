"""What stands over each page of the talk, and over each part of it that is folded away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.forms import BoundField, Form
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.rules.talk_steps import Fold, Page, TalkStep

Words = str | Promise

PAGE_TITLES: Mapping[Page, Words] = {
    Page.LANGUAGES: gettext_lazy("Languages"),
    Page.ROOM: gettext_lazy("Who else was in the room"),
    Page.ALONE: gettext_lazy("Time alone"),
    Page.NO_LOSS: gettext_lazy("The first sentence"),
    Page.EXPLAINING: gettext_lazy("Explaining"),
    Page.CHOICES: gettext_lazy("Other choices"),
    Page.QUESTIONS: gettext_lazy("Questions and answers"),
    Page.OWN_WORDS: gettext_lazy("In the patient's own words"),
    Page.DECIDING: gettext_lazy("Being able to decide"),
    Page.WISH: gettext_lazy("Whose idea it was"),
    Page.MATTERS: gettext_lazy("What matters"),
    Page.RECORD: gettext_lazy("Record the conversation"),
}

PAGE_HINTS: Mapping[Page, Words] = {
    Page.ROOM: gettext_lazy("Leave this empty when you were two, or only the interpreter was with you."),
    Page.ALONE: gettext_lazy(
        "Ask everyone but the interpreter to wait outside. Then start the clock, and go on with the talk."
    ),
    Page.NO_LOSS: gettext_lazy(
        "Say it before anything else: “You can say no, or stop at any time. Nothing else in your care changes, and you "
        "lose nothing.”"
    ),
    Page.CHOICES: gettext_lazy("Open each one and talk about its good and bad sides, also about doing nothing."),
    Page.QUESTIONS: gettext_lazy(
        "What the patient asked, and what you answered. Leave this empty where nothing was asked."
    ),
    Page.OWN_WORDS: gettext_lazy(
        "Ask this, listen, and write down what the patient said. It tests how you explained, not the patient."
    ),
}

FOLD_TITLES: Mapping[str, Words] = {
    "interpreter": gettext_lazy("Somebody interpreted"),
    "person": gettext_lazy("Person %(number)s"),
    "question": gettext_lazy("Question %(number)s"),
    "deciding": gettext_lazy("A doubt about being able to decide"),
    "own-words": gettext_lazy("In the patient's own words, if you asked"),
    "more": gettext_lazy("More, if there is more to say"),
}


@dataclass(frozen=True, slots=True)
class FoldedFields:
    """Fields that fold away under a title until they are needed."""

    title: str
    fields: Sequence[BoundField]
    is_open: bool


def open_fields(form: Form, step: TalkStep) -> list[BoundField]:
    """The fields of a page that always stand open."""
    return [form[name] for name in step.fields]


def folded_fields(form: Form, step: TalkStep) -> Iterator[FoldedFields]:
    """The parts of a page that fold away. What is filled in or wrong stands open."""
    for fold in step.folds:
        fields = [form[name] for name in fold.fields]
        is_used = any(field.value() not in {None, ""} or field.errors for field in fields)
        yield FoldedFields(_title(fold), fields, is_open=is_used or _is_first(fold, step))


def _title(fold: Fold) -> str:
    return str(FOLD_TITLES[fold.name]) % {"number": fold.number}


def _is_first(fold: Fold, step: TalkStep) -> bool:
    return fold.number == 1 and step.page in {Page.ROOM, Page.QUESTIONS}


def title_of(step: TalkStep, steps: Sequence[TalkStep]) -> str:
    """What the page is called; one of several questions says which."""
    if not step.number:
        return str(PAGE_TITLES[step.page])
    most = sum(one.page is step.page for one in steps)
    return _("%(title)s: %(number)s of %(most)s") % {
        "title": PAGE_TITLES[step.page],
        "number": step.number,
        "most": most,
    }
