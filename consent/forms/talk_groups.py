"""What stands over each page of the talk, and over each part of it that is folded away."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

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


# Folds of one name lie in one larger fold on a short page, under the title of the page they have in a long talk.
GATHERED: Mapping[str, Page] = {"person": Page.ROOM, "question": Page.QUESTIONS}


@dataclass(frozen=True, slots=True)
class FoldedFields:
    """Fields that fold away under a title until they are needed; or smaller folds that lie together in one."""

    title: str
    fields: Sequence[BoundField]
    is_open: bool
    folds: Sequence["FoldedFields"] = ()


def open_fields(form: Form, step: TalkStep) -> list[BoundField]:
    """The fields of a page that always stand open."""
    return [form[name] for name in step.fields]


def folded_fields(form: Form, step: TalkStep) -> Iterator[FoldedFields]:
    """The parts of a page that fold away. What is filled in or wrong stands open."""
    for name, folds in groupby(step.folds, key=lambda fold: fold.name):
        made = [_folded(form, fold, step) for fold in folds]
        if step.page is Page.RECORD and name in GATHERED:
            yield FoldedFields(
                str(PAGE_TITLES[GATHERED[name]]), (), is_open=any(one.is_open for one in made), folds=made
            )
        else:
            yield from made


def _folded(form: Form, fold: Fold, step: TalkStep) -> FoldedFields:
    fields = [form[name] for name in fold.fields]
    is_used = any(field.value() not in {None, ""} or field.errors for field in fields)
    return FoldedFields(_title(fold), fields, is_open=is_used or _is_first(fold, step))


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
