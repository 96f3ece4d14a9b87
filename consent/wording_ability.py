"""Words for what was found about being able to decide: for staff, and in other words for the patient herself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consent.vocabulary import CapacityFinding, Decision

OWN_FINDING_WORDS = {
    CapacityFinding.HAS: _("You can decide this yourself."),
    CapacityFinding.LACKS: _("At that time you could not decide this yourself, even with all the help there was."),
}

NOTE_WORDS = {
    True: _("Understands enough to decide this without an adult"),
    False: _("Does not understand enough yet to decide this without an adult"),
}

OWN_NOTE_WORDS = {
    True: _("You understand enough to decide this yourself."),
    False: _("It was not clear yet that you can decide this without an adult you trust."),
}

# The questions of an assessment, by column.
ABILITY_WORDS = {
    "can_understand": _("Can understand what matters for this decision"),
    "can_retain": _("Can keep it in mind for long enough to decide"),
    "can_weigh": _("Can use it and weigh one thing against another"),
    "can_communicate": _("Can tell the choice, in words or in any other way"),
    "has_impairment": _("Something disturbs the working of mind or brain"),
    "is_because_of_impairment": _("What is missing is missing because of that"),
}

# The questions of a note about a young person, by column. The last two are for contraception only.
YOUNG_PERSON_WORDS = {
    "understands_advice": _("Understands what is advised and what it means"),
    "was_encouraged_to_tell_parents": _("Was encouraged to tell a parent, or to let the clinician tell one"),
    "is_in_best_interests": _("It is in this young person's best interests, also without a parent's word"),
    "likely_to_go_on_without": _("Is likely to have sex with or without contraception"),
    "health_would_suffer": _("Health of body or mind is likely to suffer without it"),
}

GUARDIAN_DECISION_WORDS = {
    Decision.PERMIT: pgettext_lazy("guardian", "Agrees"),
    Decision.DENY: pgettext_lazy("guardian", "Does not agree"),
}

YES_NO_WORDS = {True: _("Yes"), False: _("No")}
