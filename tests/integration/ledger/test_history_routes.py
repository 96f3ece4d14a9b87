"""Every known way past simple-history is refused, or `verify_ledger` reports it.

`tests/architecture/history_routes.toml` holds the names of the library, each with the test of this file that proves
what closes it.
"""

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import serializers
from django.core.management import call_command, get_commands
from django.db import DatabaseError, IntegrityError, connection, connections, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.test import override_settings
from simple_history import register
from simple_history.exceptions import MultipleRegistrationsError
from simple_history.management.commands import clean_duplicate_history, clean_old_history, populate_history
from simple_history.models import HistoricalRecords
from simple_history.utils import bulk_create_with_history, bulk_update_with_history, update_change_reason

from clinic import clock
from clinic.models import Account, Patient
from clinic.models.bases import SilentWriteRefused
from clinic.models.history import HistoryIsNoProof, HouseHistory, HouseHistoryManager, HouseHistoryQuerySet
from consent import checks, saves
from consent.actions.ask_for_time import ask_for_time
from consent.guards import guarded_models
from consent.models import Consent, Hold
from consent.ownership import as_owner
from consent.queries.ledger import verify
from consent.vocabulary import Via
from tests.factories import House
from tests.integration.ledger.world import taken_back

pytestmark = pytest.mark.django_db

History: Any = Consent.history.model
FOLLOWED = [Consent, Patient]


@pytest.fixture
def consent(story: None) -> Consent:
    return Consent.objects.filter(state="used").first()


@pytest.fixture(params=FOLLOWED, ids=lambda model: model.__name__)
def row(request: pytest.FixtureRequest, story: None) -> Any:
    return request.param.objects.first()


def rows_of(model: type[models.Model]) -> list[Any]:
    return list(model._base_manager.order_by("pk").values())


@pytest.fixture
def unchanged(story: None) -> Iterator[None]:
    """At the end every row and all history is as it was."""
    tables = [*FOLLOWED, *(model.history.model for model in FOLLOWED)]
    before = [rows_of(table) for table in tables]
    yield
    assert [rows_of(table) for table in tables] == before


def found() -> set[str]:
    """What `verify_ledger` reports now."""
    return {finding.what for finding in verify().findings}


def history_of(row: Any) -> Any:
    return type(row).history.model._base_manager.filter(id=row.pk).first()


# ------------------------------------------------------------------------------------------------------ bulk writers


@pytest.mark.parametrize("rows", ["live", "history", "history of one", "history through the row"])
@pytest.mark.parametrize(
    "write",
    [
        lambda rows: rows.update(id=F("id")),
        lambda rows: rows.bulk_create([]),
        lambda rows: rows.bulk_update([], ["id"]),
        lambda rows: rows.all().delete(),
    ],
    ids=["update", "bulk_create", "bulk_update", "delete"],
)
def test_bulk_writers_refuse(row: Any, unchanged: None, rows: str, write: Callable[[Any], Any]) -> None:
    model = type(row)
    chosen = {
        "live": model.objects,
        "history": model.history.model.objects,
        "history of one": row.history,
        "history through the row": model.history,
    }[rows]
    with pytest.raises(SilentWriteRefused):
        write(chosen)


@pytest.mark.parametrize("write", ["create", "get_or_create", "update_or_create"])
def test_history_is_not_invented_by_its_managers(row: Any, unchanged: None, write: str) -> None:
    values = {field.attname: getattr(history_of(row), field.attname) for field in history_of(row)._meta.fields}
    values.pop("history_id")
    for manager in (type(row).history, type(row).history.model.objects):
        with pytest.raises(SilentWriteRefused):
            getattr(manager, write)(**values)


def test_bulk_with_history_refuses(row: Any, unchanged: None) -> None:
    model = type(row)
    plain = models.Manager()
    plain.model = model
    for write in (
        lambda: bulk_create_with_history([model()], model),
        lambda: bulk_update_with_history([row], model, ["form_key"]),
        lambda: bulk_update_with_history([row], model, ["form_key"], manager=plain),
        lambda: bulk_update_with_history([row], model, []),
        lambda: row.history.bulk_history_create([row]),
        lambda: model.history.bulk_history_create([row], update=True),
    ):
        with pytest.raises(SilentWriteRefused), transaction.atomic():
            write()


# ------------------------------------------------------------------------------------------------------------- saves


def test_save_without_history_refuses(row: Any, unchanged: None) -> None:
    with pytest.raises(SilentWriteRefused):
        row.save_without_historical_record()


def test_a_row_told_to_skip_history_is_not_saved(row: Any, unchanged: None) -> None:
    row.skip_history_when_saving = False  # the library asks only whether it is there
    with pytest.raises(SilentWriteRefused, match="without history"):
        row.save()


def test_history_switched_off_while_running_stops_every_save(row: Any, unchanged: None) -> None:
    with override_settings(SIMPLE_HISTORY_ENABLED=False):
        with pytest.raises(SilentWriteRefused, match="without history"):
            row.save()
        assert "SIMPLE_HISTORY_ENABLED" in checks.check_history(None)[0].msg


def test_a_raw_save_is_refused(row: Any, unchanged: None) -> None:
    (loaded,) = serializers.deserialize("json", serializers.serialize("json", [row]))
    with pytest.raises(SilentWriteRefused, match="loaded from a file"):
        loaded.save()
    with pytest.raises(SilentWriteRefused, match="loaded from a file"):
        row.save_base(raw=True)


def test_only_the_owner_restores_from_a_file(row: Any) -> None:
    (loaded,) = serializers.deserialize("json", serializers.serialize("json", [row]))
    with as_owner(connection):
        loaded.save()


@pytest.mark.parametrize("model", [model for model, _guard in guarded_models()], ids=lambda model: model.__name__)
def test_no_evidence_is_loaded_from_a_file(story: None, model: type[models.Model]) -> None:
    text = serializers.serialize("json", model._base_manager.all()[:1])
    for loaded in serializers.deserialize("json", text):
        with pytest.raises(SilentWriteRefused):
            loaded.save()


@pytest.mark.parametrize("seconds", [-3600, -6, 6, 3600])
def test_history_is_not_dated_back_or_ahead(row: Any, unchanged: None, seconds: int) -> None:
    row._history_date = clock.now() + datetime.timedelta(seconds=seconds)
    with pytest.raises(SilentWriteRefused, match="cannot be dated"):
        row.save()


def test_an_expression_is_refused_before_anything_is_written(row: Any, unchanged: None) -> None:
    row.form_key = F("id")
    with pytest.raises(SilentWriteRefused, match="form_key is an expression"):
        row.save()
    row.form_key = Concat(Value("1"), Value("2"))
    with pytest.raises(SilentWriteRefused, match="form_key is an expression"):
        row.save(update_fields=["form_key"])


def test_a_save_outside_a_transaction_is_refused(row: Any, unchanged: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a crash between the row and its history leaves neither: both stand in one transaction."""
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)
    with pytest.raises(SilentWriteRefused, match="inside a transaction"):
        row.save()
    with pytest.raises(SilentWriteRefused, match="inside a transaction"):
        Hold().save()
    monkeypatch.undo()


def test_a_crash_before_history_leaves_no_changed_row(
    row: Any, unchanged: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: Any, **kwargs: Any) -> None:
        raise OSError

    monkeypatch.setattr(HistoricalRecords, "create_historical_record", crash)
    with pytest.raises(OSError), transaction.atomic():
        row.save()


def test_an_old_state_is_never_put_back(row: Any, unchanged: None) -> None:
    for old in (history_of(row).instance, type(row).history.as_instances()[0]):
        with pytest.raises(SilentWriteRefused, match="never put back"):
            old.save(force_update=True)


# ------------------------------------------------------------------------------------------------ history that stands


def test_a_row_of_history_never_changes(row: Any, unchanged: None) -> None:
    line = history_of(row)
    line.history_change_reason = "because"
    with pytest.raises(SilentWriteRefused, match="written once"):
        line.save()
    with pytest.raises(SilentWriteRefused, match="written once"):
        line.save_base()


def test_the_reason_of_a_change_is_not_rewritten(row: Any, unchanged: None) -> None:
    """The library looks for a history row that equals the row; of an erased one it may find none."""
    said = []
    for one in type(row).objects.all():
        with pytest.raises((SilentWriteRefused, AttributeError)) as refused:
            update_change_reason(one, "because")
        said.append(str(refused.value))
    assert any("written once" in sentence for sentence in said)


def test_neither_rows_nor_history_are_deleted(row: Any, unchanged: None) -> None:
    """Whatever `cascade_delete_history` says: no row with a history ever goes."""
    for one in (row, history_of(row)):
        with pytest.raises((SilentWriteRefused, models.ProtectedError)), transaction.atomic():
            one.delete()


def test_raw_deletes_are_refused_by_the_database(story: None) -> None:
    for model in (Consent, History):
        rows = model._base_manager.all()
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)


def test_no_option_of_the_library_can_be_chosen() -> None:
    for option in ("cascade_delete_history", "excluded_fields", "use_base_model_db", "m2m_fields", "history_id_field"):
        with pytest.raises(TypeError):
            HouseHistory(**{option: True})
    keeper = HouseHistory()
    assert keeper.cascade_delete_history is False
    assert keeper.excluded_fields == []
    assert keeper.use_base_model_db is True, "history belongs to the transaction of its row"
    assert (keeper.history_manager, keeper.historical_queryset) == (HouseHistoryManager, HouseHistoryQuerySet)


@pytest.mark.parametrize("command", [clean_old_history, clean_duplicate_history, populate_history])
def test_commands_that_rewrite_history_are_no_commands_here(
    story: None, unchanged: None, command: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command.__name__.rsplit(".", 1)[-1] not in get_commands()
    monkeypatch.setattr(clean_duplicate_history.Command, "_check_and_delete", _delete_first)
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda rows: command is not populate_history)
    with pytest.raises(SilentWriteRefused):
        call_command(command.Command(), "consent.consent", verbosity=0, **_impatient(command))


def _delete_first(command: Any, first: Any, second: Any, dry_run: bool = True) -> int:
    first.delete()
    return 1


def _impatient(command: Any) -> dict[str, int]:
    return {"days": -10_000} if command is clean_old_history else {}


def test_a_table_is_followed_once_and_only_by_the_house(story: None) -> None:
    with pytest.raises(MultipleRegistrationsError):
        register(Consent, table_name="consent_other")


# ------------------------------------------------------------------------------------------------------- not by clock


def test_what_was_so_is_never_asked_of_a_clock(row: Any) -> None:
    """The clock set back, or two changes at one instant: history would name the wrong one; the ledger's order holds."""
    model = type(row)
    for ask in (
        lambda: model.history.as_of(clock.now()),
        lambda: row.history.as_of(clock.now()),
        lambda: row.history.most_recent(),
        lambda: row.history.latest(),
        lambda: model.history.model.objects.latest(),
        lambda: model.history.all().latest_of_each(),
    ):
        with pytest.raises(HistoryIsNoProof):
            ask()


# -------------------------------------------------------------------------------------------- people, tables, settings


def test_authorship_outlives_the_account(story: None) -> None:
    """No foreign key that would be set to nothing; and no account is ever deleted."""
    field = History._meta.get_field("history_user_id")
    assert isinstance(field, models.UUIDField)
    assert not field.is_relation
    with pytest.raises((SilentWriteRefused, models.ProtectedError)), transaction.atomic():
        Account.objects.first().delete()


def test_history_ids_are_random(story: None) -> None:
    assert all(isinstance(model.history.model._meta.pk, models.UUIDField) for model in FOLLOWED)


def test_the_house_as_it_stands_has_no_finding() -> None:
    assert list(saves.findings()) == []
    assert checks.check_history(None) == []


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"SIMPLE_HISTORY_ENABLED": False}, "SIMPLE_HISTORY_ENABLED"),
        ({"SIMPLE_HISTORY_EDIT": True}, "SIMPLE_HISTORY_EDIT"),
        ({"SIMPLE_HISTORY_REVERT_DISABLED": False}, "SIMPLE_HISTORY_REVERT_DISABLED"),
        ({"SIMPLE_HISTORY_HISTORY_ID_USE_UUID": False}, "SIMPLE_HISTORY_HISTORY_ID_USE_UUID"),
        ({"INSTALLED_APPS": ["simple_history"]}, "simple_history"),
        ({"INSTALLED_APPS": ["django.contrib.admin"]}, "django.contrib.admin"),
        ({"DATABASES": {"default": {}, "other": {}}}, "more than one database"),
        ({"DATABASE_ROUTERS": ["a.b"]}, "more than one database"),
    ],
)
def test_a_setting_that_opens_a_way_is_refused_at_the_start(
    settings: dict[str, Any], named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setattr(f"consent.saves.settings.{name}", value, raising=False)
    (message,) = checks.check_history(None)
    assert message.id == "consent.E003"
    assert named in message.msg


def test_a_hidden_join_or_foreign_history_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Consent._meta, "local_many_to_many", [object()])
    assert "hidden table" in next(saves.findings())
    monkeypatch.undo()
    monkeypatch.setattr(saves, "HistoryRow", Patient)
    assert "another kind" in next(saves.findings())


# ------------------------------------------------------------------------------------ not refused, but always reported


def test_sql_by_hand_is_reported(consent: Consent) -> None:
    with taken_back(), connection.cursor() as cursor:
        cursor.execute("UPDATE consent_consent SET more_time_asked_at = proposed_at")
        assert "row-changed" in found()


def test_a_manager_without_care_is_reported(consent: Consent) -> None:
    with taken_back():
        Consent._base_manager.filter(pk=consent.pk).update(more_time_asked_at=clock.now())
        assert "row-changed" in found()


def test_a_save_without_an_act_is_reported(consent: Consent) -> None:
    with taken_back():
        consent.save()
        assert "row-unnamed" in found()


@pytest.mark.parametrize("way", ["row", "keeper", "old object"])
def test_invented_history_is_reported(consent: Consent, way: str) -> None:
    with taken_back():
        if way == "row":
            values = rows_of(History)[0]
            History(**{**values, "history_id": consent.pk}).save()
        elif way == "keeper":
            _keeper().create_historical_record(consent, "~")
        else:
            history_of(consent).history_object.save(force_update=True)
        assert "row-unnamed" in found()


def _keeper() -> HouseHistory:
    for receiver in models.signals.post_save._live_receivers(sender=Consent)[0]:
        if isinstance(keeper := getattr(receiver, "__self__", None), HouseHistory):
            return keeper
    raise AssertionError


def test_another_author_in_history_is_reported(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    consent = house.informed()
    assert found() == set()
    monkeypatch.setattr(HouseHistory, "get_history_user", lambda keeper, row: house.receptionist)
    ask_for_time(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    assert found() == {"author"}


def test_a_history_row_taken_from_the_database_is_refused(story: None) -> None:
    for sql in (
        "DELETE FROM consent_historicalconsent",
        "UPDATE consent_historicalconsent SET history_change_reason = 'because'",
    ):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
