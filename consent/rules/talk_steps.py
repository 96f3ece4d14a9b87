"""Which pages a talk needs under the rules of one site, one thing on each, and which answers each page takes.

A page is there because a cell of the rule table asks for what it collects. Care for which no live explanation is asked
(a test, a vaccination, an image) is one short page; a sterilisation takes the pages it must. What may be left out is
folded away on the page where it belongs.

>>> step = TalkStep(Page.OWN_WORDS, ("teach_back_2_answer",), number=2)
>>> step.key, step.all_fields
('own-words-2', ('teach_back_2_answer',))
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from consent.rules.policy import Policy

PEOPLE = 4
QUESTIONS = 5


class Page(StrEnum):
    """The kinds of page, by what they are about."""

    LANGUAGES = "languages"
    ROOM = "room"
    ALONE = "alone"
    NO_LOSS = "first-sentence"
    EXPLAINING = "explaining"
    CHOICES = "other-choices"
    QUESTIONS = "questions"
    OWN_WORDS = "own-words"
    DECIDING = "deciding"
    WISH = "wish"
    MATTERS = "matters"
    RECORD = "record"


class Tool(StrEnum):
    """What a page has besides questions. Each is noted by the server's clock."""

    SHEET = "sheet"
    ALONE = "alone"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Fold:
    """Answers that stay folded away until somebody needs them. `number` counts people and questions."""

    name: str
    fields: tuple[str, ...]
    number: int = 0


@dataclass(frozen=True, slots=True)
class TalkStep:
    """One page of the talk. `number` tells one question to the patient from another."""

    page: Page
    fields: tuple[str, ...] = ()
    folds: tuple[Fold, ...] = ()
    number: int = 0
    tools: tuple[Tool, ...] = ()

    @property
    def key(self) -> str:
        """The page's own part of its address."""
        return f"{self.page.value}-{self.number}" if self.number else self.page.value

    @property
    def all_fields(self) -> tuple[str, ...]:
        """Every answer the page takes, folded or not."""
        return (*self.fields, *(name for fold in self.folds for name in fold.fields))


INTERPRETER = (
    "interpreter_qualification",
    "interpreter_name",
    "interpreter_organisation",
    "interpreter_is_companion",
)


def talk_steps(
    policy: Policy,
    *,
    teach_backs: int,
    alternatives: int,
    is_interpreted: bool = False,
    has_access_needs: bool = False,
) -> tuple[TalkStep, ...]:
    """The pages of a talk about one kind of care, in the order of the talk; the last one records it.

    **Takes** the policy for the kind of care; how many questions and how many other choices the sheet has; whether
    patient, talk and sheet have no language in common; whether the patient cannot read the sheet as printed.
    **Source** rules CR-007, CR-014, CR-031, CR-034 to CR-036, CR-039 to CR-041, CR-050 to CR-058.
    """
    languages = _languages(is_interpreted=is_interpreted, has_access_needs=has_access_needs)
    has_choices = alternatives > 0 and policy.has("alternatives_opened_min")
    if not policy.has("oral_explanation"):
        return (_short_page(policy, languages, teach_backs, has_choices=has_choices),)
    choices = (TalkStep(Page.CHOICES, tools=(Tool.CHOICES,)),) if has_choices else ()
    return (*_long_talk(policy, languages, choices, teach_backs), TalkStep(Page.RECORD))


def _asked(policy: Policy, *pairs: tuple[str, str]) -> tuple[str, ...]:
    """The answers whose rule holds for this kind of care."""
    return tuple(answer for parameter, answer in pairs if policy.has(parameter))


def _languages(*, is_interpreted: bool, has_access_needs: bool) -> TalkStep:
    aids = ("reading_aids",) if has_access_needs or is_interpreted else ()
    if is_interpreted:
        return TalkStep(Page.LANGUAGES, ("spoken_language", *INTERPRETER, *aids))
    return TalkStep(Page.LANGUAGES, ("spoken_language", *aids), (Fold("interpreter", INTERPRETER),))


def _people() -> tuple[Fold, ...]:
    parts = ("role", "name", "left", "asked")
    return tuple(
        Fold("person", tuple(f"person_{number}_{part}" for part in parts), number) for number in range(1, PEOPLE + 1)
    )


def _questions() -> tuple[Fold, ...]:
    return tuple(Fold("question", (f"question_{n}", f"answer_{n}"), n) for n in range(1, QUESTIONS + 1))


def _own_words(number: int) -> tuple[str, ...]:
    return tuple(f"teach_back_{number}_{part}" for part in ("answer", "by", "understood"))


def _long_talk(
    policy: Policy, languages: TalkStep, choices: tuple[TalkStep, ...], teach_backs: int
) -> Iterator[TalkStep]:
    yield languages
    yield TalkStep(Page.ROOM, _asked(policy, ("patient_left_alone", "companion_would_not_leave")), _people())
    if policy.has("alone_minutes"):
        yield TalkStep(Page.ALONE, ("minutes_alone",), tools=(Tool.ALONE,))
    if policy.has("no_loss_spoken"):
        yield TalkStep(Page.NO_LOSS, ("no_loss_spoken",))
    yield TalkStep(
        Page.EXPLAINING,
        (
            "was_live",
            *_asked(policy, ("anaesthetic_told", "anaesthetic_told"), ("vaccine_items", "health_questions_asked")),
        ),
        tools=(Tool.SHEET,),
    )
    yield from choices
    yield TalkStep(Page.QUESTIONS, folds=_questions())
    for number in range(1, teach_backs + 1):
        yield TalkStep(Page.OWN_WORDS, _own_words(number), number=number)
    moment = ("forbidden_signing_states", "signing_states"), ("witness_offered", "witness_offered")
    yield TalkStep(Page.DECIDING, ("capacity", "capacity_note", *_asked(policy, *moment)))
    yield TalkStep(
        Page.WISH,
        (
            "request_source",
            *_asked(policy, ("request_sources_to_repeat_alone", "request_repeated_alone")),
            *_asked(policy, ("obtainer_not_referrer", "referral")),
        ),
    )
    yield TalkStep(Page.MATTERS, ("what_matters",))


def _short_page(policy: Policy, languages: TalkStep, teach_backs: int, *, has_choices: bool) -> TalkStep:
    """Everything on one page, with what is seldom needed folded away."""
    needed = (
        ("alone_minutes", "minutes_alone"),
        ("no_loss_spoken", "no_loss_spoken"),
        ("vaccine_items", "health_questions_asked"),
        ("anaesthetic_told", "anaesthetic_told"),
        ("forbidden_signing_states", "signing_states"),
        ("witness_offered", "witness_offered"),
    )
    fields = (*languages.fields, *_asked(policy, *needed), "capacity", "request_source")
    own_words = tuple(name for number in range(1, teach_backs + 1) for name in _own_words(number))
    more = (
        Fold("deciding", ("capacity_note",)),
        *((Fold("own-words", own_words),) if own_words else ()),
        Fold(
            "more",
            tuple(
                name
                for name in (
                    "minutes_alone",
                    "companion_would_not_leave",
                    "request_repeated_alone",
                    "referral",
                    "what_matters",
                )
                if name not in fields
            ),
        ),
    )
    tools = (
        Tool.SHEET,
        *((Tool.CHOICES,) if has_choices else ()),
        *((Tool.ALONE,) if policy.has("alone_minutes") else ()),
    )
    return TalkStep(Page.RECORD, fields, (*languages.folds, *_people(), *_questions(), *more), tools=tools)
