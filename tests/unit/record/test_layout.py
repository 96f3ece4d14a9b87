"""Which rows stand together on a page, and what may not be fetched."""

from reportlab import rl_config

from consent.record.blocks import BODY_WIDTH, Blocks, Row, bound
from consent.record.labels import filled, joined
from consent.record.layout import paginated

ROW = Row(height=10)
ENGLISH = Blocks("en")


def sizes(rows: list[Row], height: float = 50) -> list[int]:
    return [len(page) for page in paginated(rows, height)]


def test_pages_fill_from_the_top() -> None:
    assert sizes([ROW] * 12) == [5, 5, 2]
    assert sizes([]) == [0]


def test_white_space_at_the_top_of_a_page_is_dropped() -> None:
    assert sizes([Row(height=10, gap=5)] * 7) == [3, 3, 1]


def test_rows_that_belong_together_move_together() -> None:
    assert sizes([ROW] * 4 + bound([ROW]) + [ROW]) == [4, 2]


def test_a_group_larger_than_a_page_is_split_where_it_stands() -> None:
    assert sizes([ROW, *bound([ROW] * 7), ROW]) == [5, 4]


def test_a_heading_is_never_last_on_a_page() -> None:
    assert all(row.is_kept for row in ENGLISH.heading("Signatures"))


def test_a_paragraph_leaves_no_line_alone() -> None:
    rows = ENGLISH.lines("word " * 60)
    assert [row.is_kept for row in rows] == [True, *[False] * (len(rows) - 3), True, False]


def test_lists_and_empty_lines() -> None:
    intro, first, second, after = ENGLISH.prose("Come back if:\n- one\n- two\n\nAfter")
    assert intro.is_kept
    assert [len(row.marks) for row in (intro, first, second, after)] == [1, 2, 2, 1]
    assert after.gap == 8.0


def test_a_code_stands_in_groups_of_four_under_each_other() -> None:
    rows = ENGLISH.code("Code", "0123456789abcdef" * 4)
    groups = [[mark.line.text for mark in row.marks if mark.x] for row in rows]
    assert groups == [["0123", "4567", "89ab", "cdef"] * 2] * 2
    assert [mark.x for mark in rows[0].marks if mark.x] == [mark.x for mark in rows[1].marks]


def test_values_put_into_a_label_are_not_read_as_a_pattern() -> None:
    assert joined("{a} of {b} {", a="{b}", b="2") == "{b} of 2 {"


def test_values_put_into_a_label_are_isolated() -> None:
    assert filled("{a} of {b}", a="Ana", b="") == "\u2068Ana\u2069 of "


def test_a_page_from_right_to_left_is_mirrored_but_its_codes_are_not() -> None:
    arabic = Blocks("ar")
    (row,) = arabic.fact("الاسم", "Ana")
    assert row.is_rtl
    groups = [mark for mark in arabic.code("الرمز", "0123456789abcdef")[0].marks if mark.x]
    lefts = [BODY_WIDTH - mark.x - mark.line.width for mark in groups]
    assert [mark.line.text for mark in groups] == ["0123", "4567", "89ab", "cdef"]
    assert lefts == sorted(lefts)


def test_nothing_may_be_fetched() -> None:
    assert rl_config.trustedSchemes == []
    assert rl_config.trustedHosts == []
