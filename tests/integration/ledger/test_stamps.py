"""Time stamps: kept only once the pinned certificate proves them, and openssl says the same."""

import contextlib
import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from consent.actions import stamp_checkpoint as stamping
from consent.actions.outside import OutsideError
from consent.actions.stamp_checkpoint import REPLY, stamp_checkpoint
from consent.ledger.refusals import StampError
from consent.ledger.time_stamps import check_stamp, read_authority, stamp_request
from consent.models import LedgerStamp
from consent.queries.anchoring import anchoring_of
from consent.queries.ledger import verify
from consent.queries.stamps import text_of
from tests.factories import House
from tests.loopback import Reply, served
from tests.stamping import Stamper
from tests.witnesses import newest_head

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed here")
TEXT = "freely-given/0a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Stamper:
    return Stamper.made_in(tmp_path_factory.mktemp("stamper"))


@pytest.fixture
def clinic(house: House, stamper: Stamper, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A clinic that knows this authority."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    house.given()
    settings.LEDGER_STAMP_CERTIFICATES = stamper.folder / "pinned.pem"
    with served(stamper.answer) as url:
        settings.LEDGER_STAMP_URL = url
        yield house


def refused(clinic: House, settings: Any, reply: Reply, error: type[Exception]) -> str:
    with served(lambda _path, _query: reply) as url:
        settings.LEDGER_STAMP_URL = url
        with pytest.raises(error) as found:
            stamp_checkpoint(site_id=clinic.site.pk)
    assert not LedgerStamp.objects.exists()
    return str(found.value)


def test_a_stamp_anchors_the_ledger_and_openssl_agrees(clinic: House, stamper: Stamper) -> None:
    stamp = stamp_checkpoint(site_id=clinic.site.pk)
    assert stamper.is_right(bytes(stamp.token), text_of(newest_head(clinic)))
    assert not stamper.is_right(bytes(stamp.token), TEXT)
    assert stamp.pk == stamp.computed_id()
    assert "Test authority" in stamp.authority
    assert anchoring_of(stamp.ledger).is_anchored
    assert verify().count == 0
    assert stamp_checkpoint(site_id=clinic.site.pk) == stamp, "one stamp on one head"
    assert LedgerStamp.objects.count() == 1


def test_without_the_certificate_a_stamp_counts_for_nothing(clinic: House, settings: Any) -> None:
    stamp = stamp_checkpoint(site_id=clinic.site.pk)
    settings.LEDGER_STAMP_CERTIFICATES = None
    assert not anchoring_of(stamp.ledger).is_anchored


def test_a_stamp_that_was_moved_to_another_head_is_found(clinic: House) -> None:
    stamp = stamp_checkpoint(site_id=clinic.site.pk)
    clinic.given()
    moved = LedgerStamp(
        ledger=stamp.ledger,
        size=newest_head(clinic).size,
        authority=stamp.authority,
        token=bytes(stamp.token),
        stamped_at=stamp.stamped_at,
    )
    moved.id = moved.computed_id()
    moved.save(force_insert=True)
    assert [finding.what for finding in verify().findings] == ["stamp"]
    assert anchoring_of(stamp.ledger).anchored_size == stamp.size


def test_another_certificate_under_the_same_root_is_refused(
    clinic: House, stamper: Stamper, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def by_impostor(_path: str, query: bytes) -> Reply:
        return 200, {"Content-Type": REPLY}, stamper.stamp(query, by="impostor")

    with served(by_impostor) as url:
        settings.LEDGER_STAMP_URL = url
        with pytest.raises(StampError, match="not right"):
            stamp_checkpoint(site_id=clinic.site.pk)
    assert not LedgerStamp.objects.exists()


def test_an_answer_to_another_question_is_refused(clinic: House, stamper: Stamper, settings: Any) -> None:
    text = text_of(newest_head(clinic))
    earlier = stamper.stamp(stamp_request(text).data)
    assert "Nonce" in refused(clinic, settings, (200, {"Content-Type": REPLY}, earlier), StampError)
    authority = read_authority((stamper.folder / "pinned.pem").read_bytes())
    with pytest.raises(StampError, match="Mismatch between messages"):
        check_stamp(stamper.stamp(stamp_request(TEXT).data), text=text, authority=authority)


def test_a_signature_that_is_not_right_is_refused(stamper: Stamper) -> None:
    authority = read_authority((stamper.folder / "pinned.pem").read_bytes())
    request = stamp_request(TEXT)
    answer = bytearray(stamper.stamp(request.data))
    assert check_stamp(bytes(answer), text=TEXT, authority=authority, nonce=request.nonce)
    for place in (-1, -100, -200):  # the signature stands at the end
        broken = bytearray(answer)
        broken[place] ^= 1
        with pytest.raises(StampError):
            check_stamp(bytes(broken), text=TEXT, authority=authority, nonce=request.nonce)
        assert not stamper.is_right(bytes(broken), TEXT)


@pytest.mark.parametrize("cut", range(0, 600, 37))
def test_no_bit_may_differ(stamper: Stamper, cut: int) -> None:
    """Wherever a bit of an answer is turned: refused, or it says the same time of the same text."""
    authority = read_authority((stamper.folder / "pinned.pem").read_bytes())
    request = stamp_request(TEXT)
    answer = bytearray(stamper.stamp(request.data))
    at = check_stamp(bytes(answer), text=TEXT, authority=authority, nonce=request.nonce)
    answer[cut % len(answer)] ^= 1
    with contextlib.suppress(StampError):
        assert check_stamp(bytes(answer), text=TEXT, authority=authority, nonce=request.nonce) == at


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ((200, {"Content-Type": REPLY}, b""), StampError),
        ((200, {"Content-Type": REPLY}, b"\x30\x03\x02\x01\x00"), StampError),
        ((200, {"Content-Type": "text/html"}, b"<p>"), OutsideError),
        ((500, {}, b""), OutsideError),
    ],
)
def test_garbage_is_refused(clinic: House, settings: Any, reply: Reply, error: type[Exception]) -> None:
    refused(clinic, settings, reply, error)


def test_the_command(clinic: House, settings: Any, tmp_path: Path) -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("stamp_checkpoint", stdout=out, stderr=err)
    assert "stamped at" in out.getvalue() and "Never anchored" not in out.getvalue()
    settings.LEDGER_STAMP_CERTIFICATES = tmp_path / "nothing"
    with pytest.raises(CommandError, match="Not everything was stamped"):
        call_command("stamp_checkpoint", stdout=out, stderr=err)
    assert "No authority for time stamps is named" in err.getvalue()
    assert "Never anchored" in out.getvalue()
    settings.LEDGER_STAMP_CERTIFICATES = tmp_path / "text"
    settings.LEDGER_STAMP_CERTIFICATES.write_text("no certificate")
    with pytest.raises(CommandError):
        call_command("stamp_checkpoint", stdout=out, stderr=err)
    assert stamping.pinned_authority() is None
