"""Every form with values nobody should send: the field is refused or the value is kept, and never a fault."""

from typing import Any

import pytest

from tests.integration.adversary.forms import TEXTS, Filled, all_forms, sender
from tests.integration.adversary.world import World, changed, picture

FORMS = (
    *("register", "search", "card search", "card", "book", "move"),
    *("plan", "propose", "talk", "hold", "report", "certify", "spoken no", "lift", "assess", "erasure"),
    *("give", "confirm", "password", "sign in", "card sign in", "language", "large text"),
)


def nasty(form: Filled) -> list[tuple[str, dict[str, Any]]]:
    """The form with every free word nasty at once, then with each other field nasty by itself."""
    sent = [(kind, form.values | dict.fromkeys(form.words, text)) for kind, text in TEXTS.items()] if form.words else []
    for name, values in form.others.items():
        sent += [(f"{name} {value[:20]!a}", form.values | {name: value}) for value in values]
        sent.append((f"{name} twice", form.values | {name: [form.values.get(name, ""), "nothing"]}))
        sent.append((f"{name} left out", {key: value for key, value in form.values.items() if key != name}))
    return sent


def test_every_form_is_here(world: World) -> None:
    assert set(all_forms(world)) == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_nasty_values_are_refused_or_kept(name: str, world: World) -> None:
    form = all_forms(world)[name]
    browser = sender(form, world)
    before = picture()
    for kind, values in nasty(form):
        answer = browser.post(form.path, values)
        assert answer.status_code < 500, (kind, answer.status_code)
        if answer.status_code < 400:
            before = picture()
        elif name != "card sign in":
            assert changed(before) == [], (kind, answer.status_code)
        page = answer.content.decode(errors="replace")
        assert "<script>alert" not in page and "onmouseover=x>" not in page, kind


def test_a_nul_is_an_error_of_the_form(world: World) -> None:
    for name, form in all_forms(world).items():
        if name in {"language", "large text", "confirm"}:
            continue
        browser = sender(form, world)
        before = picture()
        for field in (*form.words, *form.others):
            if field in {"next", "accompanies_birth", "signing_states"} or field.startswith("interpreter_is"):
                continue
            answer = browser.post(form.path, form.values | {field: "Ann\x00Lee"})
            assert answer.status_code in {409, 422, 429}, (name, field, answer.status_code)
        assert changed(before) == [], name
