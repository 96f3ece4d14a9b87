"""`manage.py erase_subject`: the second person names herself with her password; it says what it cannot reach."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from clinic.models import Patient
from consent.management.commands import erase_subject as command
from consent.models import Erasure
from tests.factories import PASSWORD, House
from tests.story_erasure import asked


def run(monkeypatch: pytest.MonkeyPatch, *words: str, password: str = PASSWORD) -> str:
    out = io.StringIO()
    monkeypatch.setattr(command.sys, "stdin", io.StringIO(password + "\n"))
    call_command("erase_subject", *words, stdout=out)
    return out.getvalue()


def test_it_erases_and_says_what_it_cannot_reach(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    request = asked(house)
    said = run(monkeypatch, request.pk.hex, "--by", house.administrator.username)
    assert "rows that entries speak of" in said and "30 days" in said
    assert Patient.objects.get(pk=request.patient_id).name == "erased"
    assert "finished now: 0" in run(monkeypatch, "--finish")


def test_a_wrong_password_or_person_erases_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    request = asked(house)
    for words, password, said in (
        ((request.pk.hex, "--by", house.administrator.username), "wrong", "do not belong together"),
        ((request.pk.hex, "--by", "nobody"), PASSWORD, "do not belong together"),
        ((request.pk.hex, "--by", house.advocate.username), PASSWORD, "second person"),
        (("not-a-number", "--by", house.administrator.username), PASSWORD, "not the number"),
        (("00" * 16, "--by", house.administrator.username), PASSWORD, "Nobody has asked"),
        ((request.pk.hex,), PASSWORD, "REQUEST --by"),
    ):
        with pytest.raises(CommandError, match=said):
            run(monkeypatch, *words, password=password)
    assert not Erasure.objects.exists()


def test_not_the_owner_of_the_database(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    request = asked(house)

    def refuse(*args: object) -> None:
        raise OperationalError("must be owner of table consent_consent")

    monkeypatch.setattr("consent.actions.erase_subject.redact", refuse)
    with pytest.raises(CommandError, match="as the owner of the database"):
        run(monkeypatch, request.pk.hex, "--by", house.administrator.username)
