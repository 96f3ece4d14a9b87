"""A paper that is safe to show: the same words on paper and on the plain page, in any writing, and no code."""

import datetime
import re

import pytest

from consent.record.exceptions import MissingGlyphError
from consent.record.labels import LABELS
from consent.record.leaflet import Leaflet, LeafletPart, leaflet_html, render_leaflet
from tests.unit.record.reading import body, needs_poppler

ENGLISH = {
    "language": "en",
    "title": "Note of attendance",
    "site_name": "Riverside Clinic",
    "about": "The person named here was at this clinic at this time.",
    "parts": (
        LeafletPart(heading="", lines=(("Name", "Ana <b>María</b>"), ("Day and time", "2026-03-04, 10:00–10:30"))),
    ),
    "page": LABELS["page"],
    "made_at": datetime.datetime(2026, 3, 4, 12, tzinfo=datetime.UTC),
}
ARABIC = {
    "language": "ar",
    "title": "إفادة حضور",
    "parts": (
        LeafletPart(heading="مواعيدي", lines=(("الاسم", "آمنة بنت علي"), ("2026-03-04 10:00", "Riverside Clinic"))),
    ),
}


def leaflet(**changes: object) -> Leaflet:
    return Leaflet(**(ENGLISH | changes))  # type: ignore[arg-type]  # the values are those of a leaflet


@needs_poppler
def test_the_paper_says_what_the_page_says() -> None:
    paper, page = body(render_leaflet(leaflet())), leaflet_html(leaflet()).decode()
    for words in ("Note of attendance", "Riverside Clinic", "2026-03-04, 10:00–10:30", "Ana <b>María</b>"):
        assert words.replace(" ", "") in paper
    assert "Ana &lt;b&gt;María&lt;/b&gt;" in page
    assert not re.search("[0-9a-f]{16}", paper)


def test_the_same_words_give_the_same_bytes() -> None:
    assert render_leaflet(leaflet()) == render_leaflet(leaflet())


def test_it_is_printed_from_right_to_left_too() -> None:
    assert render_leaflet(leaflet(**ARABIC)).startswith(b"%PDF-")
    page = leaflet_html(leaflet(**ARABIC)).decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert "<bdi>آمنة بنت علي</bdi>" in page


@needs_poppler
def test_a_day_and_a_time_as_a_label_are_read_from_left_to_right() -> None:
    words = body(render_leaflet(leaflet(**ARABIC)))
    assert "2026-03-0410:00" in words
    assert "<dt><bdi>2026-03-04 10:00</bdi></dt>" in leaflet_html(leaflet(**ARABIC)).decode()


def test_a_part_without_a_heading_has_none() -> None:
    assert "<h2>" not in leaflet_html(leaflet()).decode()


def test_what_no_font_has_is_refused_on_paper_and_shown_on_the_page() -> None:
    rare = leaflet(site_name="\U00012000")
    with pytest.raises(MissingGlyphError):
        render_leaflet(rare)
    assert "\U00012000" in leaflet_html(rare).decode()
