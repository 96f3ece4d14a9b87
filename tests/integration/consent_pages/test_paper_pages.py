"""The pages of an answer on paper: print, bring back, look, enter; what is wrong is said, and a no never waits."""

import datetime
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clinic import clock
from clinic.models import RecordView
from consent.models import Consent, LedgerEntry, PaperCheck, PaperForm, PaperScan
from consent.record.paper_code import PaperCode, in_groups, read_code, written
from consent.record.scans import LARGEST_SCAN
from consent.vocabulary import ConsentState, EntryKind, PaperAnswer, PaperFault, Via
from tests.factories import House
from tests.integration.consent_pages.people import address, fresh, held, hidden, staff, text_of, with_card, with_tablet
from tests.scanned import pdf_with, scan
from tests.story_paper import blank_square, found_right, looked_at, printed, received, square_of

NEEDS_NO_PAPER = "A no needs no paper"


def squares(pdf: bytes) -> set[str]:
    """What the squares on all pages of a printed form say."""
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = [page.render(scale=2.5, grayscale=True).to_pil() for page in document]
    return {code.text for page in drawn for code in zxingcpp.read_barcodes(page)}


def brought(content: bytes | None, answer: str = "yes", *, house: House, **changes: Any) -> dict[str, Any]:
    """What a filled page sends."""
    local = clock.now().astimezone(ZoneInfo(house.site.time_zone))
    sent: dict[str, Any] = {
        "form_key": str(uuid.uuid4()),
        "answer": answer,
        "day": local.date().isoformat(),
        "time": local.strftime("%H:%M"),
        "typed_code": "",
        **changes,
    }
    return sent if content is None else {**sent, "file": SimpleUploadedFile("../../scan.html", content, "text/html")}


def paper_page(consent: Consent) -> str:
    return address("consent-paper", consent_id=consent.pk)


def scan_page(paper: PaperScan, name: str = "consent-paper-scan", **more: Any) -> str:
    return address(name, consent_id=paper.consent_id, scan_id=paper.pk, **more)


@pytest.fixture
def midwife(house: House) -> Client:
    return staff(house.midwife.account)


def print_one(browser: Client, consent: Consent, language: str = "en", key: str | None = None) -> Any:
    sent = {"print-language": language, "print-form_key": key or str(uuid.uuid4())}
    return browser.post(address("consent-paper-print", consent_id=consent.pk), sent)


def test_a_form_is_printed_for_one_consent(house: House, midwife: Client) -> None:
    consent = house.informed()
    page = midwife.get(paper_page(consent))
    answer = print_one(midwife, consent, "ar", hidden(page, "print-form_key"))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="form.pdf"'
    form = PaperForm.objects.get()
    assert (form.consent_id, form.language) == (consent.pk, "ar")
    assert squares(answer.content) == {square_of(form)}


def test_each_language_of_one_page_is_printed_once(house: House, midwife: Client) -> None:
    consent, key = house.informed(), str(uuid.uuid4())
    for language in ("en", "fr", "en"):
        assert print_one(midwife, consent, language, key).status_code == 200
    assert sorted(PaperForm.objects.values_list("language", flat=True)) == ["en", "fr"]


def test_nothing_is_printed_before_the_talk_or_after_the_end(house: House, midwife: Client) -> None:
    ended = received(house, house.informed(), PaperAnswer.NO).consent
    for consent in (house.proposed(), ended):
        answer = print_one(midwife, consent)
        assert answer.status_code == 409
        assert "Nothing was saved yet" in text_of(answer)
        assert "Print the form" not in text_of(midwife.get(paper_page(consent)))
    assert PaperForm.objects.count() == 1


def test_what_no_paper_can_show_is_said_and_nothing_is_recorded(house: House, midwife: Client) -> None:
    consent = house.informed(house.procedure(house.patient("Test \U00012000 Patient")))
    answer = print_one(midwife, consent)
    assert answer.status_code == 409
    assert "This form cannot be printed" in text_of(answer)
    assert not PaperForm.objects.exists()


def test_blank_forms_leave_no_trace_and_differ(house: House, midwife: Client) -> None:
    consent = house.informed()
    page = text_of(midwife.get(address("papers-blank")))
    assert consent.sheet_version.title in page
    sent = {"sheet": str(consent.sheet_version_id), "language": "hi"}
    entries = LedgerEntry.objects.count()
    codes = [squares(midwife.post(address("papers-blank"), sent).content) for _time in range(2)]
    assert all(len(found) == 1 for found in codes)
    (first,), (second,) = codes
    assert first != second
    assert read_code(first).sheet == consent.sheet_version.digest[:16]
    assert not PaperForm.objects.exists() and LedgerEntry.objects.count() == entries
    assert midwife.post(address("papers-blank"), {"language": "hi"}).status_code == 422


def test_a_no_holds_as_soon_as_it_is_sent(house: House, midwife: Client) -> None:
    consent = house.given()
    sent = brought(scan(square_of(printed(house, consent))), "take-back", house=house)
    answer = midwife.post(paper_page(consent), sent)
    paper = PaperScan.objects.get()
    assert answer.status_code == 303 and answer.headers["Location"] == scan_page(paper)
    assert (fresh(consent).state, fresh(consent).ended_via) == (ConsentState.WITHDRAWN, Via.PAPER)
    assert "This no holds since it came" in text_of(midwife.get(scan_page(paper)))
    looked_at(paper, house.colleague.account, PaperFault.UNREADABLE)
    assert fresh(consent).state == ConsentState.WITHDRAWN


def test_a_yes_waits_for_two_and_then_for_a_hand(house: House, midwife: Client) -> None:
    consent = house.informed()
    midwife.post(paper_page(consent), brought(scan(square_of(printed(house, consent))), house=house))
    paper, colleague = PaperScan.objects.get(), staff(house.colleague.account)
    assert fresh(consent).state == ConsentState.INFORMED
    for browser in (midwife, colleague):
        page = browser.get(scan_page(paper))
        assert "Enter the patient's yes" not in text_of(page)
        sent = {"found": "right", "form_key": hidden(page, "form_key")}
        assert browser.post(scan_page(paper), sent).status_code == 303
    assert "Enter the patient's yes" in text_of(midwife.get(scan_page(paper)))
    answer = midwife.post(scan_page(paper, "consent-paper-enter"), {"copy_choice": "paper"})
    assert (answer.status_code, answer.headers["Location"]) == (303, address("consent", consent_id=consent.pk))
    after = fresh(consent)
    assert (after.state, after.given_via) == (ConsentState.GIVEN, Via.PAPER)
    assert after.confirmed_at is None
    shown = text_of(midwife.get(address("consent", consent_id=consent.pk)))
    for words in ("On paper", "written on (as stated)", "entered on", "Test Colleague"):
        assert words in shown, words


def test_nothing_is_ticked_beforehand_and_each_looks_once(house: House, midwife: Client) -> None:
    paper = received(house, house.informed())
    page = midwife.get(scan_page(paper))
    assert "checked" not in text_of(page).replace("unchecked", "")
    assert midwife.post(scan_page(paper), {"form_key": str(uuid.uuid4())}).status_code == 422
    midwife.post(scan_page(paper), {"found": "not-signed", "form_key": hidden(page, "form_key")})
    assert PaperCheck.objects.get().fault == PaperFault.NOT_SIGNED
    again = midwife.post(scan_page(paper), {"found": "right", "form_key": str(uuid.uuid4())})
    assert again.status_code == 409
    assert "Say what I found" not in text_of(midwife.get(scan_page(paper)))


def test_nobody_asks_for_a_signature_under_a_no(house: House, midwife: Client) -> None:
    page = text_of(midwife.get(scan_page(received(house, house.informed(), PaperAnswer.NO))))
    assert "A no needs no signature." in page and 'value="not-signed"' not in page
    assert 'value="not-signed"' in text_of(midwife.get(scan_page(received(house, house.informed()))))


def test_a_yes_that_is_not_ready_says_what_is_missing_and_waits(house: House, midwife: Client) -> None:
    consent = house.informed()
    paper = found_right(house, received(house, consent))
    held(consent, house.colleague.account)
    answer = midwife.post(scan_page(paper, "consent-paper-enter"), {"copy_choice": "paper"})
    assert answer.status_code == 409
    assert "What is missing before the yes can be taken" in text_of(answer)
    assert 'data-missing="' in text_of(answer)
    assert fresh(consent).state == ConsentState.INFORMED
    assert "Enter the patient's yes" in text_of(midwife.get(scan_page(paper)))


def test_whoever_has_no_yes_to_enter_is_led_back(house: House, midwife: Client) -> None:
    paper = received(house, house.informed())
    answer = midwife.get(scan_page(paper, "consent-paper-enter"))
    assert (answer.status_code, answer.headers["Location"]) == (303, scan_page(paper))
    assert midwife.post(scan_page(paper, "consent-paper-enter"), {"copy_choice": "paper"}).status_code == 409


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Choose the file with the scan."),
        (b"<html><script>alert(1)</script></html>", "This is no scan."),
        (b"%PDF-1.7 and then nothing", "cannot be read"),
        (b"%PDF-" + bytes(LARGEST_SCAN), "The file is too large"),
        (pdf_with(), "No square could be read"),
        (scan("FGR1 " + "0" * 64), "This is another paper"),
        (scan(written(PaperCode(form_id=uuid.uuid4().hex))), "No form with this code was printed here"),
    ],
    ids=["empty", "markup", "damaged", "large", "no-square", "other-square", "unknown-code"],
)
def test_a_file_that_cannot_be_used_is_refused_and_the_no_is_not(
    house: House, midwife: Client, content: bytes, words: str
) -> None:
    consent = house.informed()
    answer = midwife.post(paper_page(consent), brought(content, "no", house=house, typed_code=""))
    page = text_of(answer)
    assert answer.status_code == 422
    assert words in page and NEEDS_NO_PAPER in page
    assert address("consent-spoken-no", consent_id=consent.pk) in page
    assert 'value="no" id="id_answer_1" checked' in page or "checked" in page, "what was typed is kept"
    assert clock.now().astimezone(ZoneInfo(house.site.time_zone)).date().isoformat() in page
    assert not PaperScan.objects.exists()


def test_another_patients_paper_is_refused(house: House, midwife: Client) -> None:
    consent, other = house.informed(), house.informed(house.procedure(house.patient("Test Patient Two")))
    answer = midwife.post(paper_page(consent), brought(scan(square_of(printed(house, other))), house=house))
    assert answer.status_code == 422
    assert "This paper belongs to another record" in text_of(answer)
    assert "Test Patient Two" not in text_of(answer)


def test_a_code_can_be_typed_where_no_camera_reads_it(house: House, midwife: Client) -> None:
    consent = house.informed()
    code = read_code(square_of(printed(house, consent)))
    wrong = midwife.post(paper_page(consent), brought(pdf_with(), house=house, typed_code="abc"))
    assert wrong.status_code == 422 and 'value="abc"' in text_of(wrong)
    sent = brought(pdf_with(), house=house, typed_code=in_groups(code).upper())
    assert midwife.post(paper_page(consent), sent).status_code == 303
    assert PaperScan.objects.get().code_was_typed
    assert "Typed by hand" in text_of(midwife.get(scan_page(PaperScan.objects.get())))


def test_a_time_that_cannot_be_is_said_beside_the_time(house: House, midwife: Client) -> None:
    consent = house.informed()
    content = scan(square_of(printed(house, consent)))
    tomorrow = (clock.now() + datetime.timedelta(days=2)).date().isoformat()
    answer = midwife.post(paper_page(consent), brought(content, house=house, day=tomorrow))
    assert answer.status_code == 422
    assert answer.context["form"].errors["time"] == ["This time has not come yet."]
    answer = midwife.post(paper_page(consent), brought(content, house=house, day="31.12.2025"))
    assert "Write the day as year, month, day" in text_of(answer)


def test_the_square_alone_leads_to_the_record(house: House, midwife: Client) -> None:
    consent = house.informed()
    answer = midwife.post(address("papers"), brought(scan(square_of(printed(house, consent))), "no", house=house))
    assert answer.headers["Location"] == scan_page(PaperScan.objects.get())
    assert fresh(consent).state == ConsentState.REFUSED
    answer = midwife.post(address("papers"), brought(scan(blank_square(house.informed())), "no", house=house))
    assert answer.status_code == 422
    assert "A blank form names nobody" in text_of(answer) and NEEDS_NO_PAPER in text_of(answer)


def test_the_same_file_twice_is_one_paper(house: House, midwife: Client) -> None:
    consent = house.informed()
    content = scan(square_of(printed(house, consent)))
    places = {
        midwife.post(paper_page(consent), brought(content, house=house)).headers["Location"] for _time in range(2)
    }
    assert len(places) == 1
    assert LedgerEntry.objects.filter(kind=EntryKind.PAPER_RECEIVED).count() == 1


def test_a_page_is_our_own_drawing_and_a_look(house: House, midwife: Client) -> None:
    paper = received(house, house.informed())
    answer = midwife.get(scan_page(paper, "consent-paper-page", page=1))
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG") and answer.content != bytes(paper.content)
    assert "no-store" in answer.headers["Cache-Control"]
    looks = RecordView.objects.filter(patient=paper.consent.patient, page="consent-paper-page")
    assert looks.count() == 1
    for page in (0, 2, 99):
        assert midwife.get(scan_page(paper, "consent-paper-page", page=page)).status_code == 404


def test_a_scan_belongs_to_its_own_record_only(house: House, midwife: Client, next_door: House) -> None:
    paper, other = received(house, house.informed()), house.informed()
    ids = {"consent_id": other.pk, "scan_id": paper.pk}
    for name, more in (("consent-paper-scan", {}), ("consent-paper-enter", {}), ("consent-paper-page", {"page": 1})):
        assert midwife.get(address(name, **ids, **more)).status_code == 404
        stranger = staff(next_door.midwife.account)
        assert stranger.get(scan_page(paper, name, **more)).status_code == 404
        for account in (house.receptionist, house.advocate, house.auditor):
            assert staff(account).get(scan_page(paper, name, **more)).status_code == 404


def test_she_reads_both_times_and_takes_her_own_scan(house: House) -> None:
    consent = house.informed()
    paper = found_right(house, received(house, consent))
    page = text_of(with_card(consent.patient).get(address("mine-consent", consent_id=consent.pk)))
    for words in ("What you wrote on paper", "Written on (as stated):", "Entered on:", "Test Colleague", "On paper"):
        assert words in page, words
    assert "This yes does not count yet" in page
    answer = with_card(consent.patient).get(scan_page(paper, "mine-paper"))
    assert answer.content == bytes(paper.content)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="paper.png"'
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nobody_else_takes_it_and_nothing_of_it_stays_on_the_tablet(house: House) -> None:
    consent = house.informed()
    paper = received(house, consent)
    for browser in (with_tablet(consent), with_card(house.patient("Test Patient Two"))):
        assert browser.get(scan_page(paper, "mine-paper")).status_code == 404
    assert staff(house.midwife.account).get(scan_page(paper, "mine-paper")).status_code == 303
    page = text_of(with_tablet(consent).get(address("mine-consent", consent_id=consent.pk)))
    assert "What you wrote on paper" in page and scan_page(paper, "mine-paper") not in page


def test_an_upload_is_never_a_file_here(house: House, midwife: Client, settings: Any, tmp_path: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR, settings.MEDIA_ROOT = str(tmp_path), str(tmp_path)
    consent = house.informed()
    content = scan(square_of(printed(house, consent))) + bytes(4_000_000)  # what follows the picture is not read
    midwife.post(paper_page(consent), brought(content, house=house))
    assert PaperScan.objects.count() == 1
    assert list(tmp_path.iterdir()) == []
    assert {PaperAnswer(row.answer) for row in PaperScan.objects.all()} == {PaperAnswer.YES}


def test_nasty_values_are_refused_and_nothing_is_kept(house: House, midwife: Client) -> None:
    consent = house.informed()
    content = scan(square_of(printed(house, consent)))
    nasty = {
        "answer": ("", "maybe", "yes\0"),
        "day": ("0001-01-01", "9999-12-31", "2027-02-30", "\0", "1" * 5000),
        "time": ("24:00", "1e9", "-01:00", "\0"),
        "typed_code": ("\0", "x" * 5000, "'; DROP TABLE", "\u202e" + "0" * 31),
        "form_key": ("", "0", "\0"),
    }
    for field, values in nasty.items():
        for value in values:
            answer = midwife.post(paper_page(consent), brought(content, house=house, **{field: value}))
            assert answer.status_code == 422, (field, value[:20])
            assert "Nothing was saved yet" in text_of(answer)
    assert not PaperScan.objects.exists()
    assert fresh(consent).state == ConsentState.INFORMED
