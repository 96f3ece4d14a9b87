"""We ask the witnesses: what they sign is kept once it is proven, and what they refuse is an alarm or a later try."""

import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from clinic import clock
from consent import high_water
from consent.actions import ask_witnesses as asking
from consent.actions.ask_witnesses import Asked, ask_witnesses
from consent.actions.outside import Answer, OutsideError, post
from consent.keys.witness_key import witness_signer
from consent.ledger.checkpoints import Checkpoint
from consent.ledger.cosignatures import ed25519_cosignature_line, mldsa_line
from consent.ledger.notes import VerifierKey
from consent.ledger.policy import LogKey, Policy, Witness
from consent.ledger.witnessing import Refusal, parse_submission, reason_against, signed_head
from consent.models import Ledger, LedgerCosignature, LedgerKey, WitnessedLog
from consent.queries.anchoring import anchoring_of
from consent.queries.ledger import verify
from tests import log_world
from tests.factories import House, let_pass
from tests.loopback import Reply, served
from tests.witnesses import ALLY, BOTH, MIRROR, newest_head, trust

SIZE = {"Content-Type": "text/x.tlog.size"}


@dataclass
class OutsideWitness:
    """A witness of its own, with its own memory and no table of ours."""

    held: Checkpoint | None = None
    seen: list[int] = field(default_factory=list)
    reply: Reply | None = None  # what it says in place of the truth
    lines: Any = None  # makes other lines than its own

    def answer(self, path: str, body: bytes) -> Reply:
        assert path == "/add-checkpoint"
        submission = parse_submission(body)
        self.seen.append(submission.old_size)
        if self.reply is not None:
            return self.reply
        keys = tuple(LogKey(VerifierKey.from_text(vkey)) for vkey in self.known)
        head = signed_head(submission, Policy(keys, (), (), "none"))
        assert not isinstance(head, Refusal)
        refusal = reason_against(head, old_size=submission.old_size, path=submission.path, held=self.held)
        if refusal is not None:
            held = self.held.size if self.held else 0
            return (422, {}, b"") if refusal is Refusal.NOT_CONSISTENT else (409, SIZE, f"{held}\n".encode())
        self.held = head
        return 200, {}, "".join(f"{line}\n" for line in (self.lines or both_lines)(head)).encode()

    known: tuple[str, ...] = ()


def both_lines(head: Checkpoint, ahead: int = 0) -> list[str]:
    at = int(clock.now().timestamp()) + ahead
    return [
        ed25519_cosignature_line(ALLY.key.name, log_world.WITNESS, head.to_text(), at),
        mldsa_line(MIRROR.key.name, log_world.WITNESS_MLDSA, head.origin, head.size, head.root, at),
    ]


@pytest.fixture
def witness(settings: Any, tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[OutsideWitness]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    house.given()
    outside = OutsideWitness(known=tuple(LedgerKey.objects.values_list("vkey", flat=True)))
    with served(outside.answer) as url:
        pair = (replace(ALLY, url=url), replace(MIRROR, url=url))
        trust(settings, tmp_path, *pair, quorum="Both", groups=BOTH)
        yield outside


def asked(**options: Any) -> Asked:
    (one,) = ask_witnesses(**options)
    return one


def ledger_of(house: House) -> Ledger:
    return Ledger.objects.get(site=house.site)


def test_both_lines_are_kept_and_the_log_is_anchored(house: House, witness: OutsideWitness) -> None:
    assert asked().is_signed
    assert {row.key_name.rpartition("+")[0] for row in LedgerCosignature.objects.all()} == {
        ALLY.key.name,
        MIRROR.key.name,
    }
    assert anchoring_of(ledger_of(house)).is_anchored
    house.given()
    assert not anchoring_of(ledger_of(house)).is_anchored
    assert asked().is_signed
    assert anchoring_of(ledger_of(house)).is_anchored
    assert witness.seen[0] == 0 and witness.seen[1] > 0, "it goes on from where the witness was"
    assert verify().count == 0


def test_a_witness_that_was_asked_from_elsewhere_is_asked_again_from_there(
    house: House, witness: OutsideWitness
) -> None:
    assert asked().is_signed
    first = newest_head(house)
    house.given()
    assert asked().is_signed
    witness.held = Checkpoint(ledger_of(house).origin, first.size, bytes.fromhex(first.root_hash))
    house.given()
    assert asked().is_signed
    assert witness.seen[-1] == first.size


def test_only_what_is_due_is_asked(house: House, witness: OutsideWitness) -> None:
    assert asked(only_if_due=True).is_signed
    assert ask_witnesses(only_if_due=True) == []
    house.given()
    assert ask_witnesses(only_if_due=True) == [], "not yet ten minutes"
    let_pass(minutes=10)
    assert asked(only_if_due=True).is_signed
    let_pass(hours=1)
    assert ask_witnesses(only_if_due=True) == [], "nothing is new"
    let_pass(hours=23)
    assert asked(only_if_due=True).is_signed, "the daily sign of life"
    assert LedgerCosignature.objects.filter(size=newest_head(house).size).count() == 4


def test_a_witness_that_knows_more_stops_the_house(house: House, witness: OutsideWitness) -> None:
    witness.reply = (409, SIZE, b"4000\n")
    one = asked()
    assert one.is_alarm and "put back" in one.sentence
    assert high_water.is_behind(ledger_of(house).pk)
    assert high_water.why_behind(ledger_of(house).pk)["known_size"] == 4000


def test_a_newer_head_that_was_signed_meanwhile_is_no_alarm(
    house: House, witness: OutsideWitness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process sealed and asked between our reading the head and the answer."""
    older = newest_head(house)
    house.given()
    assert asked().is_signed
    monkeypatch.setattr(asking, "_newest_heads", lambda: [(ledger_of(house), older)])
    monkeypatch.setattr(asking, "_signed_by", lambda *_asked: None)
    one = asked()
    assert (one.is_signed, one.is_alarm) == (False, False)
    assert not high_water.is_behind(ledger_of(house).pk)


def test_a_witness_that_never_agrees_on_a_size_is_not_asked_for_ever(house: House, witness: OutsideWitness) -> None:
    witness.reply = (409, SIZE, b"1\n")
    assert not asked().is_alarm
    assert len(witness.seen) <= 4


@pytest.mark.parametrize("is_same_size", [False, True])
def test_a_witness_that_holds_another_history_is_an_alarm(
    house: House, witness: OutsideWitness, is_same_size: bool
) -> None:
    witness.reply = (409, SIZE, f"{newest_head(house).size}\n".encode()) if is_same_size else (422, {}, b"")
    assert asked().is_alarm
    assert not high_water.is_behind(ledger_of(house).pk)
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("ask_witnesses", stdout=out, stderr=err)
    assert ended.value.code == 1
    assert "another history" in err.getvalue()
    assert "Never anchored" in out.getvalue()


@pytest.mark.parametrize(
    "reply",
    [
        (200, {}, b""),
        (200, {}, b"\xff\xfe"),
        (200, {}, "\u2014 somebody AAAAAAAAAAA=\n".encode()),
        (200, {}, b"x" * 400_000),
        (302, {"Location": "http://127.0.0.1:9/"}, b""),
        (404, {}, b""),
        (409, {}, b"3\n"),
        (409, SIZE, b"03\n"),
        (409, SIZE, b"many"),
        (503, {}, b"later"),
    ],
)
def test_an_answer_that_says_nothing_is_reported_and_changes_nothing(
    house: House, witness: OutsideWitness, reply: Reply
) -> None:
    witness.reply = reply
    one = asked()
    assert (one.is_signed, one.is_alarm) == (False, False)
    assert not LedgerCosignature.objects.exists()


def test_a_wrong_line_is_not_kept(house: House, witness: OutsideWitness) -> None:
    witness.lines = lambda head: both_lines(replace(head, root=b"\x01" * 32))
    assert "wrong" in asked().sentence
    assert not LedgerCosignature.objects.exists()


def test_a_line_from_the_future_is_not_kept(house: House, witness: OutsideWitness) -> None:
    """Its time would make every later entry look dated back."""
    witness.lines = lambda head: both_lines(head, ahead=3600)
    assert not asked().is_signed
    assert not LedgerCosignature.objects.exists()


def test_nobody_there_is_no_reason_to_fail(house: House, settings: Any, tmp_path: Path) -> None:
    house.given()
    trust(settings, tmp_path, replace(ALLY, url="http://127.0.0.1:9"), quorum="Ally")
    out = io.StringIO()
    call_command("ask_witnesses", "--if-due", stdout=out)
    assert "not asked" in out.getvalue()
    assert "Never anchored" in out.getvalue()


def test_a_witness_is_only_asked_where_nobody_can_speak_in_its_place(
    house: House, settings: Any, tmp_path: Path
) -> None:
    """A size that somebody on the way put into the answer would stop the clinic."""
    house.given()
    for url, said in (("http://witness.test/", "https"), ("https://[", "no address")):
        trust(settings, tmp_path, replace(ALLY, url=url), quorum="Ally")
        assert said in asked().sentence


def test_without_witnesses_the_command_says_so(db: None) -> None:
    out = io.StringIO()
    call_command("ask_witnesses", stdout=out)
    assert "Never anchored" in out.getvalue()


def test_our_own_page_is_such_a_witness(
    house: House, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.given()
    settings.LOG_KEY_DIR = settings.LOG_KEY_DIR
    keys = tuple(LogKey(VerifierKey.from_text(vkey)) for vkey in LedgerKey.objects.values_list("vkey", flat=True))
    settings.LEDGER_WITNESSED_FILE = tmp_path / "witnessed"
    settings.LEDGER_WITNESSED_FILE.write_text(Policy(keys, (), (), "none").to_text(), encoding="utf-8")
    ours = [
        Witness(name, key, "https://witness.test/witness")
        for name, key in zip(("one", "two"), witness_signer().public_keys(), strict=True)
    ]
    trust(settings, tmp_path, *ours, quorum="two")

    def to_our_page(url: str, body: bytes, *, kind: str) -> Answer:
        answer = Client().post(url.removeprefix("https://witness.test"), data=body, content_type=kind)
        return Answer(answer.status_code, answer.headers["Content-Type"].partition(";")[0], answer.content)

    monkeypatch.setattr(asking, "post", to_our_page)
    assert asked().is_signed
    house.given()
    assert asked().is_signed
    assert WitnessedLog.objects.get().size == newest_head(house).size
    assert anchoring_of(ledger_of(house)).is_anchored
    WitnessedLog(origin=ledger_of(house).origin, size=9000, root_hash="00" * 32).save(force_update=True)
    assert "9000" in asked().sentence


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/", "nowhere", "http://"])
def test_only_the_web_is_asked(url: str) -> None:
    with pytest.raises(OutsideError):
        post(url, b"", kind="text/plain")


def test_the_time_of_a_line_is_that_of_its_signature(house: House, witness: OutsideWitness) -> None:
    at = clock.now()
    assert asked().is_signed
    for row in LedgerCosignature.objects.all():
        assert abs(row.cosigned_at - at) < datetime.timedelta(seconds=2)
        assert row.pk == row.computed_id()
