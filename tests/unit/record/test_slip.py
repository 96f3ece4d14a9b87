"""The slip, read back from the finished file: with poppler as text, with a scanner as a picture."""

import dataclasses
import re

import pytest

from consent.record.exceptions import (
    InvalidTextError,
    InvalidTimeError,
    MissingGlyphError,
    MissingLabelError,
)
from consent.record.paper import A6
from consent.record.qr import code_of, svg_of
from consent.record.slip import MARGIN, Slip, render_slip
from consent.record.slip_labels import SHARED, SLIP_LABELS
from tests.unit.record.reading import copied, needs_poppler, pages, run, squeezed
from tests.unit.record.samples import at
from tests.unit.record.slips import (
    CHINESE_WORDS,
    LEAF,
    ORIGIN,
    ROOT,
    as_promise,
    chinese_slip,
    english_slip,
    picture_of,
    scanned,
    slip_code,
)

BOTH = pytest.mark.parametrize("make", [english_slip, chinese_slip])
KINDS = pytest.mark.parametrize("kind", [lambda slip: slip, as_promise], ids=["proof", "promise"])


def as_words(slip: Slip) -> list[str]:
    words = [slip.site_name, slip.origin, slip.anchoring, slip.check_address, slip.leaf_hash, slip.root_hash]
    words += [slip.labels[key] for key in ("title", "about", "keep", "made_at", "origin", "leaf", "where")]
    if slip.index is not None:
        words += [slip.labels["index"], str(slip.index), slip.labels["size"], str(slip.size), slip.labels["root"]]
    else:
        words += slip.labels["promise"].split("{time}")
    return [squeezed(word) for word in words]


@needs_poppler
@BOTH
@KINDS
def test_it_is_one_page_of_a6_and_says_all_it_was_given(make, kind) -> None:
    slip = kind(make())
    pdf = render_slip(slip)
    about = run("pdfinfo", pdf)
    assert re.search(r"Page size:\s+297\.64 x 419\.53 pts", about)
    (page,) = pages(pdf)
    read = squeezed(run("pdftotext", pdf, after=("-",)))
    assert [word for word in as_words(slip) if word not in read] == []
    assert slip.leaf_hash[:4] + " " + slip.leaf_hash[4:8] in page


@needs_poppler
@BOTH
def test_only_our_fonts_all_embedded_and_subset(make) -> None:
    lines = run("pdffonts", render_slip(make())).splitlines()[2:]
    assert lines
    for line in lines:
        assert re.match(r"[A-Z]{6}\+NotoSans(SC)?-(Regular|Bold)\s", line), line


@needs_poppler
def test_the_file_names_no_more_than_the_page() -> None:
    about = run("pdfinfo", render_slip(english_slip()))
    assert re.search(r"Title:\s+Proof slip\n", about)
    assert re.search(r"Author:\s+Riverside Women’s Clinic\n", about)
    assert re.search(rf"Subject:\s+{LEAF[:8]}\n", about)
    assert re.search(r"CreationDate:\s+Wed Mar  4 10:05:00 2026 UTC", about)


@BOTH
@KINDS
def test_the_same_slip_gives_the_same_bytes(make, kind) -> None:
    assert render_slip(kind(make())) == render_slip(kind(make()))


@needs_poppler
@BOTH
@KINDS
@pytest.mark.parametrize("dpi", [100, 200, 300])
def test_a_scanner_reads_the_code(make, kind, dpi) -> None:
    slip = kind(make())
    assert scanned(picture_of(render_slip(slip), dpi=dpi)) == [slip.code]


@needs_poppler
@pytest.mark.parametrize("angle", [90, 180, 270, 3, -3, 8, -11, 20])
@pytest.mark.parametrize("dpi", [100, 200])
def test_a_scanner_reads_it_turned_and_skewed(angle, dpi) -> None:
    slip = english_slip(index=1_234_567, size=1_234_999, code=slip_code(index=1_234_567, size=1_234_999))
    picture = picture_of(render_slip(slip), dpi=dpi)
    assert scanned(picture.rotate(angle, expand=True, fillcolor=255, resample=3)) == [slip.code]


@needs_poppler
def test_a_scanner_reads_it_with_a_stain() -> None:
    picture = picture_of(render_slip(english_slip()), dpi=200)
    spot = (300, 900, 330, 930)
    picture.paste(0, spot)
    assert scanned(picture) == [english_slip().code]


def test_the_code_stays_easy_to_scan() -> None:
    assert code_of(slip_code(index=9, size=10)).version == 11
    assert code_of(slip_code(index=10**12, size=10**12 + 1)).version <= 12
    assert code_of(as_promise(english_slip()).code).version <= 11


def test_a_text_too_long_for_a_slip_or_not_ascii_gives_no_code() -> None:
    with pytest.raises(ValueError, match="too dense"):
        code_of("x" * 500)
    with pytest.raises(ValueError, match="ascii"):
        code_of("é")


def test_the_picture_for_the_screen_is_the_same_code() -> None:
    text = slip_code()
    code = code_of(text)
    drawn = [tuple(map(int, found)) for found in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg_of(text))]
    assert drawn == [(strip.left, strip.top, strip.length) for strip in code.strips]
    assert f'viewBox="0 0 {code.width} {code.width}"' in svg_of(text)


@needs_poppler
def test_a_slip_from_right_to_left_is_mirrored_and_its_code_still_read() -> None:
    labels = {**SLIP_LABELS, "title": "قسيمة إثبات", "where": "يمكن لأي شخص التحقق من هذه القسيمة، في"}
    slip = english_slip(language="ar", site_name="عيادة النهر", anchoring="لم يرَ أحد هذه القائمة بعد.", labels=labels)
    pdf = render_slip(slip)
    found = run("pdftotext", pdf, "-bbox", after=("-",))
    assert "قسيمة إثبات" in copied(pdf)
    right = re.search(rf'xMax="([\d.]+)"[^>]*>{"قسيمة"[::-1]}<', found)  # drawn from the left of the line to its right
    assert right is not None
    assert float(right[1]) == pytest.approx(A6[0] - MARGIN, abs=0.5)
    assert slip.leaf_hash[:4] in found
    picture = picture_of(pdf, dpi=200)
    assert scanned(picture) == scanned(picture.crop((int(picture.width * 0.45), 0, *picture.size))) == [slip.code]


def test_the_words_depend_on_nothing_but_the_key() -> None:
    """No word of the layout speaks of a choice, a procedure or a person: the same words for every entry."""
    english = " ".join(SLIP_LABELS[key] for key in SLIP_LABELS if key not in SHARED).casefold()
    for word in ("consent", "refus", "withdr", "yes", "no,", "procedure", "patient", "clinician", "agree", "decision"):
        assert word not in english
    assert set(CHINESE_WORDS) == set(SLIP_LABELS)


def test_a_missing_word_is_named() -> None:
    words = {key: text for key, text in SLIP_LABELS.items() if key != "keep"}
    with pytest.raises(MissingLabelError) as refused:
        render_slip(english_slip(labels=words))
    assert refused.value.field == "labels.keep"


def test_nothing_is_left_out_in_silence() -> None:
    with pytest.raises(MissingGlyphError) as refused:
        render_slip(english_slip(site_name="Clinic 🏥"))
    assert refused.value.field == "site_name"
    with pytest.raises(InvalidTextError) as too_long:
        render_slip(english_slip(anchoring="Never anchored. " * 50))
    assert too_long.value.field == "slip"
    with pytest.raises(InvalidTimeError):
        render_slip(english_slip(time_zone="Nowhere/Else"))
    with pytest.raises(InvalidTimeError):
        render_slip(english_slip(recorded_at=at(10).replace(tzinfo=None)))


@needs_poppler
def test_long_words_are_set_smaller_before_they_are_refused() -> None:
    slip = english_slip(
        anchoring="Not anchored since 4 March 2026, 10:05 (UTC+00:00): nobody outside this clinic has seen the newest "
        "entries of this list.",
        check_address="https://a-clinic-with-a-very-long-name.in-a-district.example.org:8443/log/check/",
    )
    read = squeezed(run("pdftotext", render_slip(slip), after=("-",)))
    assert slip.check_address.replace("-", "") in read.replace("-", "")  # it joins words that end a line with a hyphen


def test_it_has_no_place_for_a_name_a_procedure_or_a_choice() -> None:
    assert {field.name for field in dataclasses.fields(Slip)} == {
        "language", "site_name", "time_zone", "recorded_at", "origin", "leaf_hash", "index", "size", "root_hash",
        "deadline_at", "anchoring", "check_address", "code", "labels",
    }  # fmt: skip
    assert ROOT != LEAF
    assert ORIGIN in slip_code()
