"""The head of the ledger leaves the house each day, on paper and by mail, and the ledger knows it did."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from clinic.exceptions import WrongStateError
from consent import high_water
from consent.actions.publish_checkpoint import publish_checkpoint
from consent.ledger.checkpoints import read_checkpoint, verify_checkpoint
from consent.ledger.encoding import parse_entry
from consent.models import Ledger, LedgerEntry
from consent.queries.known_logs import known_logs
from consent.queries.ledger import verify
from consent.queries.wall_sheets import publication_of
from consent.vocabulary import EntryKind
from tests.factories import House
from tests.unit.record.reading import needs_poppler, pages, run, squeezed
from tests.witnesses import anchor, newest_head


def told(*command: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*command, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def ways() -> list[dict[str, Any]]:
    rows = LedgerEntry.objects.filter(kind=EntryKind.CHECKPOINT_PUBLISHED).order_by("leaf__index")
    return [dict(parse_entry(bytes(row.body)).detail or {}) for row in rows]


@needs_poppler
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_sheet_is_one_page_that_says_all(house: House, tmp_path: Path, language: str) -> None:
    house.given()
    head = newest_head(house)
    told("publish_checkpoint", "--sheets", str(tmp_path), "--language", language)
    (path,) = tmp_path.glob("*.pdf")
    pdf = path.read_bytes()
    assert len(pages(pdf)) == 1
    read = squeezed(run("pdftotext", pdf, after=("-",)))
    found = publication_of(house.site, language=language)
    assert found is not None
    signature = read_checkpoint(head.note)[0].signatures[0].to_line()
    for words in (head.ledger.origin, head.root_hash, house.site.name, str(head.size), signature):
        assert squeezed(words) in read
    assert "Test Patient" not in read
    assert ways() == [{"size": head.size, "root": head.root_hash, "way": "paper"}]


@needs_poppler
def test_the_sheet_says_whether_somebody_outside_has_seen_it(house: House, settings: Any, tmp_path: Path) -> None:
    house.given()
    told("publish_checkpoint", "--sheets", str(tmp_path))
    (first,) = tmp_path.glob("*.pdf")
    text = squeezed(run("pdftotext", first.read_bytes(), after=("-",)))
    assert squeezed("Never anchored") in text and squeezed("level 0") in text
    first.unlink()
    anchor(settings, tmp_path, house, newest_head(house).made_at)
    told("publish_checkpoint", "--sheets", str(tmp_path))
    (second,) = tmp_path.glob("*.pdf")
    assert squeezed("Anchored: somebody outside") in squeezed(run("pdftotext", second.read_bytes(), after=("-",)))


def test_the_letter_carries_the_whole_signed_head(house: House, settings: Any) -> None:
    house.given()
    head = newest_head(house)
    settings.LEDGER_MAIL_TO = ["regulator@example.org", "association@example.org"]
    out, _err = told("publish_checkpoint")
    assert "a letter went to regulator@example.org" in out
    (letter,) = mail.outbox
    assert letter.to == settings.LEDGER_MAIL_TO
    assert "Never anchored" in letter.body and "level 0" in letter.body
    ((name, note, _kind),) = letter.attachments
    assert (name, note) == ("checkpoint.txt", head.note)
    assert verify_checkpoint(note, known_logs()).checkpoint.size == head.size
    assert [one["way"] for one in ways()] == ["mail"]
    assert verify().count == 0


def test_a_letter_that_did_not_go_is_not_recorded(house: House, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    house.given()
    settings.LEDGER_MAIL_TO = ["regulator@example.org"]

    def refuse(*_args: Any) -> None:
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with pytest.raises(CommandError, match="Not everything was published"):
        told("publish_checkpoint")
    assert ways() == []


def test_a_sheet_that_cannot_be_written_is_not_recorded(house: House, tmp_path: Path) -> None:
    house.given()
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="Not everything was published"):
        told("publish_checkpoint", "--sheets", str(tmp_path / "file"))
    assert ways() == []


def test_nowhere_to_publish_and_nothing_to_publish_are_refused(house: House, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nowhere to publish"):
        told("publish_checkpoint")
    Ledger.objects.filter(site=house.site)
    empty = House(sheets=())
    with pytest.raises(WrongStateError):
        publish_checkpoint(site_id=empty.site.pk, folder=tmp_path, language="en")


def test_the_daily_run_does_all_of_it(house: House, settings: Any, tmp_path: Path) -> None:
    house.given()
    settings.LEDGER_MAIL_TO = ["regulator@example.org"]
    out, err = told("ledger_daily", "--sheets", str(tmp_path))
    assert err == ""
    for word in ("guards: ", "publish: ", "the sheet for the wall", "a letter went", "Never anchored", "level 0"):
        assert word in out
    kinds = set(LedgerEntry.objects.values_list("kind", flat=True))
    assert {EntryKind.GUARD_MANIFEST, EntryKind.CHECKPOINT_PUBLISHED} <= kinds
    assert verify().count == 0


def test_a_step_that_fails_holds_up_none_of_the_others(house: House, settings: Any, tmp_path: Path) -> None:
    house.given()
    settings.LEDGER_STAMP_URL = "http://127.0.0.1:9/"
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError, match="Not everything is as it should be"):
        call_command("ledger_daily", "--sheets", str(tmp_path), stdout=out, stderr=err)
    assert "time stamp: failed" in err.getvalue()
    assert len(ways()) == 1


def test_a_database_that_was_put_back_is_said_by_the_daily_run(house: House, tmp_path: Path) -> None:
    house.given()
    ledger = Ledger.objects.get(site=house.site)
    high_water.mark_behind(ledger.pk, held_size=3, known_size=9, known_root="00" * 32)
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(CommandError):
        call_command("ledger_daily", "--sheets", str(tmp_path), stdout=out, stderr=err)
    assert "check on paper" in err.getvalue()
    assert "Never anchored" in out.getvalue()
    assert ways() == []
