"""The guards of each day are an entry; what changed without a release, or is none of ours, stands out."""

import io
from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from consent import checks, guard_manifest, guards
from consent.actions.record_guard_manifest import record_guard_manifest
from consent.guard_manifest import guard_manifest as read
from consent.guard_manifest import manifest_digest, part_digests
from consent.ledger.encoding import parse_entry
from consent.models import LedgerEntry
from consent.ownership import as_owner
from consent.vocabulary import EntryKind
from tests.factories import House

pytestmark = pytest.mark.django_db

IS_POSTGRESQL = connection.vendor == "postgresql"
DROP = "DROP TRIGGER fg_consent_hold_row ON consent_hold" if IS_POSTGRESQL else "DROP TRIGGER fg_consent_hold_delete"
FOREIGN = (
    "CREATE TRIGGER helpful BEFORE UPDATE ON consent_consent FOR EACH ROW EXECUTE FUNCTION freely_given_refuse()"
    if IS_POSTGRESQL
    else "CREATE TRIGGER helpful BEFORE UPDATE ON consent_consent BEGIN SELECT 1; END"
)


@pytest.fixture(autouse=True)
def owner(db: None) -> Iterator[None]:
    with as_owner(connection):
        yield


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def detail(entry: LedgerEntry) -> dict[str, object]:
    return dict(parse_entry(bytes(entry.body)).detail or {})


def kinds(entries: list[LedgerEntry]) -> list[str]:
    return [entry.kind for entry in entries]


def test_a_quiet_day_is_one_entry(house: House) -> None:
    (first,) = record_guard_manifest(site_id=house.site.pk)
    (second,) = record_guard_manifest(site_id=house.site.pk)
    assert first.kind == second.kind == EntryKind.GUARD_MANIFEST
    said = detail(second)
    assert said["digest"] == detail(first)["digest"] == manifest_digest(read(connection))
    assert said["missing"] == said["unknown"] == ()
    assert isinstance(said["guard_count"], int)
    assert said["guard_count"] > 100
    assert said["connected_as"] == ("superuser" if IS_POSTGRESQL else "owner")


@pytest.mark.parametrize(("sql", "part"), [(DROP, "missing"), (FOREIGN, "unknown")])
def test_a_guard_that_changed_is_an_entry_of_its_own_and_stops_the_server(house: House, sql: str, part: str) -> None:
    record_guard_manifest(site_id=house.site.pk)
    run(sql)
    alarm, recorded = record_guard_manifest(site_id=house.site.pk)
    assert kinds([alarm, recorded]) == [EntryKind.OUT_OF_BAND, EntryKind.GUARD_MANIFEST]
    said = detail(alarm)
    assert said["changed"] == ("guards",)
    assert (said[f"{part}_count"], said[part]) == (
        1,
        (sql.split()[2] if part == "missing" else "consent_consent.helpful",),
    )
    with pytest.raises(SystemExit, match=r"Freely Given cannot start: .*(fg_consent_hold|helpful)"):
        checks.refuse_start_without_guards()


def test_a_guard_taken_down_and_put_back_between_two_days_is_as_before(house: House) -> None:
    """What was done to rows in between is for verify_ledger to find."""
    record_guard_manifest(site_id=house.site.pk)
    run(DROP)
    guards.install(connection)
    assert kinds(record_guard_manifest(site_id=house.site.pk)) == [EntryKind.GUARD_MANIFEST]


def test_a_new_release_may_change_guards(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    record_guard_manifest(site_id=house.site.pk)
    monkeypatch.setattr(guard_manifest, "code_digest", lambda: "0" * 64)
    monkeypatch.setattr(guard_manifest, "SETTINGS", (*guard_manifest.SETTINGS, "TIME_ZONE"))
    assert kinds(record_guard_manifest(site_id=house.site.pk)) == [EntryKind.GUARD_MANIFEST]


def test_a_setting_changed_without_a_release_stands_out(house: House, settings: object) -> None:
    record_guard_manifest(site_id=house.site.pk)
    settings.SIMPLE_HISTORY_EDIT = True  # type: ignore[attr-defined]
    alarm, _recorded = record_guard_manifest(site_id=house.site.pk)
    assert detail(alarm)["changed"] == ("settings",)


@pytest.mark.skipif(IS_POSTGRESQL, reason="SQLite only")
def test_a_pragma_counts() -> None:
    before = part_digests(read(connection))
    run("PRAGMA recursive_triggers = OFF")
    assert part_digests(read(connection))["settings"] != before["settings"]
    run("PRAGMA recursive_triggers = ON")


@pytest.mark.parametrize("first", [lambda: None, lambda: run(DROP)])
def test_the_command_says_whether_something_changed(house: House, first: Callable[[], None]) -> None:
    out = io.StringIO()
    call_command("record_guards", stdout=out)
    first()
    if guards.missing(connection):
        with pytest.raises(SystemExit):
            call_command("record_guards", stdout=out)
        assert "CHANGED WITHOUT A RELEASE" in out.getvalue()
    else:
        call_command("record_guards", stdout=out)
        assert out.getvalue().count("guards as before") == 2


def test_code_is_part_of_it() -> None:
    assert len(guard_manifest.code_digest()) == 64
    assert guard_manifest.code_digest() == guard_manifest.code_digest()
