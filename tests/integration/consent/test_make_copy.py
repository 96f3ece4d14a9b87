"""Her copy as it is handed over: sealed where the clinic can, checked before she gets it; no act is lost with it."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from clinic import clock
from consent.actions.issue_record import issue_record
from consent.actions.withdraw import withdraw_consent
from consent.keys.site_seals import keep_site_seal, seal_paths
from consent.ledger.tlog_proof import parse_proof_file
from consent.models import Consent, FrozenRecord, RecordIssue
from consent.queries.seals import usable_seal
from consent.record.attachments import attached
from consent.record.finish import finish
from consent.record.judging import judge_seal
from consent.record.self_check import PrintCheckError
from consent.vocabulary import Via
from tests.factories import House
from tests.unit.record.reading import body, needs_poppler, squeezed
from tests.unit.record.sealing import files

pytestmark = pytest.mark.django_db
SEALED, NOT_SEALED = "This file carries the clinic's seal.", "This copy is not sealed."


@pytest.fixture
def consent(house: House, settings: Any, tmp_path: Path) -> Consent:
    settings.SEAL_DIR = tmp_path / "seals"
    return house.given()


def issued(consent: Consent, language: str = "en") -> bytes:
    return issue_record(consent_id=consent.pk, language=language, by=consent.patient.account, via=Via.OWN_CARD).pdf


@needs_poppler
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_with_a_certificate_it_is_sealed(consent: Consent, language: str) -> None:
    keep_site_seal(consent.site_id, files(clock.now()))
    seal = usable_seal(consent.site_id)
    assert seal is not None
    pdf = issued(consent, language)
    report = judge_seal(pdf, trusted_roots=[seal.root], at=clock.now())
    assert report.is_sound, report.findings
    if language == "en":
        assert squeezed(SEALED) in body(pdf)


@needs_poppler
def test_without_one_or_with_one_that_cannot_be_used_she_gets_it_all_the_same(consent: Consent) -> None:
    assert squeezed(NOT_SEALED) in body(issued(consent))
    keep_site_seal(consent.site_id, files(clock.now()))
    seal_paths(consent.site_id).chain.write_bytes(b"nothing")
    assert squeezed(NOT_SEALED) in body(issued(consent))
    assert RecordIssue.objects.count() == 2


def test_its_record_and_its_proof_are_inside(consent: Consent) -> None:
    with pikepdf.open(io.BytesIO(issued(consent))) as pdf:
        inside = attached(pdf)
    frozen = FrozenRecord.objects.filter(consent=consent, language="en").latest("made_at")
    assert inside["record.json"] == bytes(frozen.document)
    proof = parse_proof_file(inside["proof.tlog-proof"].decode())
    assert proof.index is not None


def test_a_copy_that_fails_the_check_is_not_handed_over_and_the_act_stays(
    consent: Consent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)

    def lose_the_record(pdf: bytes, **more: Any) -> bytes:
        return finish(pdf, **(more | {"attachments": ()}))

    monkeypatch.setattr("consent.actions.make_copy.finish", lose_the_record)
    with pytest.raises(PrintCheckError, match="The record inside the file is not the record"):
        issued(consent)
    assert not RecordIssue.objects.exists()
    consent.refresh_from_db()
    assert consent.state == "withdrawn"
    assert "A paper was not handed over: The record inside the file is not the record." in caplog.text
    assert consent.patient.name not in caplog.text
