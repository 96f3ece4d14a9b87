"""A whole consent in whose fields stand nasty strings, all at once: signed, printed, sealed, taken home, and exact."""

import io
import itertools
import json
import unicodedata
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.test import Client

from clinic import clock
from consent.actions.assess_capacity import assess_capacity
from consent.actions.inform import PersonInput, TeachBackInput, record_conversation
from consent.actions.issue_record import issue_record
from consent.actions.state_as_interpreter import state_as_interpreter
from consent.actions.take_bundle import take_bundle
from consent.actions.withdraw import withdraw_consent
from consent.keys.site_seals import keep_site_seal
from consent.models import Consent, LedgerEntry
from consent.queries.known_logs import known_logs
from consent.queries.own_bundle import BundleChoice
from consent.queries.receipts import newest_slip_about
from consent.queries.seals import usable_seal
from consent.record.archive import members_of
from consent.record.bundle_check import check_bundle
from consent.record.document import record_of
from consent.record.judging import judge_seal
from consent.record.reading_back import PageReader, squeezed, texts_in_order
from consent.vocabulary import BundlePart, InterpreterQualification, PersonRole, Via
from tests.clock import MovableClock
from tests.factories import House, full_talk
from tests.integration.consent.acts_ability import limbs
from tests.integration.consent_pages.people import address, staff, with_card
from tests.unit.record.nasty import NASTY
from tests.unit.record.sealing import files
from tests.unit.record.test_ink import read

pytestmark = pytest.mark.django_db
LINES = [
    NASTY[what]
    for what in (
        *("bold", "an entity", "a picture of this machine", "a tag that never ends", "a script", "a template"),
        *("a place in a pattern", "a place in a label", "SQL", "JavaScript", "PDF", "a shell", "quotes", "backslashes"),
        *("decomposed", "ligatures", "Chinese", "Arabic with digits", "mixed", "Hindi"),
        *("a name from the right in brackets", "Persian with its joiner", "letters that look alike"),
        *("spaces that do not break", "the end of the data", "a formula"),
    )
]
TEXTS = [*LINES, NASTY["a list"], "one\ttwo\n\nthree", NASTY["words of 40 KB"][:1999].strip()]
EVERYTHING = frozenset(BundlePart)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


class Walk:
    """One patient and her consent; every field for words takes the next nasty string."""

    def __init__(self, house: House, *, start: int) -> None:
        self.lines = itertools.islice(itertools.cycle(LINES), start, None)
        self.texts = itertools.islice(itertools.cycle(TEXTS), start, None)
        self.said = [house.site.name]  # what her paper must say
        self.house = house
        self.patient = house.patient(self.line(), latin_name=self.line(), communication_needs=self.text_not_said())
        self.consent = self.explained(house.proposed(house.procedure(self.patient, body_site=self.line())))

    def line(self) -> str:
        self.said.append(next(self.lines))
        return self.said[-1]

    def text(self) -> str:
        self.said.append(next(self.texts))
        return self.said[-1]

    def text_not_said(self) -> str:
        return next(self.texts)

    def explained(self, offered: Consent) -> Consent:
        by, content, interpreter = self.house.midwife.account, offered.sheet_version.content, self.line()
        talk = full_talk(
            offered,
            interpreter_name=interpreter,
            interpreter_organisation=self.line(),
            interpreter_qualification=InterpreterQualification.PROFESSIONAL,
            interpreter_is_companion=False,
            people=tuple(
                PersonInput(role=role, name=self.line(), left_before_signing=True, asked_for_by_patient_alone=True)
                for role in (PersonRole.RELATIVE, PersonRole.FRIEND)
            ),
            questions=tuple((self.text(), self.text()) for _question in range(3)),
            teach_backs=tuple(
                TeachBackInput(key=row["key"], answer=self.text(), is_understood=True) for row in content["teach_back"]
            ),
            what_matters=self.text(),
        )
        record_conversation(consent_id=offered.pk, talk=talk, by=by, form_key=uuid.uuid4())
        state_as_interpreter(
            consent_id=offered.pk, typed_name=interpreter, language="ug", organisation=self.text_not_said()[:200], by=by
        )
        tried = {"limbs": limbs(), "impairment": "", "support_tried": self.text()}
        assess_capacity(consent_id=offered.pk, by=by, form_key=uuid.uuid4(), **tried)
        return Consent.objects.get(pk=offered.pk)

    def sign(self, browser: Client) -> None:
        """On her own page, with a mark beside a witness."""
        sent = {
            "shown_digest": self.consent.sheet_version.digest,
            "method": "mark",
            "witness_name": self.line(),
            "witness_relation": self.line(),
            "copy_choice": "paper",
        }
        answer = browser.post(address("mine-give", consent_id=self.consent.pk), sent)
        assert answer.status_code == 303, read_errors(answer)
        self.consent.refresh_from_db()


def read_errors(answer: Any) -> str:
    page = answer.content.decode()
    return " ".join(line for line in page.split("\n") if "error" in line)[:2000]


def missing(said: list[str], shown: str) -> list[str]:
    whole = squeezed(shown)
    return [text for text in said if squeezed(text) not in whole]


@pytest.fixture(params=[0, 9, 18])
def walk(request: pytest.FixtureRequest, movable_clock: MovableClock, settings: Any, tmp_path: Path) -> Walk:
    settings.SEAL_DIR = tmp_path / "seals"
    house = House(label=LINES[-1 - request.param])
    keep_site_seal(house.site.pk, files(clock.now()))
    return Walk(house, start=request.param)


def test_everything_she_gets_says_what_was_typed(walk: Walk) -> None:
    browser = with_card(walk.patient)
    walk.sign(browser)
    check_paper(walk)
    check_bundle_of(walk)
    check_slip(walk, browser)
    check_leaflet(walk, browser)
    check_pages(walk, browser)
    check_end(walk)


def check_paper(walk: Walk) -> None:
    """Sealed, checked before it was handed over, and read back word by word."""
    issued = issue_record(consent_id=walk.consent.pk, language="en", by=walk.patient.account, via=Via.OWN_CARD)
    seal = usable_seal(walk.house.site.pk)
    assert seal is not None
    assert judge_seal(issued.pdf, trusted_roots=[seal.root], at=clock.now()).is_sound
    with pikepdf.open(io.BytesIO(issued.pdf)) as paper:
        reader = PageReader(paper)
        pages = [reader.pieces(page) for page in paper.pages]
        shown, heard = texts_in_order(paper, pages)
        assert missing(walk.said, shown) == missing(walk.said, heard) == []
    assert not any(piece.has_missing_glyph for pieces in pages for piece in pieces)


def check_bundle_of(walk: Walk) -> None:
    taken = walk_bundle(walk)
    assert check_bundle(io.BytesIO(taken), policy=known_logs(), roots=(), at=clock.now()).findings == []
    members = members_of(taken)
    assert members["record-1/record.pdf"].startswith(b"%PDF")
    assert missing(walk.said, read(members["record-1/record.html"])) == []
    record = record_of(members["record-1/record.json"])
    assert composed(record.patient_name) == composed(walk.patient.name)
    for name in ("fhir-r4.json", "fhir-r5.json"):
        strings = set(texts_in(json.loads(members[name])))
        assert composed(walk.patient.name) in strings and composed(walk.patient.latin_name) in strings, name
    for name in ("appointments.html", "looks.html", "voice.html", "read-me.html"):
        assert b"<script" not in members[name] and b"<b>" not in members[name], name


def walk_bundle(walk: Walk) -> bytes:
    choice = BundleChoice(consent_ids=frozenset({walk.consent.pk}), parts=EVERYTHING, language="en")
    named = {"patient_id": walk.patient.pk, "choice": choice, "by": walk.patient.account}
    return b"".join(take_bundle(**named, via=Via.OWN_CARD, form_key=uuid.uuid4()))


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)


def check_slip(walk: Walk, browser: Client) -> None:
    entry: LedgerEntry | None = newest_slip_about(walk.consent)
    assert entry is not None
    for way in ("pdf", "file"):
        assert browser.post(address("mine-slip-take", entry_id=entry.pk), {"way": way}).status_code == 200, way


def check_leaflet(walk: Walk, browser: Client) -> None:
    said = [walk.patient.name, walk.patient.latin_name, walk.patient.communication_needs]
    for way in ("paper", "page"):
        sent = {"parts": ["needs", "appointments"], "way": way, "language": "en"}
        answer = browser.post(address("mine-extract"), sent)
        assert answer.status_code == 200, way
        if way == "page":
            assert missing(said, read(answer.getvalue())) == []
            continue
        with pikepdf.open(io.BytesIO(answer.getvalue())) as paper:
            reader = PageReader(paper)
            shown, _heard = texts_in_order(paper, [reader.pieces(page) for page in paper.pages])
        assert missing(said, shown) == []


def check_pages(walk: Walk, browser: Client) -> None:
    """No page takes a word of hers for markup, whoever opens it."""
    of_staff, consent_id = staff(walk.house.midwife.account), walk.consent.pk
    pages = [browser.get(address(name, consent_id=consent_id)) for name in ("mine-consent", "mine-copies")]
    pages += [of_staff.get(address("consent", consent_id=consent_id))]
    pages += [of_staff.get(address("patient", patient_id=walk.patient.pk))]
    for page in pages:
        assert page.status_code == 200
        content = page.content.decode()
        assert not any(text in content for text in walk.said if "<" in text)


def check_end(walk: Walk) -> None:
    """And a no with words of every kind ends it, and is printed."""
    words = " ".join(TEXTS) + " \U0001f600 \u202e שרה"
    withdraw_consent(consent_id=walk.consent.pk, by=walk.patient.account, via=Via.OWN_CARD, words=words)
    issued = issue_record(consent_id=walk.consent.pk, language="en", by=walk.patient.account, via=Via.OWN_CARD)
    assert issued.pdf.startswith(b"%PDF")
