"""Days and ages at their edges; languages by ear and on paper."""

import datetime
import zoneinfo

import pytest

from consent.rules.days import age_on, civil_day, first_instant_of, zone_named
from consent.rules.languages import follows_speech, reads

UTC = datetime.UTC


@pytest.mark.parametrize("name", ["Asia/Nowhere", "", "../etc/passwd", "/etc/passwd", "Asia", "a\0b"])
def test_a_zone_that_does_not_exist_is_unknown(name: str) -> None:
    assert zone_named(name) is None


def test_a_zone_that_exists_is_found() -> None:
    assert zone_named("Asia/Shanghai") == zoneinfo.ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("Asia/Shanghai", datetime.date(2027, 4, 1), datetime.datetime(2027, 3, 31, 16, tzinfo=UTC)),
        # On this day the clocks in Sao Paulo went from 00:00 to 01:00.
        ("America/Sao_Paulo", datetime.date(2018, 11, 4), datetime.datetime(2018, 11, 4, 3, tzinfo=UTC)),
        # On this day the clocks in Havana went back from 01:00 to 00:00: the date began an hour before.
        ("America/Havana", datetime.date(2027, 11, 7), datetime.datetime(2027, 11, 7, 4, tzinfo=UTC)),
        # This day did not exist in Samoa; whatever waits for it waits for the next.
        ("Pacific/Apia", datetime.date(2011, 12, 30), datetime.datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_its_first_instant(zone: str, day: datetime.date, expected: datetime.datetime) -> None:
    info = zoneinfo.ZoneInfo(zone)
    assert first_instant_of(day, info) == expected
    assert civil_day(expected, info) >= day
    assert civil_day(expected - datetime.timedelta(microseconds=1), info) < day


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        ("2004-02-29", "2024-02-29", 20),
        ("2004-02-29", "2025-02-28", 20),
        ("2004-02-29", "2025-03-01", 21),
        ("2006-03-01", "2027-02-28", 20),
        ("2006-03-01", "2027-03-01", 21),
        ("2000-12-31", "2018-12-31", 18),
        ("2027-01-01", "2026-12-31", -1),
    ],
)
def test_age_in_whole_years(born: str, day: str, years: int) -> None:
    assert age_on(datetime.date.fromisoformat(day), born=datetime.date.fromisoformat(born)) == years


@pytest.mark.parametrize(
    ("spoken", "known", "follows"),
    [
        ("zh", ("zh-Hans",), True),
        ("zh-CN", ("zh-TW",), True),
        ("en-US", ("en-GB",), True),
        ("EN", ("en",), True),
        ("en_US", ("en_gb",), True),
        ("yue", ("zh",), False),
        ("zh-yue", ("zh",), False),
        ("en", ("ug", "zh"), False),
        ("en", (), False),
    ],
)
def test_following_speech(spoken: str, known: tuple[str, ...], follows: bool) -> None:
    assert follows_speech(spoken, known) is follows


@pytest.mark.parametrize(
    ("written", "known", "can"),
    [
        ("zh-Hans", ("zh-Hans",), True),
        ("zh-Hans", ("zh",), True),
        ("zh-Hans", ("zh-CN",), True),
        ("zh-Hans", ("zh_CN",), True),
        ("zh-Hans", ("zh_TW",), False),
        ("zh-Hans", ("zh-Hant",), False),
        ("zh-Hans", ("zh-TW", "zh-HK"), False),
        ("zh-Hans", ("zh-TW", "zh-CN"), True),
        ("en", ("en-GB",), True),
        ("sr-Latn", ("sr-Cyrl-RS",), False),
        ("es-419", ("es",), True),
        ("ug", ("kk",), False),
    ],
)
def test_reading(written: str, known: tuple[str, ...], can: bool) -> None:
    assert reads(written, known) is can
