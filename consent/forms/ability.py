"""Forms about being able to decide. They ask for what a person can do, never for what others think of her choice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import KeyedForm
from clinic.wording import word_choices
from consent.forms.parts import AREA, LONGEST_TEXT, YES_NO, YES_NO_VALUES, yes_no_question
from consent.rules.ability import CapacityLimbs, YoungPersonAnswers
from consent.vocabulary import Decision, GuardianRelation
from consent.wording_ability import ABILITY_WORDS, GUARDIAN_DECISION_WORDS, YOUNG_PERSON_WORDS
from consent.wording_talk import GUARDIAN_RELATION_WORDS

CONTRACEPTION_ONLY = ("likely_to_go_on_without", "health_would_suffer")


class CapacityForm(KeyedForm):
    """An assessment: first the help, then what the person can do, and only then whether there is an impairment."""

    support_tried = forms.CharField(
        label=_("Which help did you try?"),
        help_text=_(
            "For example simple words, pictures, an interpreter, another time of day, someone the patient trusts."
        ),
        max_length=LONGEST_TEXT,
        widget=AREA,
    )
    can_understand = yes_no_question(ABILITY_WORDS["can_understand"])
    can_retain = yes_no_question(ABILITY_WORDS["can_retain"])
    can_weigh = yes_no_question(ABILITY_WORDS["can_weigh"])
    can_communicate = yes_no_question(ABILITY_WORDS["can_communicate"])
    has_impairment = yes_no_question(ABILITY_WORDS["has_impairment"])
    impairment = forms.CharField(label=_("If so: what is it?"), max_length=LONGEST_TEXT, required=False, widget=AREA)
    is_because_of_impairment = forms.TypedChoiceField(
        label=_("If something is missing and there is an impairment: is it missing because of that?"),
        choices=YES_NO,
        coerce=YES_NO_VALUES.__getitem__,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def clean(self) -> dict[str, Any]:
        """Where the cause has to be known, it has to be answered."""
        values = super().clean() or {}
        if not self.errors and values["is_because_of_impairment"] is None and self.limbs().asks_for_the_cause:
            self.add_error("is_because_of_impairment", _("Answer this with yes or no."))
        return values

    def limbs(self) -> CapacityLimbs:
        """The two limbs as they were answered; a cause that nobody asked for is none."""
        values = self.cleaned_data
        return CapacityLimbs(
            has_impairment=values["has_impairment"],
            can_understand=values["can_understand"],
            can_retain=values["can_retain"],
            can_weigh=values["can_weigh"],
            can_communicate=values["can_communicate"],
            is_because_of_impairment=bool(values["is_because_of_impairment"]),
        )


class YoungPersonForm(KeyedForm):
    """A note about a young person; two of the questions are about contraception."""

    understands_advice = yes_no_question(YOUNG_PERSON_WORDS["understands_advice"])
    was_encouraged_to_tell_parents = yes_no_question(YOUNG_PERSON_WORDS["was_encouraged_to_tell_parents"])
    likely_to_go_on_without = yes_no_question(YOUNG_PERSON_WORDS["likely_to_go_on_without"])
    health_would_suffer = yes_no_question(YOUNG_PERSON_WORDS["health_would_suffer"])
    is_in_best_interests = yes_no_question(YOUNG_PERSON_WORDS["is_in_best_interests"])
    note = forms.CharField(
        label=_("What you talked about, and what the young person said"), max_length=LONGEST_TEXT, widget=AREA
    )

    def __init__(self, *args: Any, is_about_contraception: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_about_contraception:
            for name in CONTRACEPTION_ONLY:
                del self.fields[name]

    def answers(self) -> YoungPersonAnswers:
        """The questions as they were answered."""
        values = self.cleaned_data
        return YoungPersonAnswers(
            understands_advice=values["understands_advice"],
            was_encouraged_to_tell_parents=values["was_encouraged_to_tell_parents"],
            is_in_best_interests=values["is_in_best_interests"],
            likely_to_go_on_without=values.get("likely_to_go_on_without"),
            health_would_suffer=values.get("health_would_suffer"),
        )


class GuardianForm(KeyedForm):
    """What one guardian said."""

    name = forms.CharField(
        label=_("Name of the guardian"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    relation = forms.TypedChoiceField(
        label=_("Who is this?"),
        choices=word_choices(GUARDIAN_RELATION_WORDS),
        coerce=GuardianRelation,
        widget=forms.RadioSelect,
    )
    decision = forms.TypedChoiceField(
        label=_("What did the guardian say?"),
        choices=word_choices(GUARDIAN_DECISION_WORDS),
        coerce=Decision,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("Anything the guardian wanted to add"), max_length=LONGEST_TEXT, required=False, widget=AREA
    )
