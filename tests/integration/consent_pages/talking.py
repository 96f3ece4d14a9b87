"""Goes through the pages of a talk as a browser does: one page after the other, as far as there are pages."""

from collections.abc import Mapping
from typing import Any

from django.test import Client

from clinic.models import Account
from consent.actions.talk_draft import ALONE_BEGINS, ALONE_ENDS, CHOICE_OPENED, SHEET_OPENED
from consent.models import Consent
from consent.queries.talk_plan import draft_of, plan_of
from consent.rules.talk_steps import Page, TalkStep, Tool
from tests.factories import let_pass
from tests.integration.consent_pages.people import address, hidden


def pages_of(consent: Consent, account: Account) -> tuple[TalkStep, ...]:
    """The pages that this talk has now."""
    return plan_of(consent, draft_of(consent, account).answers)


def place_of(consent: Consent, step: TalkStep) -> str:
    """The address of a page."""
    if step.page is Page.RECORD:
        return address("consent-conversation", consent_id=consent.pk)
    return address("consent-talk", consent_id=consent.pk, step=step.key)


def full_answers(consent: Consent, **changes: Any) -> dict[str, Any]:
    """Everything of a full talk, as a browser sends it."""
    content = consent.sheet_version.content
    typed: dict[str, Any] = {
        "spoken_language": "en",
        "person_1_role": "relative",
        "person_1_name": "Test Sister",
        "person_1_left": "yes",
        "person_1_asked": "yes",
        "companion_would_not_leave": "no",
        "no_loss_spoken": "yes",
        "was_live": "yes",
        "anaesthetic_told": "yes",
        "health_questions_asked": "yes",
        "question_1": "Will it hurt?",
        "answer_1": "For a few minutes.",
        "capacity": "presumed",
        "signing_states": ["none"],
        "witness_offered": "yes",
        "request_source": "patient",
        "request_repeated_alone": "yes",
        "referral": "nobody",
        "what_matters": "Children, later.",
    }
    for number, row in enumerate(content.get("teach_back", ()), start=1):
        typed[f"teach_back_{number}_answer"] = f"In her words: {row['key']}"
        typed[f"teach_back_{number}_by"] = "patient"
        typed[f"teach_back_{number}_understood"] = "yes"
    return typed | changes


def press(browser: Client, consent: Consent, step: TalkStep, typed: Mapping[str, Any], **button: str) -> Any:
    """Send one page with one of its buttons; of everything typed only what the page asks."""
    sent = {name: typed[name] for name in step.all_fields if name in typed}
    return browser.post(place_of(consent, step), {**sent, **button})


def let_clock_note(browser: Client, consent: Consent, step: TalkStep, typed: Mapping[str, Any]) -> None:
    """Press the buttons of the clock on a page: the sheet, each other choice, eleven minutes alone."""
    if Tool.SHEET in step.tools:
        press(browser, consent, step, typed, mark=SHEET_OPENED)
        let_pass(minutes=30)
    if Tool.CHOICES in step.tools:
        for row in consent.sheet_version.content["alternative"]:
            press(browser, consent, step, typed, mark=f"{CHOICE_OPENED}{row['key']}")
            let_pass(seconds=20)
    if Tool.ALONE in step.tools:
        press(browser, consent, step, typed, mark=ALONE_BEGINS)
        let_pass(minutes=11)
        press(browser, consent, step, typed, mark=ALONE_ENDS)


def fill_pages(browser: Client, consent: Consent, account: Account, typed: Mapping[str, Any]) -> None:
    """Every page but the last, each with its clock and its Continue."""
    for step in pages_of(consent, account)[:-1]:
        let_clock_note(browser, consent, step, typed)
        answer = press(browser, consent, step, typed, go="next")
        assert answer.status_code == 303, (step.key, answer.status_code)


def record(browser: Client, consent: Consent, account: Account, typed: Mapping[str, Any]) -> Any:
    """The last page, and the button that records."""
    last = pages_of(consent, account)[-1]
    let_clock_note(browser, consent, last, typed)
    key = hidden(browser.get(place_of(consent, last)), "form_key")
    return press(browser, consent, last, typed, go="record", form_key=key)


def hold_talk(browser: Client, consent: Consent, account: Account, **changes: Any) -> Any:
    """A whole talk, page by page."""
    typed = full_answers(consent, **changes)
    fill_pages(browser, consent, account, typed)
    return record(browser, consent, account, typed)
