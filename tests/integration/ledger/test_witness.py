"""We witness others: what we signed once we never take back, and a log that tells two stories gets one signature."""

import datetime
import itertools
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st

from clinic import clock
from consent.actions import cosign_checkpoint as cosigning
from consent.actions.cosign_checkpoint import cosign_checkpoint
from consent.keys.witness_key import witness_key_path, witness_signer
from consent.ledger.checkpoints import with_lines
from consent.ledger.cosignatures import is_signature_right, signed_at_seconds
from consent.ledger.notes import parse_note, verify_note
from consent.ledger.policy import Policy
from consent.ledger.witnessing import LARGEST_SUBMISSION, Submission, parse_submission
from consent.models import KnownCheckpoint, WitnessedLog
from tests.factories import House
from tests.other_logs import OtherLog, watch

pytestmark = pytest.mark.django_db
ADDRESS = "/witness/add-checkpoint"


@pytest.fixture
def log(settings: Any, tmp_path: Path) -> OtherLog:
    other = OtherLog().grow(40)
    watch(settings, tmp_path, other)
    settings.LOG_KEY_DIR = tmp_path / "log-keys"
    return other


def send(data: bytes, **headers: Any) -> Any:
    return Client(enforce_csrf_checks=True).post(ADDRESS, data=data, content_type="text/plain", **headers)


def refused(data: bytes) -> int:
    """The status of a refusal; nothing was signed, and what we signed last stays."""
    before = list(WitnessedLog.objects.values_list("origin", "size", "root_hash"))
    answer = send(data)
    assert "\u2014" not in answer.content.decode()
    assert list(WitnessedLog.objects.values_list("origin", "size", "root_hash")) == before
    return int(answer.status_code)


def test_an_honest_log_gets_both_signatures_each_time(log: OtherLog) -> None:
    for old, new in ((0, 3), (3, 3), (3, 40)):
        answer = send(log.submission(old, new))
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/plain")
        note = with_lines(log.note(new), answer.content.decode().splitlines())
        checked = verify_note(parse_note(note), witness_signer().public_keys(), is_signature_right)
        assert [int(one.key.kind) for one in checked] == [4, 6]
        for one in checked:
            seconds = signed_at_seconds(one.key, one.signature.signature) or 0
            assert abs(datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC) - clock.now()).total_seconds() < 60
    assert WitnessedLog.objects.get().size == 40
    assert set(KnownCheckpoint.objects.values_list("origin", "size", "source")) == {
        (log.origin, 3, "witness"),
        (log.origin, 40, "witness"),
    }
    assert witness_key_path().stat().st_mode & 0o077 == 0


def test_another_size_is_told_which_we_hold(log: OtherLog) -> None:
    assert send(log.submission(0, 7)).status_code == 200
    for old in (0, 3, 8):
        answer = send(log.submission(old, 20))
        assert (answer.status_code, answer.content) == (409, b"7\n")
        assert answer.headers["Content-Type"] == "text/x.tlog.size"
    assert refused(log.submission(5, 20)) == 409
    assert send(log.submission(7, 20)).status_code == 200


def test_a_size_we_never_signed_is_told_zero(log: OtherLog) -> None:
    answer = send(log.submission(3, 7))
    assert (answer.status_code, answer.content) == (409, b"0\n")
    assert not WitnessedLog.objects.exists()


def test_what_was_signed_may_be_sent_again_and_nothing_smaller(log: OtherLog) -> None:
    assert send(log.submission(0, 7)).status_code == 200
    assert send(log.submission(7, 20)).status_code == 200
    assert refused(log.submission(0, 7)) == 409, "a replay"
    assert refused(log.submission(7, 20)) == 409, "a replay"
    assert refused(log.submission(20, 7, path=())) == 400, "smaller"
    assert send(log.submission(20, 20)).status_code == 200


def test_a_log_that_tells_two_stories_gets_one_signature(log: OtherLog) -> None:
    assert send(log.submission(0, 20)).status_code == 200
    other = log.forked(at=10, size=40)
    assert refused(other.submission(20, 20)) == 409, "as many entries, another root"
    assert refused(other.submission(20, 40)) == 422
    assert refused(other.submission(20, 40, path=log.path(20, 40))) == 422
    assert send(log.submission(20, 40)).status_code == 200
    roots = KnownCheckpoint.objects.filter(origin=log.origin, size=20).values_list("root_hash", flat=True)
    assert len(set(roots)) == 2, "both signed stories are kept, for others to see"


@pytest.mark.parametrize(
    "path",
    [(), (b"\x00" * 32,), (b"\x00" * 32,) * 63],
)
def test_a_garbage_path_is_refused(log: OtherLog, path: tuple[bytes, ...]) -> None:
    assert send(log.submission(0, 7)).status_code == 200
    assert refused(log.submission(7, 20, path=path)) == 422
    right = log.path(7, 20)
    assert refused(log.submission(7, 20, path=(*right, right[0]))) == 422
    assert refused(log.submission(7, 20, path=right[:-1])) == 422


def test_a_first_head_needs_no_path_and_an_empty_log_proves_nothing(log: OtherLog) -> None:
    assert refused(log.submission(0, 7, path=(b"\x00" * 32,))) == 422
    assert refused(log.submission(0, 0)) == 422


def test_an_unknown_log_is_not_found(log: OtherLog, settings: Any) -> None:
    assert refused(OtherLog().grow(5).submission(0, 5)) == 404
    settings.LEDGER_WITNESSED_FILE.write_text("no policy\n", encoding="utf-8")
    assert refused(log.submission(0, 7)) == 404
    settings.LEDGER_WITNESSED_FILE = None
    assert refused(log.submission(0, 7)) == 404


def test_a_signature_that_is_not_right_is_forbidden(log: OtherLog) -> None:
    text, lines = log.note(7).split("\n\n")
    first, second = lines.splitlines()
    swapped = f"{log.note(8).split(chr(10) * 2)[0]}\n\n{lines}"
    assert refused(log.submission(0, 7, note=swapped)) == 403
    broken = first[:-6] + ("A" if first[-6] != "A" else "B") + first[-5:]
    assert refused(log.submission(0, 7, note=f"{text}\n\n{broken}\n{second}\n")) == 403
    stranger = f"\u2014 stranger {first.split(' ')[2]}"
    assert refused(log.submission(0, 7, note=f"{text}\n\n{stranger}\n")) == 403
    assert send(log.submission(0, 7, note=f"{text}\n\n{first}\n")).status_code == 200, "one of its keys is enough"


def test_garbage_is_a_bad_request(log: OtherLog) -> None:
    good = log.submission(0, 7)
    wrong = [
        b"",
        b"old 0\n",
        b"old 00" + good[5:],
        b"old -1" + good[5:],
        b"old +0" + good[5:],
        good[4:],
        good.replace(b"\n", b"\r\n"),
        good[:-1],
        good + b"\n",
        b"\xff" + good,
        b"old 0\nnot base64!\n\n" + log.note(7).encode(),
        b"old 0\nAAAA\n\n" + log.note(7).encode(),
        log.submission(0, 7, path=(b"\x00" * 32,) * 64),
        good + b"x" * LARGEST_SUBMISSION,
        good.replace(b"\n7\n", b"\n07\n"),
        good.replace(b"\n7\n", b"\n7\nan extension\n"),
    ]
    assert [refused(data) for data in wrong] == [400] * len(wrong)
    assert not KnownCheckpoint.objects.exists()


@given(st.binary(max_size=300))
@how(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_bytes_are_read_in_two_ways(data: bytes) -> None:
    try:
        parsed = parse_submission(b"old 5\n" + data)
    except ValueError:
        return
    assert Submission(parsed.old_size, parsed.path, parsed.note).to_bytes() == b"old 5\n" + data


def test_only_a_post_is_an_answer(log: OtherLog) -> None:
    for method in ("get", "head", "put", "delete"):
        assert getattr(Client(), method)(ADDRESS).status_code == 405


def test_too_many_at_once_are_told_to_wait(log: OtherLog, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"witness": "2/m/ip"}
    assert [send(b"").status_code for _time in range(3)] == [400, 400, 429]


def test_without_its_key_nothing_is_kept_and_nothing_signed(log: OtherLog, settings: Any) -> None:
    settings.LOG_KEY_DIR.mkdir()
    witness_key_path().write_text("no key")
    witness_key_path().chmod(0o600)
    assert send(log.submission(0, 7)).status_code == 503
    assert not WitnessedLog.objects.exists()


def test_the_name_can_be_given(log: OtherLog, settings: Any) -> None:
    drawn = witness_signer().name
    assert drawn.startswith("freely-given/witness/")
    settings.WITNESS_NAME = "clinic.example/witness"
    assert witness_signer().name == "clinic.example/witness"
    assert "clinic.example/witness" in send(log.submission(0, 7)).content.decode()


HELD = None  # go on from the head that was signed last, as a log that wants to fool us would
STEPS = st.lists(
    st.tuples(st.booleans(), st.just(HELD) | st.integers(0, 12), st.integers(1, 12), st.booleans()),
    max_size=10,
)


@given(fork=st.integers(0, 12), steps=STEPS)
@how(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
def test_a_fork_is_never_cosigned(fork: int, steps: list[tuple[bool, int | None, int, bool]], house: House) -> None:
    """Whatever a log shows us, in whatever order: all heads we signed are heads of one list that only grew."""
    told = OtherLog().grow(12)
    other = told.forked(at=fork, size=12)
    signed: list[list[bytes]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cosigning, "witnessed_logs", lambda: Policy(told.keys(), (), (), "none"))
        for is_other, asked, new, is_honest in steps:
            old = asked if asked is not None else len(signed[-1]) if signed else 0
            shown, proving = (other, told) if is_other else (told, other)
            path = (shown if is_honest else proving).path(old, new)
            answer = cosign_checkpoint(submission=shown.submission(old, new, path=path))
            if answer.refusal is None:
                signed.append(shown.leaves[:new])
    assert all(later[: len(earlier)] == earlier for earlier, later in itertools.pairwise(signed))
