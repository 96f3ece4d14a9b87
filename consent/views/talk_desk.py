"""Everything that lies on the desk of a clinician who writes down a talk: what the pages of `talk` show."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from consent.actions import talk_draft
from consent.forms import ConversationForm, TalkPageForm
from consent.forms.talk import as_sent
from consent.forms.talk_groups import PAGE_HINTS, folded_fields, open_fields, title_of
from consent.queries.sheet_pages import shown_sheet
from consent.queries.staff_words import flagged_words, words_to_weigh
from consent.queries.talk_pages import AskedOnSheet, asked_on_sheet
from consent.queries.talk_plan import Draft, draft_of, first_answers, outlook_of, plan_of
from consent.rules import talk_clock
from consent.rules.talk_steps import Page, TalkStep, Tool


@dataclass(frozen=True, slots=True)
class OnePage:
    """A page of the talk in the overview."""

    title: str
    address: str
    is_begun: bool


@dataclass(frozen=True, slots=True)
class OtherChoice:
    """Another choice on the sheet, and how long it was open."""

    key: str
    name: str
    good: str
    bad: str
    is_open: bool
    seconds: int | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be recorded as it stands, and where it can be put right."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class TalkDesk:
    """One clinician, one consent, what was entered so far, and the pages there are."""

    consent: Any
    account: Any
    draft: Draft
    steps: Sequence[TalkStep]
    sheet: AskedOnSheet

    @classmethod
    def of(cls, consent: Any, account: Any) -> "TalkDesk":
        """The desk as it is now."""
        draft = draft_of(consent, account)
        return cls(consent, account, draft, plan_of(consent, draft.answers), asked_on_sheet(consent))

    @property
    def last(self) -> TalkStep:
        """The page that records."""
        return self.steps[-1]

    @property
    def is_short(self) -> bool:
        """Whether the whole talk stands on one page."""
        return len(self.steps) == 1

    @property
    def is_begun(self) -> bool:
        """Whether anything was entered."""
        return bool(self.draft.answers or self.draft.marks)

    @property
    def answers(self) -> dict[str, str | list[str]]:
        """What the pages begin with: what was entered; a short page also with what is usual."""
        usual = first_answers(self.consent) if self.is_short and not self.draft.answers else {}
        return {**usual, **self.draft.answers}

    def before(self, here: TalkStep) -> TalkStep:
        """The page before this one; the first stays."""
        return self.steps[max(self._place(here) - 1, 0)]

    def after(self, here: TalkStep) -> TalkStep:
        """The page after this one."""
        return self.steps[min(self._place(here) + 1, len(self.steps) - 1)]

    def _place(self, here: TalkStep) -> int:
        return next(place for place, one in enumerate(self.steps) if one.key == here.key)

    def whole_form(
        self, form_key: str | None = None, *, typed: Mapping[str, Any] | None = None, initial: Mapping[str, Any] = {}
    ) -> ConversationForm:
        """The whole talk as a form: to look at (with `initial`), or to record (with the key of the page)."""
        sent = None if form_key is None else as_sent({**self.draft.answers, **(typed or {}), "form_key": form_key})
        return ConversationForm(sent, steps=self.steps, sheet=self.sheet, marks=self.draft.marks, initial=dict(initial))

    def context(
        self, here: TalkStep, form: TalkPageForm | ConversationForm, *, at: datetime.datetime
    ) -> dict[str, Any]:
        """What the template of a page needs."""
        marks = self.draft.marks
        readable = ConversationForm(
            as_sent(self.answers), steps=self.steps, sheet=self.sheet, marks=talk_clock.closed(marks, at)
        )
        readable.is_valid()
        texts = {name: text for name, text in self.draft.answers.items() if isinstance(text, str)}
        return {
            "consent": self.consent,
            "zone": self.consent.site.time_zone,
            "form": form,
            "step": here,
            "title": title_of(here, self.steps),
            "hint": PAGE_HINTS.get(here.page, ""),
            "number": self._place(here) + 1,
            "most": len(self.steps),
            "open_fields": open_fields(form, here),
            "folds": list(folded_fields(form, here)),
            "pages": self._pages(),
            "problems": self._problems(form) if here.page is Page.RECORD else (),
            "outlook": outlook_of(self.consent, readable.talk(), by=self.account, at=at),
            "warning": words_to_weigh(flagged_words(self.consent, texts)),
            "times_asked": talk_clock.times(marks, talk_clock.said(here.number)) if here.number else 0,
            **self._clock(here),
        }

    def _clock(self, here: TalkStep) -> dict[str, Any]:
        """What the server's clock has noted, for the tools of a page."""
        marks = self.draft.marks
        opened_at = talk_clock.instant(marks, talk_clock.SHEET)
        return {
            "has_sheet": Tool.SHEET in here.tools,
            "has_choices": Tool.CHOICES in here.tools,
            "has_alone": Tool.ALONE in here.tools,
            "marks": talk_draft,
            "sheet_opened_at": opened_at,
            "sheet": shown_sheet(self.consent.sheet_version) if opened_at and Tool.SHEET in here.tools else None,
            "is_alone": talk_clock.is_running(marks, talk_clock.ALONE),
            "minutes_timed": talk_clock.minutes(marks, talk_clock.ALONE),
            "choices": self._choices() if Tool.CHOICES in here.tools else (),
        }

    def _choices(self) -> tuple[OtherChoice, ...]:
        marks, open_now = self.draft.marks, talk_clock.running_choice(self.draft.marks)
        return tuple(
            OtherChoice(
                key=row["key"],
                name=row["name"],
                good=row["good"].strip(),
                bad=row["bad"].strip(),
                is_open=row["key"] == open_now,
                seconds=talk_clock.seconds(marks, talk_clock.choice(row["key"])),
            )
            for row in self.consent.sheet_version.content.get("alternative", ())
        )

    def _pages(self) -> tuple[OnePage, ...]:
        return tuple(
            OnePage(
                title=title_of(one, self.steps),
                address=self.address(one),
                is_begun=any(name in self.draft.answers for name in one.all_fields) or self._is_marked(one),
            )
            for one in self.steps[:-1]
        )

    def _is_marked(self, step: TalkStep) -> bool:
        names = {Tool.SHEET: talk_clock.SHEET, Tool.ALONE: talk_clock.ALONE, Tool.CHOICES: talk_clock.CHOICE}
        return any(mark.startswith(names[tool]) for tool in step.tools for mark in self.draft.marks)

    def address(self, step: TalkStep) -> str:
        """Where a page of the talk is."""
        if step.page is Page.RECORD:
            return reverse("consent-conversation", kwargs={"consent_id": self.consent.pk})
        return reverse("consent-talk", kwargs={"consent_id": self.consent.pk, "step": step.key})

    def _problems(self, form: TalkPageForm | ConversationForm) -> tuple[Problem, ...]:
        """Everything that keeps the talk from being recorded, each with its page."""
        found = []
        for name, messages in form.errors.items():
            holder = next((one for one in self.steps if name in one.all_fields), self.last)
            is_named = name in form.fields and not form[name].is_hidden
            label = f"{form[name].label}: " if is_named else ""
            place = f"#{form[name].auto_id}" if holder is self.last and is_named else self.address(holder)
            found += [Problem(f"{label}{message}", place) for message in messages]
        return tuple(found)
